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

/** `NetworkPolicy` where the name has a namespace, else `GlobalNetworkPolicy`. */
function calico(
  name: string,
  spec: string,
  kind = name.includes('/') ? 'NetworkPolicy' : 'GlobalNetworkPolicy',
  api = 'projectcalico.org/v3',
) {
  const [space, own] = name.includes('/') ? name.split('/') : [undefined, name];
  const meta = space === undefined ? `{name: ${own}}` : `{namespace: ${space}, name: ${own}}`;
  return `{apiVersion: ${api}, kind: ${kind}, metadata: ${meta}, spec: {${spec}}}`;
}

function tier(name: string, spec: string): string {
  return `{apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: ${name}}, spec: {${spec}}}`;
}

function object(kind: string, name: string, rest: string): string {
  const [space, own] = name.includes('/') ? name.split('/') : [undefined, name];
  const meta = `{name: ${own}${space === undefined ? '' : `, namespace: ${space}`}`;
  return `{apiVersion: projectcalico.org/v3, kind: ${kind}, metadata: ${meta}${rest}`;
}

type Row = readonly [
  title: string,
  documents: readonly string[],
  from: string,
  to: string,
  traffic: string,
  verdict: Verdict,
  options?: AskerOptions,
];

const ON_WEB = `selector: "app == 'web'"`;
const EVERYBODY_IN = 'ingress: [{action: Allow}]';
const DENY_OUTSIDE = 'ingress: [{action: Deny, source: {nets: [198.51.100.0/24]}}]';
const REJECT_ALL = calico('zz', 'selector: all(), types: [Ingress]');

