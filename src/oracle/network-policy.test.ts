import { describe, expect, test } from 'vitest';
import { PROFILES, type Profile } from '#model/profile.ts';
import type { NetworkPolicy } from '#model/resource.ts';
import { icmpTraffic, type Protocol, protocolTraffic, trafficPoint } from '#model/traffic.ts';
import type { Verdict } from '#model/verdict.ts';
import {
  type NetworkPolicySpec,
  namespace,
  networkPolicy,
  node,
  nodeParty,
  outside,
  pod,
  snapshot,
} from './build.test-support.ts';
import { oracleVerdict, type Party } from './connection.ts';

const NODE1 = node('node1', { addresses: ['192.168.0.1'] });
const NODE2 = node('node2', { addresses: ['192.168.0.2'] });
const web = pod('shop', '10.0.0.1', { labels: { app: 'web' }, ports: ['http=TCP/80'], node: 'node1' });
const api = pod('shop', '10.0.0.2', { labels: { app: 'api' }, ports: ['http=TCP/8080', 'http=UDP/53'], node: 'node2' });
const bare = pod('shop', '10.0.0.3', { node: 'node1' });
const other = pod('other', '10.0.1.1', { labels: { app: 'web' }, node: 'node1' });
const six = pod('shop', 'fd00::1', { labels: { app: 'web' } });
const host1 = pod('shop', '192.168.0.1', {
  labels: { app: 'web' },
  ports: ['http=TCP/80'],
  hostNetwork: true,
  node: 'node1',
});
const host2 = pod('shop', '192.168.0.2', {
  labels: { app: 'web' },
  ports: ['http=TCP/80'],
  hostNetwork: true,
  node: 'node2',
});
const internet = outside('203.0.113.7');
const internet6 = outside('2001:db8::7');
const node1 = nodeParty(NODE1);
const node2 = nodeParty(NODE2);

const UPSTREAM = PROFILES.upstream;
const KNP = PROFILES['kube-network-policies'];
const OVN = PROFILES['ovn-kubernetes'];

type Row = readonly [
  title: string,
  policies: Readonly<Record<string, NetworkPolicySpec>>,
  from: Party,
  to: Party,
  traffic: string,
  verdict: Verdict,
  profile?: Profile,
];

function point(text: string): number {
  const [protocol = '', port] = text.split('/');
  if (text === 'ping') return icmpTraffic('ICMP', 8, 0)[0]!;
  return port === undefined
    ? protocolTraffic(protocol as Protocol)[0]!
    : trafficPoint(protocol as Protocol, Number(port));
}

function verdictOf([, specs, from, to, traffic, , profile = UPSTREAM]: Row): Verdict {
  const networkPolicies: NetworkPolicy[] = Object.entries(specs).map(([name, spec]) => networkPolicy(name, spec));
  const world = snapshot({
    namespaces: [namespace('shop', { team: 'a' }), namespace('other', { team: 'b' })],
    nodes: [NODE1, NODE2],
    networkPolicies,
  });
  return oracleVerdict(world, profile, { from, to, traffic: point(traffic) }).verdict;
}

const isolateIngress = { 'shop/in': {} };
const isolateEgress = { 'shop/out': { types: ['egress'] } } as const;
const fromTeamAndWeb = { 'shop/x': { ingress: [{ peers: [{ namespaces: { team: 'b' }, pods: { app: 'api' } }] }] } };
const fromTeamOrWeb = { 'shop/x': { ingress: [{ peers: [{ namespaces: { team: 'b' } }, { pods: { app: 'api' } }] }] } };
const holed = { peers: [{ cidr: '10.0.0.0/8', except: ['10.0.0.0/24'] }] };

