import { describe, expect, test } from 'vitest';
import type { ProfileId } from '#model/profile.ts';
import type { Verdict } from '#model/verdict.ts';
import { asker, clusterPolicy, namespace, node, pod, policy } from '../ask.test-support.ts';
import { matchesDomain } from './cluster-policy.ts';

const CLUSTER = [
  namespace('shop', 'team: a'),
  namespace('other', 'team: b'),
  node('n1', ['10.9.0.1'], 'zone: a'),
  node('n2', ['10.9.0.2'], 'zone: b'),
  pod('shop/web', { ips: ['10.1.0.1'], node: 'n1', ports: ['http:8080', 'dns:53:UDP'] }),
  pod('shop/api', { ips: ['10.1.0.2'], node: 'n1', ports: ['http:9090'] }),
  pod('other/web', { ips: ['10.2.0.1'], node: 'n2' }),
  pod('other/agent', { ips: ['10.9.0.2'], node: 'n2', hostNetwork: true }),
];
const INTERNET = '203.0.113.7';
const ALL = '{namespaces: {}}';

const inbound = (action: string, rest = '') => `ingress: [{action: ${action}, from: [${ALL}]${rest}}]`;
const outbound = (action: string, to: string, rest = '') => `egress: [{action: ${action}, to: [${to}]${rest}}]`;

type Row = readonly [
  title: string,
  documents: readonly string[],
  from: string,
  to: string,
  traffic: string,
  verdict: Verdict,
  profile?: ProfileId,
];

const DENY_ALL_PODS = clusterPolicy('deny', inbound('Deny'));
const TIGHT = policy('shop/x');

