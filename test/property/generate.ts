import fc from 'fast-check';
import { parseAddress } from '#base/address.ts';
import type {
  ClusterPolicyKind,
  Direction,
  Node,
  OwnerReference,
  Pod,
  PodShape,
  Workload,
  WorkloadKind,
} from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import {
  type ClusterPeerSpec,
  type ClusterPolicySpec,
  type ClusterRuleSpec,
  clusterPolicy,
  type LabelSpec,
  type NetworkPolicySpec,
  namespace,
  networkPolicy,
  node,
  type PeerSpec,
  type RequirementSpec,
  type RuleSpec,
  resource,
  type SelectorSpec,
  shape,
  snapshot,
} from '#oracle/build.test-support.ts';

/**
 * Small clusters over the whole grammar of the policy APIs, made so that things meet: labels, ports and CIDRs come from
 * tiny pools, and the addresses of pods and nodes lie at the edges of the CIDRs. Every object is one that an API server
 * would accept, fields unknown to it excepted (`gaps`).
 */
export interface SnapshotSize {
  /** At most so many policies of NetworkPolicy, and as many cluster-wide ones. Default 4. */
  readonly policies?: number;
  /** Default 5, at most 8: as many as there are addresses. */
  readonly pods?: number;
  /** One place in so many has a field that is not known; 0: none. Default 15. */
  readonly oneGapIn?: number;
}

const NAMESPACES = ['n0', 'n1', 'n2', 'n3'] as const;
const KEYS = ['app', 'tier'] as const;
const VALUES = ['a', 'b', ''] as const;
const PORTS = [1, 53, 80, 81, 443, 8080, 65535] as const;
const PORT_NAMES = ['http', 'dns', 'web'] as const;
const PROTOCOLS = ['TCP', 'TCP', 'UDP', 'SCTP'] as const;
const DIRECTIONS = ['ingress', 'egress'] as const;
const DOMAINS = ['api.example.com', '*.example.com', 'example.org.'] as const;

const POD_V4 = [
  '10.0.0.1',
  '10.0.0.2',
  '10.0.0.3',
  '10.0.1.1',
  '10.0.1.255',
  '172.16.0.1',
  '198.51.100.5',
  '10.255.0.1',
];
const POD_V6 = ['fd00::1', 'fd00::2', 'fd00::3', 'fd00:1::1', 'fd00:1::ffff', 'fd00:2::1', '2001:db8:5::1', 'fd00::ff'];
const NODE_V4 = ['192.168.0.1', '203.0.113.2'];
const NODE_V6 = ['fd00:9::1', '2001:db8:9::2'];
const CIDRS = [
  ['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/24', '10.0.0.0/30', '10.0.0.2/32', '10.0.1.0/24', '10.128.0.0/9'],
  ['192.168.0.0/24', '192.168.0.1/32', '203.0.113.0/24', '172.16.0.0/12', '100.64.0.0/10', '198.51.100.0/24'],
  ['::/0', 'fc00::/7', 'fd00::/64', 'fd00::2/128', 'fd00:1::/64', 'fd00:9::/64', '2001:db8::/32'],
].flat();
/** Each strictly inside its block. */
const HOLES: Readonly<Record<string, readonly string[]>> = {
  '0.0.0.0/0': ['10.0.0.0/8', '10.0.0.2/32', '192.168.0.0/16', '203.0.113.0/24'],
  '10.0.0.0/8': ['10.0.0.0/24', '10.0.1.0/24', '10.0.0.2/32'],
  '10.0.0.0/24': ['10.0.0.0/30', '10.0.0.2/32'],
  '192.168.0.0/24': ['192.168.0.1/32'],
  '::/0': ['fc00::/7', 'fd00::/64', '2001:db8::/32'],
  'fc00::/7': ['fd00::/64', 'fd00::2/128'],
  'fd00::/64': ['fd00::2/128', 'fd00::/120'],
};

type Families = 'v4' | 'v6' | 'dual' | 'none';

interface PodDraft {
  readonly namespace: string;
  readonly labels: LabelSpec;
  readonly ports: readonly string[];
  readonly hostNetwork: boolean;
  readonly node: string | undefined;
  readonly families: Families;
  readonly phase: string;
  readonly owned: boolean;
}

