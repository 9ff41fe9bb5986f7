import { describe, expect, test } from 'vitest';
import type { ProfileId } from '#model/profile.ts';
import type { Verdict } from '#model/verdict.ts';
import { asker, namespace, node, pod, policy, workload } from '../ask.test-support.ts';

const CLUSTER = [
  namespace('shop', 'team: a'),
  namespace('other', 'team: b'),
  node('n1', ['10.9.0.1']),
  node('n2', ['10.9.0.2']),
  pod('shop/web', { ips: ['10.1.0.1'], node: 'n1', ports: ['http:8080', 'dns:53:UDP'] }),
  pod('shop/api', { ips: ['10.1.0.2'], node: 'n1', ports: ['http:9090'] }),
  pod('shop/bare', { ips: ['10.1.0.4'], node: 'n2' }),
  pod('other/api', { ips: ['10.2.0.2'], node: 'n2', labels: 'app: api', ports: ['http:9090'] }),
  pod('other/web', { ips: ['10.2.0.1'], node: 'n2', labels: 'app: web' }),
  pod('other/agent', { ips: ['10.9.0.2'], node: 'n2', hostNetwork: true, labels: 'app: agent' }),
];
const INTERNET = '203.0.113.7';

/** `traffic` from `from` to `to` under the policies, which stand in namespace shop as a, b, c. */
type Row = readonly [
  title: string,
  policies: string | readonly string[],
  from: string,
  to: string,
  traffic: string,
  verdict: Verdict,
  profile?: ProfileId,
];

const ONE_DASH =
  'ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: api}}}]}]';
const TWO_DASHES =
  'ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}, {podSelector: {matchLabels: {app: api}}}]}]';
const HOLE = 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]';
const HOLE_AND_PODS = 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, {podSelector: {}}]}]';
const NAMED_OUT = 'policyTypes: [Egress], egress: [{to: [{podSelector: {}}], ports: [{port: http}]}]';
const NAMED_IN = 'ingress: [{ports: [{port: http}]}]';
const KNP = 'kube-network-policies';

