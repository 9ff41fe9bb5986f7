import { parseAddress } from '#base/address.ts';
import type { ManagedCluster } from '#model/azure/cluster.ts';
import type { AddressItem, AzureEntity, PortItem } from '#model/azure/entity.ts';
import { type AzureEstate, EMPTY_ESTATE } from '#model/azure/estate.ts';
import type {
  ApplicationRule,
  DnatRule,
  Firewall,
  FirewallPolicy,
  FirewallRule,
  IpGroup,
  KubeSelectorGroup,
  NetworkRule,
  RuleCollection,
  RuleCollectionGroup,
} from '#model/azure/firewall.ts';
import type { NetworkProtocol, RouteTable, Subnet, VirtualNetwork } from '#model/azure/network.ts';
import type { AzureUnsettled } from '#model/azure/value.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { PROFILES } from '#model/profile.ts';
import type { AskedRequest } from '#model/request.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Trace, Verdict } from '#model/verdict.ts';
import { addressItem } from '#parse/azure/decode/body.ts';
import { axis, clusterOf, namespace, node, pod } from '../../ask.test-support.ts';
import { explainEach } from '../../explain.ts';
import { type Reach, reachOf, verdictBetween } from '../../reach.ts';
import { settleRequests } from '../../requests.ts';
import { buildWorld, externalPoint, type World, type WorldOptions } from '../../world.ts';
import { compilingOf } from '../context.ts';
import { azureOf } from './context.ts';
import { firewallLayer } from './firewall.ts';
import { azureMentions } from './mentions.ts';
import { waysOf } from './routes.ts';

// A cluster with overlay in 10.224.0.0/12, whose subnet `aks` sends 0.0.0.0/0 to a firewall in the peered network `hub`.

export const UNSETTLED: AzureUnsettled = {
  kind: 'unsettled',
  expression: "reference('x')",
  why: 'made-by-azure',
  origin: NO_ORIGIN,
};

export function entity(type: string, name: string): AzureEntity {
  const key = `/${type}/${name}`.toLowerCase();
  return {
    id: key,
    key,
    type,
    name,
    resourceGroup: 'rg',
    location: 'westeurope',
    tags: new Map(),
    unsettled: [],
    origin: NO_ORIGIN,
  };
}

/** `*`, addresses, CIDRs, tags; `group:x`, `pods:x`, `name:x`, `unsettled`. */
export function items(...texts: readonly string[]): AddressItem[] {
  return texts.map((text): AddressItem => {
    const [kind = '', rest] = text.split(/:(.*)/);
    if (kind === 'unsettled') return { kind: 'unsettled', value: UNSETTLED, origin: NO_ORIGIN };
    if (rest === undefined || kind.includes('.')) return addressItem(text, NO_ORIGIN);
    if (kind === 'group') return { kind: 'ip-group', key: `/ipgroups/${rest}`, origin: NO_ORIGIN };
    if (kind === 'pods') return { kind: 'pods', key: `/kubeselectorgroups/${rest}`, origin: NO_ORIGIN };
    return kind === 'name' ? { kind: 'name', name: rest, origin: NO_ORIGIN } : addressItem(text, NO_ORIGIN);
  });
}

/** `443`, `8000-8100`, `*`. */
export function ports(...texts: readonly string[]): PortItem[] {
  return texts.map((text): PortItem => {
    if (text === 'unsettled') return { kind: 'unsettled', value: UNSETTLED };
    const [from, to = from] = text === '*' ? [0, 65_535] : text.split('-').map(Number);
    return { kind: 'range', from: from!, to: to! };
  });
}

// ---------------------------------------------------------------- rules

export interface NetworkSpec {
  readonly from?: readonly string[];
  readonly to?: readonly string[];
  readonly protocols?: readonly NetworkProtocol[];
  readonly ports?: readonly string[];
}

export function networkRule(name: string, spec: NetworkSpec = {}): NetworkRule {
  const { from = ['*'], to = ['*'], protocols = ['tcp'], ports: numbers = ['*'] } = spec;
  return {
    kind: 'network',
    name,
    sources: items(...from),
    destinations: items(...to),
    protocols,
    ports: ports(...numbers),
    path: name,
    origin: NO_ORIGIN,
  };
}

export function dnatRule(name: string, spec: NetworkSpec & { readonly translated?: string } = {}): DnatRule {
  const [translatedAddress] = items(spec.translated ?? '10.224.0.9');
  return { ...networkRule(name, spec), kind: 'dnat', translatedAddress: translatedAddress!, translatedPort: 8080 };
}

export interface ApplicationSpec {
  readonly from?: readonly string[];
  readonly names?: readonly string[];
  readonly urls?: readonly string[];
  readonly tags?: readonly string[];
  readonly categories?: readonly string[];
  readonly destinations?: readonly string[];
  /** `https:443` */
  readonly protocols?: readonly string[];
  readonly terminatesTls?: boolean;
}