const TRAPS: readonly Row[] = [
  ['1: an ingress rule never means an address', [DENY_ALL_PODS], INTERNET, 'shop/web', 'TCP/80', 'allowed'],
  ['1: … nor a node', [DENY_ALL_PODS], 'node:n2', 'shop/web', 'TCP/80', 'allowed'],
  ['1: … nor a pod on its node’s network', [DENY_ALL_PODS], 'other/agent', 'shop/web', 'TCP/80', 'allowed'],
  ['1: … it means pods', [DENY_ALL_PODS], 'other/web', 'shop/web', 'TCP/80', 'denied'],
  [
    '2: Pass skips all of Admin',
    [clusterPolicy('p', inbound('Pass')), clusterPolicy('q', `priority: 20, ${inbound('Deny')}`)],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '2: … and NetworkPolicy decides next',
    [clusterPolicy('p', inbound('Pass')), TIGHT],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '2: Pass in Baseline ends at allow',
    [
      clusterPolicy('p', `tier: Baseline, ${inbound('Pass')}`),
      clusterPolicy('q', `tier: Baseline, priority: 20, ${inbound('Deny')}`),
    ],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '3: the lower number is asked first',
    [clusterPolicy('p', `priority: 20, ${inbound('Deny')}`), clusterPolicy('q', inbound('Accept'))],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '3: … 5 before 10',
    [clusterPolicy('p', `priority: 5, ${inbound('Deny')}`), clusterPolicy('q', inbound('Accept'))],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '4: equals that disagree leave it open',
    [clusterPolicy('p', inbound('Deny')), clusterPolicy('q', inbound('Accept'))],
    'other/web',
    'shop/web',
    'TCP/80',
    'unknown',
  ],
  [
    '4: equals that agree do not',
    [clusterPolicy('p', inbound('Deny')), clusterPolicy('q', inbound('Deny'))],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '4: Deny and Pass disagree too',
    [clusterPolicy('p', inbound('Deny')), clusterPolicy('q', inbound('Pass'))],
    'other/web',
    'shop/web',
    'TCP/80',
    'unknown',
  ],
  [
    '4: … but not where Pass ends in a denial',
    [clusterPolicy('p', inbound('Deny')), clusterPolicy('q', inbound('Pass')), TIGHT],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '5: an Accept of egress does not open the destination',
    [clusterPolicy('p', outbound('Accept', ALL)), TIGHT],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    'an Accept of ingress is before NetworkPolicy',
    [clusterPolicy('p', inbound('Accept')), TIGHT],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'a Deny too',
    [clusterPolicy('p', inbound('Deny')), policy('shop/x', 'ingress: [{}]')],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '8: without protocols a rule is about ICMP and the rest',
    [DENY_ALL_PODS],
    'other/web',
    'shop/web',
    'ICMP/2048',
    'denied',
  ],
  [
    '8: … with protocols it is about these',
    [clusterPolicy('p', inbound('Deny', ', protocols: [{tcp: {destinationPort: {number: 80}}}]'))],
    'other/web',
    'shop/web',
    'UDP/80',
    'allowed',
  ],
  [
    '8: … a range of ports ends with its end',
    [clusterPolicy('p', inbound('Deny', ', protocols: [{udp: {destinationPort: {range: {start: 5, end: 9}}}}]'))],
    'other/web',
    'shop/web',
    'UDP/9',
    'denied',
  ],
  [
    '8: … and starts with its start',
    [clusterPolicy('p', inbound('Deny', ', protocols: [{udp: {destinationPort: {range: {start: 5, end: 9}}}}]'))],
    'other/web',
    'shop/web',
    'UDP/4',
    'allowed',
  ],
  [
    '9: networks are pods too',
    [clusterPolicy('p', outbound('Deny', '{networks: [0.0.0.0/0]}'))],
    'shop/web',
    'other/web',
    'TCP/80',
    'denied',
  ],
  [
    '9: … and nodes',
    [clusterPolicy('p', outbound('Deny', '{networks: [10.9.0.0/24]}'))],
    'shop/web',
    'node:n2',
    'TCP/80',
    'denied',
  ],
  [
    '9: … unless pods were accepted before',
    [clusterPolicy('p', `egress: [{action: Accept, to: [${ALL}]}, {action: Deny, to: [{networks: [0.0.0.0/0]}]}]`)],
    'shop/web',
    'other/web',
    'TCP/80',
    'allowed',
  ],
  [
    '10: Baseline is for pods that no NetworkPolicy isolates',
    [clusterPolicy('p', `tier: Baseline, ${inbound('Deny')}`)],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '10: … another NetworkPolicy shuts it off',
    [clusterPolicy('p', `tier: Baseline, ${inbound('Deny')}`), policy('shop/x', 'ingress: [{}]')],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '10: … in its own direction only',
    [clusterPolicy('p', `tier: Baseline, ${inbound('Deny')}`), policy('shop/x', 'policyTypes: [Egress], egress: [{}]')],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '12: nodes by label',
    [clusterPolicy('p', outbound('Deny', '{nodes: {matchLabels: {zone: b}}}'))],
    'shop/web',
    'node:n2',
    'TCP/80',
    'denied',
  ],
  [
    '12: … and no others',
    [clusterPolicy('p', outbound('Deny', '{nodes: {matchLabels: {zone: a}}}'))],
    'shop/web',
    'node:n2',
    'TCP/80',
    'allowed',
  ],
  [
    '12: … with the host-network pods on them',
    [clusterPolicy('p', outbound('Deny', '{nodes: {matchLabels: {zone: b}}}'))],
    'shop/web',
    'other/agent',
    'TCP/80',
    'denied',
  ],
  [
    '12: … and not those on others',
    [clusterPolicy('p', outbound('Deny', '{nodes: {matchLabels: {zone: a}}}'))],
    'shop/web',
    'other/agent',
    'TCP/80',
    'allowed',
  ],
  [
    '16: a name is a number of each destination',
    [clusterPolicy('p', outbound('Deny', ALL, ', protocols: [{destinationNamedPort: http}]'))],
    'other/web',
    'shop/api',
    'TCP/9090',
    'denied',
  ],
  [
    '16: … its own',
    [clusterPolicy('p', outbound('Deny', ALL, ', protocols: [{destinationNamedPort: http}]'))],
    'other/web',
    'shop/api',
    'TCP/8080',
    'allowed',
  ],
  [
    '16: … with the protocol of the container port',
    [clusterPolicy('p', inbound('Deny', ', protocols: [{destinationNamedPort: dns}]'))],
    'other/web',
    'shop/web',
    'UDP/53',
    'denied',
  ],
  [
    '17: host bits are masked',
    [clusterPolicy('p', outbound('Deny', '{networks: [10.2.3.4/16]}'))],
    'shop/web',
    'other/web',
    'TCP/80',
    'denied',
  ],
  [
    'rules of one policy: the first that matches',
    [
      clusterPolicy(
        'p',
        `ingress: [{action: Accept, from: [${ALL}], protocols: [{tcp: {destinationPort: {number: 80}}}]}, {action: Deny, from: [${ALL}]}]`,
      ),
    ],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '… and after it the next',
    [
      clusterPolicy(
        'p',
        `ingress: [{action: Accept, from: [${ALL}], protocols: [{tcp: {destinationPort: {number: 80}}}]}, {action: Deny, from: [${ALL}]}]`,
      ),
    ],
    'other/web',
    'shop/web',
    'TCP/81',
    'denied',
  ],
  [
    'the subject by namespace',
    [clusterPolicy('p', `subject: {namespaces: {matchLabels: {team: b}}}, ${inbound('Deny')}`)],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'the subject by its labels',
    [
      clusterPolicy(
        'p',
        `subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}}, ${inbound('Deny')}`,
      ),
    ],
    'other/web',
    'shop/api',
    'TCP/80',
    'denied',
  ],
  [
    'a host-network pod is never a subject',
    [clusterPolicy('p', inbound('Deny'))],
    'shop/web',
    'other/agent',
    'TCP/80',
    'allowed',
  ],
  [
    'an engine that does not enforce the kind',
    [DENY_ALL_PODS],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
    'azure-npm-linux',
  ],
  [
    'the own node comes before isolation, not before a Deny',
    [clusterPolicy('p', outbound('Deny', '{nodes: {}}'))],
    'shop/web',
    'node:n1',
    'TCP/80',
    'denied',
  ],
];