const TRAPS: readonly Row[] = [
  ['0: nothing isolates', [], 'shop/api', 'shop/web', 'TCP/80', 'allowed'],
  ['1: `egress: []` without policyTypes isolates ingress', 'egress: []', INTERNET, 'shop/web', 'TCP/80', 'denied'],
  ['1: … and leaves egress alone', 'egress: []', 'shop/web', INTERNET, 'TCP/80', 'allowed'],
  [
    '1: with policyTypes [Egress] it denies all egress',
    'policyTypes: [Egress], egress: []',
    'shop/web',
    INTERNET,
    'TCP/80',
    'denied',
  ],
  ['1: … and leaves ingress alone', 'policyTypes: [Egress], egress: []', INTERNET, 'shop/web', 'TCP/80', 'allowed'],
  ['2: an egress rule without policyTypes isolates ingress', 'egress: [{}]', INTERNET, 'shop/web', 'TCP/80', 'denied'],
  ['2: … and admits all egress', 'egress: [{}]', 'shop/web', INTERNET, 'TCP/80', 'allowed'],
  ['3: no ingress key denies all', '', INTERNET, 'shop/web', 'TCP/80', 'denied'],
  ['3: `ingress: []` denies all', 'ingress: []', INTERNET, 'shop/web', 'TCP/80', 'denied'],
  ['3: `ingress: [{}]` admits everybody', 'ingress: [{}]', INTERNET, 'shop/web', 'SCTP/9', 'allowed'],
  ['4: `from: []` is everybody', 'ingress: [{from: []}]', INTERNET, 'shop/web', 'TCP/80', 'allowed'],
  ['4: `ports: []` is every port', 'ingress: [{ports: []}]', INTERNET, 'shop/web', 'UDP/1', 'allowed'],
  ['4: `to: []` is everybody', 'policyTypes: [Egress], egress: [{to: []}]', 'shop/web', INTERNET, 'TCP/80', 'allowed'],
  ['5: one dash is AND', ONE_DASH, 'other/api', 'shop/web', 'TCP/80', 'allowed'],
  ['5: … not the namespace alone', ONE_DASH, 'other/web', 'shop/web', 'TCP/80', 'denied'],
  ['5: … not the pod alone', ONE_DASH, 'shop/api', 'shop/web', 'TCP/80', 'denied'],
  ['5: two dashes are OR: the namespace', TWO_DASHES, 'other/web', 'shop/web', 'TCP/80', 'allowed'],
  ['5: … or pods of the own namespace', TWO_DASHES, 'shop/api', 'shop/web', 'TCP/80', 'allowed'],
  ['5: … and nobody else', TWO_DASHES, 'shop/bare', 'shop/web', 'TCP/80', 'denied'],
  [
    '6: `podSelector: {}` is the own namespace',
    'ingress: [{from: [{podSelector: {}}]}]',
    'shop/bare',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  ['6: … and no other', 'ingress: [{from: [{podSelector: {}}]}]', 'other/web', 'shop/web', 'TCP/80', 'denied'],
  [
    '6: `namespaceSelector: {}` is every namespace',
    'ingress: [{from: [{namespaceSelector: {}}]}]',
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '6: … and never an address',
    'ingress: [{from: [{namespaceSelector: {}}]}]',
    INTERNET,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  ['6: … nor a node', 'ingress: [{from: [{namespaceSelector: {}}]}]', 'node:n2', 'shop/web', 'TCP/80', 'denied'],
  [
    '6: … nor a pod on its node’s network',
    'ingress: [{from: [{namespaceSelector: {}}]}]',
    'other/agent',
    'shop/web',
    'TCP/80',
    'denied',
    KNP,
  ],
  ['7: a port without protocol is TCP', 'ingress: [{ports: [{port: 53}]}]', INTERNET, 'shop/web', 'TCP/53', 'allowed'],
  ['7: … and not UDP', 'ingress: [{ports: [{port: 53}]}]', INTERNET, 'shop/web', 'UDP/53', 'denied'],
  [
    '8: a protocol without port is all its ports',
    'ingress: [{ports: [{protocol: UDP}]}]',
    INTERNET,
    'shop/web',
    'UDP/9',
    'allowed',
  ],
  ['8: … and of no other protocol', 'ingress: [{ports: [{protocol: UDP}]}]', INTERNET, 'shop/web', 'TCP/9', 'denied'],
  ['9: a name in egress is the number of each destination', NAMED_OUT, 'shop/bare', 'shop/web', 'TCP/8080', 'allowed'],
  ['9: … of each', NAMED_OUT, 'shop/bare', 'shop/api', 'TCP/9090', 'allowed'],
  ['9: … and not of another', NAMED_OUT, 'shop/bare', 'shop/web', 'TCP/9090', 'denied'],
  ['9: … whose pod may have no such port', NAMED_OUT, 'shop/web', 'shop/bare', 'TCP/8080', 'denied'],
  [
    '9: … never of an address',
    'policyTypes: [Egress], egress: [{ports: [{port: http}]}]',
    'shop/web',
    INTERNET,
    'TCP/8080',
    'denied',
  ],
  ['9: a name in ingress is the number of the subject', NAMED_IN, INTERNET, 'shop/web', 'TCP/8080', 'allowed'],
  ['9: … of each subject its own', NAMED_IN, INTERNET, 'shop/api', 'TCP/8080', 'denied'],
  ['9: a name has its protocol', 'ingress: [{ports: [{port: dns}]}]', INTERNET, 'shop/web', 'UDP/53', 'denied'],
  ['9: … stated', 'ingress: [{ports: [{port: dns, protocol: UDP}]}]', INTERNET, 'shop/web', 'UDP/53', 'allowed'],
  [
    '9: a name beside a number: the number',
    'ingress: [{ports: [{port: http}, {port: 7}]}]',
    INTERNET,
    'shop/web',
    'TCP/7',
    'allowed',
  ],
  ['9: … and the name', 'ingress: [{ports: [{port: http}, {port: 7}]}]', INTERNET, 'shop/web', 'TCP/8080', 'allowed'],
  ['12: the hole of an except', HOLE, 'shop/api', 'shop/web', 'TCP/80', 'denied'],
  ['12: … and around it', HOLE, 'other/api', 'shop/web', 'TCP/80', 'allowed'],
  ['12: … is in one peer only', HOLE_AND_PODS, 'shop/api', 'shop/web', 'TCP/80', 'allowed'],
  [
    '14: 0.0.0.0/0 is IPv4',
    'policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]',
    'shop/web',
    INTERNET,
    'TCP/80',
    'allowed',
  ],
  [
    '15: an ipBlock covers pods by their addresses',
    'ingress: [{from: [{ipBlock: {cidr: 10.2.0.0/16}}]}]',
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '15: … and whether those of nodes the API leaves open',
    'ingress: [{from: [{ipBlock: {cidr: 10.9.0.0/16}}]}]',
    'node:n2',
    'shop/web',
    'TCP/80',
    'unknown',
  ],
  [
    '15: … where an engine says so, it does',
    'ingress: [{from: [{ipBlock: {cidr: 10.9.0.0/16}}]}]',
    'node:n2',
    'shop/web',
    'TCP/80',
    'allowed',
    'azure-npm-linux',
  ],
  ['17: the own node comes in', '', 'node:n1', 'shop/web', 'TCP/80', 'allowed'],
  ['17: another node does not', '', 'node:n2', 'shop/web', 'TCP/80', 'denied'],
  ['17: to the own node', 'policyTypes: [Egress]', 'shop/web', 'node:n1', 'TCP/80', 'allowed'],
  ['17: … under engines that police it', 'policyTypes: [Egress]', 'shop/web', 'node:n1', 'TCP/80', 'denied', KNP],
  ['18: a host-network pod comes from its node', '', 'other/agent', 'shop/bare', 'TCP/80', 'allowed'],
  ['18: … and from no other', '', 'other/agent', 'shop/web', 'TCP/80', 'denied'],
  ['21: ICMP into an isolated pod is not defined', '', 'shop/api', 'shop/web', 'ICMP/2048', 'unknown'],
  ['21: … nor by a rule without ports', 'ingress: [{}]', 'shop/api', 'shop/web', 'ICMP/2048', 'unknown'],
  ['21: … nor are other protocols', 'ingress: [{}]', 'shop/api', 'shop/web', '47', 'unknown'],
  ['21: … where nothing isolates they pass', [], 'shop/api', 'shop/web', '47', 'allowed'],
  [
    '21: engines that say so: a rule without ports',
    'ingress: [{}]',
    'shop/api',
    'shop/web',
    'ICMP/2048',
    'allowed',
    KNP,
  ],
  [
    '21: … and not one with ports',
    'ingress: [{ports: [{protocol: TCP}]}]',
    'shop/api',
    'shop/web',
    'ICMP/2048',
    'denied',
    KNP,
  ],
  [
    '22: the name label of a namespace',
    'ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}}]}]',
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '23: NotIn of namespaces without the key',
    'ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: x, operator: NotIn, values: [z]}]}}]}]',
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '23: DoesNotExist',
    'ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: x, operator: DoesNotExist}]}}]}]',
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '24: labels and expressions are AND',
    'ingress: [{from: [{podSelector: {matchLabels: {app: api}, matchExpressions: [{key: app, operator: NotIn, values: [api]}]}}]}]',
    'shop/api',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '24: values are OR',
    'ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [x, api]}]}}]}]',
    'shop/api',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '25: policies are united',
    ['ingress: [{ports: [{port: 1}]}]', 'ingress: [{ports: [{port: 2}]}]'],
    INTERNET,
    'shop/web',
    'TCP/2',
    'allowed',
  ],
  [
    '25: … a deny-all takes nothing away',
    ['ingress: [{ports: [{port: 1}]}]', ''],
    INTERNET,
    'shop/web',
    'TCP/1',
    'allowed',
  ],
  [
    '26: an ingress rule does not open the source',
    ['policyTypes: [Egress]', 'ingress: [{}]'],
    'shop/api',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '27: egress rules beside policyTypes [Ingress] have no effect',
    'policyTypes: [Ingress], egress: []',
    'shop/web',
    INTERNET,
    'TCP/80',
    'allowed',
  ],
  ['28: a policy selects in its own namespace', '', INTERNET, 'other/web', 'TCP/80', 'allowed'],
  [
    '29: endPort is the last port',
    'ingress: [{ports: [{port: 10, endPort: 20}]}]',
    INTERNET,
    'shop/web',
    'TCP/20',
    'allowed',
  ],
  ['29: … and not one more', 'ingress: [{ports: [{port: 10, endPort: 20}]}]', INTERNET, 'shop/web', 'TCP/21', 'denied'],
  ['29: … from the first', 'ingress: [{ports: [{port: 10, endPort: 20}]}]', INTERNET, 'shop/web', 'TCP/9', 'denied'],
  [
    '32: overlapping ranges are united',
    'ingress: [{ports: [{port: 10, endPort: 20}, {port: 15, endPort: 30}]}]',
    INTERNET,
    'shop/web',
    'TCP/25',
    'allowed',
  ],
];

function askerOf(policies: string | readonly string[], profile: ProfileId = 'upstream') {
  const specs = typeof policies === 'string' ? [policies] : policies;
  const documents = specs.map((spec, index) => policy(`shop/${'abc'[index]}`, spec));
  return asker([...CLUSTER, ...documents], { profile, apart: true });
}

describe('gotchas of NetworkPolicy', () => {
  test.each(TRAPS.map((row) => ({ title: row[0], row })))('$title', ({ row }) => {
    const [, policies, from, to, traffic, verdict, profile] = row;
    const { trace, ...ask } = askerOf(policies, profile);
    expect(ask.verdict(from, to, traffic)).toBe(verdict);
    const both = [trace('egress', from, to, traffic).verdict, trace('ingress', from, to, traffic).verdict];
    expect(both.includes('denied') ? 'denied' : both.includes('unknown') ? 'unknown' : 'allowed').toBe(verdict);
  });

  test('14: a dual-stack pod is admitted in the family of the block only', () => {
    const { verdict } = asker([
      pod('shop/web', { ips: ['10.1.0.1', 'fd00::1'] }),
      pod('shop/api', { ips: ['10.1.0.2', 'fd00::2'] }),
      policy('shop/x', 'podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]'),
    ]);
    expect(verdict('10.1.0.2', '10.1.0.1')).toBe('allowed');
    expect(verdict('fd00::2', 'fd00::1')).toBe('denied');
    expect(verdict('2001:db8::1', 'fd00::1')).toBe('denied');
  });

  test('14: … and a selector means all its addresses', () => {
    const { verdict } = asker([
      pod('shop/web', { ips: ['10.1.0.1', 'fd00::1'] }),
      pod('shop/api', { ips: ['10.1.0.2', 'fd00::2'] }),
      policy('shop/x', 'podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}]}]'),
    ]);
    expect(verdict('shop/api', 'shop/web')).toBe('allowed');
  });

  test('9: container ports of init containers count', () => {
    const documents = [
      `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {initContainers: [{name: i, image: i, restartPolicy: Always, ports: [{name: http, containerPort: 81}]}], containers: [{name: c, image: i}]}`,
      policy('shop/x', NAMED_IN),
    ];
    expect(asker(documents).verdict(INTERNET, 'shop/web', 'TCP/81')).toBe('allowed');
  });

  test('22: a selector on labels of a namespace that is not in the input leaves it open', () => {
    const documents = [
      pod('shop/web'),
      pod('lost/web'),
      policy('shop/x', 'ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]'),
    ];
    const { verdict, trace } = asker(documents);
    expect(verdict('lost/web', 'shop/web')).toBe('unknown');
    expect(trace('ingress', 'lost/web', 'shop/web').reasons).toEqual(['labels-unknown']);
  });

  test('33: without pods a template stands for them, with its labels and ports', () => {
    const documents = [
      workload('shop/web', { ports: ['http:8080'] }),
      workload('shop/api'),
      policy('shop/x', NAMED_IN),
    ];
    const { verdict } = asker(documents);
    expect(verdict('shop/api', 'shop/web', 'TCP/8080')).toBe('allowed');
    expect(verdict('shop/api', 'shop/web', 'TCP/80')).toBe('denied');
  });
});

describe('what is not known', () => {
  const UNREAD_RULE = 'ingress: [{from: [{podSelector: {}}], colour: red}]';

  test('a field of a rule that is not known may admit anything', () => {
    const { verdict, trace } = asker([...CLUSTER, policy('shop/x', UNREAD_RULE)]);
    expect(verdict(INTERNET, 'shop/web')).toBe('unknown');
    expect(trace('ingress', INTERNET, 'shop/web').reasons).toEqual(['unread-field']);
  });

  test('a field of a spec that is not known leaves all open, in both directions and in its namespace only', () => {
    const { verdict } = asker([...CLUSTER, policy('shop/x', 'ingress: [], colour: red')]);
    expect(verdict(INTERNET, 'shop/web')).toBe('unknown');
    expect(verdict('shop/web', INTERNET)).toBe('unknown');
    expect(verdict(INTERNET, 'other/web')).toBe('allowed');
  });

  test('a peer that is not known may be anybody, beside peers that are', () => {
    const { verdict } = asker([...CLUSTER, policy('shop/x', 'ingress: [{from: [{planet: mars}, {podSelector: {}}]}]')]);
    expect(verdict(INTERNET, 'shop/web')).toBe('unknown');
    expect(verdict('shop/api', 'shop/web')).toBe('allowed');
  });

  test('whether a policy holds for a pod on its node’s network depends on the engine', () => {
    const hosted = [...CLUSTER, policy('other/x', '')];
    expect(asker(hosted).verdict(INTERNET, 'other/agent')).toBe('unknown');
    expect(asker(hosted, { profile: 'azure-npm-linux' }).verdict(INTERNET, 'other/agent')).toBe('allowed');
  });

  test('a profile that enforces nothing allows everything', () => {
    expect(askerOf('', 'none').verdict(INTERNET, 'shop/web', 'ICMP/0')).toBe('allowed');
  });
});

describe('ports without a number where the engine does not resolve names', () => {
  test.each<[ports: string, traffic: string, verdict: Verdict]>([
    ['{port: http}', 'TCP/1', 'allowed'],
    ['{port: http}', 'UDP/1', 'denied'],
    ['{port: http}, {port: 80}', 'TCP/80', 'allowed'],
    ['{port: http}, {port: 80}', 'TCP/8080', 'denied'],
    ['{protocol: TCP}, {port: 80}', 'TCP/81', 'denied'],
    ['{port: 80}, {port: 53, protocol: UDP}, {protocol: SCTP}', 'SCTP/5', 'allowed'],
  ])('%s and %s: %s', (ports, traffic, verdict) => {
    expect(askerOf(`ingress: [{ports: [${ports}]}]`, 'ovn-kubernetes').verdict(INTERNET, 'shop/web', traffic)).toBe(
      verdict,
    );
  });
});