export function applicationRule(name: string, spec: ApplicationSpec = {}): ApplicationRule {
  const { from = ['*'], names = [], urls = [], protocols = ['https:443'], terminatesTls = false } = spec;
  const named = (text: string) => (text === 'unsettled' ? items(text) : items(`name:${text}`));
  return {
    kind: 'application',
    name,
    sources: items(...from),
    protocols: protocols.map((text) => {
      const [protocol, port] = text.split(':');
      return { protocol: protocol as 'https', port: Number(port) };
    }),
    destinations: items(...(spec.destinations ?? [])),
    names: names.flatMap(named),
    urls: urls.flatMap(named),
    tags: spec.tags ?? [],
    categories: spec.categories ?? [],
    terminatesTls,
    path: name,
    origin: NO_ORIGIN,
  };
}

export function collection(
  name: string,
  priority: number,
  rules: readonly FirewallRule[],
  action: RuleCollection['action'] = 'allow',
): RuleCollection {
  const kinds = new Set(rules.map(({ kind }) => kind));
  const [kind] = kinds;
  const known = kinds.size === 1 && kind !== undefined && kind !== 'unread' ? kind : 'mixed';
  return { name, priority, kind: known, action, rules, path: name, origin: NO_ORIGIN };
}

/** Of the policy `policy` unless said otherwise. */
export function group(
  name: string,
  priority: number,
  collections: readonly RuleCollection[],
  policy = 'policy',
): RuleCollectionGroup {
  return { ...entity('groups', `${policy}-${name}`), policy: `/policies/${policy}`, priority, collections };
}

export function firewallPolicy(name: string, more: Partial<FirewallPolicy> = {}): FirewallPolicy {
  return {
    ...entity('policies', name),
    tier: 'Standard',
    threatIntel: 'Alert',
    dnsProxy: false,
    dnsServers: [],
    intrusionDetection: 'Off',
    inspectsTls: false,
    ...more,
  };
}

export function ipGroup(name: string, ...texts: readonly string[]): IpGroup {
  return { ...entity('ipGroups', name), addresses: items(...texts) };
}

export function podGroup(
  name: string,
  labels: Readonly<Record<string, string>>,
  namespaces?: string,
): KubeSelectorGroup {
  const requirement = (key: string, value: string) => ({ key, operator: 'In' as const, values: [value] });
  return {
    ...entity('kubeSelectorGroups', name),
    policy: '/policies/policy',
    pods: { requirements: Object.entries(labels).map(([key, value]) => requirement(key, value)), origin: NO_ORIGIN },
    ...(namespaces !== undefined && {
      namespaces: { requirements: [requirement('kubernetes.io/metadata.name', namespaces)], origin: NO_ORIGIN },
    }),
  };
}

// ---------------------------------------------------------------- the estate

export function firewall(more: Partial<Firewall> = {}): Firewall {
  return {
    ...entity('firewalls', 'fw'),
    policy: '/policies/policy',
    subnet: '/networks/hub/subnets/azurefirewallsubnet',
    privateAddress: items('10.0.1.4')[0]!,
    publicIps: [],
    tier: 'Standard',
    threatIntel: 'Alert',
    collections: [],
    ...more,
  };
}

export function network(name: string, prefix: string, more: Partial<VirtualNetwork> = {}): VirtualNetwork {
  return {
    ...entity('networks', name),
    prefixes: items(prefix),
    dnsServers: [],
    encryption: false,
    ddosProtection: false,
    ...more,
  };
}

export function subnet(networkName: string, name: string, prefix: string, more: Partial<Subnet> = {}): Subnet {
  const key = `/networks/${networkName}/subnets/${name}`;
  return {
    ...entity('subnets', name),
    id: key,
    key,
    network: `/networks/${networkName}`,
    prefixes: items(prefix),
    serviceEndpoints: [],
    delegations: [],
    privateEndpointPolicies: 'Disabled',
    ...more,
  };
}

export function routeTable(name: string, hops: Readonly<Record<string, string>>): RouteTable {
  const routes = Object.entries(hops).map(([prefix, address], index) => ({
    name: `route-${index}`,
    id: `route-${index}`,
    prefix: items(prefix)[0]!,
    nextHop: 'appliance' as const,
    address: items(address)[0]!,
    path: `routes[${index}]`,
    origin: NO_ORIGIN,
  }));
  return { ...entity('routeTables', name), routes, ignoresGateways: false };
}

