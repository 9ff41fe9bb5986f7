import { describe, expect, test } from 'vitest';
import { PROFILES } from '#model/profile.ts';
import type { NetworkPolicy } from '#model/resource.ts';
import { icmpTraffic, trafficPoint } from '#model/traffic.ts';
import type { Verdict } from '#model/verdict.ts';
import {
  type ClusterPeerSpec,
  type ClusterPolicySpec,
  type ClusterRuleSpec,
  clusterPolicy,
  namespace,
  networkPolicy,
  node,
  nodeParty,
  outside,
  pod,
  snapshot,
} from './build.test-support.ts';
import { oracleVerdict, type Party } from './connection.ts';

const NODE1 = node('node1', { addresses: ['192.168.0.1'], labels: { role: 'infra' } });
const NODE2 = node('node2', { addresses: ['192.168.0.2'] });
const web = pod('shop', '10.0.0.1', { labels: { app: 'web' }, ports: ['http=TCP/80', 'dns=UDP/53'], node: 'node1' });
const api = pod('shop', '10.0.0.2', { labels: { app: 'api' }, ports: ['http=TCP/8080'], node: 'node2' });
const other = pod('other', '10.0.1.1', { labels: { app: 'web' }, node: 'node1' });
const six = pod('other', 'fd00::1');
const host1 = pod('shop', '192.168.0.1', { hostNetwork: true, node: 'node1' });
const internet = outside('203.0.113.7');
const node1 = nodeParty(NODE1);
const node2 = nodeParty(NODE2);

const TCP80 = trafficPoint('TCP', 80);
const DNS = trafficPoint('UDP', 53);
const PING = icmpTraffic('ICMP', 8, 0)[0]!;
const GRE = trafficPoint('47');

const ALL = { namespaces: {} };
const ISOLATE_IN = networkPolicy('shop/in', {});
const ISOLATE_OUT = networkPolicy('shop/out', { types: ['egress'] });
const OPEN_IN = networkPolicy('shop/open', { ingress: [{}] });

interface Case {
  readonly title: string;
  /** In order of reading; the name is the index. */
  readonly policies: readonly ClusterPolicySpec[];
  readonly network?: readonly NetworkPolicy[];
  readonly from: Party;
  readonly to: Party;
  readonly traffic?: number;
  readonly verdict: Verdict;
}

function allow(...peers: ClusterPeerSpec[]): ClusterRuleSpec {
  return { action: 'allow', peers };
}

function deny(...peers: ClusterPeerSpec[]): ClusterRuleSpec {
  return { action: 'deny', peers };
}

function pass(...peers: ClusterPeerSpec[]): ClusterRuleSpec {
  return { action: 'pass', peers };
}

