import fc from 'fast-check';
import { PORT_PROTOCOLS } from '#model/traffic.ts';
import type { Scenario } from './scenario.ts';
import { containersOf, documentText, namespaceText, nodeText, type PortText } from './town.ts';

/**
 * Random clusters as manifests, the same ones in every run. Labels, ports and blocks come from tiny pools so that
 * rules interact, and every address can be routed: the edges of the blocks, just inside and just outside.
 */
export function randomScenarios(): Scenario[] {
  return fc.sample(clusters(), { seed: SEED, numRuns: RUNS }).map((manifests, index) => ({
    name: `random cluster ${index + 1} of seed ${SEED}`,
    manifests,
    outside: OUTSIDE,
    expect: [],
    isDecided: false,
    mostPorts: 10,
  }));
}

const SEED = 20_260_101;
const RUNS = 30;
const OUTSIDE = [
  '203.0.113.127',
  '203.0.113.128',
  '203.0.114.1',
  '2001:db8:0:ffff:ffff:ffff:ffff:ffff',
  '2001:db8:1::1',
  '2001:db9::1',
];
const NODES = nodeText('n1', ['172.18.0.2', 'fd00:18::2']) + nodeText('n2', ['172.18.0.3']);
const NAMESPACES = ['x', 'y', 'z'];
const BLOCKS: readonly (readonly [cidr: string, holes: readonly string[]])[] = [
  ['0.0.0.0/0', ['10.244.1.0/24', '203.0.113.128/25']],
  ['10.244.0.0/16', ['10.244.0.0/24', '10.244.1.2/32', '10.244.2.0/30']],
  ['10.244.0.0/30', ['10.244.0.2/31']],
  ['172.18.0.0/24', ['172.18.0.2/32']],
  ['203.0.113.0/24', ['203.0.113.0/25', '203.0.113.128/32']],
  ['::/0', ['fd00:244::/32', '2001:db8:1::/48']],
  ['fd00:244:1::/48', ['fd00:244:1::2/128']],
  ['2001:db8::/32', ['2001:db8:0:8000::/49', '2001:db8:1::/64']],
];
const PORTS = [53, 80, 8080, 8082];
const NAMES = ['http', 'dns', 'nobody'];

type Json = Readonly<Record<string, unknown>>;

function clusters(): fc.Arbitrary<string> {
  return fc
    .record({
      namespaces: fc.tuple(...NAMESPACES.map((name) => namespaceOf(name))),
      plain: podSeed().map((seed): PodSeed => ({ ...seed, families: '46', special: 'none' })),
      pods: fc.array(podSeed(), { minLength: 2, maxLength: 4 }),
      policies: fc.array(policySeed(), { minLength: 1, maxLength: 5 }),
    })
    .map(({ namespaces, plain, pods, policies }) =>
      [
        ...namespaces,
        NODES,
        ...[plain, ...pods].map((pod, index) => documentText(podOf(pod, index))),
        ...policies.map((policy, index) => documentText(policyOf(policy, index))),
      ].join(''),
    );
}

/** One namespace in five is not among the manifests: all that is known of it is its name. */
function namespaceOf(name: string): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: labels().map((values) => namespaceText(name, values)) },
    { weight: 1, arbitrary: fc.constant('') },
  );
}

interface PodSeed {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly families: '4' | '6' | '46' | '';
  readonly ports: readonly PortText[];
  readonly node: string | undefined;
  readonly special: 'hostNetwork' | 'Succeeded' | 'none';
}

function podSeed(): fc.Arbitrary<PodSeed> {
  const named = fc.tuple(fc.constantFrom('http', 'dns'), fc.constantFrom(...PORT_PROTOCOLS), fc.constantFrom(...PORTS));
  return fc.record({
    namespace: fc.constantFrom(...NAMESPACES),
    labels: labels(),
    families: fc.constantFrom('46', '46', '46', '4', '6', ''),
    ports: fc.uniqueArray(named, { maxLength: 3, selector: ([name, protocol]) => `${name} ${protocol}` }),
    node: fc.constantFrom('n1', 'n2', undefined),
    special: fc.constantFrom('none', 'none', 'none', 'none', 'none', 'none', 'hostNetwork', 'Succeeded'),
  });
}

