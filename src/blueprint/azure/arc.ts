import type { Design } from '../plan/design.ts';
import { privateEndpoint, privateZone } from './private-endpoints.ts';
import { given, type Part, placed, VERSIONS } from './resources.ts';
import { type Draft, idOf, type Parameter, parameter, type ValueObject } from './value.ts';

/** A cluster beyond Azure, connected by Azure Arc: on Azure Local, or one of the team's own. */
export const arc: Part = (design) => {
  const { platform, privateAgents } = design.choices;
  if (platform === 'aks') return [];
  return [
    ...(privateAgents ? privateScope(design) : []),
    ...(hasGateway(design) ? [agentGateway(design), gatewayUse()] : []),
    connected(design),
    ...(platform === 'azure-local' ? [localNetwork(design), provisioned(design)] : []),
    ...extensions(design),
  ];
};

/** The gateway is in the public cloud only, and agents that use Private Link do not leave by it. */
function hasGateway({ choices: { cloud, privateAgents } }: Design): boolean {
  return cloud === 'public' && !privateAgents;
}

const HERE = { module: 'arc', group: 'spoke' } as const;

/** What only those know who run the machines. */
export function arcParameters({ choices: { platform, wayIn } }: Design): readonly Parameter[] {
  if (platform === 'aks') return [];
  const backend: readonly Parameter[] =
    wayIn === 'none'
      ? []
      : [
          {
            name: 'balancerAddress',
            type: 'string',
            description: 'The address at which the cluster on premises takes requests',
          },
        ];
  if (platform === 'arc')
    return [
      ...backend,
      {
        name: 'agentCertificate',
        type: 'string',
        description: 'The public key of the Arc agents, in base64, as `az connectedk8s connect` makes it',
      },
    ];
  return [
    ...backend,
    { name: 'customLocationId', type: 'string', description: 'The resource id of the custom location of Azure Local' },
    { name: 'localSwitch', type: 'string', description: 'The name of the virtual switch of the machines' },
    { name: 'localPrefix', type: 'string', description: 'The range of the network of the nodes, as 10.20.0.0/24' },
    { name: 'localRouter', type: 'string', description: 'The address of the router of that network' },
    { name: 'localPoolStart', type: 'string', description: 'The first address that nodes may have' },
    { name: 'localPoolEnd', type: 'string', description: 'The last address that nodes may have' },
    { name: 'localVlan', type: 'int', description: 'The VLAN of that network' },
    {
      name: 'controlPlaneAddress',
      type: 'string',
      description: 'The address of the API server: in that range, outside of what nodes may have',
    },
    { name: 'nodeKey', type: 'string', description: 'The public SSH key of those who repair nodes' },
  ];
}

// ---------------------------------------------------------------- the cluster as Azure knows it

function connected(design: Design): Draft {
  const { choices, names } = design;
  const isLocal = choices.platform === 'azure-local';
  return {
    ...HERE,
    key: 'cluster',
    type: 'Microsoft.Kubernetes/connectedClusters',
    apiVersion: VERSIONS.connectedClusters,
    name: names.of('arck'),
    body: placed(design, {
      ...(isLocal && { kind: 'ProvisionedCluster' }),
      identity: { type: 'SystemAssigned' },
      properties: given({
        agentPublicKeyCertificate: isLocal ? '' : parameter('agentCertificate'),
        aadProfile: {
          enableAzureRBAC: true,
          adminGroupObjectIDs: [choices.groups.clusterAdmins],
        },
        arcAgentProfile: { agentAutoUpgrade: 'Enabled' },
        oidcIssuerProfile: { enabled: true },
        securityProfile: { workloadIdentity: { enabled: true } },
        gateway: hasGateway(design) ? { enabled: true } : undefined,
        privateLinkState: choices.privateAgents ? 'Enabled' : undefined,
        privateLinkScopeResourceId: choices.privateAgents ? idOf('agentScope') : undefined,
      }),
    }),
  };
}

/** One name to leave by, in place of many (Azure Arc gateway). */
function agentGateway(design: Design): Draft {
  return {
    ...HERE,
    key: 'agentGateway',
    type: 'Microsoft.HybridCompute/gateways',
    apiVersion: VERSIONS.hybridCompute,
    name: design.names.of('arcgw'),
    body: placed(design, { properties: { gatewayType: 'Public', allowedFeatures: ['*'] } }),
  };
}

/** Which gateway it is stands here and not on the cluster. */
function gatewayUse(): Draft {
  return {
    ...HERE,
    key: 'agentGatewayUse',
    type: 'Microsoft.HybridCompute/settings',
    apiVersion: VERSIONS.hybridCompute,
    scope: 'cluster',
    name: 'default',
    body: { properties: { gatewayProperties: { gatewayResourceId: idOf('agentGateway') } } },
  };
}

// ---------------------------------------------------------------- Private Link

