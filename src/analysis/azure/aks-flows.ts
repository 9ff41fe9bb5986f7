import { type AddressRange, parseAddress, parseCidr } from '#base/address.ts';
import { unite } from '#base/intervals.ts';
import { type AddressReader, addressReaderOf } from '#engine/compile/azure/address-items.ts';
import { networkModeOf } from '#engine/compile/azure/network-mode.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import { type AzureView, follow, isKey } from '#engine/compile/azure/view.ts';
import type { AzureEvidence, AzureFact } from '#model/azure/fact.ts';
import type { RouteTable, SecurityGroup, Subnet } from '#model/azure/network.ts';
import type { Direction } from '#model/resource.ts';
import { ALL_TRAFFIC, portTraffic, protocolTraffic } from '#model/traffic.ts';
import type { Verdict } from '#model/verdict.ts';
import { readingOf } from '#parse/azure/decode/body.ts';
import { evidenceOf, factsOf } from './evidence.ts';
import { type Flow, type FlowEnd, flowVerdict } from './security-flow.ts';

/**
 * Connections that a cluster in Azure does not work without, held against the security groups and route tables of its
 * subnets: one fact for each connection and group.
 */
export function aksFlowFacts(view: AzureView): readonly AzureFact[] {
  const reader = addressReaderOf(view);
  return [
    ...neededFlows(view).flatMap((needed) => flowFacts(view, reader, needed)),
    ...platformDnsFacts(view),
    ...routeFacts(view),
  ];
}

interface NeededFlow {
  readonly id: string;
  /** `nodes to nodes` */
  readonly what: string;
  readonly source: string;
  readonly flow: Flow;
  /** Subnets that it leaves, and that it arrives in. */
  readonly leaves: readonly Subnet[];
  readonly arrives: readonly Subnet[];
}

const CNI = 'AKS docs: Azure CNI overlay, network security groups';
const PLATFORM = parseCidr('168.63.129.16/32')!.cidr;

function neededFlows(view: AzureView): NeededFlow[] {
  const nodes = nodeSubnets(view);
  if (nodes.length === 0) return [];
  const on = end(nodes.flatMap(({ prefixes }) => rangesOf(prefixes)));
  const between = { leaves: nodes, arrives: nodes };
  const nodesFlow: NeededFlow = {
    id: 'flow-nodes-to-nodes',
    what: 'nodes to nodes, all traffic',
    source: CNI,
    flow: { from: on, to: on, traffic: ALL_TRAFFIC },
    ...between,
  };
  return [
    nodesFlow,
    ...overlayFlows(view, nodesFlow),
    ...(usesWireguard(view)
      ? [
          {
            ...nodesFlow,
            id: 'flow-wireguard',
            what: 'nodes to nodes on UDP 51871 (WireGuard)',
            source: 'AKS docs: WireGuard encryption',
            flow: { from: on, to: on, traffic: portTraffic('UDP', 51_871) },
          },
        ]
      : []),
    {
      id: 'flow-load-balancer-probes',
      what: 'probes of the load balancer to nodes',
      source: 'Azure docs: default security rules, AllowAzureLoadBalancerInBound',
      flow: { from: end([PLATFORM]), to: on, traffic: protocolTraffic('TCP') },
      leaves: [],
      arrives: nodes,
    },
    ...apiServerFlows(view, on),
    ...dnsFlows(view, on),
  ];
}

function end(ranges: readonly AddressRange[], isOverlay = false): FlowEnd {
  return { ranges: ranges.filter(({ family }) => family === 4), isOverlay };
}

export function nodeSubnets({ cluster, subnets }: AzureView): Subnet[] {
  const keys = new Set(cluster.pools.map(({ subnet }) => subnet).filter(isKey));
  return [...keys].flatMap((key) => subnets.get(key) ?? []);
}

/** Pods of an overlay are not encapsulated: rules of the subnet of the nodes see their addresses. */
function overlayFlows({ cluster }: AzureView, nodes: NeededFlow): NeededFlow[] {
  const pods = end(rangesOf(cluster.podCidrs), true);
  if (networkModeOf(cluster) !== 'overlay' || pods.ranges.length === 0) return [];
  const { from } = nodes.flow;
  const traffic = ALL_TRAFFIC;
  return [
    { ...nodes, id: 'flow-nodes-to-pods', what: 'nodes to pods, all traffic', flow: { from, to: pods, traffic } },
    { ...nodes, id: 'flow-pods-to-pods', what: 'pods to pods, all traffic', flow: { from: pods, to: pods, traffic } },
  ];
}