interface WorkloadDraft extends Pick<PodDraft, 'namespace' | 'labels' | 'ports' | 'hostNetwork'> {
  readonly kind: WorkloadKind;
}

export function snapshots(size: SnapshotSize = {}): fc.Arbitrary<Snapshot> {
  const { policies = 4, pods = 5, oneGapIn = 15 } = size;
  const gaps = oneGapIn === 0 ? fc.constant(false) : rarely(oneGapIn);
  const drafts = fc.record({
    namespaces: fc.tuple(...NAMESPACES.map(() => fc.option(labelSpecs(), { freq: 3, nil: undefined }))),
    nodes: fc.tuple(fc.option(nodeDrafts(), { freq: 4, nil: undefined }), fc.option(nodeDrafts(), { nil: undefined })),
    pods: fc.array(podDrafts(), { minLength: 1, maxLength: Math.min(pods, POD_V4.length), size: 'max' }),
    workloads: fc.array(workloadDrafts(), { maxLength: 2 }),
    networkPolicies: fc.array(fc.tuple(namespaceNames(), networkPolicySpecs(gaps)), {
      minLength: Math.min(1, policies),
      maxLength: policies,
      size: 'max',
    }),
    clusterPolicies: fc.array(clusterPolicySpecs(gaps), { maxLength: policies, size: 'max' }),
    baseline: fc.option(baselineSpecs(gaps), { freq: 2, nil: undefined }),
  });
  return drafts.map((draft) => {
    const nodes = draft.nodes.flatMap((each, index) => (each === undefined ? [] : nodeOf(each, index)));
    const workloads = draft.workloads.map(workloadOf);
    const clusterPolicies = draft.clusterPolicies.map((spec, index) => clusterPolicy(`c${index}`, spec));
    if (draft.baseline !== undefined) clusterPolicies.push(clusterPolicy('default', draft.baseline));
    return snapshot({
      namespaces: draft.namespaces.flatMap((each, index) =>
        each === undefined ? [] : namespace(NAMESPACES[index]!, each),
      ),
      nodes,
      workloads,
      pods: draft.pods.map((each, index) => podOf(each, { index, nodes, workloads })),
      networkPolicies: draft.networkPolicies.map(([name, spec], index) => networkPolicy(`${name}/p${index}`, spec)),
      clusterPolicies,
    });
  });
}

// ---------------------------------------------------------------- labels, ports, blocks

function rarely(oneIn: number): fc.Arbitrary<boolean> {
  return fc.nat({ max: oneIn - 1 }).map((n) => n === oneIn - 1);
}

function namespaceNames(): fc.Arbitrary<string> {
  return fc.constantFrom('n0', 'n0', 'n0', 'n1', 'n1', 'n2', 'n3');
}

function labelSpecs(): fc.Arbitrary<LabelSpec> {
  const value = fc.constantFrom(...VALUES);
  return fc.record({ app: value, tier: value }, { requiredKeys: [] }).map((spec) => ({ ...spec }));
}

function requirements(): fc.Arbitrary<RequirementSpec> {
  const key = fc.constantFrom(...KEYS);
  const values = fc.uniqueArray(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 2 });
  return fc.oneof(
    fc
      .tuple(key, fc.constantFrom('In', 'NotIn'), values)
      .map(([k, operator, v]): RequirementSpec => [k, operator, ...v]),
    fc.tuple(key, fc.constantFrom('Exists', 'DoesNotExist')).map(([k, operator]): RequirementSpec => [k, operator]),
  );
}

function selectors(): fc.Arbitrary<SelectorSpec> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant<SelectorSpec>({}) },
    { weight: 3, arbitrary: labelSpecs() },
    { weight: 3, arbitrary: fc.array(requirements(), { minLength: 1, maxLength: 3 }) },
  );
}

function namespaceSelectors(): fc.Arbitrary<SelectorSpec> {
  const byName = fc.constantFrom(...NAMESPACES).map((name): SelectorSpec => ({ 'kubernetes.io/metadata.name': name }));
  return fc.oneof({ weight: 4, arbitrary: selectors() }, { weight: 1, arbitrary: byName });
}

