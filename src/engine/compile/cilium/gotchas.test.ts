import { describe, expect, test } from 'vitest';
import { bitsOf } from '#base/bits.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { asker, clusterOf, namespace, pod, policy } from '../../ask.test-support.ts';
import {
  ALL,
  answerOf,
  CLUSTER,
  cilium,
  config,
  DNS_RULE,
  FROM_ALL,
  gateway,
  group,
  OUTSIDE,
  type Row,
  service,
  slice,
} from './cilium.test-support.ts';
import { ciliumPathFacts } from './path-facts.ts';

const API = slice('default/kubernetes', '10.9.0.1');
const MANAGED = slice('default/kubernetes', OUTSIDE);
const TO_API = cilium('shop/p', `${ALL}, egress: [{toEntities: [kube-apiserver]}]`);
const OWN = cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [{}]}]`);
const TENS = cilium('shop/p', `${ALL}, ingress: [{fromCIDR: [10.0.0.0/8]}]`);
const TWO = `${ALL}, ingress: [{fromEndpoints: [{matchLabels: {app: api}}]}, {toPorts: [{ports: [{port: "81"}]}]}]`;
const NAMES = `${ALL}, egress: [{toFQDNs: [{matchPattern: "*.x.com"}]}, ${DNS_RULE}]`;
const TO_SERVICE = `${ALL}, egress: [{toServices: [{k8sService: {serviceName: api, namespace: shop}}]}]`;

/** By the number of the surprise. */
const TRAPS: readonly Row[] = [
  ['1: … in its direction', [cilium('shop/p', `${ALL}, ingress: [{}]`)], 'shop/web', OUTSIDE, 'TCP/80', 'allowed'],
  ['3: fromEndpoints [{}] is the own namespace', [OWN], 'shop/api', 'shop/web', 'TCP/80', 'allowed'],
  ['3: … and no other', [OWN], 'other/web', 'shop/web', 'TCP/80', 'denied'],
  ['3: … nor the Internet', [OWN], OUTSIDE, 'shop/web', 'TCP/80', 'denied'],
  [
    '3: everybody is the entity all',
    [cilium('shop/p', `${ALL}, ingress: [{${FROM_ALL}}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '4: ports alone mean everybody',
    [cilium('shop/p', `${ALL}, ingress: [{toPorts: [{ports: [{port: "80"}]}]}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '4: an empty list of endpoints means nobody',
    [cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [], toPorts: [{ports: [{port: "80"}]}]}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '5: denials alone close the rest too',
    [cilium('shop/p', `${ALL}, egressDeny: [{toCIDR: [169.254.169.254/32]}]`)],
    'shop/web',
    OUTSIDE,
    'TCP/80',
    'denied',
  ],
  [
    '5: … unless default deny is off',
    [cilium('shop/p', `${ALL}, enableDefaultDeny: {egress: false}, egressDeny: [{toCIDR: [169.254.169.254/32]}]`)],
    'shop/web',
    OUTSIDE,
    'TCP/80',
    'allowed',
  ],
  [
    '5: … which leaves the denial',
    [cilium('shop/p', `${ALL}, enableDefaultDeny: {egress: false}, egressDeny: [{toCIDR: [169.254.169.254/32]}]`)],
    'shop/web',
    '169.254.169.254',
    'TCP/80',
    'denied',
  ],
  [
    '6: a denial beats an allow of NetworkPolicy',
    [policy('shop/x', 'ingress: [{}]'), cilium('p', 'endpointSelector: {}, ingressDeny: [{fromEntities: [world]}]')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '6: … and one that is narrower',
    [
      cilium('shop/a', `${ALL}, ingress: [{fromCIDR: [203.0.113.7/32]}]`),
      cilium('shop/b', `${ALL}, ingressDeny: [{fromEntities: [world]}]`),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  ['8: a CIDR admits no pods', [TENS], 'other/web', 'shop/web', 'TCP/80', 'denied'],
  ['8: … nor nodes', [TENS], 'node:n2', 'shop/web', 'TCP/80', 'denied'],
  [
    '8: 0.0.0.0/0 is the Internet only',
    [cilium('shop/p', `${ALL}, egress: [{toCIDR: [0.0.0.0/0]}]`)],
    'shop/web',
    'other/web',
    'TCP/80',
    'denied',
  ],
  [
    '8: … nodes too where the setting says so',
    [config('policy-cidr-match-mode: nodes'), TENS],
    'node:n2',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  ['9: the API server by entity is open without its addresses', [TO_API], 'shop/web', OUTSIDE, 'TCP/443', 'unknown'],
  [
    '10: world leaves out nodes',
    [cilium('shop/p', `${ALL}, ingress: [{fromEntities: [world]}]`)],
    'node:n2',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '10: cluster has them',
    [cilium('shop/p', `${ALL}, ingress: [{fromEntities: [cluster]}]`)],
    'node:n2',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '10: … and not the Internet',
    [cilium('shop/p', `${ALL}, egress: [{toEntities: [cluster]}]`), slice('default/kubernetes', '10.9.0.1')],
    'shop/web',
    OUTSIDE,
    'TCP/80',
    'denied',
  ],
  [
    '11: host-network pods are their node',
    [
      cilium(
        'shop/p',
        `${ALL}, ingress: [{fromEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": other}}]}]`,
      ),
    ],
    'other/agent',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '12: labels of namespaces by their long key',
    [
      cilium(
        'shop/p',
        `${ALL}, ingress: [{fromEndpoints: [{matchLabels: {"k8s:io.cilium.k8s.namespace.labels.team": b}}]}]`,
      ),
    ],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '12: … not by the short one',
    [cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [{matchLabels: {team: b}}]}]`)],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '13: clusterwide {} as a peer is any pod',
    [cilium('p', `${ALL}, ingress: [{fromEndpoints: [{}]}]`)],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '13: … and not the Internet',
    [cilium('p', `${ALL}, ingress: [{fromEndpoints: [{}]}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '14: policies of nodes need the host firewall',
    [cilium('p', 'nodeSelector: {}, ingress: [{}]')],
    OUTSIDE,
    'node:n1',
    'TCP/80',
    'allowed',
  ],
  [
    '14: … with it they count',
    [config('enable-host-firewall: "true"'), cilium('p', 'nodeSelector: {matchLabels: {zone: a}}, ingress: [{}]')],
    OUTSIDE,
    'node:n1',
    'TCP/80',
    'denied',
  ],
  [
    '15: names are never learnt without DNS rules',
    [cilium('shop/p', `${ALL}, egress: [{toFQDNs: [{matchName: example.com}]}]`)],
    'shop/web',
    OUTSIDE,
    'TCP/443',
    'denied',
  ],
  [
    '15: with them any address may be the name’s',
    [cilium('shop/p', `${ALL}, egress: [{toFQDNs: [{matchName: example.com}]}, ${DNS_RULE}]`)],
    'shop/web',
    OUTSIDE,
    'TCP/443',
    'unknown',
  ],
  [
    '15: … no pod is',
    [cilium('shop/p', `${ALL}, egress: [{toFQDNs: [{matchName: example.com}]}, ${DNS_RULE}]`)],
    'shop/web',
    'other/web',
    'TCP/443',
    'denied',
  ],
  [
    '18: toPorts never covers ICMP',
    [cilium('shop/p', `${ALL}, ingress: [{toPorts: [{ports: [{port: "0", protocol: ANY}]}]}]`)],
    OUTSIDE,
    'shop/web',
    'ICMP/2048',
    'denied',
  ],
  [
    '18: … an icmps entry does',
    [cilium('shop/p', `${ALL}, ingress: [{icmps: [{fields: [{type: EchoRequest}]}]}]`)],
    OUTSIDE,
    'shop/web',
    'ICMP/2048',
    'allowed',
  ],
  [
    '18: without ports every protocol',
    [cilium('shop/p', `${ALL}, ingress: [{${FROM_ALL}}]`)],
    OUTSIDE,
    'shop/web',
    'ICMP/2048',
    'allowed',
  ],
  [
    '19: NetworkPolicy isolates beside',
    [
      policy('shop/x'),
      cilium('shop/p', `${ALL}, enableDefaultDeny: {ingress: false}, ingress: [{fromEndpoints: [{}]}]`),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '20: … one that is off does not open another',
    [
      cilium('shop/a', `${ALL}, ingress: [{}]`),
      cilium('shop/b', `${ALL}, enableDefaultDeny: {ingress: false}, ingress: [{}]`),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  ['21: the own host enters', [cilium('shop/p', `${ALL}, ingress: [{}]`)], 'node:n1', 'shop/web', 'TCP/80', 'allowed'],
  ['21: another host does not', [cilium('shop/p', `${ALL}, ingress: [{}]`)], 'node:n2', 'shop/web', 'TCP/80', 'denied'],
  [
    '21: a denial of the host wins',
    [cilium('shop/p', `${ALL}, ingressDeny: [{fromEntities: [host]}]`)],
    'node:n1',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '21: egress to the own host is policed',
    [cilium('shop/p', `${ALL}, egress: [{toEntities: [world]}]`)],
    'shop/web',
    'node:n1',
    'TCP/80',
    'denied',
  ],
  [
    '22: never',
    [config('enable-policy: never'), cilium('shop/p', `${ALL}, ingress: [{}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  ['22: always', [config('enable-policy: always')], OUTSIDE, 'shop/web', 'TCP/80', 'denied'],
  ['22: always, the own host', [config('enable-policy: always')], 'node:n1', 'shop/web', 'TCP/80', 'unknown'],
  [
    '24: service accounts are labels',
    [
      cilium(
        'shop/p',
        `${ALL}, ingress: [{fromEndpoints: [{matchLabels: {io.cilium.k8s.policy.serviceaccount: default}}]}]`,
      ),
    ],
    'shop/api',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '27: overlapping blocks are united',
    [
      cilium(
        'shop/p',
        `${ALL}, egress: [{toCIDRSet: [{cidr: 203.0.0.0/8, except: [203.0.113.0/24]}]}, {toCIDR: [203.0.113.7/32]}]`,
      ),
    ],
    'shop/web',
    OUTSIDE,
    'TCP/80',
    'allowed',
  ],
  [
    '28: a group that is not there is nobody, and isolates',
    [cilium('shop/p', `${ALL}, ingress: [{fromCIDRSet: [{cidrGroupRef: none}]}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '28: one that is there',
    [cilium('shop/p', `${ALL}, ingress: [{fromCIDRSet: [{cidrGroupRef: g}]}]`), group('g', '203.0.113.0/24')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '29: toServices means pods of the selector',
    [
      service('shop/api', 'selector: {app: api}'),
      cilium('shop/p', `${ALL}, egress: [{toServices: [{k8sService: {serviceName: api, namespace: shop}}]}]`),
    ],
    'shop/web',
    'shop/api',
    'TCP/1',
    'allowed',
  ],
  [
    '29: … without one, addresses and no pods',
    [
      service('shop/api', ''),
      slice('shop/api', '10.1.0.2'),
      cilium('shop/p', `${ALL}, egress: [{toServices: [{k8sService: {serviceName: api, namespace: shop}}]}]`),
    ],
    'shop/web',
    'shop/api',
    'TCP/1',
    'denied',
  ],
  ['7: entries are alternatives', [cilium('shop/p', TWO)], 'shop/api', 'shop/web', 'TCP/80', 'allowed'],
  ['7: … the other one', [cilium('shop/p', TWO)], OUTSIDE, 'shop/web', 'TCP/81', 'allowed'],
  ['7: … peers and ports of one entry both hold', [cilium('shop/p', TWO)], OUTSIDE, 'shop/web', 'TCP/80', 'denied'],
  [
    '9: the API server on a node is no CIDR',
    [API, cilium('shop/p', `${ALL}, egress: [{toCIDR: [10.9.0.1/32]}]`)],
    'shop/api',
    'node:n1',
    'TCP/443',
    'denied',
  ],
  ['9: … and is its entity', [API, TO_API], 'shop/api', 'node:n1', 'TCP/443', 'allowed'],
  ['9: … which no other node is', [API, TO_API], 'shop/web', 'node:n2', 'TCP/443', 'denied'],
  [
    '9: one that is managed is outside, and a CIDR',
    [MANAGED, cilium('shop/p', `${ALL}, egress: [{toCIDR: [203.0.113.7/32]}]`)],
    'shop/web',
    OUTSIDE,
    'TCP/443',
    'allowed',
  ],
  ['9: … and its entity', [MANAGED, TO_API], 'shop/web', OUTSIDE, 'TCP/443', 'allowed'],
  [
    '13: clusterwide {} as a subject is kube-system too',
    [pod('kube-system/dns'), cilium('p', `${ALL}, ingress: [{}]`)],
    OUTSIDE,
    'kube-system/dns',
    'UDP/53',
    'denied',
  ],
  [
    '16: * is one label',
    [cilium('shop/p', NAMES)],
    'shop/web',
    'b.x.com',
    'TCP/443',
    'allowed',
    { domains: ['b.x.com'] },
  ],
  [
    '16: … not two',
    [cilium('shop/p', NAMES)],
    'shop/web',
    'a.b.x.com',
    'TCP/443',
    'denied',
    { domains: ['a.b.x.com'] },
  ],
  ['16: … nor none', [cilium('shop/p', NAMES)], 'shop/web', 'x.com', 'TCP/443', 'denied', { domains: ['x.com'] }],
  [
    '15: a name that no DNS rule lets ask for',
    [cilium('shop/p', `${ALL}, egress: [{toFQDNs: [{matchName: x.com}]}, ${DNS_RULE.replace('"*"', '"*.y.com"')}]`)],
    'shop/web',
    'x.com',
    'TCP/443',
    'unknown',
    { domains: ['x.com'] },
  ],
  [
    '15: … which another pod of the node may have asked for',
    [
      cilium('shop/p', 'endpointSelector: {matchLabels: {app: web}}, egress: [{toFQDNs: [{matchName: x.com}]}]'),
      cilium('shop/q', `endpointSelector: {matchLabels: {app: api}}, egress: [${DNS_RULE}]`),
    ],
    'shop/web',
    OUTSIDE,
    'TCP/443',
    'unknown',
  ],
  [
    '23: unmanaged is nobody of the input',
    [cilium('shop/p', `${ALL}, ingress: [{fromEntities: [unmanaged]}]`)],
    'shop/api',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '29: … before 1.17 only those without a selector count',
    [service('shop/api', 'selector: {app: api}'), cilium('shop/p', TO_SERVICE)],
    'shop/web',
    'shop/api',
    'TCP/1',
    'denied',
    { profile: 'cilium-1.16' },
  ],
];

function refusedWith(spec: string): string[] {
  const snapshot = snapshotOf([{ file: 'a.yaml', text: cilium('shop/p', spec) }]);
  return snapshot.ciliumPolicies.length === 0 ? snapshot.diagnostics.map(({ code }) => code) : [];
}

const MORE: ReadonlyMap<string, () => void> = new Map([
  [
    '2: no entry at all is refused and denies nothing',
    () => expect(refusedWith(`${ALL}, ingress: []`)).toEqual(['RF2016']),
  ],
  [
    '7: two kinds of peers in one entry are refused',
    () => expect(refusedWith(`${ALL}, ingress: [{fromEndpoints: [{}], fromEntities: [world]}]`)).toEqual(['RF2016']),
  ],
  [
    '17: a rule without requests beside one with takes its effect away',
    () => {
      const looking = cilium(
        'shop/p',
        `${ALL}, ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{method: GET}]}}]}]`,
      );
      const plain = cilium('shop/q', `${ALL}, ingress: [{toPorts: [{ports: [{port: "80"}]}]}]`);
      const request = { kind: 'http' as const, method: 'POST', path: '/', headers: new Map<string, string>() };
      const verdict = (...documents: readonly string[]) =>
        asker([...CLUSTER, ...documents], { profile: 'cilium-1.18', request }).verdict(OUTSIDE, 'shop/web');
      expect([verdict(looking), verdict(looking, plain)]).toEqual(['denied', 'allowed']);
    },
  ],
  [
    '25: a label of one pod of a StatefulSet is in no identity',
    () => {
      const key = 'statefulset.kubernetes.io/pod-name';
      const documents = [
        pod('shop/db', { ips: ['10.1.0.9'], labels: `${key}: db-0` }),
        cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [{matchLabels: {${key}: db-0}}]}]`),
      ];
      expect(answerOf(['', documents, 'shop/db', 'shop/web', 'TCP/80', 'denied'])).toBe('denied');
    },
  ],
  [
    '26: other labels of the namespace make another identity',
    () => {
      const rule = cilium(
        'shop/p',
        `${ALL}, ingress: [{fromEndpoints: [{matchLabels: {"k8s:io.cilium.k8s.namespace.labels.team": b}}]}]`,
      );
      const verdict = (labels: string) =>
        asker([...CLUSTER, rule, namespace('third', labels), pod('third/x')], { profile: 'cilium-1.18' }).verdict(
          'third/x',
          'shop/web',
        );
      expect([verdict('team: b'), verdict('team: c')]).toEqual(['allowed', 'denied']);
    },
  ],
  [
    '30: an egress gateway changes the address that others see',
    () => {
      const spec =
        'selectors: [{podSelector: {matchLabels: {app: api}}}], destinationCIDRs: [203.0.113.0/24], egressGateway: {nodeSelector: {}, egressIP: 198.51.100.1}';
      const documents = [...CLUSTER, config('enable-egress-gateway: "true"'), gateway('g', spec)];
      const { engine, points } = asker(documents, { profile: 'cilium' });
      const [fact] = ciliumPathFacts(engine.compiling, clusterOf(...documents)).gateways;
      expect(fact).toMatchObject({ address: '198.51.100.1', isOn: true });
      expect(fact!.from.must).toEqual(bitsOf(engine.world.size, points('shop/api')));
    },
  ],
]);

describe('surprises of Cilium', () => {
  test.each(TRAPS.map((row) => ({ title: row[0], row })))('$title', ({ row }) => {
    expect(answerOf(row)).toBe(row[5]);
  });

  test.each([...MORE])('%s', (_, holds) => holds());

  test('each of them is here', () => {
    const numbers = [...TRAPS.map(([title]) => title), ...MORE.keys()].map((title) => Number.parseInt(title, 10));
    const all = Array.from({ length: 30 }, (_, index) => index + 1);
    expect(all.filter((number) => !numbers.includes(number))).toEqual([]);
  });
});