function usesWireguard({ estate, cluster }: AzureView): boolean {
  const resource = estate.resources.get(cluster.key);
  if (resource === undefined) return false;
  const path = 'properties.networkProfile.advancedNetworking.security.transitEncryption.type';
  return readingOf(resource).body.knownText(path)?.toLowerCase() === 'wireguard';
}

/** An API server with an address in the network: nodes and pods ask it, and the platform probes it. */
function apiServerFlows({ cluster, subnets }: AzureView, nodes: FlowEnd): NeededFlow[] {
  const subnet = isKey(cluster.api.subnet) ? subnets.get(cluster.api.subnet) : undefined;
  if (cluster.api.vnetIntegration !== true || subnet === undefined) return [];
  const to = end(rangesOf(subnet.prefixes));
  const source = 'AKS docs: API server VNet integration, network security groups';
  const leaves = cluster.pools.flatMap((pool) => (isKey(pool.subnet) ? (subnets.get(pool.subnet) ?? []) : []));
  const traffic = unite(portTraffic('TCP', 443), portTraffic('TCP', 4443));
  return [
    {
      id: 'flow-nodes-to-api-server',
      what: 'nodes to the subnet of the API server on TCP 443 and 4443',
      source,
      flow: { from: nodes, to, traffic },
      leaves: [...new Set(leaves)],
      arrives: [subnet],
    },
    {
      id: 'flow-probes-to-api-server',
      what: 'probes of the load balancer to the subnet of the API server on TCP 9988',
      source,
      flow: { from: end([PLATFORM]), to, traffic: portTraffic('TCP', 9988) },
      leaves: [],
      arrives: [subnet],
    },
  ];
}

/** DNS servers of one's own; Azure's is asked past ordinary rules. */
function dnsFlows({ networks, own, subnets, cluster }: AzureView, nodes: FlowEnd): NeededFlow[] {
  const servers = [...own].flatMap((key) => networks.get(key)?.dnsServers ?? []).map(parseAddress);
  const ranges = servers.flatMap((address): AddressRange[] =>
    address === undefined || address.value === PLATFORM.lo
      ? []
      : [{ family: address.family, lo: address.value, hi: address.value }],
  );
  if (ranges.length === 0) return [];
  const leaves = cluster.pools.flatMap((pool) => (isKey(pool.subnet) ? (subnets.get(pool.subnet) ?? []) : []));
  const traffic = unite(portTraffic('UDP', 53), portTraffic('TCP', 53));
  return [
    {
      id: 'flow-dns',
      what: 'nodes to the DNS servers of the network on port 53',
      source: 'AKS docs: outbound network rules, custom DNS',
      flow: { from: nodes, to: end(ranges), traffic },
      leaves: [...new Set(leaves)],
      arrives: [],
    },
  ];
}

// ---------------------------------------------------------------- security groups

function flowFacts(view: AzureView, reader: AddressReader, needed: NeededFlow): AzureFact[] {
  const at = (subnet: Subnet, direction: Direction) => groupFact(view, reader, { needed, subnet, direction });
  const facts = [
    ...needed.leaves.flatMap((subnet) => at(subnet, 'egress')),
    ...needed.arrives.flatMap((subnet) => at(subnet, 'ingress')),
  ];
  if (facts.length > 0) return facts;
  const fact = factsOf(needed.id, 'high', needed.source);
  const evidence = [...needed.leaves, ...needed.arrives].map((subnet) => evidenceOf(subnet));
  return [fact('PASS', `${needed.what}: no security group of a subnet has a say`, evidence)];
}

const STATES: Readonly<Record<Verdict, AzureFact['state']>> = { allowed: 'PASS', denied: 'FAIL', unknown: 'UNKNOWN' };
const VERBS: Readonly<Record<Verdict, string>> = {
  allowed: 'lets through',
  denied: 'stops, in part or wholly,',
  unknown: 'may stop',
};