/** Each protocol and number once; names may repeat over protocols and containers. */
function containerPorts(): fc.Arbitrary<string[]> {
  const port = fc.tuple(
    fc.option(fc.constantFrom(...PORT_NAMES), { freq: 4 }),
    fc.constantFrom(...PROTOCOLS),
    fc.constantFrom(...PORTS),
  );
  const unique = fc.uniqueArray(port, { maxLength: 3, selector: ([, protocol, number]) => `${protocol}/${number}` });
  return unique.map((ports) =>
    ports.map(([name, protocol, number]) => `${name === null ? '' : `${name}=`}${protocol}/${number}`),
  );
}

function portRanges(): fc.Arbitrary<string> {
  const ends = fc
    .uniqueArray(fc.constantFrom(...PORTS), { minLength: 2, maxLength: 2 })
    .map((pair) => pair.sort((a, b) => a - b));
  return ends.map(([lo, hi]) => `${lo}-${hi}`);
}

function policyPorts(): fc.Arbitrary<string> {
  const number = fc.constantFrom(...PORTS).map(String);
  const port = fc.oneof(number, number, fc.constantFrom(...PORT_NAMES), portRanges(), fc.constant(''));
  return fc
    .tuple(fc.constantFrom(...PROTOCOLS), port)
    .map(([protocol, text]) => (text === '' ? protocol : `${protocol}/${text}`));
}

function ipBlocks(): fc.Arbitrary<PeerSpec> {
  return fc.constantFrom(...CIDRS).chain((cidr): fc.Arbitrary<PeerSpec> => {
    const holes = HOLES[cidr] ?? [];
    return fc.subarray([...holes], { maxLength: Math.min(2, holes.length) }).map((except) => ({ cidr, except }));
  });
}

// ---------------------------------------------------------------- policies

function networkPolicySpecs(gaps: fc.Arbitrary<boolean>): fc.Arbitrary<NetworkPolicySpec> {
  const rules = fc.array(ruleSpecs(gaps), { maxLength: 2 });
  const types = fc.constantFrom<readonly Direction[] | undefined>(undefined, ['ingress'], ['egress'], DIRECTIONS);
  const spec = fc.record({ select: selectors(), types, ingress: rules, egress: rules, gap: gaps });
  return spec.map(({ types: given, ...rest }) => (given === undefined ? rest : { ...rest, types: given }));
}

function ruleSpecs(gaps: fc.Arbitrary<boolean>): fc.Arbitrary<RuleSpec> {
  return fc.record({
    peers: fc.array(peerSpecs(gaps), { maxLength: 2 }),
    ports: fc.array(policyPorts(), { maxLength: 2 }),
    gap: gaps,
  });
}

function peerSpecs(gaps: fc.Arbitrary<boolean>): fc.Arbitrary<PeerSpec> {
  const pods = selectors();
  const namespaces = namespaceSelectors();
  const known = fc.oneof<fc.Arbitrary<PeerSpec>[]>(
    fc.record({ pods }),
    fc.record({ namespaces }),
    fc.record({ pods, namespaces }),
    ipBlocks(),
    ipBlocks(),
  );
  return orUnread(known, gaps);
}

function clusterPolicySpecs(gaps: fc.Arbitrary<boolean>): fc.Arbitrary<ClusterPolicySpec> {
  const kinds: readonly Pick<Required<ClusterPolicySpec>, 'kind' | 'tier'>[] = [
    { kind: 'ClusterNetworkPolicy', tier: 'Admin' },
    { kind: 'ClusterNetworkPolicy', tier: 'Baseline' },
    { kind: 'AdminNetworkPolicy', tier: 'Admin' },
  ];
  const priority = fc.constantFrom(0, 1, 5, 1000);
  return fc
    .constantFrom(...kinds)
    .chain(({ kind, tier }) => ofKind(kind, gaps).map((spec) => ({ ...spec, kind, tier })))
    .chain((spec) => priority.map((number) => ({ ...spec, priority: number })));
}