const CASES: readonly Case[] = [
  {
    title: '0: no match falls through to the next object',
    policies: [
      { priority: 1, egress: [deny({ networks: ['10.9.0.0/16'] })] },
      { priority: 2, egress: [deny(ALL)] },
    ],
    from: web,
    to: api,
    verdict: 'denied',
  },
  {
    title: '0: no match at all is allowed',
    policies: [{ egress: [deny({ networks: ['10.9.0.0/16'] })] }],
    from: web,
    to: api,
    verdict: 'allowed',
  },
  {
    title: '0: the first rule of an object counts',
    policies: [{ egress: [allow(ALL), deny(ALL)] }],
    from: web,
    to: api,
    verdict: 'allowed',
  },
  {
    title: '0: an object with egress rules leaves ingress alone',
    policies: [{ subject: { namespaces: { 'kubernetes.io/metadata.name': 'shop' } }, egress: [deny(ALL)] }],
    from: other,
    to: web,
    verdict: 'allowed',
  },
  {
    title: '1: denying all namespaces’ pods does not stop the internet',
    policies: [{ ingress: [deny(ALL)] }],
    from: internet,
    to: web,
    verdict: 'allowed',
  },
  { title: '1: … nor nodes', policies: [{ ingress: [deny(ALL)] }], from: node2, to: web, verdict: 'allowed' },
  {
    title: '1: … nor host-network pods',
    policies: [{ ingress: [deny(ALL)] }],
    from: host1,
    to: api,
    verdict: 'allowed',
  },
  { title: '1: … but pods', policies: [{ ingress: [deny(ALL)] }], from: other, to: web, verdict: 'denied' },
  {
    title: '2: pass leaves the Admin tier, whatever follows in it',
    policies: [
      { priority: 1, ingress: [pass(ALL)] },
      { priority: 2, ingress: [deny(ALL)] },
    ],
    from: other,
    to: web,
    verdict: 'allowed',
  },
  {
    title: '2: pass goes on to NetworkPolicy',
    policies: [{ priority: 1, ingress: [pass(ALL)] }],
    network: [ISOLATE_IN],
    from: other,
    to: web,
    verdict: 'denied',
  },
  {
    title: '2: pass goes on to Baseline',
    policies: [
      { priority: 1, ingress: [pass(ALL)] },
      { tier: 'Baseline', ingress: [deny(ALL)] },
    ],
    from: other,
    to: web,
    verdict: 'denied',
  },
  {
    title: '2: pass in Baseline is the default allow',
    policies: [
      { tier: 'Baseline', priority: 1, ingress: [pass(ALL)] },
      { tier: 'Baseline', priority: 2, ingress: [deny(ALL)] },
    ],
    from: other,
    to: web,
    verdict: 'allowed',
  },
  {
    title: '3: the lower number first, in any order of reading',
    policies: [
      { priority: 20, ingress: [deny(ALL)] },
      { priority: 10, ingress: [allow(ALL)] },
    ],
    from: other,
    to: web,
    verdict: 'allowed',
  },
  {
    title: '4: equal priorities that disagree',
    policies: [
      { priority: 5, ingress: [deny(ALL)] },
      { priority: 5, ingress: [allow(ALL)] },
    ],
    from: other,
    to: web,
    verdict: 'unknown',
  },
  {
    title: '4: equal priorities that agree',
    policies: [
      { priority: 5, ingress: [deny(ALL)] },
      { priority: 5, ingress: [deny(ALL)] },
    ],
    from: other,
    to: web,
    verdict: 'denied',
  },
  {
    title: '4: pass and allow disagree, and come to the same',
    policies: [
      { priority: 5, ingress: [pass(ALL)] },
      { priority: 5, ingress: [allow(ALL)] },
    ],
    from: other,
    to: web,
    verdict: 'allowed',
  },
  {
    title: '4: pass and allow before isolation',
    policies: [
      { priority: 5, ingress: [pass(ALL)] },
      { priority: 5, ingress: [allow(ALL)] },
    ],
    network: [ISOLATE_IN],
    from: other,
    to: web,
    verdict: 'unknown',
  },
  {
    title: '4: equal numbers in two tiers are not equal',
    policies: [
      { priority: 5, ingress: [allow(ALL)] },
      { tier: 'Baseline', priority: 5, ingress: [deny(ALL)] },
    ],
    from: other,
    to: web,
    verdict: 'allowed',
  },
  {
    title: '5: an egress allow does not open the destination',
    policies: [{ egress: [allow(ALL)] }],
    network: [ISOLATE_IN],
    from: other,
    to: web,
    verdict: 'denied',
  },
  {
    title: '5: an ingress allow does not open the source',
    policies: [{ ingress: [allow(ALL)] }],
    network: [ISOLATE_OUT],
    from: web,
    to: other,
    verdict: 'denied',
  },
  {
    title: '5: an Admin allow gets past isolation',
    policies: [{ ingress: [allow(ALL)] }],
    network: [ISOLATE_IN],
    from: other,
    to: web,
    verdict: 'allowed',
  },
  {
    title: '5: an Admin deny is before NetworkPolicy',
    policies: [{ ingress: [deny(ALL)] }],
    network: [OPEN_IN],
    from: other,
    to: web,
    verdict: 'denied',
  },
  {
    title: '6: all namespaces are not the node network',
    policies: [{ egress: [deny(ALL)] }],
    from: web,
    to: node2,
    verdict: 'allowed',
  },
  {
    title: '8: without protocols everything, ping included',
    policies: [{ ingress: [deny(ALL)] }],
    from: other,
    to: web,
    traffic: PING,
    verdict: 'denied',
  },
  {
    title: '8: … and protocols known by number',
    policies: [{ ingress: [deny(ALL)] }],
    from: other,
    to: web,
    traffic: GRE,
    verdict: 'denied',
  },
  {
    title: '8: with protocols only those',
    policies: [{ ingress: [{ ...deny(ALL), protocols: ['TCP/1-65535'] }] }],
    from: other,
    to: web,
    traffic: PING,
    verdict: 'allowed',
  },
  {
    title: '8: a range has both its ends',
    policies: [{ ingress: [{ ...deny(ALL), protocols: ['TCP/70-80'] }] }],
    from: other,
    to: web,
    verdict: 'denied',
  },
  {
    title: '8: a range is of its protocol',
    policies: [{ ingress: [{ ...deny(ALL), protocols: ['UDP/70-80'] }] }],
    from: other,
    to: web,
    verdict: 'allowed',
  },
  {
    title: '9: networks are addresses of pods too',
    policies: [{ egress: [deny({ networks: ['0.0.0.0/0'] })] }],
    from: web,
    to: api,
    verdict: 'denied',
  },
  {
    title: '9: … of one family',
    policies: [{ egress: [deny({ networks: ['0.0.0.0/0'] })] }],
    from: pod('shop', 'fd00::9'),
    to: six,
    verdict: 'allowed',
  },
  {
    title: '9: … of nodes, in every profile',
    policies: [{ egress: [deny({ networks: ['192.168.0.0/24'] })] }],
    from: web,
    to: node2,
    verdict: 'denied',
  },
  {
    title: '9: … and ping',
    policies: [{ egress: [deny({ networks: ['0.0.0.0/0'] })] }],
    from: web,
    to: internet,
    traffic: PING,
    verdict: 'denied',
  },
  {
    title: '9: a pass before it keeps it to the outside',
    policies: [{ egress: [pass(ALL), deny({ networks: ['0.0.0.0/0'] })] }],
    from: web,
    to: api,
    verdict: 'allowed',
  },
  {
    title: '10: Baseline holds where nothing isolates',
    policies: [{ tier: 'Baseline', ingress: [deny(ALL)] }],
    from: other,
    to: web,
    verdict: 'denied',
  },
  {
    title: '10: isolation, opened, ends before Baseline',
    policies: [{ tier: 'Baseline', ingress: [deny(ALL)] }],
    network: [OPEN_IN],
    from: other,
    to: web,
    verdict: 'allowed',
  },
  {
    title: '10: isolation of the other direction does not',
    policies: [{ tier: 'Baseline', ingress: [deny(ALL)] }],
    network: [networkPolicy('shop/x', { types: ['egress'], egress: [{}] })],
    from: other,
    to: web,
    verdict: 'denied',
  },
  {
    title: '12: nodes by their labels',
    policies: [{ egress: [deny({ nodes: { role: 'infra' } })] }],
    from: web,
    to: node1,
    verdict: 'denied',
  },
  {
    title: '12: … and not other nodes',
    policies: [{ egress: [deny({ nodes: { role: 'infra' } })] }],
    from: web,
    to: node2,
    verdict: 'allowed',
  },
  {
    title: '12: … host-network pods by their node',
    policies: [{ egress: [deny({ nodes: { role: 'infra' } })] }],
    from: api,
    to: host1,
    verdict: 'denied',
  },
  { title: '12: … no pods', policies: [{ egress: [deny({ nodes: {} })] }], from: web, to: api, verdict: 'allowed' },
  {
    title: '12: … the own node too: its exemption is NetworkPolicy’s',
    policies: [{ egress: [deny({ nodes: {} })] }],
    from: web,
    to: node1,
    verdict: 'denied',
  },
  {
    title: '13: an allowed domain is perhaps an outside address',
    policies: [{ egress: [allow({ domains: ['x.example'] }), deny({ networks: ['0.0.0.0/0'] })] }],
    from: web,
    to: internet,
    verdict: 'unknown',
  },
  {
    title: '13: … never a pod',
    policies: [{ egress: [allow({ domains: ['*.example'] }), deny({ networks: ['0.0.0.0/0'] })] }],
    from: web,
    to: api,
    verdict: 'denied',
  },
  {
    title: '13: … and decides nothing where all is allowed',
    policies: [{ egress: [allow({ domains: ['x.example'] })] }],
    from: web,
    to: internet,
    verdict: 'allowed',
  },
  {
    title: '14: names have no say in the order',
    policies: [
      { priority: 9, ingress: [deny(ALL)] },
      { priority: 8, ingress: [allow(ALL)] },
    ],
    from: other,
    to: web,
    verdict: 'allowed',
  },
  {
    title: '16: a named port is each pod’s own',
    policies: [{ egress: [{ ...deny(ALL), protocols: ['http'] }] }],
    from: other,
    to: web,
    verdict: 'denied',
  },
  {
    title: '16: … another pod, another number',
    policies: [{ egress: [{ ...deny(ALL), protocols: ['http'] }] }],
    from: other,
    to: api,
    verdict: 'allowed',
  },
  {
    title: '16: … of whatever protocol',
    policies: [{ egress: [{ ...deny(ALL), protocols: ['dns'] }] }],
    from: other,
    to: web,
    traffic: DNS,
    verdict: 'denied',
  },
  {
    title: 'unread: an allow matches nothing',
    policies: [
      { priority: 1, ingress: [allow(ALL, 'unread')] },
      { priority: 2, ingress: [deny(ALL)] },
    ],
    from: other,
    to: web,
    verdict: 'denied',
  },
  {
    title: 'unread: a deny denies everything',
    policies: [{ ingress: [{ ...deny('unread'), protocols: ['TCP/1'] }] }],
    from: internet,
    to: web,
    verdict: 'denied',
  },
  {
    title: 'unread: a pass denies everything',
    policies: [{ ingress: [pass('unread')] }],
    from: internet,
    to: web,
    verdict: 'denied',
  },
  {
    title: 'unread: … of its direction',
    policies: [{ ingress: [deny('unread')] }],
    from: web,
    to: internet,
    verdict: 'allowed',
  },
  {
    title: 'gap: a rule matches perhaps',
    policies: [{ ingress: [{ ...deny({ namespaces: { no: 'such' } }), gap: true }] }],
    from: other,
    to: web,
    verdict: 'unknown',
  },
  {
    title: 'gap: a subject perhaps',
    policies: [{ gap: true, ingress: [deny(ALL)] }],
    from: other,
    to: web,
    verdict: 'unknown',
  },
  {
    title: 'host-network pods are no subject',
    policies: [{ egress: [deny(ALL)] }],
    from: host1,
    to: web,
    verdict: 'allowed',
  },
  {
    title: 'gap: … of host-network pods not even perhaps',
    policies: [{ gap: true, egress: [deny(ALL)] }],
    from: host1,
    to: web,
    verdict: 'allowed',
  },
  {
    title: 'subject by pod labels',
    policies: [{ subject: { namespaces: {}, pods: { app: 'api' } }, ingress: [deny(ALL)] }],
    from: other,
    to: web,
    verdict: 'allowed',
  },
];

