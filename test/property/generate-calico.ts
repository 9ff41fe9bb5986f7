import fc from 'fast-check';
import { clusterPieces, type Draft, draftManifests, pickOne, some } from './generate-cluster.ts';
import type { Manifest } from './manifests.ts';

/**
 * Small clusters under Calico, as manifests: its policies over the whole grammar of rules and selectors in tiers of every
 * kind, beside NetworkPolicy and the cluster-wide kinds. Every object is one that Calico takes, unknown fields excepted.
 */
export interface CalicoSize {
  /** Host endpoints, and the settings that bear on nodes. */
  readonly hosts?: boolean;
  /** One rule in so many has a field that is not known; 0: none. Default 20. */
  readonly oneGapIn?: number;
}

export function calicoClusters({ hosts = false, oneGapIn = 20 }: CalicoSize = {}): fc.Arbitrary<Manifest[]> {
  const policies = fc.array(policy({ hosts, oneGapIn }), { minLength: 1, maxLength: 4, size: 'max' });
  const parts = fc.tuple(
    clusterPieces(),
    policies,
    fc.subarray(TIERS),
    some(networkSets(), 2),
    hosts ? fc.tuple(some(hostEndpoints(), 2), felixConfigurations()) : fc.constant<[Draft[], Manifest[]]>([[], []]),
  );
  return parts.map(([pieces, own, tiers, sets, [endpoints, settings]]) => [
    ...pieces,
    ...tiers,
    ...draftManifests(own, 'p'),
    ...draftManifests(sets, 's'),
    ...draftManifests(endpoints, 'h'),
    ...settings,
  ]);
}

const V3 = 'projectcalico.org/v3';
const TIERS: Manifest[] = [
  { apiVersion: V3, kind: 'Tier', metadata: { name: 'early' }, spec: { order: 100 } },
  { apiVersion: V3, kind: 'Tier', metadata: { name: 'open' }, spec: { order: 200, defaultAction: 'Pass' } },
  { apiVersion: V3, kind: 'Tier', metadata: { name: 'late' }, spec: { order: 2_000_000 } },
  { apiVersion: V3, kind: 'Tier', metadata: { name: 'last' }, spec: { defaultAction: 'Pass' } },
];

// ---------------------------------------------------------------- policies

function policy({ hosts, oneGapIn }: Required<CalicoSize>): fc.Arbitrary<Draft> {
  const kind = pickOne('NetworkPolicy', 'NetworkPolicy', 'GlobalNetworkPolicy', 'StagedNetworkPolicy');
  return kind.chain((name) => {
    const isGlobal = name === 'GlobalNetworkPolicy';
    const spec = specs({ isGlobal, hosts, oneGapIn });
    return fc
      .tuple(spec, pickOne('n0', 'n0', 'n1', 'n2'), pickOne('default', 'default', 'early', 'open', 'late', 'last'))
      .map(([body, namespace, tier]) => ({
        apiVersion: V3,
        kind: name,
        namespace: isGlobal ? undefined : namespace,
        prefix: tier === 'default' ? '' : `${tier}.`,
        body: { spec: { tier, ...body } },
      }));
  });
}

interface SpecSize extends Required<CalicoSize> {
  readonly isGlobal: boolean;
}

function specs(size: SpecSize): fc.Arbitrary<Manifest> {
  const { isGlobal, oneGapIn } = size;
  const ruleList = (isIngress: boolean) => fc.array(rules({ ...size, isIngress }), { maxLength: 3, size: 'max' });
  const types = fc.constantFrom<Manifest[]>(
    {},
    {},
    { types: ['Ingress'] },
    { types: ['Egress'] },
    { types: ['Ingress', 'Egress'] },
  );
  return fc
    .tuple(
      fc.tuple(selectors(), types, pickOne(undefined, 5, 5, 999.5, 1000, 2000)),
      fc.option(namespaceSelectors(false), { freq: 3 }),
      fc.option(accountSelectors(), { freq: 6 }),
      ruleList(true),
      ruleList(false),
      gap(oneGapIn),
    )
    .map(([[selector, given, order], namespaceSelector, serviceAccountSelector, ingress, egress, mystery]) => ({
      selector,
      ...(order !== undefined && { order }),
      ...(isGlobal && namespaceSelector !== null && { namespaceSelector }),
      ...(serviceAccountSelector !== null && { serviceAccountSelector }),
      ...given,
      ...(ingress.length > 0 && { ingress }),
      ...(egress.length > 0 && { egress }),
      ...mystery,
    }));
}

function gap(oneIn: number): fc.Arbitrary<Manifest> {
  if (oneIn === 0) return fc.constant({});
  return fc.nat({ max: oneIn - 1 }).map((n): Manifest => (n === oneIn - 1 ? { mystery: true } : {}));
}

// ---------------------------------------------------------------- rules

interface RuleSize extends SpecSize {
  readonly isIngress: boolean;
}