describe('gotchas of the cluster-wide kinds', () => {
  test.each(TRAPS.map((row) => ({ title: row[0], row })))('$title', ({ row }) => {
    const [, documents, from, to, traffic, verdict, profile = 'upstream'] = row;
    const ask = asker([...CLUSTER, ...documents], { profile, apart: true });
    expect(ask.verdict(from, to, traffic)).toBe(verdict);
    const both = [ask.trace('egress', from, to, traffic).verdict, ask.trace('ingress', from, to, traffic).verdict];
    expect(both.includes('denied') ? 'denied' : both.includes('unknown') ? 'unknown' : 'allowed').toBe(verdict);
  });

  test('4: the reason says that equals disagree', () => {
    const { trace } = asker([...CLUSTER, clusterPolicy('p', inbound('Deny')), clusterPolicy('q', inbound('Accept'))]);
    expect(trace('ingress', 'other/web', 'shop/web').reasons).toEqual(['equal-priority']);
  });
});

describe('a peer that is not known', () => {
  const unread = (action: string, more = '') =>
    clusterPolicy('p', `egress: [{action: ${action}, to: [{galaxy: far}${more}]}]`);

  test.each<[action: string, verdict: Verdict]>([
    ['Deny', 'denied'],
    ['Pass', 'denied'],
  ])('makes a %s rule deny everything of its direction', (action, verdict) => {
    const { verdict: ask } = asker([...CLUSTER, unread(action)]);
    expect(ask('shop/web', INTERNET, '47')).toBe(verdict);
    expect(ask('other/web', 'shop/web')).toBe(verdict);
  });

  test('makes an Accept rule match only its known peers', () => {
    const { verdict } = asker([
      ...CLUSTER,
      unread('Accept', `, ${ALL}`),
      clusterPolicy('q', `priority: 20, ${outbound('Deny', '{networks: [0.0.0.0/0]}')}`),
    ]);
    expect(verdict('other/web', 'shop/web')).toBe('allowed');
    expect(verdict('other/web', INTERNET)).toBe('denied');
  });

  test('alone in an Accept rule is nobody', () => {
    const { verdict } = asker([
      ...CLUSTER,
      unread('Accept'),
      clusterPolicy('q', `priority: 20, ${outbound('Deny', ALL)}`),
    ]);
    expect(verdict('other/web', 'shop/web')).toBe('denied');
  });
});

