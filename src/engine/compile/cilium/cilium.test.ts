import { describe, expect, test } from 'vitest';
import type { Verdict } from '#model/verdict.ts';
import { asker, clusterPolicy, pod, policy } from '../../ask.test-support.ts';
import {
  ALL,
  answerOf,
  CLUSTER,
  cilium,
  config,
  FROM_ALL,
  group,
  OUTSIDE,
  type Row,
  redirect,
  service,
} from './cilium.test-support.ts';

const RANGE = policy('shop/x', 'ingress: [{ports: [{port: 80, endPort: 90}]}]');
const BY_NAME = cilium('shop/p', `${ALL}, ingress: [{toPorts: [{ports: [{port: HTTP}]}]}]`);
const OUT_BY_NAME = cilium('shop/p', `${ALL}, egress: [{toEndpoints: [{}], toPorts: [{ports: [{port: http}]}]}]`);
const WITHOUT = [
  group('g', '203.0.113.0/24'),
  cilium('shop/p', `${ALL}, ingress: [{fromCIDRSet: [{cidrGroupRef: g, except: [203.0.113.7/32]}]}]`),
];
const GROUP_DENIED = [
  group('g', '203.0.113.0/24'),
  cilium('shop/p', `${ALL}, enableDefaultDeny: {ingress: false}, ingressDeny: [{fromCIDRSet: [{cidrGroupRef: g}]}]`),
];
const REQUIRES = [
  cilium('shop/p', `${ALL}, ingress: [{fromRequires: [{matchLabels: {env: prod}}]}]`),
  cilium('shop/q', `${ALL}, ingress: [{fromEndpoints: [{}]}, {fromEntities: [world]}]`),
];
const SERVICE_PORTS = [
  service('shop/api', 'selector: {app: api}'),
  cilium(
    'shop/p',
    `${ALL}, egress: [{toServices: [{k8sService: {serviceName: api, namespace: shop}}], toPorts: [{ports: [{port: "1"}]}]}]`,
  ),
];
const AUTHENTICATED = cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [{}], authentication: {mode: required}}]`);
const FROM_NODES = cilium('shop/p', `${ALL}, ingress: [{fromNodes: [{matchLabels: {zone: b}}]}]`);
const SCTP = cilium('shop/p', `${ALL}, ingress: [{toPorts: [{ports: [{port: "80", protocol: SCTP}]}]}]`);
const NODE_NAME = cilium('p', 'nodeSelector: {matchLabels: {kubernetes.io/hostname: n1}}, ingress: [{}]');
const FIREWALL = 'enable-host-firewall: "true"';
const METADATA =
  'redirectFrontend: {addressMatcher: {ip: 203.0.113.7, toPorts: [{port: "80", protocol: TCP}]}}, redirectBackend: {localEndpointSelector: {matchLabels: {app: api}}, toPorts: [{port: "8181", protocol: TCP}]}';
const WEB_ONLY = cilium('shop/p', `endpointSelector: {matchLabels: {app: web}}, egress: [{toCIDR: [203.0.113.7/32]}]`);
const CLUSTER_ALLOW =
  'tier: Baseline, priority: 1, subject: {namespaces: {}}, ingress: [{action: Accept, from: [{namespaces: {}}]}]';
const CLUSTER_DENY =
  'tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]';
const CLUSTERED = config('enable-k8s-cluster-network-policy: "true"');

const NOT_SHOP = cilium(
  'p',
  `${ALL}, ingress: [{fromEndpoints: [{matchExpressions: [{key: "k8s:io.kubernetes.pod.namespace", operator: NotIn, values: [shop]}]}]}]`,
);

const ROWS: readonly Row[] = [
  ['no rule: open', [], OUTSIDE, 'shop/web', 'TCP/80', 'allowed'],
  [
    '1: an empty entry denies all',
    [cilium('shop/p', `${ALL}, ingress: [{}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    'the end of a range, in a version that has it',
    [RANGE],
    OUTSIDE,
    'shop/web',
    'TCP/90',
    'allowed',
    { profile: 'cilium-1.17' },
  ],
  ['… in one that does not', [RANGE], OUTSIDE, 'shop/web', 'TCP/90', 'denied', { profile: 'cilium-1.16' }],
  ['… in one that is not known', [RANGE], OUTSIDE, 'shop/web', 'TCP/90', 'unknown', { profile: 'cilium' }],
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

  ['a port by name, in any case: the way in by the own pod', [BY_NAME], OUTSIDE, 'shop/web', 'TCP/8080', 'allowed'],
  ['… and no other number', [BY_NAME], OUTSIDE, 'shop/web', 'TCP/9090', 'denied'],
  ['the way out by one number: several leave it open', [OUT_BY_NAME], 'shop/web', 'shop/api', 'TCP/9090', 'unknown'],
  ['… and other ports closed', [OUT_BY_NAME], 'shop/web', 'shop/api', 'TCP/80', 'denied'],
  ['what is taken out of a group', WITHOUT, OUTSIDE, 'shop/web', 'TCP/80', 'unknown'],
  ['groups in denials', GROUP_DENIED, OUTSIDE, 'shop/web', 'TCP/80', 'denied'],
  ['… before 1.17', GROUP_DENIED, OUTSIDE, 'shop/web', 'TCP/80', 'unknown', { profile: 'cilium-1.16' }],
  ['requirements narrow endpoints of other policies', REQUIRES, 'shop/api', 'shop/web', 'TCP/80', 'unknown'],
  ['… not other kinds of peers', REQUIRES, OUTSIDE, 'shop/web', 'TCP/80', 'allowed'],
  ['… and nothing from 1.19 on', REQUIRES, 'shop/api', 'shop/web', 'TCP/80', 'allowed', { profile: 'cilium-1.19' }],
  ['Services and ports in one entry', SERVICE_PORTS, 'shop/web', OUTSIDE, 'TCP/1', 'denied'],
  ['… are refused before 1.17', SERVICE_PORTS, 'shop/web', OUTSIDE, 'TCP/1', 'allowed', { profile: 'cilium-1.16' }],
  [
    '… and open where the version is not known',
    SERVICE_PORTS,
    'shop/web',
    OUTSIDE,
    'TCP/1',
    'unknown',
    { profile: 'cilium' },
  ],
  [
    'authentication that is set up',
    [config('mesh-auth-mutual-enabled: "true"'), AUTHENTICATED],
    'shop/api',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  ['… that nobody says is', [AUTHENTICATED], 'shop/api', 'shop/web', 'TCP/80', 'unknown'],
  ['… and whom it is not for', [AUTHENTICATED], 'other/web', 'shop/web', 'TCP/80', 'denied'],
  [
    'nodes by label',
    [config('enable-node-selector-labels: "true"'), FROM_NODES],
    'node:n2',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  ['… another', [config('enable-node-selector-labels: "true"'), FROM_NODES], 'node:n1', 'shop/api', 'TCP/80', 'denied'],
  ['… are refused without the setting', [FROM_NODES], OUTSIDE, 'shop/web', 'TCP/80', 'allowed'],
  ['SCTP where it is on', [config('enable-sctp: "true"'), SCTP], OUTSIDE, 'shop/web', 'SCTP/80', 'allowed'],
  ['… where it is off', [config(), SCTP], OUTSIDE, 'shop/web', 'SCTP/80', 'denied'],
  ['… where nothing says', [SCTP], OUTSIDE, 'shop/web', 'SCTP/80', 'unknown'],
  [
    'a host policy by a label that is in no identity',
    [config(FIREWALL), NODE_NAME],
    OUTSIDE,
    'node:n1',
    'TCP/80',
    'allowed',
  ],
  [
    'always, with the host firewall',
    [config(FIREWALL, 'enable-policy: always')],
    OUTSIDE,
    'node:n1',
    'TCP/80',
    'denied',
  ],
  [
    'requests while the proxy is off: refused',
    [
      config('enable-l7-proxy: "false"'),
      cilium('shop/p', `${ALL}, egress: [{toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]}]`),
    ],
    'shop/web',
    OUTSIDE,
    'TCP/80',
    'allowed',
  ],
  [
    'the subject of a namespace is in it, whatever it says',
    [cilium('shop/p', 'endpointSelector: {matchLabels: {"k8s:io.kubernetes.pod.namespace": other}}, ingress: [{}]')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    'an empty list of ports is none',
    [cilium('shop/p', `${ALL}, ingress: [{${FROM_ALL}, toPorts: []}]`)],
    OUTSIDE,
    'shop/web',
    'ICMP/2048',
    'allowed',
  ],
  [
    'ports that are not listed',
    [cilium('shop/p', `${ALL}, ingress: [{toPorts: [{}]}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'unknown',
  ],
  [
    'an empty list of names',
    [cilium('shop/p', `${ALL}, egress: [{toFQDNs: []}]`)],
    'shop/web',
    OUTSIDE,
    'TCP/80',
    'unknown',
  ],
  [
    'the name of the cluster',
    [
      config('cluster-name: east'),
      cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [{matchLabels: {io.cilium.k8s.policy.cluster: east}}]}]`),
    ],
    'shop/api',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '… another',
    [
      config('cluster-name: east'),
      cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [{matchLabels: {io.cilium.k8s.policy.cluster: west}}]}]`),
    ],
    'shop/api',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '… where nothing says',
    [cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [{matchLabels: {io.cilium.k8s.policy.cluster: east}}]}]`)],
    'shop/api',
    'shop/web',
    'TCP/80',
    'unknown',
  ],
  [
    'labels of a namespace that is not in the input',
    [
      pod('lost/x', { ips: ['10.3.0.1'] }),
      cilium(
        'shop/p',
        `${ALL}, ingress: [{fromEndpoints: [{matchLabels: {"k8s:io.cilium.k8s.namespace.labels.team": b}}]}]`,
      ),
    ],
    'lost/x',
    'shop/web',
    'TCP/80',
    'unknown',
  ],
  [
    'CIDRs of pods where the setting says so',
    [config('policy-cidr-match-mode: pods'), cilium('shop/p', `${ALL}, ingress: [{fromCIDR: [10.2.0.0/16]}]`)],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
    { profile: 'cilium-1.20' },
  ],
  [
    '… before 1.20 nothing reads it',
    [config('policy-cidr-match-mode: pods'), cilium('shop/p', `${ALL}, ingress: [{fromCIDR: [10.2.0.0/16]}]`)],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  ['a selector that only forbids a namespace: a pod', [NOT_SHOP], 'other/web', 'shop/web', 'TCP/80', 'allowed'],
  ['… an address, which has none', [NOT_SHOP], OUTSIDE, 'shop/web', 'TCP/80', 'unknown'],
  [
    'CIDRs of the own node',
    [config('policy-cidr-match-mode: nodes'), cilium('shop/p', `${ALL}, egress: [{toCIDR: [10.9.0.0/16]}]`)],
    'shop/web',
    'node:n1',
    'TCP/80',
    'unknown',
  ],
  [
    'a Service without selector whose addresses are not in the input',
    [
      service('shop/db', ''),
      cilium('shop/p', `${ALL}, egress: [{toServices: [{k8sService: {serviceName: db, namespace: shop}}]}]`),
    ],
    'shop/web',
    OUTSIDE,
    'TCP/80',
    'unknown',
  ],
  [
    'the own host where allow-localhost asks policy',
    [config('allow-localhost: policy'), cilium('shop/p', `${ALL}, ingress: [{}]`)],
    'node:n1',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  ['a redirected address', [redirect('shop/r', METADATA), WEB_ONLY], 'shop/web', OUTSIDE, 'TCP/80', 'allowed'],
  [
    '… with a backend on the own node',
    [redirect('shop/r', METADATA), pod('shop/api2', { node: 'n1', labels: 'app: api' }), WEB_ONLY],
    'shop/web',
    OUTSIDE,
    'TCP/80',
    'unknown',
  ],
  [
    '… on another port',
    [redirect('shop/r', METADATA), pod('shop/api2', { node: 'n1', labels: 'app: api' }), WEB_ONLY],
    'shop/web',
    OUTSIDE,
    'TCP/443',
    'allowed',
  ],
  ['… where nobody is selected', [redirect('shop/r', METADATA)], 'shop/api', OUTSIDE, 'TCP/80', 'allowed'],
  [
    'ClusterNetworkPolicy without the flag',
    [clusterPolicy('c', CLUSTER_DENY)],
    'shop/web',
    OUTSIDE,
    'TCP/80',
    'allowed',
  ],
  ['… with it', [CLUSTERED, clusterPolicy('c', CLUSTER_DENY)], 'shop/web', OUTSIDE, 'TCP/80', 'denied'],
  [
    '… whose networks are no pods',
    [CLUSTERED, clusterPolicy('c', CLUSTER_DENY)],
    'shop/web',
    'shop/api',
    'TCP/80',
    'allowed',
  ],
  [
    '… whose Baseline may open what is isolated',
    [CLUSTERED, clusterPolicy('c', CLUSTER_ALLOW), policy('shop/x')],
    'other/web',
    'shop/web',
    'TCP/80',
    'unknown',
  ],
];

/** policy-semantics of the kubernetes kind under Cilium, by number. */
const KUBERNETES: readonly Row[] = [
  [
    '1: rules of a direction that policyTypes leaves out count',
    [policy('shop/x', 'policyTypes: [Ingress], egress: [{to: [{podSelector: {}}]}]')],
    'shop/web',
    OUTSIDE,
    'TCP/80',
    'denied',
  ],
  [
    '2: an ipBlock is no pod',
    [policy('shop/x', 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]')],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '3: an empty from is the world too',
    [policy('shop/x', 'ingress: [{ports: [{port: 80}]}]')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  ['isolates without any rule', [policy('shop/x')], OUTSIDE, 'shop/web', 'TCP/80', 'denied'],
  [
    'namespaces by label',
    [policy('shop/x', 'ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]')],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'every namespace',
    [policy('shop/x', 'ingress: [{from: [{namespaceSelector: {}}]}]')],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '… no address',
    [policy('shop/x', 'ingress: [{from: [{namespaceSelector: {}}]}]')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],

  [
    '1: … and isolate the other way round',
    [policy('shop/x', 'policyTypes: [Egress], ingress: [{from: [{podSelector: {}}]}]')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '2: … nor a node',
    [policy('shop/x', 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]')],
    'node:n2',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '4: SCTP where it is off',
    [config(), policy('shop/x', 'ingress: [{ports: [{port: 80, protocol: SCTP}]}]')],
    OUTSIDE,
    'shop/web',
    'SCTP/80',
    'denied',
  ],
  [
    '5: labels that are in no identity',
    [
      pod('shop/c', { labels: 'pod-template-hash: abc' }),
      policy('shop/x', 'ingress: [{from: [{podSelector: {matchLabels: {pod-template-hash: abc}}}]}]'),
    ],
    'shop/c',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '6: a denial of Cilium wins',
    [policy('shop/x', 'ingress: [{}]'), cilium('shop/p', `${ALL}, ingressDeny: [{fromEntities: [world]}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  ['7: the own host enters', [policy('shop/x')], 'node:n1', 'shop/web', 'TCP/80', 'allowed'],
  [
    '7: … and is not open on the way out',
    [policy('shop/x', 'policyTypes: [Egress]')],
    'shop/web',
    'node:n1',
    'TCP/80',
    'denied',
  ],
];

describe('Cilium', () => {
  test.each(ROWS.map((row) => ({ title: row[0], row })))('$title', ({ row }) => {
    expect(answerOf(row)).toBe(row[5]);
  });
});

describe('NetworkPolicy under Cilium', () => {
  test.each(KUBERNETES.map((row) => ({ title: row[0], row })))('$title', ({ row }) => {
    expect(answerOf(row)).toBe(row[5]);
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
