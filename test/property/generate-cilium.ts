import fc from 'fast-check';
import { clusterPieces, type Draft, draftManifests, pickOne, some } from './generate-cluster.ts';
import type { Manifest } from './manifests.ts';

/**
 * Small clusters under Cilium, as manifests: its policies over every kind of peer, with denials, default denial switched
 * on and off, requests and settings, beside NetworkPolicy. Every object is one that Cilium takes, unknown fields excepted.
 */
export interface CiliumSize {
  /** One entry in so many has a field that is not known; 0: none. Default 20. */
  readonly oneGapIn?: number;
}

export function ciliumClusters({ oneGapIn = 20 }: CiliumSize = {}): fc.Arbitrary<Manifest[]> {
  const parts = fc.tuple(
    clusterPieces({ clusterPolicies: 0 }),
    fc.array(policies(oneGapIn), { minLength: 1, maxLength: 4, size: 'max' }),
    fc.subarray(GROUPS),
    settings(),
    fc.subarray(API_SERVER),
  );
  return parts.map(([pieces, own, groups, config, slices]) => [
    ...pieces,
    ...draftManifests(own, 'p'),
    ...groups,
    config,
    ...slices,
  ]);
}

const API = 'cilium.io/v2';
const GROUPS: Manifest[] = [
  {
    apiVersion: 'cilium.io/v2alpha1',
    kind: 'CiliumCIDRGroup',
    metadata: { name: 'near', labels: { role: 'net' } },
    spec: { externalCIDRs: ['198.18.0.0/16', '10.0.0.0/24'] },
  },
  {
    apiVersion: 'cilium.io/v2alpha1',
    kind: 'CiliumCIDRGroup',
    metadata: { name: 'far' },
    spec: { externalCIDRs: ['2001:db8::/32', '10.0.1.0/24'] },
  },
];
const API_SERVER: Manifest[] = [
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['192.168.0.1'] }, { addresses: ['198.18.0.7'] }],
    ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  },
];

function settings(): fc.Arbitrary<Manifest> {
  const data = fc.record(
    {
      'enable-policy': pickOne('default', 'default', 'default', 'always', 'never'),
      'enable-host-firewall': pickOne('true', 'false'),
      'allow-localhost': pickOne('auto', 'policy'),
      'policy-cidr-match-mode': pickOne('', '', 'nodes', 'nodes,pods'),
      'enable-node-selector-labels': pickOne('true', 'true', 'false'),
      'enable-l7-proxy': pickOne('true', 'true', 'false'),
      'mesh-auth-mutual-enabled': pickOne('true', 'false'),
      'enable-non-default-deny-policies': pickOne('true', 'false'),
    },
    { requiredKeys: [] },
  );
  return data.map((given) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'cilium-config', namespace: 'kube-system' },
    data: { ...given, 'enable-sctp': 'true', 'enable-ipv4': 'true', 'enable-ipv6': 'true' },
  }));
}

// ---------------------------------------------------------------- policies

function policies(oneGapIn: number): fc.Arbitrary<Draft> {
  return pickOne('CiliumNetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy').chain((kind) => {
    const isClusterwide = kind === 'CiliumClusterwideNetworkPolicy';
    const spec = specs(isClusterwide, oneGapIn);
    const body = fc.oneof(
      { weight: 4, arbitrary: spec.map((one): Manifest => ({ spec: one })) },
      { weight: 1, arbitrary: fc.tuple(spec, spec).map((two): Manifest => ({ specs: two })) },
    );
    return fc.tuple(body, pickOne('n0', 'n0', 'n1', 'n2')).map(([given, namespace]) => ({
      apiVersion: API,
      kind,
      namespace: isClusterwide ? undefined : namespace,
      body: given,
    }));
  });
}

function specs(isClusterwide: boolean, oneGapIn: number): fc.Arbitrary<Manifest> {
  const endpoints = selectors().map((endpointSelector): Manifest => ({ endpointSelector }));
  if (!isClusterwide) return specsFor(endpoints, { hasRequests: true, oneGapIn });
  const nodes = pickOne<Manifest>({}, { matchLabels: { zone: 'z0' } }).map(
    (nodeSelector): Manifest => ({ nodeSelector }),
  );
  return fc.oneof(
    { weight: 3, arbitrary: specsFor(endpoints, { hasRequests: true, oneGapIn }) },
    // Requests are refused in policies of nodes.
    { weight: 1, arbitrary: specsFor(nodes, { hasRequests: false, oneGapIn }) },
  );
}

interface SpecSize {
  readonly hasRequests: boolean;
  readonly oneGapIn: number;
}

