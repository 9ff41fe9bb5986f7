import { type AddressRange, formatRange, parseAddress, parseCidr } from '#base/address.ts';
import { networkModeOf } from '#engine/compile/azure/network-mode.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import { isKey } from '#engine/compile/azure/view.ts';
import type { ManagedCluster, NodePool } from '#model/azure/cluster.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { AzureEvidence, AzureFact } from '#model/azure/fact.ts';
import type { Subnet } from '#model/azure/network.ts';
import { type Body, readingOf } from '#parse/azure/decode/body.ts';
import { evidenceOf, factsOf } from './evidence.ts';
import { localNetworkFacts } from './local-networks.ts';

const CNI = 'AKS docs: IP address planning of Azure CNI, overlay and pod subnet';

/**
 * Whether the ranges of every cluster fit beside each other and beside the networks that they can reach, and whether they
 * are large enough for the nodes and pods that the pools may grow to.
 */
export function addressPlanFacts(estate: AzureEstate): readonly AzureFact[] {
  return [
    ...estate.clusters.flatMap((cluster) => [
      ...overlapFacts(estate, cluster),
      ...reservedFacts(estate, cluster),
      ...unsettledFacts(cluster),
      ...sizeFacts(estate, cluster),
    ]),
    ...localNetworkFacts(estate),
  ];
}

// ---------------------------------------------------------------- overlaps

/** A range of a plan, with what it is and where it is written. */
interface Planned {
  readonly role: 'pods' | 'services' | 'nodes' | 'network' | 'peered' | 'on-premises';
  readonly what: string;
  readonly range: AddressRange;
  readonly evidence: AzureEvidence;
}

const overlap = factsOf(
  'address-ranges-overlap',
  'high',
  'AKS docs: pod, service and node ranges must not overlap with each other or with connected networks',
);

/** What must be apart: services from everything; pods of their own range from every network; connected networks from ours. */
function overlapFacts(estate: AzureEstate, cluster: ManagedCluster): AzureFact[] {
  const inside = ownRanges(cluster);
  const networks = networkRanges(estate, cluster);
  const all = [...inside, ...networks];
  const failed = inside.flatMap((a, index) =>
    all.slice(index + 1).flatMap((b): AzureFact[] => {
      if (!overlaps(a.range, b.range) || a.evidence === b.evidence) return [];
      return [
        overlap('FAIL', `${a.what} ${text(a.range)} overlaps with ${b.what} ${text(b.range)}`, [
          a.evidence,
          b.evidence,
        ]),
      ];
    }),
  );
  const remote = networks
    .filter(({ role }) => role === 'network')
    .flatMap((own) =>
      networks
        .filter(({ role }) => role === 'peered' || role === 'on-premises')
        .flatMap((other) =>
          overlaps(own.range, other.range)
            ? [
                overlap('FAIL', `${own.what} ${text(own.range)} overlaps with ${other.what} ${text(other.range)}`, [
                  own.evidence,
                  other.evidence,
                ]),
              ]
            : [],
        ),
    );
  const found = [...failed, ...remote];
  if (found.length > 0 || inside.length + networks.length === 0) return found;
  const count = all.length;
  return [
    overlap('PASS', `${count} ranges of ${cluster.name} and of the networks around it do not overlap`, [
      evidenceOf(cluster),
    ]),
  ];
}

function ownRanges(cluster: ManagedCluster): Planned[] {
  const of = (role: 'pods' | 'services', items: readonly AddressItem[], field: string): Planned[] =>
    items.flatMap((item): Planned[] =>
      item.kind === 'range'
        ? [
            {
              role,
              what: `the range of ${role} of ${cluster.name}`,
              range: item.range,
              evidence: evidenceOf(cluster, { field, value: item.text, origin: item.origin }),
            },
          ]
        : [],
    );
  const profile = 'properties.networkProfile';
  return [
    ...of('pods', cluster.podCidrs, `${profile}.podCidr`),
    ...of('services', cluster.serviceCidrs, `${profile}.serviceCidr`),
  ];
}

