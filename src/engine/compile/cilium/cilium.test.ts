import { describe, expect, test } from 'vitest';
import type { Verdict } from '#model/verdict.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { type AskerOptions, asker, namespace, node, pod, policy } from '../../ask.test-support.ts';

const CLUSTER = [
  namespace('shop', 'team: a'),
  namespace('other', 'team: b'),
  node('n1', ['10.9.0.1'], 'zone: a'),
  node('n2', ['10.9.0.2'], 'zone: b'),
  pod('shop/web', { ips: ['10.1.0.1'], node: 'n1', ports: ['http:8080', 'dns:53:UDP'] }),
  pod('shop/api', { ips: ['10.1.0.2'], node: 'n2', ports: ['http:9090'] }),
  pod('other/web', { ips: ['10.2.0.1'], node: 'n2' }),
  pod('other/agent', { ips: ['10.9.0.2'], node: 'n2', hostNetwork: true }),
];
const OUTSIDE = '203.0.113.7';

/** CiliumNetworkPolicy where the name has a namespace, else its clusterwide kind. */
function cilium(name: string, spec: string): string {
  const [space, own] = name.includes('/') ? name.split('/') : [undefined, name];
  const kind = space === undefined ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy';
  const meta = space === undefined ? `{name: ${own}}` : `{namespace: ${space}, name: ${own}}`;
  return `{apiVersion: cilium.io/v2, kind: ${kind}, metadata: ${meta}, spec: {${spec}}}`;
}

function config(...settings: readonly string[]): string {
  return `{apiVersion: v1, kind: ConfigMap, metadata: {name: cilium-config, namespace: kube-system}, data: {${settings.join(', ')}}}`;
}

const ALL = 'endpointSelector: {}';
const FROM_ALL = 'fromEntities: [all]';
type Row = readonly [
  title: string,
  documents: readonly string[],
  from: string,
  to: string,
  traffic: string,
  verdict: Verdict,
  options?: AskerOptions,
];

const DNS_RULE =
  '{toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system}}], toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]}';