function baselineSpecs(gaps: fc.Arbitrary<boolean>): fc.Arbitrary<ClusterPolicySpec> {
  const kind = 'BaselineAdminNetworkPolicy';
  return ofKind(kind, gaps).map((spec) => ({ ...spec, kind, tier: 'Baseline', priority: 0 }));
}

function ofKind(kind: ClusterPolicyKind, gaps: fc.Arbitrary<boolean>): fc.Arbitrary<ClusterPolicySpec> {
  return fc.record({
    subject: podsPeers(),
    ingress: fc.array(clusterRules(kind, 'ingress', gaps), { maxLength: 2 }),
    egress: fc.array(clusterRules(kind, 'egress', gaps), { maxLength: 2 }),
    gap: gaps,
  });
}

function clusterRules(
  kind: ClusterPolicyKind,
  direction: Direction,
  gaps: fc.Arbitrary<boolean>,
): fc.Arbitrary<ClusterRuleSpec> {
  const actions: readonly ClusterRuleSpec['action'][] = ['allow', 'deny', 'pass'];
  return fc.constantFrom(...actions.slice(0, kind === 'BaselineAdminNetworkPolicy' ? 2 : 3)).chain((action) => {
    // Domain names are for rules that allow, and not for the baseline of v1alpha1.
    const domains = action === 'allow' && kind !== 'BaselineAdminNetworkPolicy';
    const peers = direction === 'ingress' ? orUnread(podsPeers(), gaps) : orUnread(egressPeers(domains), gaps);
    return fc.array(peers, { minLength: 1, maxLength: 2 }).chain((list) =>
      fc.record({
        action: fc.constant(action),
        peers: fc.constant(list),
        protocols: fc.array(clusterPorts(list.every(hasNamedPorts)), { maxLength: 2 }),
        gap: gaps,
      }),
    );
  });
}

function podsPeers(): fc.Arbitrary<Extract<ClusterPeerSpec, { namespaces: SelectorSpec }>> {
  const namespaces = namespaceSelectors();
  return fc.oneof(fc.record({ namespaces }), fc.record({ namespaces, pods: selectors() }));
}

function egressPeers(domains: boolean): fc.Arbitrary<ClusterPeerSpec> {
  const out: fc.Arbitrary<ClusterPeerSpec>[] = [
    podsPeers(),
    podsPeers(),
    fc.record({ networks: fc.uniqueArray(fc.constantFrom(...CIDRS), { minLength: 1, maxLength: 2 }) }),
    fc.record({ nodes: selectors() }),
  ];
  if (domains)
    out.push(fc.record({ domains: fc.uniqueArray(fc.constantFrom(...DOMAINS), { minLength: 1, maxLength: 2 }) }));
  return fc.oneof(...out);
}

/** The server refuses named ports next to peers that have none. */
function hasNamedPorts(peer: ClusterPeerSpec): boolean {
  return peer === 'unread' || 'namespaces' in peer;
}

function clusterPorts(named: boolean): fc.Arbitrary<string> {
  const port = fc.oneof(fc.constantFrom(...PORTS).map(String), portRanges());
  const numbered = fc.tuple(fc.constantFrom(...PROTOCOLS), port).map(([protocol, text]) => `${protocol}/${text}`);
  return named ? fc.oneof(numbered, numbered, fc.constantFrom(...PORT_NAMES)) : numbered;
}

function orUnread<T>(known: fc.Arbitrary<T>, gaps: fc.Arbitrary<boolean>): fc.Arbitrary<T | 'unread'> {
  return fc.tuple(known, gaps).map(([peer, unread]) => (unread ? 'unread' : peer));
}

// ---------------------------------------------------------------- nodes, pods, workloads

interface NodeDraft {
  readonly labels: LabelSpec;
  readonly families: Families;
  readonly podCidrs: readonly string[];
}

function nodeDrafts(): fc.Arbitrary<NodeDraft> {
  const podCidrs = fc.constantFrom<string[][]>(
    [],
    [],
    [],
    ['10.0.0.0/24'],
    ['10.0.1.0/24', 'fd00::/64'],
    ['fd00:1::/64'],
  );
  return fc.record({ labels: labelSpecs(), families: families(), podCidrs });
}

