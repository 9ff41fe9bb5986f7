import { SYSTEM_NODES } from '../plan/address-plan.ts';
import type { Design } from '../plan/design.ts';
import { doorOf } from '../plan/way-in.ts';
import { subnetReference } from './network.ts';
import { given, type Part, placed, VERSIONS } from './resources.ts';
import { type Draft, idOf, propertyOf, USER_ASSIGNED, type ValueObject } from './value.ts';

/** The cluster, its two pools of nodes, and who it is to Azure. */
export const cluster: Part = (design) => (design.choices.platform === 'aks' ? [identity(design), managed(design)] : []);

function identity(design: Design): Draft {
  return {
    key: 'clusterIdentity',
    module: 'identities',
    group: 'spoke',
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
    apiVersion: VERSIONS.identity,
    name: design.names.of('id', 'cluster'),
    body: placed(design, {}),
  };
}

function managed(design: Design): Draft {
  const { choices, names } = design;
  return {
    key: 'cluster',
    module: 'cluster',
    group: 'spoke',
    type: 'Microsoft.ContainerService/managedClusters',
    apiVersion: VERSIONS.cluster,
    name: names.of('aks'),
    // The subnets route to the firewall, and nodes must find it there.
    after: ['firewall', 'routes'],
    body: placed(design, {
      sku: { name: 'Base', tier: 'Standard' },
      identity: { type: 'UserAssigned', [USER_ASSIGNED]: [idOf('clusterIdentity')] },
      properties: given({
        kubernetesVersion: choices.kubernetesVersion,
        dnsPrefix: names.of('aks'),
        nodeResourceGroup: `${names.group('spoke')}-nodes`,
        nodeResourceGroupProfile: { restrictionLevel: 'ReadOnly' },
        enableRBAC: true,
        disableLocalAccounts: true,
        aadProfile: {
          managed: true,
          enableAzureRBAC: true,
          adminGroupObjectIDs: [choices.groups.clusterAdmins],
        },
        apiServerAccessProfile: apiServer(design),
        networkProfile: networkProfile(design),
        agentPoolProfiles: [
          pool(design, { name: 'system', mode: 'System', count: SYSTEM_NODES, subnet: 'snet-system' }),
          pool(design, { name: 'work', mode: 'User', count: choices.nodes, subnet: 'snet-nodes' }),
        ],
        oidcIssuerProfile: { enabled: true },
        autoUpgradeProfile: { upgradeChannel: 'patch', nodeOSUpgradeChannel: 'NodeImage' },
        addonProfiles: {
          azurepolicy: { enabled: true },
          azureKeyvaultSecretsProvider: {
            enabled: true,
            config: { enableSecretRotation: 'true', rotationPollInterval: '2m' },
          },
          omsagent: {
            enabled: true,
            config: { logAnalyticsWorkspaceResourceID: idOf('logs'), useAADAuth: 'true' },
          },
        },
        azureMonitorProfile: { metrics: { enabled: true } },
        securityProfile: given({
          workloadIdentity: { enabled: true },
          imageCleaner: { enabled: true, intervalHours: 48 },
          defender: choices.paid.defender
            ? { logAnalyticsWorkspaceResourceId: idOf('logs'), securityMonitoring: { enabled: true } }
            : undefined,
          azureKeyVaultKms: choices.paid.customerManagedKeys
            ? {
                enabled: true,
                keyId: propertyOf('secretsKey', 'properties.keyUriWithVersion'),
                keyVaultNetworkAccess: 'Private',
                keyVaultResourceId: idOf('keyVault'),
              }
            : undefined,
        }),
        ingressProfile: ingress(design),
        serviceMeshProfile: choices.mesh === 'istio' ? ISTIO : undefined,
        diskEncryptionSetID: choices.paid.customerManagedKeys ? idOf('diskEncryption') : undefined,
      }),
    }),
  };
}

/** The add-on with sidecars that need no rights of their own (AKS, Istio CNI); ways in are those of the blueprint. */
const ISTIO: ValueObject = {
  mode: 'Istio',
  istio: { revisions: ['asm-1-27'], components: { proxyRedirectionMechanism: 'CNIChaining' } },
};

/** The kinds of Gateway API, and who serves them: without a mesh application routing, whose NGINX stays off. */
function ingress({ choices }: Design): ValueObject | undefined {
  const door = doorOf(choices);
  if (door !== 'gateway' && door !== 'containers') return undefined;
  return given({
    gatewayAPI: { installation: 'Standard' },
    webAppRouting:
      door === 'gateway' && choices.mesh !== 'istio'
        ? { gatewayAPIImplementations: { appRoutingIstio: { mode: 'Enabled' } } }
        : undefined,
  });
}

function apiServer(design: Design): ValueObject {
  return {
    enablePrivateCluster: true,
    enablePrivateClusterPublicFQDN: false,
    disableRunCommand: true,
    privateDNSZone: 'system',
    ...(design.choices.apiServer === 'vnet-integration' && {
      enableVnetIntegration: true,
      subnetId: subnetReference(design, 'snet-apiserver')['id']!,
    }),
  };
}

function networkProfile({ choices, addresses }: Design): ValueObject {
  const isCilium = choices.engine === 'cilium';
  return given({
    networkPlugin: 'azure',
    networkPluginMode: 'overlay',
    networkDataplane: isCilium ? 'cilium' : 'azure',
    networkPolicy: choices.engine,
    podCidr: choices.addresses.pods,
    serviceCidr: choices.addresses.services,
    dnsServiceIP: addresses.dns,
    outboundType: 'userDefinedRouting',
    loadBalancerSku: 'standard',
    // Flows of pods are told with every engine; policy for names and paths is Cilium's (Advanced Container Networking).
    advancedNetworking: given({
      enabled: true,
      observability: { enabled: true },
      security: isCilium
        ? given({
            enabled: true,
            advancedNetworkPolicies: 'L7',
            transitEncryption: choices.mesh === 'cilium' ? { type: 'WireGuard' } : undefined,
          })
        : undefined,
    }),
  });
}

interface PoolOf {
  readonly name: string;
  readonly mode: 'System' | 'User';
  readonly count: number;
  readonly subnet: string;
}

function pool(design: Design, { name, mode, count, subnet }: PoolOf): ValueObject {
  const { choices } = design;
  return given({
    name,
    mode,
    type: 'VirtualMachineScaleSets',
    osType: 'Linux',
    osSKU: 'AzureLinux',
    vmSize: 'Standard_D4ds_v5',
    count: mode === 'System' ? count : Math.min(3, count),
    enableAutoScaling: mode === 'User' ? true : undefined,
    minCount: mode === 'User' ? Math.min(3, count) : undefined,
    maxCount: mode === 'User' ? count : undefined,
    maxPods: choices.podsPerNode,
    availabilityZones: ['1', '2', '3'],
    vnetSubnetID: subnetReference(design, subnet)['id']!,
    enableNodePublicIP: false,
    enableEncryptionAtHost: true,
    nodeTaints: mode === 'System' ? ['CriticalAddonsOnly=true:NoSchedule'] : undefined,
    upgradeSettings: { maxSurge: '33%' },
  });
}