const TRAPS: readonly Row[] = [
  ['0: no policy allows', {}, internet, web, 'TCP/80', 'allowed'],
  [
    '1: `egress: []` without policyTypes leaves egress alone',
    { 'shop/x': { egress: [] } },
    web,
    internet,
    'TCP/80',
    'allowed',
  ],
  ['1: … and isolates ingress', { 'shop/x': { egress: [] } }, internet, web, 'TCP/80', 'denied'],
  ['1: with policyTypes [Egress] it denies all egress', isolateEgress, web, internet, 'TCP/80', 'denied'],
  ['1: … and leaves ingress alone', isolateEgress, internet, web, 'TCP/80', 'allowed'],
  [
    '2: an egress rule without policyTypes isolates ingress too',
    { 'shop/x': { egress: [{}] } },
    internet,
    web,
    'TCP/80',
    'denied',
  ],
  ['3: no ingress rules: nobody', isolateIngress, other, web, 'TCP/80', 'denied'],
  ['3: an empty rule: everybody', { 'shop/x': { ingress: [{}] } }, internet, web, 'TCP/80', 'allowed'],
  [
    '4: empty peers and ports are any',
    { 'shop/x': { ingress: [{ peers: [], ports: [] }] } },
    node2,
    web,
    'SCTP/9',
    'allowed',
  ],
  ['5: one entry is AND: neither alone', fromTeamAndWeb, other, web, 'TCP/80', 'denied'],
  ['5: one entry is AND: not the own namespace', fromTeamAndWeb, api, web, 'TCP/80', 'denied'],
  ['5: two entries are OR: by namespace', fromTeamOrWeb, other, web, 'TCP/80', 'allowed'],
  ['5: two entries are OR: own pods', fromTeamOrWeb, api, web, 'TCP/80', 'allowed'],
  [
    '6: `podSelector: {}` is the own namespace',
    { 'shop/x': { ingress: [{ peers: [{ pods: {} }] }] } },
    other,
    web,
    'TCP/80',
    'denied',
  ],
  [
    '6: `podSelector: {}` admits own pods',
    { 'shop/x': { ingress: [{ peers: [{ pods: {} }] }] } },
    api,
    web,
    'TCP/80',
    'allowed',
  ],
  [
    '6: `namespaceSelector: {}` is every pod',
    { 'shop/x': { ingress: [{ peers: [{ namespaces: {} }] }] } },
    other,
    web,
    'TCP/80',
    'allowed',
  ],
  [
    '6: … and no outside address',
    { 'shop/x': { ingress: [{ peers: [{ namespaces: {} }] }] } },
    internet,
    web,
    'TCP/80',
    'denied',
  ],
  ['6: … and no node', { 'shop/x': { ingress: [{ peers: [{ namespaces: {} }] }] } }, node2, web, 'TCP/80', 'denied'],
  [
    '6: … and no host-network pod',
    { 'shop/x': { ingress: [{ peers: [{ namespaces: {} }] }] } },
    host2,
    web,
    'TCP/80',
    'denied',
    KNP,
  ],
  ['7: TCP 53 is not UDP 53', { 'shop/x': { ingress: [{ ports: ['TCP/53'] }] } }, api, web, 'UDP/53', 'denied'],
  [
    '8: UDP without a port is all UDP',
    { 'shop/x': { ingress: [{ ports: ['UDP'] }] } },
    api,
    web,
    'UDP/65535',
    'allowed',
  ],
  ['8: … and no TCP', { 'shop/x': { ingress: [{ ports: ['UDP'] }] } }, api, web, 'TCP/1', 'denied'],
  [
    '9: a name is each destination’s own number',
    { 'shop/x': { types: ['egress'], egress: [{ ports: ['TCP/http'] }] } },
    bare,
    web,
    'TCP/80',
    'allowed',
  ],
  [
    '9: … another pod, another number',
    { 'shop/x': { types: ['egress'], egress: [{ ports: ['TCP/http'] }] } },
    bare,
    api,
    'TCP/8080',
    'allowed',
  ],
  [
    '9: … and not the first one’s',
    { 'shop/x': { types: ['egress'], egress: [{ ports: ['TCP/http'] }] } },
    bare,
    api,
    'TCP/80',
    'denied',
  ],
  [
    '9: … by protocol',
    { 'shop/x': { types: ['egress'], egress: [{ ports: ['TCP/http'] }] } },
    bare,
    api,
    'UDP/53',
    'denied',
  ],
  [
    '9: … the same name for UDP',
    { 'shop/x': { types: ['egress'], egress: [{ ports: ['UDP/http'] }] } },
    bare,
    api,
    'UDP/53',
    'allowed',
  ],
  [
    '9: a pod without the name is not matched',
    { 'shop/x': { types: ['egress'], egress: [{ ports: ['TCP/http'] }] } },
    web,
    bare,
    'TCP/80',
    'denied',
  ],
  [
    '9: an engine that reads no names opens the protocol',
    { 'shop/x': { types: ['egress'], egress: [{ ports: ['TCP/http'] }] } },
    bare,
    api,
    'TCP/22',
    'allowed',
    OVN,
  ],
  [
    '9: … and no other protocol',
    { 'shop/x': { types: ['egress'], egress: [{ ports: ['TCP/http'] }] } },
    bare,
    api,
    'UDP/53',
    'denied',
    OVN,
  ],
  [
    '9: … and nothing beside a number',
    { 'shop/x': { types: ['egress'], egress: [{ ports: ['TCP/http', 'TCP/443'] }] } },
    bare,
    api,
    'TCP/8080',
    'denied',
    OVN,
  ],
  [
    '9: … but that number',
    { 'shop/x': { types: ['egress'], egress: [{ ports: ['TCP/http', 'TCP/443'] }] } },
    bare,
    api,
    'TCP/443',
    'allowed',
    OVN,
  ],
  [
    '9: … a number of another protocol aside',
    { 'shop/x': { types: ['egress'], egress: [{ ports: ['TCP/http', 'UDP/443'] }] } },
    bare,
    api,
    'TCP/22',
    'allowed',
    OVN,
  ],
  [
    '9: an outside address has no names',
    { 'shop/x': { types: ['egress'], egress: [{ ports: ['TCP/http'] }] } },
    web,
    internet,
    'TCP/80',
    'denied',
  ],
  [
    '9: a node has no names',
    { 'shop/x': { types: ['egress'], egress: [{ ports: ['TCP/http'] }] } },
    web,
    node2,
    'TCP/80',
    'denied',
  ],
  [
    '9: a host-network pod has names in one reading',
    { 'shop/x': { types: ['egress'], egress: [{ ports: ['TCP/http'] }] } },
    web,
    host2,
    'TCP/80',
    'unknown',
  ],
  [
    '9: for ingress the name is the subject’s, whoever asks',
    { 'shop/x': { ingress: [{ ports: ['TCP/http'] }] } },
    internet,
    api,
    'TCP/8080',
    'allowed',
  ],
  ['12: except is a hole', { 'shop/x': { ingress: [holed] } }, api, web, 'TCP/80', 'denied'],
  ['12: outside the hole', { 'shop/x': { ingress: [holed] } }, other, web, 'TCP/80', 'allowed'],
  [
    '12: another peer fills it',
    { 'shop/x': { ingress: [{ peers: [...holed.peers, { pods: {} }] }] } },
    api,
    web,
    'TCP/80',
    'allowed',
  ],
  [
    '12: another policy fills it',
    { 'shop/x': { ingress: [holed] }, 'shop/y': { ingress: [{ peers: [{ pods: {} }] }] } },
    api,
    web,
    'TCP/80',
    'allowed',
  ],
  [
    '14: 0.0.0.0/0 is IPv4',
    { 'shop/x': { ingress: [{ peers: [{ cidr: '0.0.0.0/0' }] }] } },
    internet,
    web,
    'TCP/80',
    'allowed',
  ],
  [
    '14: … and not IPv6',
    { 'shop/x': { ingress: [{ peers: [{ cidr: '0.0.0.0/0' }] }] } },
    internet6,
    six,
    'TCP/80',
    'denied',
  ],
  ['14: ::/0 is IPv6', { 'shop/x': { ingress: [{ peers: [{ cidr: '::/0' }] }] } }, internet6, six, 'TCP/80', 'allowed'],
  [
    '14: a selector matches a pod of either family',
    { 'shop/x': { ingress: [{ peers: [{ pods: { app: 'web' } }] }] } },
    six,
    pod('shop', 'fd00::2'),
    'TCP/80',
    'allowed',
  ],
  [
    '15: an ipBlock covers pod addresses',
    { 'shop/x': { ingress: [{ peers: [{ cidr: '10.0.1.1/32' }] }] } },
    other,
    web,
    'TCP/80',
    'allowed',
  ],
  ['16: isolated egress has no DNS', isolateEgress, web, pod('kube-system', '10.0.2.1'), 'UDP/53', 'denied'],
  ['17: the own node gets in', isolateIngress, node1, web, 'TCP/80', 'allowed'],
  ['17: … with any protocol', isolateIngress, node1, web, 'ping', 'allowed'],
  ['17: … whatever holds for the way out', isolateIngress, node1, web, 'TCP/80', 'allowed', OVN],
  ['17: another node does not', isolateIngress, node2, web, 'TCP/80', 'denied'],
  ['17: out to the own node by the text', isolateEgress, web, node1, 'TCP/80', 'allowed'],
  ['17: … and not where the engine polices it', isolateEgress, web, node1, 'TCP/80', 'denied', OVN],
  ['17: … nor where it has come to', isolateEgress, web, node1, 'TCP/80', 'denied', KNP],
  ['17: a host-network pod of the own node is that node', isolateIngress, host1, web, 'TCP/80', 'allowed', KNP],
  ['18: a host-network subject by the text', isolateIngress, internet, host1, 'TCP/80', 'unknown'],
  ['18: … never', isolateIngress, internet, host1, 'TCP/80', 'allowed', KNP],
  [
    '18: a host-network peer by the text',
    { 'shop/x': { ingress: [{ peers: [{ pods: {} }] }] } },
    host2,
    web,
    'TCP/80',
    'unknown',
  ],
  [
    '18: ipBlock and nodes by the text',
    { 'shop/x': { ingress: [{ peers: [{ cidr: '192.168.0.0/24' }] }] } },
    node2,
    web,
    'TCP/80',
    'unknown',
  ],
  [
    '18: ipBlock and nodes where the engine says yes',
    { 'shop/x': { ingress: [{ peers: [{ cidr: '192.168.0.0/24' }] }] } },
    node2,
    web,
    'TCP/80',
    'allowed',
    KNP,
  ],
  [
    '18: an ipBlock elsewhere covers no node',
    { 'shop/x': { ingress: [{ peers: [{ cidr: '10.0.0.0/8' }] }] } },
    node2,
    web,
    'TCP/80',
    'denied',
  ],
  ['21: ping at an isolated pod by the text', isolateIngress, api, web, 'ping', 'unknown'],
  ['21: … rules or no rules', { 'shop/x': { ingress: [{}] } }, api, web, 'ping', 'unknown'],
  ['21: … and at a pod that is not isolated', {}, api, web, 'ping', 'allowed'],
  [
    '21: a rule without ports admits it under engines',
    { 'shop/x': { ingress: [{}] } },
    api,
    web,
    'ping',
    'allowed',
    KNP,
  ],
  ['21: a rule with ports does not', { 'shop/x': { ingress: [{ ports: ['TCP'] }] } }, api, web, 'ping', 'denied', KNP],
  ['21: GRE likewise', { 'shop/x': { ingress: [{ peers: [{ pods: {} }] }] } }, api, web, '47', 'allowed', KNP],
  [
    '22: the name label is there unasked',
    { 'shop/x': { ingress: [{ peers: [{ namespaces: { 'kubernetes.io/metadata.name': 'other' } }] }] } },
    other,
    web,
    'TCP/80',
    'allowed',
  ],
  [
    '22: … for namespaces not in the input too',
    { 'shop/x': { ingress: [{ peers: [{ namespaces: { 'kubernetes.io/metadata.name': 'far' } }] }] } },
    pod('far', '10.0.9.9'),
    web,
    'TCP/80',
    'allowed',
  ],
  [
    '23: NotIn matches a namespace without the key',
    { 'shop/x': { ingress: [{ peers: [{ namespaces: [['env', 'NotIn', 'prod']] }] }] } },
    other,
    web,
    'TCP/80',
    'allowed',
  ],
  [
    '23: DoesNotExist likewise',
    { 'shop/x': { ingress: [{ peers: [{ namespaces: [['env', 'DoesNotExist']] }] }] } },
    other,
    web,
    'TCP/80',
    'allowed',
  ],
  [
    '24: requirements are AND',
    {
      'shop/x': {
        ingress: [
          {
            peers: [
              {
                pods: [
                  ['app', 'In', 'api'],
                  ['app', 'NotIn', 'api'],
                ],
              },
            ],
          },
        ],
      },
    },
    api,
    web,
    'TCP/80',
    'denied',
  ],
  [
    '24: values are OR',
    { 'shop/x': { ingress: [{ peers: [{ pods: [['app', 'In', 'x', 'api']] }] }] } },
    api,
    web,
    'TCP/80',
    'allowed',
  ],
  [
    '25: policies add up',
    { ...isolateIngress, 'shop/y': { select: { app: 'web' }, ingress: [{}] } },
    internet,
    web,
    'TCP/80',
    'allowed',
  ],
  [
    '25: … for the pods they select',
    { ...isolateIngress, 'shop/y': { select: { app: 'web' }, ingress: [{}] } },
    internet,
    api,
    'TCP/80',
    'denied',
  ],
  [
    '26: an open destination does not open an isolated source',
    { ...isolateEgress, 'shop/y': { ingress: [{}] } },
    web,
    api,
    'TCP/80',
    'denied',
  ],
  [
    '26: an open source does not open an isolated destination',
    { ...isolateIngress, 'shop/y': { types: ['egress'], egress: [{}] } },
    web,
    api,
    'TCP/80',
    'denied',
  ],
  [
    '27: egress rules without the policy type have no effect',
    { 'shop/x': { types: ['ingress'], egress: [{ peers: [] }] } },
    web,
    internet,
    'TCP/80',
    'allowed',
  ],
  ['28: a policy selects in its own namespace', { 'other/x': {} }, internet, web, 'TCP/80', 'allowed'],
  [
    '29: endPort is the end of a range',
    { 'shop/x': { ingress: [{ ports: ['TCP/80-90'] }] } },
    api,
    web,
    'TCP/90',
    'allowed',
  ],
  ['29: … included, and no more', { 'shop/x': { ingress: [{ ports: ['TCP/80-90'] }] } }, api, web, 'TCP/91', 'denied'],
  [
    '32: overlapping ranges are a union',
    { 'shop/x': { ingress: [{ ports: ['TCP/80-90', 'TCP/85-95'] }] } },
    api,
    web,
    'TCP/95',
    'allowed',
  ],
];

describe('the numbered traps of NetworkPolicy', () => {
  test.each(TRAPS.map((row) => ({ title: row[0], row })))('$title', ({ row }) => {
    expect(verdictOf(row)).toBe(row[5]);
  });
});

describe('profiles', () => {
  test.each(['none'] as const)('%s enforces nothing', (id) => {
    expect(verdictOf(['', isolateIngress, internet, web, 'TCP/80', 'allowed', PROFILES[id]])).toBe('allowed');
  });
});