function specsFor(subject: fc.Arbitrary<Manifest>, size: SpecSize): fc.Arbitrary<Manifest> {
  const defaultDeny = pickOne<Manifest>(
    {},
    {},
    {},
    { enableDefaultDeny: { ingress: false } },
    { enableDefaultDeny: { ingress: true, egress: false } },
    { enableDefaultDeny: { ingress: false, egress: false } },
  );
  return fc
    .tuple(
      subject,
      defaultDeny,
      some(entries({ isIngress: true, isDeny: false, ...size }), 2),
      some(entries({ isIngress: true, isDeny: true, ...size }), 1),
      some(entries({ isIngress: false, isDeny: false, ...size }), 2),
      some(entries({ isIngress: false, isDeny: true, ...size }), 1),
    )
    .map(([who, deny, ingress, ingressDeny, egress, egressDeny]) => {
      const isEmpty = [ingress, ingressDeny, egress, egressDeny].every((list) => list.length === 0);
      // One without any entry is refused; one with a single empty entry denies.
      return {
        ...who,
        ...deny,
        ...((ingress.length > 0 || isEmpty) && { ingress: isEmpty ? [{}] : ingress }),
        ...(ingressDeny.length > 0 && { ingressDeny }),
        ...(egress.length > 0 && { egress }),
        ...(egressDeny.length > 0 && { egressDeny }),
      };
    });
}

interface EntrySize extends SpecSize {
  readonly isIngress: boolean;
  readonly isDeny: boolean;
}

function entries(size: EntrySize): fc.Arbitrary<Manifest> {
  const gap = size.oneGapIn === 0 ? fc.constant(false) : fc.nat({ max: size.oneGapIn - 1 }).map((n) => n === 1);
  const mode = size.isDeny || !size.hasRequests ? NO_AUTHENTICATION : AUTHENTICATION;
  return fc
    .tuple(peers(size), traffic(size), pickOne(...mode), gap)
    .map(([who, what, how, isGap]) => ({ ...who, ...what, ...how, ...(isGap && { mystery: true }) }));
}

const NO_AUTHENTICATION: Manifest[] = [{}];
const AUTHENTICATION: Manifest[] = [
  ...new Array<Manifest>(12).fill({}),
  { authentication: { mode: 'required' } },
  { authentication: { mode: 'disabled' } },
  { authentication: { mode: 'test-always-fail' } },
];

// ---------------------------------------------------------------- peers

const ENTITIES = ['all', 'world', 'world-ipv4', 'cluster', 'host', 'remote-node', 'kube-apiserver', 'ingress', 'none'];
const BLOCKS: Manifest[] = [
  { cidr: '10.0.0.0/8' },
  { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] },
  { cidr: '198.18.0.0/16', except: ['198.18.0.7/32'] },
  { cidr: '192.168.0.0/24' },
  { cidr: '::/0' },
  { cidrGroupRef: 'near' },
  { cidrGroupRef: 'gone' },
  { cidrGroupSelector: { matchLabels: { role: 'net' } } },
];

function peers({ isIngress, isDeny }: EntrySize): fc.Arbitrary<Manifest> {
  const word = isIngress ? 'from' : 'to';
  const field = (name: string, values: fc.Arbitrary<unknown>) =>
    values.map((value): Manifest => ({ [`${word}${name}`]: value }));
  const both = fc.oneof(
    { weight: 2, arbitrary: fc.constant<Manifest>({}) },
    { weight: 4, arbitrary: field('Endpoints', fc.array(selectors(), { maxLength: 2, size: 'max' })) },
    { weight: 3, arbitrary: field('Entities', fc.subarray(ENTITIES, { maxLength: 2 })) },
    { weight: 1, arbitrary: field('CIDR', fc.subarray(['10.0.0.0/24', '0.0.0.0/0', 'fd00::/64'], { minLength: 1 })) },
    { weight: 2, arbitrary: field('CIDRSet', fc.subarray(BLOCKS, { minLength: 1, maxLength: 2 })) },
    { weight: 1, arbitrary: field('Nodes', pickOne<Manifest[]>([{}], [{ matchLabels: { zone: 'z0' } }])) },
    { weight: 1, arbitrary: field('Groups', pickOne<Manifest[]>([{ aws: { securityGroupsIds: ['sg-1'] } }])) },
    {
      weight: 1,
      arbitrary: isIngress ? fc.constant<Manifest>({}) : field('Services', services()),
    },
    {
      weight: 1,
      arbitrary:
        isIngress || isDeny ? fc.constant<Manifest>({}) : field('FQDNs', pickOne([{ matchPattern: '*.example.com' }])),
    },
  );
  return both;
}

