import type { PortProtocol } from '#model/traffic.ts';

/** The small cluster that most hand-written cases are about, as manifests. */
export const OUTSIDE: readonly string[] = ['203.0.113.7', '198.51.100.9', '2001:db8:1::7', '2001:db8:2::9'];

export interface PodText {
  readonly id: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly addresses: readonly string[];
  readonly ports?: readonly PortText[];
  readonly initPorts?: readonly PortText[];
  readonly node?: string;
  readonly phase?: string;
}

export type PortText = readonly [name: string, protocol: PortProtocol, port: number];

/**
 * Namespaces a (team=a), b (team=b) and c (no labels). `http` is another number at each of the pods that have it, and
 * c/plain has neither labels nor ports. Pods of a and c run on node n1, those of b on n2.
 */
export const TOWN: string = [
  namespaceText('a', { team: 'a' }),
  namespaceText('b', { team: 'b' }),
  namespaceText('c', {}),
  nodeText('n1', ['172.18.0.2', 'fd00:18::2']),
  nodeText('n2', ['172.18.0.3', 'fd00:18::3']),
  podText({
    id: 'a/web',
    labels: { app: 'web', tier: '' },
    addresses: ['10.244.1.1', 'fd00:244:1::1'],
    ports: [['http', 'TCP', 80]],
    node: 'n1',
  }),
  podText({
    id: 'a/db',
    labels: { app: 'db' },
    addresses: ['10.244.1.2', 'fd00:244:1::2'],
    ports: [
      ['http', 'TCP', 8080],
      ['dns', 'UDP', 53],
      ['dns', 'TCP', 5353],
    ],
    node: 'n1',
  }),
  podText({
    id: 'b/web',
    labels: { app: 'web' },
    addresses: ['10.244.2.1', 'fd00:244:2::1'],
    ports: [['http', 'TCP', 8081]],
    node: 'n2',
  }),
  podText({
    id: 'b/db',
    labels: { app: 'db' },
    addresses: ['10.244.2.2', 'fd00:244:2::2'],
    initPorts: [['http', 'TCP', 8082]],
    ports: [['signal', 'SCTP', 53]],
    node: 'n2',
  }),
  podText({ id: 'c/plain', addresses: ['10.244.3.1', 'fd00:244:3::1'], node: 'n1' }),
].join('');

export function podText(pod: PodText): string {
  const [namespace, name] = pod.id.split('/');
  return documentText({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels: pod.labels ?? {} },
    spec: {
      nodeName: pod.node,
      initContainers: pod.initPorts === undefined ? undefined : containersOf('setup', pod.initPorts),
      containers: containersOf('main', pod.ports ?? []),
    },
    status: {
      phase: pod.phase ?? 'Running',
      podIP: pod.addresses[0],
      podIPs: pod.addresses.map((ip) => ({ ip })),
    },
  });
}

export function namespaceText(name: string, labels: Readonly<Record<string, string>>): string {
  return documentText({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

export function nodeText(name: string, addresses: readonly string[]): string {
  return documentText({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) },
  });
}

/** A policy as people write it: `spec` is YAML, indented as it comes. */
export function policyText(id: string, spec: string): string {
  const [namespace, name] = id.split('/');
  const body = spec
    .replace(/^\n+|\s+$/g, '')
    .split('\n')
    .map((line) => `  ${line}`);
  return [
    '---',
    'apiVersion: networking.k8s.io/v1',
    'kind: NetworkPolicy',
    `metadata: {namespace: ${namespace}, name: ${name}}`,
    'spec:',
    ...body,
    '',
  ].join('\n');
}

/** JSON is YAML; behind the marker of a new document it can stand in one file with documents in YAML. */
export function documentText(object: unknown): string {
  return `---\n${JSON.stringify(object)}\n`;
}

/** One container for each port, because a container may use a port name only once. */
export function containersOf(name: string, ports: readonly PortText[]): unknown[] {
  const image = 'example.invalid/image';
  if (ports.length === 0) return [{ name, image }];
  return ports.map(([portName, protocol, containerPort], index) => ({
    name: `${name}-${index}`,
    image,
    ports: [{ name: portName, protocol, containerPort }],
  }));
}
