import fc from 'fast-check';
import type { Manifest } from './manifests.ts';

/** What generated clusters of every engine have in common: namespaces, nodes, pods, Services, and Kubernetes policy. */

/** An object without its name: `draftManifests` counts. */
export interface Draft {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  /** What its name begins with. */
  readonly prefix?: string;
  readonly labels?: Manifest;
  readonly body: Manifest;
}

export function draftManifests(drafts: readonly Draft[], letter: string): Manifest[] {
  return drafts.map(({ apiVersion, kind, namespace, prefix = '', labels, body }, index) => ({
    apiVersion,
    kind,
    metadata: {
      name: `${prefix}${letter}${index}`,
      ...(namespace !== undefined && { namespace }),
      ...(labels !== undefined && { labels }),
    },
    ...body,
  }));
}

export function pickOne<T>(...values: T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...values);
}

export function some<T>(kind: fc.Arbitrary<T>, most: number): fc.Arbitrary<T[]> {
  return fc.array(kind, { maxLength: most, size: 'max' });
}

/** The third namespace has pods but no object: its labels are not known. */
const NAMESPACES: Manifest[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n0', labels: { team: 'red' } } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n1', labels: { team: 'blue', app: 'a' } } },
];
const NODES: Manifest[] = [
  nodeManifest('node0', ['192.168.0.1', 'fd00:9::1'], { zone: 'z0' }),
  nodeManifest('node1', ['192.168.0.2'], { zone: 'z1' }),
];
const ACCOUNTS: Manifest[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace: 'n0', labels: { role: 'r' } } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'n0' } },
];
const SERVICES: Manifest[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'n0' },
    spec: { selector: { app: 'a' }, ports: [{ port: 80, targetPort: 'http' }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'manual', namespace: 'n0', labels: { app: 'a' } },
    spec: { ports: [{ port: 443 }] },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'manual-1', namespace: 'n0', labels: { 'kubernetes.io/service-name': 'manual' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.2'], conditions: { ready: false } }, { addresses: ['198.18.0.7'] }],
    ports: [{ name: '', port: 443, protocol: 'TCP' }],
  },
];

function nodeManifest(name: string, addresses: readonly string[], labels: Manifest): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    status: { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) },
  };
}

export interface PiecesSize {
  /** Of the cluster-wide kinds of Kubernetes. Default 2. */
  readonly clusterPolicies?: number;
}

export function clusterPieces({ clusterPolicies = 2 }: PiecesSize = {}): fc.Arbitrary<Manifest[]> {
  return fc
    .tuple(
      fc.subarray(NODES, { minLength: 1 }),
      fc.subarray(ACCOUNTS, { minLength: 1 }),
      fc.array(podDrafts(), { minLength: 2, maxLength: 4, size: 'max' }),
      some(networkPolicies(), 2),
      some(clusterPolicyDrafts(), clusterPolicies),
    )
    .map(([nodes, accounts, pods, policies, cluster]) => [
      ...NAMESPACES,
      ...nodes,
      ...accounts,
      ...SERVICES,
      ...pods.map(podManifest),
      ...draftManifests(policies, 'k'),
      ...draftManifests(cluster, 'c'),
    ]);
}

// ---------------------------------------------------------------- pods

interface PodDraft {
  readonly namespace: string;
  readonly labels: Manifest;
  readonly account: string;
  readonly node: string | undefined;
  readonly place: 'addressed' | 'dual' | 'host' | 'template';
  readonly ports: readonly Manifest[];
}

function podDrafts(): fc.Arbitrary<PodDraft> {
  return fc.record({
    namespace: pickOne('n0', 'n0', 'n0', 'n1', 'n1', 'n2'),
    labels: pickOne<Manifest>(
      { app: 'a' },
      { app: 'a', tier: 'x' },
      { app: 'b' },
      { tier: 'x' },
      { app: 'abc', 'pod-template-hash': 'h' },
      {},
    ),
    account: pickOne('web', 'web', 'default', `${'long-'.repeat(12)}abc`),
    node: pickOne('node0', 'node0', 'node1', undefined),
    place: pickOne<PodDraft['place']>('addressed', 'addressed', 'addressed', 'dual', 'host', 'template'),
    ports: pickOne<Manifest[]>(
      [],
      [{ name: 'http', containerPort: 80 }],
      [
        { name: 'http', containerPort: 81 },
        { name: 'dns', containerPort: 80, protocol: 'UDP' },
      ],
    ),
  });
}