export function cluster(more: Partial<ManagedCluster> = {}, subnets: readonly string[] = ['aks']): ManagedCluster {
  return {
    ...entity('managedClusters', 'aks'),
    networkPlugin: 'azure',
    pluginMode: 'overlay',
    podCidrs: items('10.244.0.0/16'),
    serviceCidrs: items('10.0.0.0/16'),
    outboundType: 'userDefinedRouting',
    outboundIps: [],
    pools: subnets.map((name) => ({
      ...entity('agentPools', name),
      cluster: '/managedclusters/aks',
      mode: 'System',
      os: 'Linux',
      subnet: `/networks/vnet/subnets/${name}`,
      nodePublicIps: false,
      groups: [],
    })),
    api: {
      privateCluster: false,
      publicFqdn: true,
      authorizedRanges: [],
      runCommand: true,
      vnetIntegration: false,
    },
    features: [],
    artifactSource: 'Direct',
    ...more,
  };
}

export function estate(more: Partial<AzureEstate> = {}): AzureEstate {
  return {
    ...EMPTY_ESTATE,
    networks: [network('vnet', '10.224.0.0/12'), network('hub', '10.0.0.0/16')],
    subnets: [
      subnet('vnet', 'aks', '10.224.0.0/16', { routeTable: '/routetables/udr' }),
      subnet('hub', 'azurefirewallsubnet', '10.0.1.0/26'),
    ],
    peerings: [
      {
        ...entity('peerings', 'to-hub'),
        network: '/networks/vnet',
        remote: '/networks/hub',
        remotePrefixes: [],
        allowAccess: true,
        allowForwarded: true,
        allowGatewayTransit: false,
        useRemoteGateways: false,
      },
    ],
    routeTables: [routeTable('udr', { '0.0.0.0/0': '10.0.1.4' })],
    firewalls: [firewall()],
    firewallPolicies: [firewallPolicy('policy')],
    clusters: [cluster()],
    ...more,
  };
}

/** Two pods on two nodes: `shop/web` leaves as 10.224.0.4, `shop/batch` as 10.224.0.5. */
export const CLUSTER: readonly string[] = [
  namespace('shop'),
  namespace('ops'),
  node('n1', ['10.224.0.4']),
  node('n2', ['10.224.0.5']),
  pod('shop/web', { ips: ['10.244.0.10'], node: 'n1' }),
  pod('shop/batch', { ips: ['10.244.1.10'], node: 'n2' }),
  pod('ops/agent', { ips: ['10.244.1.11'], node: 'n2', labels: 'app: agent' }),
];

export function snapshotWith(azure: AzureEstate, manifests: readonly string[] = CLUSTER): Snapshot {
  return { ...clusterOf(...manifests), azure };
}

// ---------------------------------------------------------------- asking

export interface FirewallAsker {
  readonly world: World;
  /** From `shop/web` to an address or a name of `domains`. */
  verdict(from: string, to: string, traffic: string): Verdict;
  trace(from: string, to: string, traffic: string): Trace;
}

export interface FirewallAsking extends WorldOptions {
  readonly manifests?: readonly string[];
  readonly request?: AskedRequest;
}

/** Asks the firewall layer alone. */
export function firewallAsker(azure: AzureEstate, options: FirewallAsking = {}): FirewallAsker {
  const { manifests = CLUSTER, request, ...worldOptions } = options;
  const snapshot = snapshotWith(azure, manifests);
  const { world, reach } = firewallReach(snapshot, worldOptions, request);
  const pointOf = (name: string): number => {
    const address = parseAddress(name);
    if (address !== undefined) return externalPoint(world, address);
    const [domain] = world.domains.get(name) ?? [];
    if (domain !== undefined) return domain;
    const owner = world.owners.findIndex((each) => `${each.namespace}/${each.name}` === name);
    return world.pointsOfOwner[owner]![0]!;
  };
  return {
    world,
    verdict: (from, to, traffic) => verdictBetween(reach, pointOf(from), pointOf(to), axis(traffic)),
    trace: (from, to, traffic) => {
      const asked = { direction: 'egress', subject: pointOf(from), peer: pointOf(to), traffic: axis(traffic) } as const;
      const said = explainEach(reach, asked).find(({ layer }) => layer === 'firewall');
      if (said === undefined) throw new Error(`no firewall has a say about ${from}`);
      return said.trace;
    },
  };
}

function firewallReach(
  snapshot: Snapshot,
  options: WorldOptions,
  request?: AskedRequest,
): { readonly world: World; readonly reach: Reach } {
  const world = buildWorld(snapshot, azureMentions(snapshot), options);
  const azure = azureOf(compilingOf(world, PROFILES.upstream), snapshot);
  const layer = azure === undefined ? undefined : firewallLayer(azure, waysOf(azure));
  if (layer === undefined) throw new Error('no firewall in the fixture');
  return { world, reach: reachOf(world, [settleRequests(layer, request)]) };
}