const TRAPS: readonly Row[] = [
  ['no rule: open', [], OUTSIDE, 'shop/web', 'TCP/80', 'allowed'],
  [
    '1: an empty entry denies all',
    [cilium('shop/p', `${ALL}, ingress: [{}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  ['1: … in its direction', [cilium('shop/p', `${ALL}, ingress: [{}]`)], 'shop/web', OUTSIDE, 'TCP/80', 'allowed'],
  [
    '3: fromEndpoints [{}] is the own namespace',
    [cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [{}]}]`)],
    'shop/api',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '3: … and no other',
    [cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [{}]}]`)],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '3: … nor the Internet',
    [cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [{}]}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
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
  [
    '8: a CIDR admits no pods',
    [cilium('shop/p', `${ALL}, ingress: [{fromCIDR: [10.0.0.0/8]}]`)],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '8: … nor nodes',
    [cilium('shop/p', `${ALL}, ingress: [{fromCIDR: [10.0.0.0/8]}]`)],
    'node:n2',
    'shop/web',
    'TCP/80',
    'denied',
  ],
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
    [config('policy-cidr-match-mode: nodes'), cilium('shop/p', `${ALL}, ingress: [{fromCIDR: [10.0.0.0/8]}]`)],
    'node:n2',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '9: the API server by entity is open without its addresses',
    [cilium('shop/p', `${ALL}, egress: [{toEntities: [kube-apiserver]}]`)],
    'shop/web',
    OUTSIDE,
    'TCP/443',
    'unknown',
  ],
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
    [cilium('shop/p', `${ALL}, egress: [{toEntities: [cluster]}]`), apiServer()],
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
    [
      cilium('shop/p', `${ALL}, ingress: [{fromCIDRSet: [{cidrGroupRef: g}]}]`),
      '{apiVersion: cilium.io/v2, kind: CiliumCIDRGroup, metadata: {name: g}, spec: {externalCIDRs: [203.0.113.0/24]}}',
    ],
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
  [
    'NetworkPolicy: rules of a direction that policyTypes leaves out count',
    [policy('shop/x', 'policyTypes: [Ingress], egress: [{to: [{podSelector: {}}]}]')],
    'shop/web',
    OUTSIDE,
    'TCP/80',
    'denied',
  ],
  [
    'NetworkPolicy: an ipBlock is no pod',
    [policy('shop/x', 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]')],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    'NetworkPolicy: an empty from is the world too',
    [policy('shop/x', 'ingress: [{ports: [{port: 80}]}]')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  ['NetworkPolicy: isolates without any rule', [policy('shop/x')], OUTSIDE, 'shop/web', 'TCP/80', 'denied'],
  [
    'NetworkPolicy: namespaces by label',
    [policy('shop/x', 'ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]')],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'NetworkPolicy: every namespace',
    [policy('shop/x', 'ingress: [{from: [{namespaceSelector: {}}]}]')],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'NetworkPolicy: … no address',
    [policy('shop/x', 'ingress: [{from: [{namespaceSelector: {}}]}]')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    'the end of a range, in a version that has it',
    [policy('shop/x', 'ingress: [{ports: [{port: 80, endPort: 90}]}]')],
    OUTSIDE,
    'shop/web',
    'TCP/90',
    'allowed',
    { profile: 'cilium-1.17' },
  ],
  [
    '… in one that does not',
    [policy('shop/x', 'ingress: [{ports: [{port: 80, endPort: 90}]}]')],
    OUTSIDE,
    'shop/web',
    'TCP/90',
    'denied',
    { profile: 'cilium-1.16' },
  ],
  [
    '… in one that is not known',
    [policy('shop/x', 'ingress: [{ports: [{port: 80, endPort: 90}]}]')],
    OUTSIDE,
    'shop/web',
    'TCP/90',
    'unknown',
    { profile: 'cilium' },
  ],
  [
    'audit mode enforces nothing',
    [config('policy-audit-mode: "true"'), cilium('shop/p', `${ALL}, ingress: [{}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'a group of a cloud',
    [cilium('shop/p', `${ALL}, egress: [{toGroups: [{aws: {securityGroupsIds: [sg-1]}}]}]`)],
    'shop/web',
    OUTSIDE,
    'TCP/80',
    'unknown',
  ],
  [
    'remote-node is every host but the own',
    [cilium('shop/p', `${ALL}, ingress: [{fromEntities: [remote-node]}]`)],
    'node:n2',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'reserved labels as selectors',
    [cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [{matchLabels: {"reserved:world": ""}}]}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'specs are read too',
    [
      '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p, namespace: shop}, specs: [{endpointSelector: {}, ingress: [{}]}]}',
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
];

function service(name: string, spec: string): string {
  const [space, own] = name.split('/');
  return `{apiVersion: v1, kind: Service, metadata: {name: ${own}, namespace: ${space}}, spec: {ports: [{port: 80}]${spec === '' ? '' : `, ${spec}`}}}`;
}

function slice(name: string, address: string): string {
  const [space, own] = name.split('/');
  return `{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: ${own}-1, namespace: ${space}, labels: {kubernetes.io/service-name: ${own}}}, addressType: IPv4, ports: [{port: 80}], endpoints: [{addresses: [${address}]}]}`;
}

function apiServer(): string {
  return slice('default/kubernetes', '10.9.0.1');
}

describe('Cilium', () => {
  test.each(TRAPS.map((row) => ({ title: row[0], row })))('$title', ({ row }) => {
    const [, documents, from, to, traffic, verdict, options] = row;
    const asked = asker([...CLUSTER, ...documents], { profile: 'cilium-1.18', ...options });
    expect(asked.verdict(from, to, traffic)).toBe(verdict);
  });

  test('25: a label of one pod of a StatefulSet is in no identity', () => {
    const key = 'statefulset.kubernetes.io/pod-name';
    const documents = [
      ...CLUSTER,
      pod('shop/db', { ips: ['10.1.0.9'], labels: `${key}: db-0` }),
      cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [{matchLabels: {${key}: db-0}}]}]`),
    ];
    expect(asker(documents, { profile: 'cilium' }).verdict('shop/db', 'shop/web')).toBe('denied');
  });
});

describe('requests', () => {
  const HTTP = cilium(
    'shop/p',
    `${ALL}, ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{method: GET, path: "/orders/.*"}]}}]}]`,
  );
  const L4 = cilium('shop/q', `${ALL}, ingress: [{toPorts: [{ports: [{port: "80"}]}]}]`);
  const get = (path: string) => ({ kind: 'http' as const, method: 'GET', path, headers: new Map<string, string>() });

  test.each<[string, readonly string[], string, Verdict]>([
    ['what a rule names', [HTTP], '/orders/1', 'allowed'],
    ['what none names', [HTTP], '/admin', 'denied'],
    ['the whole text, not a part of it', [HTTP], '/x/orders/1', 'denied'],
    ['17: beside a rule without requests it has no effect', [HTTP, L4], '/admin', 'allowed'],
    [
      'off by default, it still filters the port',
      [
        cilium(
          'shop/p',
          `${ALL}, enableDefaultDeny: {ingress: false}, ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{path: "/orders/.*"}]}}]}]`,
        ),
      ],
      '/admin',
      'denied',
    ],
  ])('%s', (_, documents, path, verdict) => {
    const asked = asker([...CLUSTER, ...documents], { profile: 'cilium-1.18', request: get(path) });
    expect(asked.verdict(OUTSIDE, 'shop/web', 'TCP/80')).toBe(verdict);
  });

  test('without a request the connection is allowed, for those that are named', () => {
    const asked = asker([...CLUSTER, HTTP], { profile: 'cilium-1.18' });
    expect(asked.verdict(OUTSIDE, 'shop/web')).toBe('allowed');
    expect(asked.trace('ingress', OUTSIDE, 'shop/web').conditions).toEqual(['GET /orders/.*']);
  });
});

describe('what Cilium refuses', () => {
  test.each([
    ['2: no entry at all', `${ALL}, ingress: []`],
    ['7: two kinds of peers in one entry', `${ALL}, ingress: [{fromEndpoints: [{}], fromEntities: [world]}]`],
    ['ports and ICMP', `${ALL}, ingress: [{toPorts: [{ports: [{port: "1"}]}], icmps: [{fields: [{type: 8}]}]}]`],
    [
      'requests in a denial',
      `${ALL}, ingressDeny: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]}]`,
    ],
    ['HTTP on a port of any protocol', `${ALL}, ingress: [{toPorts: [{ports: [{port: "80"}], rules: {http: [{}]}}]}]`],
    [
      'DNS rules for ingress',
      `${ALL}, ingress: [{toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]}]`,
    ],
    ['nodes in a namespace', 'nodeSelector: {}, ingress: [{}]'],
    ['names in a denial', `${ALL}, egressDeny: [{toFQDNs: [{matchName: a.b}]}]`],
    [
      'a pattern that is none',
      `${ALL}, ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{path: "("}]}}]}]`,
    ],
  ])('%s', (_, spec) => {
    const snapshot = snapshotOf([{ file: 'a.yaml', text: cilium('shop/p', spec) }]);
    expect(snapshot.ciliumPolicies).toEqual([]);
    expect(snapshot.diagnostics.map(({ code }) => code)).toContainEqual(expect.stringMatching(/^RF2/));
  });
});
