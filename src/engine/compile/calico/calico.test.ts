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

function felix(name: string, spec: string): string {
  return object('FelixConfiguration', name, `}, spec: {${spec}}}`);
}

function clusterPolicy(action: string): string {
  return `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: c}, spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: ${action}, from: [{namespaces: {}}], protocols: [{destinationNamedPort: http}]}]}}`;
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
const MANUAL =
  '{apiVersion: v1, kind: Service, metadata: {name: manual, namespace: shop}, spec: {ports: [{port: 443}]}}';
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
  [
    '14: a backend that is not ready counts, whatever publishNotReadyAddresses says',
    [
      MANUAL,
      '{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: m1, namespace: shop, labels: {kubernetes.io/service-name: manual}}, addressType: IPv4, endpoints: [{addresses: [203.0.113.7], conditions: {ready: false}}], ports: [{port: 443}]}',
      calico('shop/p', `${ON_WEB}, egress: [{action: Allow, destination: {services: {name: manual}}}]`),
    ],
    'shop/web',
    OUTSIDE,
    'TCP/443',
    'allowed',
  ],
  [
    '17: the tier `default` denies at its end whatever its object says',
    [tier('default', 'order: 1000000'), calico('shop/a', `${ON_WEB}, ingress: [{action: Log}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    '17: a tier of its own may pass',
    [tier('own', 'defaultAction: Pass'), calico('shop/a', `tier: own, ${ON_WEB}, ingress: [{action: Log}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    '27: policy sees the port of the pod, not the hostPort',
    [
      '{apiVersion: v1, kind: Pod, metadata: {name: edge, namespace: shop, labels: {app: edge}}, spec: {containers: [{name: c, ports: [{containerPort: 8080, hostPort: 80}]}]}, status: {podIP: 10.1.0.9, podIPs: [{ip: 10.1.0.9}]}}',
      calico(
        'shop/p',
        `selector: "app == 'edge'", ingress: [{action: Allow, protocol: TCP, destination: {ports: [80]}}]`,
      ),
    ],
    OUTSIDE,
    'shop/edge',
    'TCP/8080',
    'denied',
  ],
  [
    '26: a rule with IPv4 blocks to leave out says nothing of IPv6',
    [
      calico('p', `selector: "app == 'six'", ingress: [{action: Allow, source: {notNets: [10.0.0.0/8]}}]`),
      pod('shop/six', { ips: ['fd00::1'] }),
    ],
    '2001:db8::1',
    'shop/six',
    'TCP/80',
    'denied',
  ],
  [
    '26: in the storage form both families may stand in one rule',
    [
      calico(
        'p',
        `${ON_WEB}, types: [Ingress], ingress: [{action: Allow, source: {nets: [203.0.113.0/24, "2001:db8::/32"]}}]`,
        'GlobalNetworkPolicy',
        'crd.projectcalico.org/v1',
      ),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'a negative selector beside a positive one is about the endpoint, not about all that has its address',
    [
      calico(
        'p',
        `${ON_WEB}, ingress: [{action: Allow, source: {selector: "projectcalico.org/namespace == 'other'", notSelector: "set == 'x'"}}]`,
      ),
      object('GlobalNetworkSet', 'x', ', labels: {set: x}}, spec: {nets: [10.2.0.0/16]}}'),
    ],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'a port by name is of the protocol of the rule, TCP without one',
    [calico('p', `${ON_WEB}, ingress: [{action: Allow, destination: {ports: [dns]}}]`)],
    OUTSIDE,
    'shop/web',
    'UDP/53',
    'denied',
  ],
  [
    '… UDP where it says so',
    [calico('p', `${ON_WEB}, ingress: [{action: Allow, protocol: UDP, destination: {ports: [dns]}}]`)],
    OUTSIDE,
    'shop/web',
    'UDP/53',
    'allowed',
  ],
  [
    'a port by name is about pods of the selector, not about what a network set covers',
    [
      calico(
        'p',
        `selector: all(), types: [Egress], egress: [{action: Allow, protocol: TCP, destination: {selector: "set == 'x'", ports: [http]}}]`,
      ),
      object('GlobalNetworkSet', 'x', ', labels: {set: x}}, spec: {nets: [10.1.0.0/16]}}'),
    ],
    'other/web',
    'shop/web',
    'TCP/8080',
    'denied',
  ],
  [
    'every port of the sender is no condition',
    [calico('p', `${ON_WEB}, ingress: [{action: Allow, protocol: TCP, source: {ports: ["1:65535"]}}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'a Service that the input says nothing of may be anywhere',
    [
      calico(
        'shop/p',
        `${ON_WEB}, egress: [{action: Allow, destination: {services: {name: kubernetes, namespace: default}}}]`,
      ),
    ],
    'shop/web',
    OUTSIDE,
    'TCP/443',
    'unknown',
  ],
  [
    'a namespaceSelector that only asks what is absent is met by what is in no namespace',
    [
      calico('p', `${ON_WEB}, ingress: [{action: Allow, source: {namespaceSelector: "!has(secret)"}}]`),
      object('GlobalNetworkSet', 'x', '}, spec: {nets: [203.0.113.0/24]}}'),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'allowed',
  ],
  [
    'all() within a namespaceSelector is every namespace too',
    [calico('p', `${ON_WEB}, ingress: [{action: Allow, source: {namespaceSelector: "all() || has(x)"}}]`)],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    'labels of a namespace that the input does not define leave its network sets open',
    [
      calico('p', `${ON_WEB}, ingress: [{action: Allow, source: {namespaceSelector: "team == 'b'"}}]`),
      object('NetworkSet', 'elsewhere/x', '}, spec: {nets: [203.0.113.0/24]}}'),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'unknown',
  ],
  [
    'equal order of a policy of a namespace and one of the cluster: versions differ',
    [
      calico('shop/a', `${ON_WEB}, order: 5, ${EVERYBODY_IN}`),
      calico('b', 'order: 5, selector: all(), ingress: [{action: Deny}]'),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'unknown',
  ],
  [
    '… and agree where both put the one of the cluster first',
    [
      calico('shop/b', `${ON_WEB}, order: 5, ${EVERYBODY_IN}`),
      calico('a', 'order: 5, selector: all(), ingress: [{action: Deny}]'),
    ],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'denied',
  ],
  [
    'order 1000 stands beside NetworkPolicy, in an order that versions differ in',
    [policy('shop/x', 'ingress: [{}]'), calico('p', 'order: 1000, selector: all(), ingress: [{action: Deny}]')],
    OUTSIDE,
    'shop/web',
    'TCP/80',
    'unknown',
  ],
  [
    'a cluster-wide Accept of a port by name is dropped',
    [policy('shop/x'), clusterPolicy('Accept')],
    'other/web',
    'shop/web',
    'TCP/8080',
    'denied',
  ],
  ['… and a Pass of one denies everything', [clusterPolicy('Pass')], 'other/web', 'shop/web', 'TCP/9999', 'denied'],
  [
    'a staged Kubernetes policy, previewed',
    [object('StagedKubernetesNetworkPolicy', 'shop/p', '}, spec: {podSelector: {}, policyTypes: [Ingress]}}')],
    'other/web',
    'shop/web',
    'TCP/80',
    'denied',
    { staged: true },
  ],
  [
    '… or taking one away',
    [policy('shop/p'), object('StagedKubernetesNetworkPolicy', 'shop/p', '}, spec: {stagedAction: Delete}}')],
    'other/web',
    'shop/web',
    'TCP/80',
    'allowed',
    { staged: true },
  ],
  [
    'a pod reaches its own node where Felix is told to accept',
    [felix('default', 'defaultEndpointToHostAction: Accept')],
    'shop/web',
    'node:n1',
    'TCP/80',
    'allowed',
  ],
  [
    '… not where it drops',
    [felix('default', 'defaultEndpointToHostAction: Drop')],
    'shop/web',
    'node:n1',
    'TCP/80',
    'denied',
  ],
  [
    '… and perhaps where it returns',
    [felix('default', 'defaultEndpointToHostAction: Return')],
    'shop/web',
    'node:n1',
    'TCP/80',
    'unknown',
  ],
  [
    '… which says nothing of other nodes',
    [felix('node.n1', 'defaultEndpointToHostAction: Drop')],
    'other/web',
    'node:n2',
    'TCP/80',
    'allowed',
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
  ', labels: {host: n1}}, spec: {node: n1, interfaceName: "*", expectedIPs: [10.9.0.1], ports: [{name: kubelet, protocol: TCP, port: 10250}]}}',
);

const BARE = object(
  'HostEndpoint',
  'n1',
  ', labels: {host: n1}}, spec: {node: n1, interfaceName: "*", profiles: [projectcalico-default-allow]}}',
);
const OPEN = HOST.replace('spec: {', 'spec: {profiles: [projectcalico-default-allow], ');
const AUTO =
  '{apiVersion: projectcalico.org/v3, kind: KubeControllersConfiguration, metadata: {name: default}, spec: {controllers: {node: {hostEndpoint: {autoCreate: Enabled}}}}}';
const ETH = object('HostEndpoint', 'eth', '}, spec: {node: n1, interfaceName: eth0}}');

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
    [
      'controllers make endpoints of nodes, with a profile that allows',
      [AUTO],
      OUTSIDE,
      'node:n1',
      'TCP/80',
      'allowed',
    ],
    [
      '… to which policy applies by labels of the node',
      [AUTO, calico('p', `selector: "zone == 'a'", types: [Ingress]`)],
      OUTSIDE,
      'node:n1',
      'TCP/80',
      'denied',
    ],
    [
      '… and not to others',
      [AUTO, calico('p', `selector: "zone == 'a'", types: [Ingress]`)],
      OUTSIDE,
      'node:n2',
      'TCP/80',
      'allowed',
    ],
    [
      'namespaceSelector keeps a policy from host endpoints',
      [AUTO, calico('p', 'selector: all(), namespaceSelector: "!has(x)", types: [Ingress]')],
      OUTSIDE,
      'node:n1',
      'TCP/80',
      'allowed',
    ],
    [
      'a rule finds a host endpoint by the addresses that it states',
      [OPEN, calico('p', `${ON_WEB}, ingress: [{action: Allow, source: {selector: "host == 'n1'"}}]`)],
      'node:n1',
      'other/web',
      'TCP/80',
      'allowed',
    ],
    [
      '… and not without any',
      [BARE, calico('p', `${ON_WEB}, ingress: [{action: Allow, source: {selector: "host == 'n1'"}}]`)],
      'node:n1',
      'other/web',
      'TCP/80',
      'denied',
    ],
    [
      'a host endpoint names ports',
      [
        OPEN,
        calico(
          'p',
          `selector: "app == 'api'", egress: [{action: Allow, destination: {selector: has(host), ports: [kubelet]}}]`,
        ),
      ],
      'shop/api',
      'node:n1',
      'TCP/10250',
      'allowed',
    ],
    [
      'eBPF may judge pods of the node by an endpoint of all interfaces',
      [
        HOST,
        '{apiVersion: operator.tigera.io/v1, kind: Installation, metadata: {name: default}, spec: {calicoNetwork: {linuxDataplane: BPF}}}',
      ],
      'shop/web',
      'node:n1',
      'TCP/80',
      'unknown',
    ],
    [
      'what untracked policy denies may be a reply',
      [
        HOST,
        calico('q', 'selector: has(host), ingress: [{action: Allow}]'),
        calico(
          'p',
          'selector: has(host), doNotTrack: true, applyOnForward: true, types: [Egress], egress: [{action: Deny}]',
        ),
      ],
      OUTSIDE,
      'node:n1',
      'TCP/80',
      'unknown',
    ],
    [
      'pre-DNAT policy that denies nothing leaves forwarded traffic alone',
      [HOST, calico('p', 'selector: has(host), preDNAT: true, applyOnForward: true, ingress: [{action: Allow}]')],
      OUTSIDE,
      'shop/web',
      'TCP/80',
      'allowed',
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