function rules({ isGlobal, isIngress, oneGapIn }: RuleSize): fc.Arbitrary<Manifest> {
  const action = pickOne('Allow', 'Allow', 'Allow', 'Deny', 'Deny', 'Pass', 'Log');
  const family = pickOne(4, 4, 4, 6) as fc.Arbitrary<4 | 6>;
  return family.chain((version) =>
    fc
      .tuple(
        action,
        traffic(version),
        entities(isGlobal, version),
        entities(isGlobal, version),
        services(isGlobal),
        gap(oneGapIn),
      )
      .map(([given, what, near, far, service, mystery]) => {
        const [source, destination] = isIngress ? [far, {}] : [near, far];
        const isService = service !== undefined && !isIngress && what.to === undefined;
        const end = isService ? service : { ...destination, ...what.to };
        const start = { ...(isIngress ? source : {}), ...what.from };
        return {
          action: given,
          ...what.rule,
          ...(Object.keys(start).length > 0 && { source: start }),
          ...(Object.keys(end).length > 0 && { destination: end }),
          ...(what.hasHttp && given === 'Allow' && isIngress && { http: { methods: ['GET'] } }),
          ...mystery,
        };
      }),
  );
}

interface Traffic {
  readonly rule: Manifest;
  readonly from?: Manifest;
  readonly to?: Manifest;
  readonly hasHttp?: boolean;
}

function traffic(version: 4 | 6): fc.Arbitrary<Traffic> {
  const protocolOfPings = version === 4 ? 'ICMP' : 'ICMPv6';
  const echo = version === 4 ? 8 : 128;
  const ports = fc.uniqueArray(pickOne<number | string>(80, 81, 443, '80:443', 'http', 'dns'), {
    minLength: 1,
    maxLength: 2,
  });
  const protocol = pickOne<string | number>('TCP', 'TCP', 'UDP', 'SCTP', 6);
  const field = pickOne('ports', 'ports', 'notPorts');
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant<Traffic>({ rule: {} }) },
    {
      weight: 5,
      arbitrary: fc.tuple(protocol, field, ports).map(
        ([name, key, list]): Traffic => ({
          rule: { protocol: name },
          to: { [key]: list },
        }),
      ),
    },
    { weight: 1, arbitrary: pickOne('http', 'dns').map((name): Traffic => ({ rule: {}, to: { ports: [name] } })) },
    {
      weight: 1,
      arbitrary: fc.tuple(field, pickOne<number | string>(1024, '1:65535', '1024:65535')).map(
        ([key, port]): Traffic => ({
          rule: { protocol: 'TCP' },
          from: { [key]: [port] },
        }),
      ),
    },
    {
      weight: 4,
      arbitrary: fc.constantFrom<Traffic>(
        { rule: { protocol: 'TCP' } },
        { rule: { protocol: 'TCP' }, hasHttp: true },
        { rule: { protocol: protocolOfPings } },
        { rule: { protocol: protocolOfPings, icmp: { type: echo } } },
        { rule: { protocol: protocolOfPings, icmp: { type: echo, code: 1 } } },
        { rule: { protocol: protocolOfPings, notICMP: { type: echo, code: 0 } } },
        { rule: { notProtocol: 'UDP' } },
        { rule: { notProtocol: 6 } },
        { rule: { protocol: 47 } },
        { rule: { ipVersion: version } },
      ),
    },
  );
}

/** Of one family, as the validator wants it of one rule. */
function entities(isGlobal: boolean, version: 4 | 6): fc.Arbitrary<Manifest> {
  const nets = fc.subarray(NETS[version], { minLength: 1, maxLength: 2 });
  const field = (name: string, values: fc.Arbitrary<unknown>) => values.map((value): Manifest => ({ [name]: value }));
  const one = fc.oneof(
    field('nets', nets),
    field('notNets', fc.constant([NETS[version][1]])),
    field('selector', selectors()),
    field('notSelector', selectors()),
    field('namespaceSelector', namespaceSelectors(true)),
    field('serviceAccounts', accounts()),
  );
  const parts = fc.array(one, { maxLength: 3, size: 'max' });
  return fc.tuple(parts, fc.boolean()).map(([list, isAny]) => (isAny && isGlobal ? {} : Object.assign({}, ...list)));
}

function services(isGlobal: boolean): fc.Arbitrary<Manifest | undefined> {
  const service = pickOne('web', 'manual', 'gone').map((name) => ({
    services: { name, ...(isGlobal && { namespace: 'n0' }) },
  }));
  return fc.option(service, { freq: 1, nil: undefined }).chain((given) => pickOne(undefined, undefined, given));
}

const NETS: Readonly<Record<4 | 6, string[]>> = {
  4: ['10.0.0.0/24', '10.0.0.2/32', '0.0.0.0/0', '192.168.0.0/24', '198.18.0.0/16'],
  6: ['fd00::/64', 'fd00::2/128', '::/0'],
};