function networkRanges(estate: AzureEstate, cluster: ManagedCluster): Planned[] {
  const homes = homesOf(estate, cluster);
  const own = estate.networks.filter(({ key }) => homes.has(key));
  const peerings = estate.peerings.filter(({ network }) => homes.has(network));
  const remote = new Set(peerings.map(({ remote: ref }) => ref).filter(isKey));
  const peered = estate.networks.filter(({ key }) => remote.has(key));
  const known = new Set(peered.map(({ key }) => key));
  return [
    ...own.flatMap((each) => planned('network', `virtual network ${each.name}`, each, each.prefixes)),
    ...peered.flatMap((each) => planned('peered', `the peered network ${each.name}`, each, each.prefixes)),
    ...peerings
      .filter(({ remote: ref }) => !(isKey(ref) && known.has(ref)))
      .flatMap((each) => planned('peered', `the network behind peering ${each.name}`, each, each.remotePrefixes)),
    ...estate.localNetworks.flatMap((each) =>
      planned('on-premises', `the on-premises network ${each.name}`, each, each.prefixes),
    ),
  ];
}

// biome-ignore lint/complexity/useMaxParams: the ranges of one entity under one name
function planned(
  role: Planned['role'],
  what: string,
  entity: Parameters<typeof evidenceOf>[0],
  items: readonly AddressItem[],
): Planned[] {
  return items.flatMap((item): Planned[] =>
    item.kind === 'range'
      ? [{ role, what, range: item.range, evidence: evidenceOf(entity, { value: item.text, origin: item.origin }) }]
      : [],
  );
}

function homesOf({ subnets }: AzureEstate, { pools }: ManagedCluster): ReadonlySet<string> {
  const keys = pools.flatMap(({ subnet, podSubnet }) => [subnet, podSubnet]).filter(isKey);
  return new Set(keys.map((key) => subnets.find((each) => each.key === key)?.network ?? key.split('/subnets/')[0]!));
}

function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.lo <= b.hi && b.lo <= a.hi;
}

function text(range: AddressRange): string {
  return formatRange(range).join(', ');
}

// ---------------------------------------------------------------- ranges that AKS refuses

const reserved = factsOf(
  'address-range-reserved',
  'high',
  'AKS docs: 169.254.0.0/16, 172.30.0.0/16, 172.31.0.0/16 and 192.0.2.0/24 may not be used',
);
const RESERVED = ['169.254.0.0/16', '172.30.0.0/16', '172.31.0.0/16', '192.0.2.0/24'].map(
  (each) => parseCidr(each)!.cidr,
);

function reservedFacts(estate: AzureEstate, cluster: ManagedCluster): AzureFact[] {
  const homes = homesOf(estate, cluster);
  const own = estate.networks.filter(({ key }) => homes.has(key));
  const used = [
    ...ownRanges(cluster),
    ...own.flatMap((each) => planned('network', `virtual network ${each.name}`, each, each.prefixes)),
  ];
  const failed = used.flatMap((each) =>
    RESERVED.filter((range) => overlaps(each.range, range)).map((range) =>
      reserved('FAIL', `${each.what} ${text(each.range)} overlaps with ${text(range)}, which AKS refuses`, [
        each.evidence,
      ]),
    ),
  );
  return [...failed, ...dnsFacts(cluster)];
}

const dns = factsOf(
  'dns-address-in-service-range',
  'high',
  'AKS docs: dnsServiceIP is in the service range, and not its first address',
);

function dnsFacts(cluster: ManagedCluster): AzureFact[] {
  const { dnsServiceIp, serviceCidrs } = cluster;
  const address = typeof dnsServiceIp === 'string' ? parseAddress(dnsServiceIp) : undefined;
  const ranges = rangesOf(serviceCidrs).filter(({ family }) => family === address?.family);
  if (address === undefined || ranges.length === 0) return [];
  const { value } = address;
  const holds = ranges.some(({ lo, hi }) => value > lo + 0n && value < hi && value !== lo + 1n);
  const evidence = evidenceOf(cluster, {
    field: 'properties.networkProfile.dnsServiceIP',
    value: String(dnsServiceIp),
  });
  return holds
    ? []
    : [
        dns('FAIL', `the address of DNS ${String(dnsServiceIp)} cannot be one of ${ranges.map(text).join(', ')}`, [
          evidence,
        ]),
      ];
}

// ---------------------------------------------------------------- what is not known