describe('a field that is not known', () => {
  test('of a spec leaves every connection of pods open', () => {
    const { verdict } = asker([...CLUSTER, clusterPolicy('p', `${inbound('Accept')}, colour: red`)]);
    expect(verdict('other/web', 'shop/web')).toBe('unknown');
    expect(verdict('shop/web', INTERNET)).toBe('unknown');
    expect(verdict(INTERNET, 'other/agent')).toBe('allowed');
  });

  test('of a rule leaves open whether it matches, not what it does', () => {
    const { verdict } = asker([...CLUSTER, clusterPolicy('p', inbound('Accept', ', colour: red'))]);
    expect(verdict('other/web', 'shop/web')).toBe('allowed');
    const denying = asker([...CLUSTER, clusterPolicy('p', inbound('Deny', ', colour: red'))]);
    expect(denying.verdict('other/web', 'shop/web')).toBe('unknown');
  });
});

describe('domains', () => {
  test.each([
    ['example.com', 'example.com', true],
    ['example.com', 'EXAMPLE.com.', true],
    ['Example.Com.', 'example.com', true],
    ['example.com', 'a.example.com', false],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'a.example.com', true],
    ['*.example.com', 'a.b.example.com', true],
    ['*.example.com', 'A.Example.COM.', true],
    ['*.example.com', 'aexample.com', false],
    ['*.example.com', '.example.com', false],
    ['*.example.com', 'example.com.evil.org', false],
  ])('%s and %s: %s', (pattern, domain, want) => {
    expect(matchesDomain(pattern, domain)).toBe(want);
  });

  test('a rule that names a domain is about it for certain, and about any address perhaps', () => {
    const documents = [
      ...CLUSTER,
      clusterPolicy('p', outbound('Accept', "{domainNames: ['*.example.com']}")),
      policy('shop/x', 'policyTypes: [Egress]'),
    ];
    const { engine, trace, verdict } = asker(documents, { domains: ['api.example.com', 'example.org'] });
    const { world, reach } = engine;
    const to = (name: string) =>
      verdictTo(
        reach.egress.rows[world.pointsOfOwner[world.owners.findIndex(({ name: own }) => own === 'web')]![0]!]!,
        world.domains.get(name)![0]!,
      );
    expect([to('api.example.com'), to('example.org')]).toEqual([true, false]);
    expect(verdict('shop/web', INTERNET)).toBe('unknown');
    expect(trace('egress', 'shop/web', INTERNET).reasons).toEqual(['domain-name']);
    expect(verdict('shop/web', 'other/web')).toBe('denied');
  });

  function verdictTo(
    row: readonly { readonly grant: { readonly allowed: readonly number[] }; readonly peers: Uint32Array }[],
    point: number,
  ): boolean {
    return row.some(
      ({ grant, peers }) => ((peers[point >>> 5]! >>> (point & 31)) & 1) === 1 && grant.allowed.length > 0,
    );
  }
});

describe('nodes', () => {
  test('without nodes in the input, a rule about nodes is about any address perhaps', () => {
    const { verdict, trace } = asker([pod('shop/web'), clusterPolicy('p', outbound('Deny', '{nodes: {}}'))]);
    expect(verdict('shop/web', INTERNET)).toBe('unknown');
    expect(trace('egress', 'shop/web', INTERNET).reasons).toEqual(['nodes-unknown']);
  });

  test('a host-network pod whose node is not known is behind selected nodes perhaps', () => {
    const documents = [
      node('n1', [], 'zone: a'),
      pod('shop/web', { node: 'n1' }),
      pod('shop/agent', { hostNetwork: true }),
    ];
    const { verdict } = asker(
      [...documents, clusterPolicy('p', outbound('Deny', '{nodes: {matchLabels: {zone: a}}}'))],
      { profile: 'kube-network-policies' },
    );
    expect(verdict('shop/web', 'shop/agent')).toBe('unknown');
  });
});

describe('a namespace with a primary network of its own', () => {
  test('has pods of which nothing is known', () => {
    const network = `apiVersion: k8s.ovn.org/v1
kind: UserDefinedNetwork
metadata: {name: net, namespace: shop}
spec: {topology: Layer2, layer2: {role: Primary, subnets: ["10.20.0.0/16"]}}`;
    const { verdict, trace } = asker([...CLUSTER, network]);
    expect(verdict('shop/web', INTERNET)).toBe('unknown');
    expect(trace('egress', 'shop/web', INTERNET).reasons).toEqual(['secondary-network']);
    expect(verdict('other/web', INTERNET)).toBe('allowed');
  });
});