function podOf(seed: PodSeed, index: number): Json {
  const isHost = seed.special === 'hostNetwork';
  const ips = isHost ? ['172.18.0.2'] : addressesOf(seed, index);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: seed.namespace, name: `pod-${index}`, labels: seed.labels },
    spec: {
      hostNetwork: isHost,
      nodeName: isHost ? 'n1' : seed.node,
      containers: containersOf('main', seed.ports),
    },
    status: {
      phase: seed.special === 'Succeeded' ? 'Succeeded' : 'Running',
      podIP: ips[0],
      podIPs: ips.map((ip) => ({ ip })),
    },
  };
}

function addressesOf(seed: PodSeed, index: number): string[] {
  const network = NAMESPACES.indexOf(seed.namespace);
  const both = [
    ['4', `10.244.${network}.${index + 1}`],
    ['6', `fd00:244:${network}::${index + 1}`],
  ] as const;
  return both.filter(([family]) => seed.families.includes(family)).map(([, address]) => address);
}

interface PolicySeed {
  readonly namespace: string;
  readonly spec: Json;
}

function policySeed(): fc.Arbitrary<PolicySeed> {
  return fc.record({
    namespace: fc.constantFrom(...NAMESPACES),
    spec: fc.record(
      {
        podSelector: selector(),
        policyTypes: fc.constantFrom(['Ingress'], ['Egress'], ['Ingress', 'Egress'], ['Egress', 'Ingress'], []),
        ingress: fc.array(rule('from'), { maxLength: 2 }),
        egress: fc.array(rule('to'), { maxLength: 2 }),
      },
      { requiredKeys: ['podSelector'] },
    ),
  });
}

function policyOf({ namespace, spec }: PolicySeed, index: number): Json {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace, name: `policy-${index}` },
    spec,
  };
}

function rule(side: 'from' | 'to'): fc.Arbitrary<Json> {
  return fc.record(
    { [side]: fc.array(peer(), { maxLength: 3 }), ports: fc.array(port(), { maxLength: 3 }) },
    { requiredKeys: [] },
  );
}

function peer(): fc.Arbitrary<Json> {
  const block = fc
    .constantFrom(...BLOCKS)
    .chain(([cidr, holes]) =>
      fc.record({ cidr: fc.constant(cidr), except: fc.subarray([...holes]) }, { requiredKeys: ['cidr'] }),
    );
  return fc.oneof(
    fc.record({ podSelector: selector() }),
    fc.record({ namespaceSelector: selector() }),
    fc.record({ podSelector: selector(), namespaceSelector: selector() }),
    fc.record({ ipBlock: block }),
  );
}

function port(): fc.Arbitrary<Json> {
  const protocol = fc.constantFrom(...PORT_PROTOCOLS);
  const range = fc
    .tuple(fc.constantFrom(...PORTS), fc.nat({ max: 3 }))
    .map(([from, more]) => ({ port: from, endPort: from + more }));
  return fc.oneof(
    fc.record({ protocol, port: fc.constantFrom(...PORTS) }, { requiredKeys: ['port'] }),
    fc.record({ protocol, port: fc.constantFrom(...NAMES) }, { requiredKeys: ['port'] }),
    fc.record({ protocol }, { requiredKeys: [] }),
    fc.tuple(protocol, range).map(([name, numbers]) => ({ protocol: name, ...numbers })),
  );
}

function selector(): fc.Arbitrary<Json> {
  const key = fc.constantFrom('app', 'tier', 'kubernetes.io/metadata.name');
  const values = fc.uniqueArray(fc.constantFrom('web', 'db', '', 'x', 'y'), { minLength: 1, maxLength: 2 });
  const expression = fc.oneof(
    fc.record({ key, operator: fc.constantFrom('In', 'NotIn'), values }),
    fc.record({ key, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    { weight: 2, arbitrary: labels().map((matchLabels) => ({ matchLabels })) },
    {
      weight: 2,
      arbitrary: fc.record(
        { matchLabels: labels(), matchExpressions: fc.array(expression, { minLength: 1, maxLength: 2 }) },
        { requiredKeys: ['matchExpressions'] },
      ),
    },
  );
}

function labels(): fc.Arbitrary<Record<string, string>> {
  return fc.record({ app: fc.constantFrom('web', 'db'), tier: fc.constantFrom('web', '') }, { requiredKeys: [] });
}