const TRAPS: readonly Row[] = [
  ['no policy: the profile allows', [], OUTSIDE, 'shop/web', 'TCP/80', 'allowed'],
  [
    '1: egress rules alone do not isolate ingress',
    [calico('shop/a', `${ON_WEB}, egress: [{action: Allow}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '1: … and isolate egress',
    [calico('shop/a', `${ON_WEB}, egress: [{action: Allow, protocol: TCP}]`)],
    'shop/web',
    OUTSIDE,
    'UDP/53',
    'denied',
  ],
  ['1: no rules at all mean ingress', [calico('shop/a', ON_WEB)], OUTSIDE, 'shop/web', 'TCP/80', 'denied'],
  ['1: … and not egress', [calico('shop/a', ON_WEB)], 'shop/web', OUTSIDE, 'TCP/80', 'allowed'],
  [
    '2: a list of denials in a tier of its own denies the rest too',
    [tier('security', 'order: 10'), calico('x', `tier: security, selector: all(), types: [Ingress], ${DENY_OUTSIDE}`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '2: … unless the tier passes at its end',
    [
      tier('security', 'order: 10, defaultAction: Pass'),
      calico('x', `tier: security, selector: all(), types: [Ingress], ${DENY_OUTSIDE}`),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '2: … or the policy does',
    [
      tier('security', 'order: 10'),
      calico(
        'x',
        'tier: security, selector: all(), types: [Ingress], ingress: [{action: Deny, source: {nets: [198.51.100.0/24]}}, {action: Pass}]',
      ),
    ],
    '198.51.100.9',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '2: an endpoint that no policy of the tier selects goes on',
    [tier('security', 'order: 10'), calico('shop/x', `tier: security, selector: "app == 'api'"`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '3: without an order it comes last',
    [
      calico('a', `selector: all(), ${EVERYBODY_IN}`),
      calico('b', 'order: 5, selector: all(), ingress: [{action: Deny}]'),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '3: equal order is settled by name',
    [
      calico('b', `order: 5, selector: all(), ${EVERYBODY_IN}`),
      calico('a', 'order: 5, selector: all(), ingress: [{action: Deny}]'),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '4: Pass in default skips NetworkPolicy',
    [policy('shop/x'), calico('p', 'order: 5, selector: all(), ingress: [{action: Pass}]')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '5: Log decides nothing',
    [calico('p', 'selector: all(), ingress: [{action: Log}, {action: Deny}]')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '6: notSelector of a namespaced policy means its own namespace',
    [calico('shop/p', `${ON_WEB}, ingress: [{action: Deny, source: {notSelector: "role == 'x'"}}, {action: Allow}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '6: … there it denies',
    [calico('shop/p', `${ON_WEB}, ingress: [{action: Deny, source: {notSelector: "role == 'x'"}}, {action: Allow}]`)],
    'shop/api',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '6: of a global one it covers the Internet',
    [calico('p', `${ON_WEB}, ingress: [{action: Deny, source: {notSelector: "role == 'x'"}}, {action: Allow}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '7: namespaceSelector all() leaves out addresses',
    [calico('p', `${ON_WEB}, ingress: [{action: Allow, source: {namespaceSelector: all()}}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '7: … and global network sets',
    [
      calico('p', `${ON_WEB}, ingress: [{action: Allow, source: {namespaceSelector: all(), selector: "set == 'x'"}}]`),
      object('GlobalNetworkSet', 'x', ', labels: {set: x}}, spec: {nets: [203.0.113.0/24]}}'),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '7: global() is just those',
    [
      calico(
        'p',
        `${ON_WEB}, ingress: [{action: Allow, source: {namespaceSelector: global(), selector: "set == 'x'"}}]`,
      ),
      object('GlobalNetworkSet', 'x', ', labels: {set: x}}, spec: {nets: [203.0.113.0/24]}}'),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '8: a network set of a namespace is matched by namespaceSelector',
    [
      calico('p', `${ON_WEB}, ingress: [{action: Allow, source: {namespaceSelector: "team == 'b'"}}]`),
      object('NetworkSet', 'other/x', '}, spec: {nets: [203.0.113.0/24]}}'),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '8: … not by that of NetworkPolicy',
    [
      policy('shop/p', 'ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]'),
      object('NetworkSet', 'other/x', '}, spec: {nets: [203.0.113.0/24]}}'),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '9: projectcalico.org/namespace is a label',
    [
      calico(
        'p',
        `${ON_WEB}, ingress: [{action: Allow, source: {selector: "projectcalico.org/namespace == 'other'"}}]`,
      ),
    ],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '9: kubernetes.io/metadata.name is none of a pod',
    [
      calico(
        'p',
        `${ON_WEB}, ingress: [{action: Allow, source: {selector: "kubernetes.io/metadata.name == 'other'"}}]`,
      ),
    ],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '9: … it is inherited with pcns.',
    [
      calico(
        'p',
        `${ON_WEB}, ingress: [{action: Allow, source: {selector: "pcns.kubernetes.io/metadata.name == 'other'"}}]`,
      ),
    ],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '10: service accounts by name',
    [
      calico(
        'p',
        `${ON_WEB}, ingress: [{action: Allow, source: {namespaceSelector: all(), serviceAccounts: {names: [default]}}}]`,
      ),
    ],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '12: a range includes both ends',
    [calico('p', `${ON_WEB}, ingress: [{action: Allow, protocol: TCP, destination: {ports: ["80:90"]}}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/90',
    'allowed',
  ],
  [
    '13: protocol 6 is TCP',
    [calico('p', `${ON_WEB}, ingress: [{action: Allow, protocol: 6}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/1',
    'allowed',
  ],
  [
    '13: notProtocol UDP is ICMP too',
    [calico('p', `${ON_WEB}, ingress: [{action: Allow, notProtocol: UDP}]`)],
    OUTSIDE,
    'shop/web',
    'ICMP/2048',
    'allowed',
  ],
  [
    '16: a tier that does not exist is enforced, last, and denies at its end',
    [calico('p', `tier: nowhere, ${ON_WEB}, types: [Ingress]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '16: … after a Pass of default',
    [
      calico('q', 'selector: all(), ingress: [{action: Pass}]'),
      calico('p', `tier: nowhere, ${ON_WEB}, types: [Ingress]`),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '18: the storage form without types acts both ways',
    [calico('p', ON_WEB, 'GlobalNetworkPolicy', 'crd.projectcalico.org/v1')],
    'shop/web',
    OUTSIDE,
    'TCP/80',
    'denied',
  ],
  ['19: a node reaches its own pods', [REJECT_ALL], 'node:n1', 'shop/web', 'TCP/80', 'allowed'],
  ['19: … not those of another', [REJECT_ALL], 'node:n2', 'shop/web', 'TCP/80', 'denied'],
  ['20: the profile allows egress', [], 'shop/web', OUTSIDE, 'TCP/80', 'allowed'],
  ['21: types Ingress without rules closes everything', [REJECT_ALL], 'shop/api', 'other/web', 'TCP/80', 'denied'],
  [
    '26: IPv4 blocks say nothing of IPv6',
    [
      calico('p', `${ON_WEB}, ingress: [{action: Allow, source: {nets: [10.0.0.0/8]}}]`),
      pod('shop/six', { ips: ['fd00::1'] }),
    ],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'nets are pods too',
    [calico('p', `${ON_WEB}, ingress: [{action: Allow, source: {nets: [10.2.0.0/16]}}]`)],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'notNets takes out',
    [calico('p', `${ON_WEB}, ingress: [{action: Allow, source: {nets: [10.0.0.0/8], notNets: [10.2.0.0/16]}}]`)],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    'a named port is the number of the destination',
    [calico('p', 'selector: all(), ingress: [{action: Allow, destination: {ports: [http]}}]')],
    OUTSIDE,
    'shop/api',
    'TCP/9090',
    'allowed',
  ],
  [
    '… and of no other',
    [calico('p', 'selector: all(), ingress: [{action: Allow, destination: {ports: [http]}}]')],
    OUTSIDE,
    'shop/api',
    'TCP/8080',
    'denied',
  ],
  [
    'notPorts takes a named port out, pod by pod',
    [calico('p', 'selector: all(), ingress: [{action: Allow, protocol: TCP, destination: {notPorts: [http]}}]')],
    OUTSIDE,
    'shop/api',
    'TCP/8080',
    'allowed',
  ],
  [
    '… where it is that number',
    [calico('p', 'selector: all(), ingress: [{action: Allow, protocol: TCP, destination: {notPorts: [http]}}]')],
    OUTSIDE,
    'shop/web',
    'TCP/8080',
    'denied',
  ],
  [
    'a port of the sender leaves it open',
    [calico('p', `${ON_WEB}, ingress: [{action: Allow, protocol: TCP, source: {ports: [53]}}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'unknown',
  ],
  [
    'the destination of an ingress rule narrows whom it is for',
    [calico('p', `selector: all(), ingress: [{action: Allow, destination: {selector: "app == 'api'"}}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    'ICMP of one type',
    [calico('p', `${ON_WEB}, ingress: [{action: Allow, protocol: ICMP, icmp: {type: 8}}]`)],
    OUTSIDE,
    'shop/web',
    'ICMP/2048',
    'allowed',
  ],
  [
    'a Kubernetes policy stands at order 1000',
    [policy('shop/x'), calico('p', 'order: 2000, selector: all(), ingress: [{action: Allow, protocol: TCP}]')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '… a denial before it wins',
    [policy('shop/x', 'ingress: [{}]'), calico('p', 'order: 900, selector: all(), ingress: [{action: Deny}]')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '… one after it comes too late',
    [policy('shop/x', 'ingress: [{}]'), calico('p', 'order: 1100, selector: all(), ingress: [{action: Deny}]')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'staged policies do not count',
    [calico('p', 'selector: all(), ingress: [{action: Deny}]', 'StagedGlobalNetworkPolicy')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '… unless asked for',
    [calico('p', 'selector: all(), ingress: [{action: Deny}]', 'StagedGlobalNetworkPolicy')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
    { staged: true },
  ],
  [
    '… and one that deletes takes its namesake away',
    [
      calico('p', 'selector: all(), ingress: [{action: Deny}]'),
      calico('p', 'stagedAction: Delete, selector: all()', 'StagedGlobalNetworkPolicy'),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
    { staged: true },
  ],
  [
    'services: the pods and ports behind one',
    [
      '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: shop}, spec: {selector: {app: api}, ports: [{port: 80, targetPort: http}]}}',
      calico('shop/p', `${ON_WEB}, egress: [{action: Allow, destination: {services: {name: api}}}]`),
    ],
    'shop/web',
    'shop/api',
    'TCP/9090',
    'allowed',
  ],
  [
    '… on no other port',
    [
      '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: shop}, spec: {selector: {app: api}, ports: [{port: 80, targetPort: http}]}}',
      calico('shop/p', `${ON_WEB}, egress: [{action: Allow, destination: {services: {name: api}}}]`),
    ],
    'shop/web',
    'shop/api',
    'TCP/80',
    'denied',
  ],
];

describe('Calico', () => {
  test.each(TRAPS.map((row) => ({ title: row[0], row })))('$title', ({ row }) => {
    const [, documents, from, to, traffic, verdict, options] = row;
    expect(asker([...CLUSTER, ...documents], { profile: 'calico', ...options }).verdict(from, to, traffic)).toBe(
      verdict,
    );
  });
});

const HOST = object(
  'HostEndpoint',
  'n1',
  ', labels: {host: n1}}, spec: {node: n1, interfaceName: "*", expectedIPs: [10.9.0.1]}}',
);

const ETH = object('HostEndpoint', 'eth', '}, spec: {node: n1, interfaceName: eth0}}');

function felix(name: string, spec: string): string {
  return object('FelixConfiguration', name, `}, spec: {${spec}}}`);
}

describe('host endpoints', () => {
  const rows: readonly Row[] = [
    ['without policy it is closed', [HOST], OUTSIDE, 'node:n1', 'TCP/80', 'denied'],
    ['… but for failsafe ports', [HOST], OUTSIDE, 'node:n1', 'TCP/22', 'allowed'],
    [
      '… of which there is no list',
      [HOST, felix('default', 'failsafeInboundHostPorts: []')],
      OUTSIDE,
      'node:n1',
      'TCP/22',
      'denied',
    ],
    [
      '… of the node itself before those of all',
      [
        HOST,
        felix('default', 'failsafeInboundHostPorts: []'),
        felix('node.n1', 'failsafeInboundHostPorts: [{protocol: tcp, port: 80, net: 203.0.113.0/24}]'),
      ],
      OUTSIDE,
      'node:n1',
      'TCP/80',
      'allowed',
    ],
    [
      '… from the block that they name only',
      [HOST, felix('default', 'failsafeInboundHostPorts: [{protocol: tcp, port: 80, net: 203.0.113.0/24}]')],
      '198.51.100.9',
      'node:n1',
      'TCP/80',
      'denied',
    ],
    ['another interface may be open', [ETH], OUTSIDE, 'node:n1', 'TCP/80', 'unknown'],
    ['another node is open', [HOST], OUTSIDE, 'node:n2', 'TCP/80', 'allowed'],
    ['all() of a global policy selects it too', [HOST, REJECT_ALL], OUTSIDE, 'node:n1', 'TCP/80', 'denied'],
    [
      'a policy opens it',
      [HOST, calico('p', 'selector: has(host), ingress: [{action: Allow, protocol: TCP}]')],
      OUTSIDE,
      'node:n1',
      'TCP/80',
      'allowed',
    ],
    ['pods of the node do not come through its interface', [HOST], 'shop/web', 'node:n1', 'TCP/80', 'allowed'],
    [
      'policy of what is forwarded leaves pods open',
      [HOST, calico('p', 'selector: has(host), applyOnForward: true, ingress: [{action: Allow}]')],
      OUTSIDE,
      'shop/web',
      'TCP/80',
      'unknown',
    ],
    [
      '… not those of other nodes',
      [HOST, calico('p', 'selector: has(host), applyOnForward: true, ingress: [{action: Allow}]')],
      OUTSIDE,
      'shop/api',
      'TCP/80',
      'allowed',
    ],
  ];
  test.each(rows.map((row) => ({ title: row[0], row })))('$title', ({ row }) => {
    const [, documents, from, to, traffic, verdict] = row;
    expect(asker([...CLUSTER, ...documents], { profile: 'calico' }).verdict(from, to, traffic)).toBe(verdict);
  });
});

describe('what Calico refuses, and what it does not do as written', () => {
  test.each([
    ['11: a number without protocol', 'ingress: [{action: Allow, destination: {ports: [80]}}]', 'RF2016'],
    ['15: requests are not looked into', 'ingress: [{action: Allow, http: {methods: [GET]}}]', 'RF3012'],
    ['24: a code without type', 'ingress: [{action: Allow, protocol: ICMP, icmp: {code: 1}}]', 'RF2016'],
    ['25: a line break in a selector', 'selector: "app == \'web\'\\n", ingress: [{action: Allow}]', 'RF2015'],
    ['26: both families in one rule', 'ingress: [{action: Allow, source: {nets: [10.0.0.0/8, "fd00::/8"]}}]', 'RF2016'],
    [
      'services beside ports',
      'egress: [{action: Allow, destination: {services: {name: a, namespace: b}, ports: [80]}, protocol: TCP}]',
      'RF2016',
    ],
    [
      'global() beside something',
      'ingress: [{action: Allow, source: {namespaceSelector: "global() || has(a)"}}]',
      'RF2016',
    ],
    ['an unknown field', 'ingress: [{action: Allow, sources: {}}]', 'RF2013'],
  ])('%s', (_, spec, code) => {
    const snapshot = snapshotOf([{ file: 'a.yaml', text: calico('p', spec) }]);
    expect(snapshot.diagnostics.map((each) => each.code)).toContain(code);
    expect(snapshot.calicoPolicies).toHaveLength(code.startsWith('RF201') && code !== 'RF2013' ? 0 : 1);
  });

  test('both forms of one object are one, whether or not its name has the tier', () => {
    const forms = [
      calico('shop/p', 'selector: all()'),
      calico('shop/default.p', 'selector: all()', 'NetworkPolicy', 'crd.projectcalico.org/v1'),
    ];
    const snapshot = snapshotOf([{ file: 'a.yaml', text: forms.join('\n---\n') }]);
    expect(snapshot.calicoPolicies.map(({ name }) => name)).toEqual(['p']);
  });
});

describe('what stays open', () => {
  test('22: untracked policy judges replies too, so its allow is not certain', () => {
    const untracked = calico(
      'p',
      'selector: has(host), doNotTrack: true, applyOnForward: true, ingress: [{action: Allow}]',
    );
    const asked = asker([...CLUSTER, HOST, untracked], { profile: 'calico' });
    expect(asked.trace('ingress', OUTSIDE, 'node:n1')).toMatchObject({
      verdict: 'unknown',
      reasons: ['host-forwarding'],
    });
  });

  test('23: pre-DNAT denies before Services are resolved', () => {
    const early = calico(
      'p',
      'selector: has(host), preDNAT: true, applyOnForward: true, ingress: [{action: Deny, protocol: TCP, destination: {ports: [22]}}]',
    );
    expect(asker([...CLUSTER, HOST, early], { profile: 'calico' }).verdict(OUTSIDE, 'node:n1', 'TCP/23')).toBe(
      'denied',
    );
  });

  test('a field that is not known leaves the rule open', () => {
    const odd = calico('shop/p', `${ON_WEB}, ingress: [{action: Allow, sources: {}}]`);
    const asked = asker([...CLUSTER, odd], { profile: 'calico' });
    expect(asked.trace('ingress', OUTSIDE, 'shop/web')).toMatchObject({
      verdict: 'unknown',
      reasons: ['unread-field'],
    });
  });

  test('10: a service account with a long name has no label', () => {
    const long = 'a'.repeat(63);
    const documents = [
      namespace('shop'),
      pod('shop/web'),
      `{apiVersion: v1, kind: Pod, metadata: {name: x, namespace: shop}, spec: {serviceAccountName: ${long}, containers: [{name: c}]}}`,
      calico('shop/p', `${ON_WEB}, ingress: [{action: Allow, source: {serviceAccounts: {names: [${long}]}}}]`),
    ];
    expect(asker(documents, { profile: 'calico' }).verdict('shop/x', 'shop/web')).toBe('denied');
  });
});