const unknownRange = factsOf('address-range-unknown', 'info', CNI);

function unsettledFacts(cluster: ManagedCluster): AzureFact[] {
  const items = [...cluster.podCidrs, ...cluster.serviceCidrs];
  return items.flatMap((item) =>
    item.kind === 'unsettled'
      ? [
          unknownRange('UNKNOWN', `a range of ${cluster.name} is \`${item.value.expression}\`, which is not known`, [
            evidenceOf(cluster, { value: item.value.expression, origin: item.origin }),
          ]),
        ]
      : [],
  );
}

// ---------------------------------------------------------------- sizes

function sizeFacts(estate: AzureEstate, cluster: ManagedCluster): AzureFact[] {
  const mode = networkModeOf(cluster);
  if (mode === 'open') return [];
  const demands = cluster.pools.map((pool) => demandOf(estate, cluster, pool));
  const bySubnet = new Map<string, SubnetDemand>();
  for (const [index, pool] of cluster.pools.entries()) {
    const { nodes, pods } = demands[index]!;
    const own = mode === 'node-subnet' || (mode === 'pod-subnet' && pool.podSubnet === undefined);
    addDemand(bySubnet, pool.subnet, { pool, addresses: own ? times(nodes, pods, 1) : nodes });
    if (pool.podSubnet !== undefined) addDemand(bySubnet, pool.podSubnet, { pool, addresses: batches(nodes, pods) });
  }
  return [
    ...[...bySubnet].flatMap(([key, demand]) => subnetFact(estate, cluster, { key, demand })),
    ...(mode === 'overlay' || mode === 'kubenet' ? overlayFact(cluster, demands) : []),
  ];
}

/** Undefined: a number that the input does not have. */
interface Demand {
  readonly nodes: number | undefined;
  readonly pods: number;
}

/** The most nodes that a pool may have, with those that an upgrade adds. */
function demandOf(estate: AzureEstate, cluster: ManagedCluster, pool: NodePool): Demand {
  const known = [pool.maxCount ?? pool.count].find((value) => typeof value === 'number');
  const pods = typeof pool.maxPods === 'number' ? pool.maxPods : defaultMaxPods(cluster);
  return { nodes: known === undefined ? undefined : known + surgeOf(estate, pool, known), pods };
}

/** "maxPods: 250 for overlay and pod subnet, 110 for kubenet, 30 for Azure CNI in the subnet of the nodes" */
function defaultMaxPods(cluster: ManagedCluster): number {
  switch (networkModeOf(cluster)) {
    case 'overlay':
    case 'pod-subnet':
      return 250;
    case 'kubenet':
      return 110;
    case 'node-subnet':
    case 'open':
      return 30;
  }
}

/** `upgradeSettings.maxSurge`: a number or a share of the nodes, rounded up; 10% where it is not set. */
function surgeOf(estate: AzureEstate, pool: NodePool, nodes: number): number {
  const setting = surgeSetting(estate, pool) ?? '10%';
  const share = /^(\d+)%$/.exec(setting);
  if (share !== null) return Math.ceil((nodes * Number(share[1])) / 100);
  return /^\d+$/.test(setting) ? Number(setting) : Math.ceil(nodes / 10);
}

function surgeSetting({ resources }: AzureEstate, pool: NodePool): string | undefined {
  const own = resources.get(pool.key);
  if (own !== undefined) return readingOf(own).body.knownText('properties.upgradeSettings.maxSurge');
  const cluster = resources.get(pool.cluster);
  if (cluster === undefined) return undefined;
  const bodies: readonly Body[] = readingOf(cluster).body.list('properties.agentPoolProfiles');
  return bodies.find((body) => body.knownText('name') === pool.name)?.knownText('upgradeSettings.maxSurge');
}

interface SubnetDemand {
  readonly pools: NodePool[];
  addresses: number | undefined;
}

function addDemand(
  demands: Map<string, SubnetDemand>,
  subnet: NodePool['subnet'],
  { pool, addresses }: { readonly pool: NodePool; readonly addresses: number | undefined },
): void {
  if (!isKey(subnet)) return;
  const known = demands.get(subnet) ?? { pools: [], addresses: 0 };
  known.pools.push(pool);
  known.addresses = known.addresses === undefined || addresses === undefined ? undefined : known.addresses + addresses;
  demands.set(subnet, known);
}