function verdictOf({ policies, network = [], from, to, traffic = TCP80 }: Case, profile = PROFILES.upstream): Verdict {
  const world = snapshot({
    namespaces: [namespace('shop', { team: 'a' }), namespace('other')],
    nodes: [NODE1, NODE2],
    networkPolicies: network,
    clusterPolicies: policies.map((spec, index) => clusterPolicy(`p${index}`, spec)),
  });
  return oracleVerdict(world, profile, { from, to, traffic }).verdict;
}

describe('the numbered traps of the cluster-wide kinds', () => {
  test.each(CASES)('$title', (each) => {
    expect(verdictOf(each)).toBe(each.verdict);
  });

  test.each(['azure-npm-linux', 'none'] as const)('%s does not know the kinds', (id) => {
    const denied = CASES.find((each) => each.title.startsWith('1: … but pods'))!;
    expect(verdictOf(denied, PROFILES[id])).toBe('allowed');
  });

  test.each([
    ['AdminNetworkPolicy', 'Admin'],
    ['BaselineAdminNetworkPolicy', 'Baseline'],
  ] as const)('%s is of the same shape', (kind, tier) => {
    const policies = [{ kind, tier, ingress: [deny(ALL)] }];
    expect(verdictOf({ title: '', policies, from: other, to: web, verdict: 'denied' })).toBe('denied');
  });
});