function groupFact(
  view: AzureView,
  reader: AddressReader,
  {
    needed,
    subnet,
    direction,
  }: { readonly needed: NeededFlow; readonly subnet: Subnet; readonly direction: Direction },
): AzureFact[] {
  if (subnet.securityGroup === undefined) return [];
  const fact = factsOf(needed.id, 'high', needed.source);
  const group = follow(subnet.securityGroup, view.securityGroups);
  const way = direction === 'egress' ? 'out of' : 'into';
  if (typeof group === 'string')
    return [
      fact('UNKNOWN', `the security group of ${subnet.name} is not in the input: ${needed.what}`, [evidenceOf(subnet)]),
    ];
  const { verdict, rule } = flowVerdict(reader, { group, subnet, direction }, needed.flow);
  const by = rule === undefined || verdict === 'allowed' ? '' : ` by ${rule.name} (${String(rule.priority)})`;
  const message = `security group ${group.name} ${VERBS[verdict]} ${way} ${subnet.name}: ${needed.what}${by}`;
  return [fact(STATES[verdict], message, [groupEvidence(group, rule), evidenceOf(subnet)])];
}

function groupEvidence(group: SecurityGroup, rule: SecurityGroup['rules'][number] | undefined): AzureEvidence {
  return rule === undefined ? evidenceOf(group) : { resource: rule.id, field: rule.path, origin: rule.origin };
}

/** "AzurePlatformDNS" is the only way to stop Azure's resolver, and without it names mean nothing in the network. */
function platformDnsFacts(view: AzureView): AzureFact[] {
  const fact = factsOf('flow-platform-dns', 'high', 'Azure docs: service tags, AzurePlatformDNS');
  if ([...view.own].some((key) => (view.networks.get(key)?.dnsServers.length ?? 0) > 0)) return [];
  return nodeSubnets(view).flatMap(({ securityGroup }) => {
    const group = isKey(securityGroup) ? view.securityGroups.get(securityGroup) : undefined;
    const rules = (group?.rules ?? []).filter(
      ({ direction, access, destinations }) =>
        direction === 'egress' &&
        access === 'deny' &&
        destinations.some((item) => item.kind === 'tag' && item.tag.toLowerCase() === 'azureplatformdns'),
    );
    return rules.map((rule) =>
      fact('FAIL', `rule ${rule.name} of ${group?.name ?? ''} stops Azure's own DNS, which the network uses`, [
        { resource: rule.id, field: rule.path, origin: rule.origin },
      ]),
    );
  });
}

// ---------------------------------------------------------------- routes

/** Routes of one's own that take what nodes and pods send each other away from the network. */
function routeFacts(view: AzureView): AzureFact[] {
  const { cluster } = view;
  const mode = networkModeOf(cluster);
  const fact = factsOf('route-inside-cluster', 'high', 'AKS docs: route tables of one’s own with Azure CNI');
  const pods = mode === 'kubenet' ? [] : rangesOf(cluster.podCidrs);
  const nodes = nodeSubnets(view);
  const inside = [...nodes.flatMap(({ prefixes }) => rangesOf(prefixes)), ...pods];
  return nodes.flatMap((subnet) => {
    const table = isKey(subnet.routeTable) ? view.routeTables.get(subnet.routeTable) : undefined;
    return (table?.routes ?? []).flatMap((route) => {
      if (route.prefix.kind !== 'range' || route.nextHop === 'network') return [];
      const { range } = route.prefix;
      // The default route loses against the network's own.
      const hit = inside.some((own) => own.family === range.family && own.lo <= range.hi && range.lo <= own.hi);
      if (!hit || range.hi - range.lo >= 0xffff_fffen) return [];
      if (!isMoreSpecific(view, subnet, range) && !pods.some((own) => own.lo <= range.hi && range.lo <= own.hi))
        return [];
      return [fact(...routeWords(table, route, subnet))];
    });
  });
}

/** Whether a route wins against that of the virtual network: of equal length the user's own does. */
function isMoreSpecific({ networks }: AzureView, { network }: Subnet, range: AddressRange): boolean {
  const prefixes = rangesOf(networks.get(network)?.prefixes ?? []);
  return prefixes.some((own) => own.family === range.family && own.lo <= range.lo && range.hi <= own.hi);
}

function routeWords(
  table: RouteTable | undefined,
  route: RouteTable['routes'][number],
  subnet: Subnet,
): readonly [AzureFact['state'], string, readonly AzureEvidence[]] {
  const name = `${table?.name ?? ''}/${route.name}`;
  const evidence = [{ resource: route.id, field: route.path, origin: route.origin }, evidenceOf(subnet)];
  if (route.nextHop === 'appliance')
    return [
      'UNKNOWN',
      `route ${name} sends traffic between nodes or pods of ${subnet.name} through an appliance, which must let all of it pass`,
      evidence,
    ];
  return ['FAIL', `route ${name} takes traffic between nodes or pods of ${subnet.name} away`, evidence];
}