function podManifest(draft: PodDraft, index: number): Manifest {
  const { namespace, labels, account, node, place, ports } = draft;
  const name = `pod${index}`;
  const spec = {
    serviceAccountName: account,
    ...(node !== undefined && place !== 'template' && { nodeName: node }),
    ...(place === 'host' && { hostNetwork: true }),
    containers: [{ name: 'main', image: 'x', ports }],
  };
  if (place === 'template') {
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: {
        selector: { matchLabels: { pod: name } },
        template: { metadata: { labels: { ...labels, pod: name } }, spec },
      },
    };
  }
  const ips = place === 'dual' ? [`10.0.0.${index + 1}`, `fd00::${index + 1}`] : [`10.0.0.${index + 1}`];
  const status = place === 'host' ? {} : { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec,
    status: { phase: 'Running', ...status },
  };
}

// ---------------------------------------------------------------- Kubernetes policy

function labelSelectors(): fc.Arbitrary<Manifest> {
  return pickOne<Manifest>(
    {},
    {},
    { matchLabels: { app: 'a' } },
    { matchLabels: { tier: 'x' } },
    { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] },
    { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] },
    { matchExpressions: [{ key: 'pod-template-hash', operator: 'Exists' }] },
  );
}

function namespaceSelectors(): fc.Arbitrary<Manifest> {
  return pickOne<Manifest>(
    {},
    { matchLabels: { team: 'red' } },
    { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['red'] }] },
    { matchExpressions: [{ key: 'team', operator: 'Exists' }] },
    { matchLabels: { 'kubernetes.io/metadata.name': 'n1' } },
  );
}

function networkPolicies(): fc.Arbitrary<Draft> {
  const peer = fc.oneof(
    labelSelectors().map((podSelector): Manifest => ({ podSelector })),
    namespaceSelectors().map((namespaceSelector): Manifest => ({ namespaceSelector })),
    fc
      .tuple(labelSelectors(), namespaceSelectors())
      .map(([podSelector, namespaceSelector]): Manifest => ({ podSelector, namespaceSelector })),
    pickOne<Manifest>(
      { ipBlock: { cidr: '10.0.0.0/24', except: ['10.0.0.2/32'] } },
      { ipBlock: { cidr: '0.0.0.0/0' } },
      { ipBlock: { cidr: '192.168.0.0/24' } },
    ),
  );
  const port = pickOne<Manifest>(
    { port: 80 },
    { port: 'http' },
    { protocol: 'UDP' },
    { protocol: 'UDP', port: 'dns' },
    { port: 80, endPort: 443 },
  );
  const rule = (peers: string) =>
    fc.tuple(some(peer, 2), some(port, 2)).map(([list, ports]) => ({ [peers]: list, ports }));
  const types = pickOne<Manifest>(
    {},
    { policyTypes: ['Ingress'] },
    { policyTypes: ['Egress'] },
    { policyTypes: ['Ingress', 'Egress'] },
  );
  return fc
    .tuple(pickOne('n0', 'n0', 'n1', 'n2'), labelSelectors(), types, some(rule('from'), 2), some(rule('to'), 1))
    .map(([namespace, podSelector, given, ingress, egress]) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      namespace,
      body: { spec: { podSelector, ...given, ingress, egress } },
    }));
}

const NUMBERED: Manifest[] = [
  {},
  {},
  { protocols: [{ tcp: { destinationPort: { number: 80 } } }] },
  { protocols: [{ udp: { destinationPort: { range: { start: 53, end: 80 } } } }] },
];

function clusterPolicyDrafts(): fc.Arbitrary<Draft> {
  const pods = fc.oneof(
    namespaceSelectors().map((namespaces): Manifest => ({ namespaces })),
    fc
      .tuple(namespaceSelectors(), labelSelectors())
      .map(([namespaceSelector, podSelector]): Manifest => ({ pods: { namespaceSelector, podSelector } })),
  );
  const action = pickOne('Accept', 'Deny', 'Pass');
  const protocols = pickOne<Manifest>(...NUMBERED, { protocols: [{ destinationNamedPort: 'http' }] });
  const rule = (peers: string, peer: fc.Arbitrary<Manifest>) =>
    fc.tuple(action, peer, protocols).map(([given, one, rest]) => ({ action: given, [peers]: [one], ...rest }));
  const networks = pickOne<Manifest>({ networks: ['10.0.0.0/24'] }, { networks: ['0.0.0.0/0', '::/0'] });
  // A port by name is refused beside networks.
  const outward = fc
    .tuple(action, networks, pickOne(...NUMBERED))
    .map(([given, one, rest]) => ({ action: given, to: [one], ...rest }));
  return fc
    .tuple(
      pickOne('Admin', 'Baseline'),
      pickOne(1, 2),
      pods,
      some(rule('from', pods), 2),
      some(fc.oneof(rule('to', pods), outward), 2),
    )
    .map(([tier, priority, subject, ingress, egress]) => ({
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      kind: 'ClusterNetworkPolicy',
      namespace: undefined,
      body: {
        spec: {
          tier,
          priority,
          subject,
          ...(ingress.length > 0 && { ingress }),
          ...(egress.length > 0 && { egress }),
        },
      },
    }));
}