function families(): fc.Arbitrary<Families> {
  return fc.constantFrom('v4', 'v4', 'dual', 'v6', 'none');
}

function nodeOf(draft: NodeDraft, index: number): Node {
  const addresses = inFamilies(draft.families, [NODE_V4[index]!, NODE_V6[index]!]);
  return node(`node${index}`, { labels: draft.labels, addresses, podCidrs: [...draft.podCidrs] });
}

function inFamilies(of: Families, [v4, v6]: readonly [string, string]): string[] {
  switch (of) {
    case 'v4':
      return [v4];
    case 'v6':
      return [v6];
    case 'dual':
      return [v4, v6];
    case 'none':
      return [];
  }
}

function podDrafts(): fc.Arbitrary<PodDraft> {
  return fc.record({
    namespace: namespaceNames(),
    labels: labelSpecs(),
    ports: containerPorts(),
    hostNetwork: rarely(5),
    // `node9` is never listed.
    node: fc.constantFrom('node0', 'node0', 'node1', 'node9', undefined),
    families: families(),
    phase: fc.constantFrom('Running', 'Running', 'Running', 'Running', 'Pending', 'Succeeded'),
    owned: rarely(4),
  });
}

interface Surroundings {
  readonly index: number;
  readonly nodes: readonly Node[];
  readonly workloads: readonly Workload[];
}

function podOf(draft: PodDraft, { index, nodes, workloads }: Surroundings): Pod {
  const spec = { labels: draft.labels, ports: draft.ports, hostNetwork: draft.hostNetwork };
  const owner = workloads.find((each) => isDirectOwner(each.kind) && each.namespace === draft.namespace && draft.owned);
  return {
    ...resource('v1', 'Pod', `${draft.namespace}/pod${index}`),
    kind: 'Pod',
    shape: shape(draft.node === undefined ? spec : { ...spec, node: draft.node }),
    addresses: draft.hostNetwork
      ? hostAddresses(draft, nodes)
      : inFamilies(draft.families, [POD_V4[index % POD_V4.length]!, POD_V6[index % POD_V6.length]!]),
    // A workload whose every pod has ended would be a question of its own.
    phase: owner === undefined ? draft.phase : 'Running',
    ...(owner !== undefined && { controller: ownerOf(owner) }),
  };
}

/** A host-network pod has its node's first address of each family, once its status says so. */
function hostAddresses(draft: PodDraft, nodes: readonly Node[]): string[] {
  if (draft.families === 'none') return [];
  const own = draft.node === undefined ? nodes[0] : nodes.find((each) => each.name === draft.node);
  return [...(own?.addresses ?? [])].filter(
    (text, at, all) => all.findIndex((other) => sameFamily(text, other)) === at,
  );
}

function sameFamily(a: string, b: string): boolean {
  return parseAddress(a)?.family === parseAddress(b)?.family;
}

function isDirectOwner(kind: WorkloadKind): boolean {
  return kind === 'StatefulSet' || kind === 'DaemonSet';
}

function ownerOf(workload: Workload): OwnerReference {
  return { apiVersion: workload.apiVersion, kind: workload.kind, name: workload.name };
}

function workloadDrafts(): fc.Arbitrary<WorkloadDraft> {
  return fc.record({
    kind: fc.constantFrom<WorkloadKind[]>('Deployment', 'StatefulSet', 'DaemonSet', 'Job'),
    namespace: namespaceNames(),
    labels: labelSpecs(),
    ports: containerPorts(),
    hostNetwork: rarely(6),
  });
}

function workloadOf(draft: WorkloadDraft, index: number): Workload {
  const name = `w${index}`;
  // A label of its own, so that the workload's selector is not empty.
  const template: PodShape = shape({ ...draft, labels: { ...draft.labels, workload: name } });
  const apiVersion = draft.kind === 'Job' ? 'batch/v1' : 'apps/v1';
  return { ...resource(apiVersion, draft.kind, `${draft.namespace}/${name}`), kind: draft.kind, template };
}