function times(nodes: number | undefined, pods: number, more: number): number | undefined {
  return nodes === undefined ? undefined : nodes * (pods + more);
}

/** "Addresses are given to nodes in batches of 16", as many batches as the pods of a node may need. */
function batches(nodes: number | undefined, pods: number): number | undefined {
  return nodes === undefined ? undefined : nodes * 16 * Math.ceil(pods / 16);
}

const exhausted = factsOf('subnet-too-small', 'high', CNI);
/** "The first four and the last address of a subnet are Azure's own." */
const AZURES_OWN = 5n;

function subnetFact(
  estate: AzureEstate,
  cluster: ManagedCluster,
  { key, demand }: { readonly key: string; readonly demand: SubnetDemand },
): AzureFact[] {
  const subnet = estate.subnets.find((each) => each.key === key);
  if (subnet === undefined) return [];
  const names = [...new Set(demand.pools.map(({ name }) => name))].join(', ');
  const evidence = [
    evidenceOf(subnet, { value: prefixesText(subnet) }),
    ...demand.pools.map((pool) => evidenceOf(pool)),
  ];
  const free = freeAddresses(estate, subnet);
  if (demand.addresses === undefined || free === undefined)
    return [
      exhausted(
        'UNKNOWN',
        `how many addresses pools ${names} need in ${subnet.name}, or it has, is not known`,
        evidence,
      ),
    ];
  const words = `pools ${names} of ${cluster.name} may need ${demand.addresses} addresses in ${subnet.name}, which has ${free}`;
  return [exhausted(BigInt(demand.addresses) > free ? 'FAIL' : 'PASS', words, evidence)];
}

function prefixesText({ prefixes }: Subnet): string {
  return rangesOf(prefixes).map(text).join(', ');
}

/** Of IPv4; what private endpoints and other interfaces of the input take is away. */
function freeAddresses({ privateEndpoints, interfaces }: AzureEstate, subnet: Subnet): bigint | undefined {
  if (subnet.prefixes.some(({ kind }) => kind !== 'range')) return undefined;
  const ranges = rangesOf(subnet.prefixes).filter(({ family }) => family === 4);
  const size = ranges.reduce((sum, { lo, hi }) => sum + hi - lo + 1n - AZURES_OWN, 0n);
  const endpoints = privateEndpoints.filter((each) => each.subnet === subnet.key).length;
  const nics = interfaces
    .flatMap(({ configurations }) => configurations)
    .filter((each) => each.subnet === subnet.key).length;
  return size - BigInt(Math.max(endpoints, nics));
}

const overlaySize = factsOf('pod-range-too-small', 'high', CNI);

/** "Each node is given a /24 of the pod range", in IPv4. */
function overlayFact(cluster: ManagedCluster, demands: readonly Demand[]): AzureFact[] {
  const ranges = rangesOf(cluster.podCidrs).filter(({ family }) => family === 4);
  if (ranges.length === 0) return [];
  const room = ranges.reduce((sum, { lo, hi }) => sum + (hi - lo + 1n) / 256n, 0n);
  const evidence = [
    evidenceOf(cluster, { field: 'properties.networkProfile.podCidr', value: ranges.map(text).join(', ') }),
  ];
  const nodes = demands.reduce<number | undefined>(
    (sum, demand) => (sum === undefined || demand.nodes === undefined ? undefined : sum + demand.nodes),
    0,
  );
  if (nodes === undefined)
    return [
      overlaySize(
        'UNKNOWN',
        `how many nodes ${cluster.name} may have is not known; its pod range has room for ${room}`,
        evidence,
      ),
    ];
  const words = `${cluster.name} may have ${nodes} nodes, with those of an upgrade; its pod range has room for ${room}`;
  const most = demands.find(({ pods }) => pods > 250);
  const tooMany =
    most === undefined
      ? []
      : [overlaySize('FAIL', `a node has room for 250 pods, and a pool asks for ${most.pods}`, evidence)];
  return [overlaySize(BigInt(nodes) > room ? 'FAIL' : 'PASS', words, evidence), ...tooMany];
}