// ---------------------------------------------------------------- selectors

const CONDITIONS = [
  "app == 'a'",
  "app != 'a'",
  'has(tier)',
  '!has(tier)',
  "app in {'a', 'b'}",
  "tier not in {'x'}",
  "app contains 'a'",
  "app starts with 'ab'",
  "tier ends with 'x'",
  "projectcalico.org/namespace == 'n0'",
  "pcns.team == 'red'",
  "pcns.projectcalico.org/name != 'n1'",
  "projectcalico.org/serviceaccount == 'web'",
  "pcsa.role == 'r'",
  "role == 'net'",
  "projectcalico.org/orchestrator == 'k8s'",
];

function selectors(): fc.Arbitrary<string> {
  return joined(pickOne('all()', ...CONDITIONS), 'all()');
}

function namespaceSelectors(inRule: boolean): fc.Arbitrary<string> {
  const condition = pickOne(
    "team == 'red'",
    "team != 'red'",
    'has(team)',
    '!has(team)',
    "projectcalico.org/name == 'n1'",
    "kubernetes.io/metadata.name == 'n0'",
    "team starts with 'r'",
  );
  return fc.oneof(condition, joined(condition, 'all()'), pickOne('all()', inRule ? 'global()' : 'all()'));
}

function accountSelectors(): fc.Arbitrary<string> {
  return pickOne("role == 'r'", "role != 'r'", 'has(role)', "projectcalico.org/name == 'web'");
}

function accounts(): fc.Arbitrary<Manifest> {
  return fc.oneof(
    pickOne(['web'], ['web', 'default'], [LONG_NAME]).map((names): Manifest => ({ names })),
    accountSelectors().map((selector): Manifest => ({ selector })),
    accountSelectors().map((selector): Manifest => ({ names: ['web'], selector })),
  );
}

/** Too long for a label of Calico's. */
const LONG_NAME = `${'long-'.repeat(12)}abc`;

function joined(condition: fc.Arbitrary<string>, whole: string): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(whole) },
    { weight: 5, arbitrary: condition },
    { weight: 1, arbitrary: fc.tuple(condition, condition).map(([a, b]) => `${a} && ${b}`) },
    { weight: 1, arbitrary: fc.tuple(condition, condition).map(([a, b]) => `${a} || ${b}`) },
    { weight: 1, arbitrary: fc.tuple(condition, condition).map(([a, b]) => `!(${a} || ${b})`) },
  );
}

// ---------------------------------------------------------------- sets of networks, hosts

function networkSets(): fc.Arbitrary<Draft> {
  const labels = fc.constantFrom<Manifest[]>({}, { role: 'net' }, { app: 'a' }, { app: 'b', tier: 'x' });
  const nets = fc.subarray([...NETS[4], ...NETS[6]], { minLength: 1, maxLength: 2 });
  return fc.tuple(labels, nets, pickOne(undefined, 'n0', 'n1', 'n2')).map(([own, list, namespace]) => ({
    apiVersion: V3,
    kind: namespace === undefined ? 'GlobalNetworkSet' : 'NetworkSet',
    namespace,
    labels: own,
    body: { spec: { nets: list } },
  }));
}

function hostEndpoints(): fc.Arbitrary<Draft> {
  const labels = fc.constantFrom<Manifest[]>({}, { app: 'a' }, { role: 'net', tier: 'x' });
  const ips = pickOne<string[]>([], ['192.168.0.1'], ['192.168.0.2', 'fd00:9::1']);
  const profiles = pickOne<string[]>([], ['projectcalico-default-allow'], ['mine']);
  return fc
    .tuple(labels, pickOne('node0', 'node1'), pickOne('*', '*', '*', 'eth0'), ips, profiles)
    .map(([own, node, interfaceName, expectedIPs, list]) => ({
      apiVersion: V3,
      kind: 'HostEndpoint',
      namespace: undefined,
      labels: own,
      body: { spec: { node, interfaceName, ...(expectedIPs.length > 0 && { expectedIPs }), profiles: list } },
    }));
}

function felixConfigurations(): fc.Arbitrary<Manifest[]> {
  const spec = fc.record(
    {
      defaultEndpointToHostAction: pickOne('Accept', 'Drop', 'Return'),
      failsafeInboundHostPorts: pickOne<unknown[]>([], [{ protocol: 'tcp', port: 80, net: '10.0.0.0/24' }]),
      failsafeOutboundHostPorts: pickOne<unknown[]>([], [{ protocol: 'udp', port: 53 }]),
    },
    { requiredKeys: [] },
  );
  const one = (name: string) =>
    spec.map((body) => ({ apiVersion: V3, kind: 'FelixConfiguration', metadata: { name }, spec: body }));
  return fc.oneof(
    fc.constant<Manifest[]>([]),
    one('default').map((each) => [each]),
    fc.tuple(one('default'), one('node.node0')),
  );
}