function services(): fc.Arbitrary<Manifest[]> {
  return pickOne<Manifest[]>(
    [{ k8sService: { serviceName: 'web', namespace: 'n0' } }],
    [{ k8sService: { serviceName: 'manual', namespace: 'n0' } }],
    [{ k8sServiceSelector: { selector: { matchLabels: { app: 'a' } }, namespace: 'n0' } }],
  );
}

function selectors(): fc.Arbitrary<Manifest> {
  const labels = pickOne<Manifest>(
    { app: 'a' },
    { 'k8s:app': 'a' },
    { 'any:tier': 'x' },
    { 'pod-template-hash': 'h' },
    { 'k8s:io.kubernetes.pod.namespace': 'n1' },
    { 'io.kubernetes.pod.namespace': 'n0', app: 'a' },
    { 'k8s:io.cilium.k8s.namespace.labels.team': 'red' },
    { 'io.cilium.k8s.policy.serviceaccount': 'web' },
    { 'reserved:world': '' },
    { 'reserved:host': '' },
  );
  const expression = pickOne<Manifest>(
    { key: 'app', operator: 'In', values: ['a', 'b'] },
    { key: 'app', operator: 'NotIn', values: ['a'] },
    { key: 'k8s:tier', operator: 'Exists' },
    { key: 'tier', operator: 'DoesNotExist' },
    { key: 'pod-template-hash', operator: 'DoesNotExist' },
    { key: 'io.kubernetes.pod.namespace', operator: 'Exists' },
    { key: 'io.kubernetes.pod.namespace', operator: 'NotIn', values: ['n0'] },
    { key: 'k8s:io.cilium.k8s.namespace.labels.team', operator: 'NotIn', values: ['red'] },
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant<Manifest>({}) },
    { weight: 5, arbitrary: labels.map((matchLabels): Manifest => ({ matchLabels })) },
    {
      weight: 3,
      arbitrary: fc
        .array(expression, { minLength: 1, maxLength: 2 })
        .map((matchExpressions): Manifest => ({ matchExpressions })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(labels, expression).map(([matchLabels, one]) => ({ matchLabels, matchExpressions: [one] })),
    },
  );
}

// ---------------------------------------------------------------- traffic

const PORTS: Manifest[] = [
  { port: '80', protocol: 'TCP' },
  { port: '80', protocol: 'ANY' },
  { port: '80' },
  { port: '53', protocol: 'UDP' },
  { port: '0', protocol: 'UDP' },
  { port: '79', endPort: 443, protocol: 'TCP' },
  { port: 'http', protocol: 'TCP' },
  { port: 'dns', protocol: 'ANY' },
];
const ICMPS: Manifest[] = [
  { icmps: [{ fields: [{ family: 'IPv4', type: 8 }] }] },
  {
    icmps: [
      {
        fields: [
          { family: 'IPv4', type: 'EchoRequest' },
          { family: 'IPv6', type: 128 },
        ],
      },
    ],
  },
];
const SERVER_NAMES: Manifest[] = [
  { toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['shop.example.com'] }] },
];
const HTTP: Manifest[] = [
  {},
  { method: 'GET' },
  { method: 'GET', path: '/a.*' },
  { path: '/b' },
  { host: 'shop\\.example\\.com' },
  { headers: ['X-Team: red'] },
  { headers: ['X-Other'] },
];

function traffic({ isIngress, isDeny, hasRequests }: EntrySize): fc.Arbitrary<Manifest> {
  const plain = fc.subarray(PORTS, { minLength: 1, maxLength: 2 }).map((ports): Manifest => ({ toPorts: [{ ports }] }));
  const requests = fc.subarray(HTTP, { minLength: 1, maxLength: 2 }).map((http): Manifest => ({ http }));
  const http = requests.map((rules): Manifest => ({ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules }] }));
  const dns = pickOne<Manifest>({ matchName: 'a.example.com' }, { matchPattern: '*.example.com' }).map(
    (rule): Manifest => ({ toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [rule] } }] }),
  );
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant<Manifest>({}) },
    { weight: 4, arbitrary: plain },
    { weight: 1, arbitrary: pickOne(...ICMPS) },
    { weight: 1, arbitrary: isDeny || !hasRequests ? plain : pickOne(...SERVER_NAMES) },
    { weight: 2, arbitrary: isDeny || !hasRequests ? plain : http },
    { weight: 1, arbitrary: isDeny || isIngress || !hasRequests ? plain : dns },
  );
}
