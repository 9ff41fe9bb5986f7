import type { Snapshot } from '#model/snapshot.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { SnapshotBuilder } from '#parse/snapshot.ts';

// A cluster with an overlay in 10.20.0.0/22, whose subnet sends everything to a firewall in the peered network `hub`.

type Json = Readonly<Record<string, unknown>>;

export const ROOT = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers';
export const NODES = `${ROOT}/Microsoft.Network/virtualNetworks/spoke/subnets/nodes`;

export interface EstateSpec {
  /** Fields of `properties` of the cluster, over those of the example. */
  readonly cluster?: Json;
  readonly location?: string;
  readonly pool?: Json;
  readonly profile?: Json;
  readonly subnet?: Json;
  readonly securityRules?: readonly Json[];
  readonly routes?: readonly Json[];
  readonly collections?: readonly Json[];
  readonly dnsServers?: readonly string[];
  readonly dnsProxy?: boolean;
  /** More resources, as an export has them. */
  readonly more?: readonly Json[];
}

/** A resource as an export has it. */
export function resource(type: string, name: string, properties: Json = {}, rest: Json = {}): Json {
  const parts = type.split('/');
  const names = name.split('/');
  const path = names.map((each, index) => `${parts[index + 1]}/${each}`).join('/');
  return { id: `${ROOT}/${parts[0]}/${path}`, type, name: names.at(-1), location: 'westeurope', properties, ...rest };
}

export function estateResources(spec: EstateSpec = {}): readonly Json[] {
  const network = 'Microsoft.Network';
  const idOf = (type: string, name: string) => ({ id: `${ROOT}/${network}/${type}/${name}` });
  const subnet = {
    addressPrefix: '10.20.0.0/22',
    networkSecurityGroup: idOf('networkSecurityGroups', 'nsg'),
    routeTable: idOf('routeTables', 'rt'),
    defaultOutboundAccess: false,
    ...spec.subnet,
  };
  return [
    resource(`${network}/virtualNetworks`, 'spoke', {
      addressSpace: { addressPrefixes: ['10.20.0.0/16'] },
      dhcpOptions: { dnsServers: spec.dnsServers ?? [] },
      subnets: [
        { name: 'nodes', id: NODES, properties: subnet },
        {
          name: 'endpoints',
          id: `${ROOT}/${network}/virtualNetworks/spoke/subnets/endpoints`,
          properties: { addressPrefix: '10.20.8.0/24' },
        },
      ],
      virtualNetworkPeerings: [
        {
          name: 'to-hub',
          properties: {
            peeringState: 'Connected',
            remoteVirtualNetwork: idOf('virtualNetworks', 'hub'),
            allowVirtualNetworkAccess: true,
            allowForwardedTraffic: true,
          },
        },
      ],
    }),
    resource(`${network}/virtualNetworks`, 'hub', {
      addressSpace: { addressPrefixes: ['10.10.0.0/16'] },
      subnets: [
        {
          name: 'AzureFirewallSubnet',
          id: `${ROOT}/${network}/virtualNetworks/hub/subnets/AzureFirewallSubnet`,
          properties: { addressPrefix: '10.10.0.0/26' },
        },
      ],
    }),
    resource(`${network}/networkSecurityGroups`, 'nsg', { securityRules: spec.securityRules ?? [] }),
    resource(`${network}/routeTables`, 'rt', { routes: spec.routes ?? [defaultRoute()] }),
    resource(`${network}/azureFirewalls`, 'fw', {
      firewallPolicy: idOf('firewallPolicies', 'fwp'),
      ipConfigurations: [
        {
          name: 'main',
          properties: {
            privateIPAddress: '10.10.0.4',
            subnet: { id: `${ROOT}/${network}/virtualNetworks/hub/subnets/AzureFirewallSubnet` },
          },
        },
      ],
    }),
    resource(`${network}/firewallPolicies`, 'fwp', {
      sku: { tier: 'Standard' },
      dnsSettings: { enableProxy: spec.dnsProxy ?? true },
    }),
    resource(`${network}/firewallPolicies/ruleCollectionGroups`, 'fwp/own', {
      priority: 200,
      ruleCollections: spec.collections ?? [],
    }),
    resource(
      'Microsoft.ContainerService/managedClusters',
      'aks',
      clusterProperties(spec),
      spec.location === undefined ? {} : { location: spec.location },
    ),
    ...(spec.more ?? []),
  ];
}

function clusterProperties({ cluster, profile, pool }: EstateSpec): Json {
  return {
    networkProfile: {
      networkPlugin: 'azure',
      networkPluginMode: 'overlay',
      networkPolicy: 'calico',
      podCidr: '10.244.0.0/16',
      serviceCidr: '10.0.0.0/16',
      dnsServiceIP: '10.0.0.10',
      outboundType: 'userDefinedRouting',
      ...profile,
    },
    fqdn: 'aks-1.hcp.westeurope.azmk8s.io',
    agentPoolProfiles: [
      { name: 'apps', mode: 'System', osType: 'Linux', count: 3, maxPods: 110, vnetSubnetID: NODES, ...pool },
    ],
    ...cluster,
  };
}

export function defaultRoute(): Json {
  return {
    name: 'default',
    properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.10.0.4' },
  };
}

/** A rule of a security group; `spec` over what allows everything in. */
export function securityRule(name: string, priority: number, spec: Json): Json {
  const properties = {
    priority,
    direction: 'Inbound',
    access: 'Allow',
    protocol: '*',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '*',
    ...spec,
  };
  return { name, id: `${ROOT}/Microsoft.Network/networkSecurityGroups/nsg/securityRules/${name}`, properties };
}

export function namesRule(name: string, targetFqdns: readonly string[], rest: Json = {}): Json {
  return {
    ruleType: 'ApplicationRule',
    name,
    sourceAddresses: ['10.20.0.0/22'],
    targetFqdns,
    protocols: [{ protocolType: 'Https', port: 443 }],
    ...rest,
  };
}

export function addressRule(
  name: string,
  destinationAddresses: readonly string[],
  destinationPorts: readonly string[],
): Json {
  return {
    ruleType: 'NetworkRule',
    name,
    sourceAddresses: ['10.20.0.0/22'],
    ipProtocols: ['TCP'],
    destinationAddresses,
    destinationPorts,
  };
}

/** A collection that allows. */
export function collection(name: string, priority: number, rules: readonly Json[], action = 'Allow'): Json {
  return { ruleCollectionType: 'FirewallPolicyFilterRuleCollection', name, priority, action: { type: action }, rules };
}

/** What every cluster in West Europe with a public API server needs, by the tag and two more names. */
export const BASE = collection('base', 300, [namesRule('aks', [], { fqdnTags: ['AzureKubernetesService'] })]);

export function snapshotOf(spec: EstateSpec = {}, manifests = ''): Snapshot {
  const builder = new SnapshotBuilder();
  builder.add({ file: 'shop.yaml', text: manifests });
  const text = JSON.stringify(estateResources(spec), null, 1);
  return { ...builder.snapshot(), azure: readEstate([{ file: 'export.json', text }]).estate };
}