/** Zones of the endpoint of a scope (Azure Arc, "private connectivity"). */
const ZONES = [
  'privatelink.his.arc.azure.com',
  'privatelink.guestconfiguration.azure.com',
  'privatelink.dp.kubernetesconfiguration.azure.com',
];

/** Agents talk to Azure over the link and by no public address. */
function privateScope(design: Design): readonly Draft[] {
  return [
    {
      ...HERE,
      key: 'agentScope',
      type: 'Microsoft.HybridCompute/privateLinkScopes',
      apiVersion: VERSIONS.hybridCompute,
      name: design.names.of('arcpls'),
      body: placed(design, { properties: { publicNetworkAccess: 'Disabled' } }),
    },
    ...ZONES.flatMap((zone) => privateZone(design, zone)),
    ...privateEndpoint(design, { key: 'agentScope', part: 'hybridcompute', zones: ZONES }),
  ];
}

// ---------------------------------------------------------------- Azure Local

const AT_LOCATION: ValueObject = { type: 'CustomLocation', name: parameter('customLocationId') };

/** Static addresses, as AKS on Azure Local asks for; names are asked of the firewall. */
function localNetwork(design: Design): Draft {
  return {
    ...HERE,
    key: 'localNetwork',
    type: 'Microsoft.AzureStackHCI/logicalNetworks',
    apiVersion: VERSIONS.azureLocal,
    name: design.names.of('lnet'),
    body: placed(design, {
      extendedLocation: AT_LOCATION,
      properties: {
        vmSwitchName: parameter('localSwitch'),
        dhcpOptions: { dnsServers: [design.addresses.firewall] },
        subnets: [
          {
            name: 'nodes',
            properties: {
              addressPrefix: parameter('localPrefix'),
              ipAllocationMethod: 'Static',
              vlan: parameter('localVlan'),
              ipPools: [{ start: parameter('localPoolStart'), end: parameter('localPoolEnd') }],
              routeTable: {
                properties: {
                  routes: [
                    {
                      name: 'default',
                      properties: { addressPrefix: '0.0.0.0/0', nextHopIpAddress: parameter('localRouter') },
                    },
                  ],
                },
              },
            },
          },
        ],
      },
    }),
  };
}

function provisioned(design: Design): Draft {
  const { choices } = design;
  return {
    ...HERE,
    key: 'localCluster',
    type: 'Microsoft.HybridContainerService/provisionedClusterInstances',
    apiVersion: VERSIONS.azureLocal,
    scope: 'cluster',
    name: 'default',
    body: {
      extendedLocation: AT_LOCATION,
      properties: given({
        kubernetesVersion: `${choices.kubernetesVersion}.0`,
        controlPlane: {
          count: 3,
          vmSize: 'Standard_A4_v2',
          controlPlaneEndpoint: { hostIP: parameter('controlPlaneAddress') },
        },
        agentPoolProfiles: [{ name: 'work', count: choices.nodes, osType: 'Linux', vmSize: 'Standard_A4_v2' }],
        networkProfile: {
          networkPolicy: 'calico',
          podCidr: choices.addresses.pods,
          loadBalancerProfile: { count: 0 },
        },
        cloudProviderProfile: { infraNetworkProfile: { vnetSubnetIds: [idOf('localNetwork')] } },
        clusterVMAccessProfile:
          choices.adminRanges.length === 0 ? undefined : { authorizedIPRanges: choices.adminRanges.join(',') },
        linuxProfile: { ssh: { publicKeys: [{ keyData: parameter('nodeKey') }] } },
      }),
    },
  };
}

// ---------------------------------------------------------------- extensions

/** Private Link carries Azure Monitor and Flux, and no other extension. */
function extensions({ choices }: Design): readonly Draft[] {
  const monitor = extension('monitorExtension', 'azuremonitor-containers', {
    extensionType: 'Microsoft.AzureMonitor.Containers',
    configurationSettings: {
      logAnalyticsWorkspaceResourceID: idOf('logs'),
      'amalogs.useAADAuth': 'true',
    },
  });
  if (choices.privateAgents) return [monitor];
  return [
    monitor,
    extension('policyExtension', 'azurepolicy', { extensionType: 'Microsoft.PolicyInsights' }),
    ...(choices.paid.defender
      ? [
          extension('defenderExtension', 'microsoft-defender', {
            extensionType: 'microsoft.azuredefender.kubernetes',
            configurationSettings: { logAnalyticsWorkspaceResourceID: idOf('logs') },
          }),
        ]
      : []),
  ];
}

function extension(key: string, name: string, properties: ValueObject): Draft {
  return {
    ...HERE,
    key,
    type: 'Microsoft.KubernetesConfiguration/extensions',
    apiVersion: VERSIONS.extensions,
    scope: 'cluster',
    name,
    body: {
      identity: { type: 'SystemAssigned' },
      properties: { autoUpgradeMinorVersion: true, releaseTrain: 'Stable', ...properties },
    },
  };
}
