import type { Cluster, NamespaceSpec, WorkloadSpec } from './cluster.ts';
import { type NodeSpec, nodesOf, type PodSpec, podsOf, replicaSetLabels, replicaSetOf } from './cluster-pods.ts';
import type { PolicySpec } from './cluster-policies.ts';
import type { ClusterForm } from './cluster-snapshot.ts';

/** A Kubernetes object as plain data. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly [field: string]: unknown;
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly object[];
  readonly uid?: string;
}

/** The described cluster as Kubernetes objects, one at a time, so that a hundred thousand pods need not be held. */
export function* manifestsOf(cluster: Cluster, form: ClusterForm): Generator<Manifest> {
  for (const namespace of cluster.namespaces) yield namespaceManifest(namespace);
  for (const workload of cluster.workloads) yield workloadManifest(workload);
  for (const policy of cluster.policies) yield policyManifest(policy);
  if (form === 'templates') return;
  const nodes = nodesOf(cluster);
  for (const node of nodes) yield nodeManifest(node);
  for (const workload of cluster.workloads) if (workload.kind === 'Deployment') yield replicaSetManifest(workload);
  for (const pod of podsOf(cluster, nodes)) yield podManifest(pod);
}

function namespaceManifest({ name, labels }: NamespaceSpec): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

function workloadManifest(workload: WorkloadSpec): Manifest {
  const { kind, namespace, name, labels, replicas } = workload;
  const selector = { matchLabels: { app: labels.app! } };
  const template = { metadata: { labels }, spec: podBody(workload) };
  const spec =
    kind === 'StatefulSet' ? { serviceName: name, replicas, selector, template } : { replicas, selector, template };
  return { apiVersion: 'apps/v1', kind, metadata: { name, namespace }, spec };
}

function replicaSetManifest(workload: WorkloadSpec): Manifest {
  const name = replicaSetOf(workload);
  const labels = replicaSetLabels(workload);
  const ownerReferences = [ownerReference('Deployment', workload.namespace, workload.name)];
  const selector = { matchLabels: { app: labels.app!, 'pod-template-hash': labels['pod-template-hash']! } };
  const spec = { replicas: workload.replicas, selector, template: { metadata: { labels }, spec: podBody(workload) } };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name, namespace: workload.namespace, labels, ownerReferences },
    spec,
  };
}

function podManifest({ workload, name, labels, node, addresses, owner }: PodSpec): Manifest {
  const { namespace } = workload;
  const ownerReferences = [ownerReference(owner.kind, namespace, owner.name)];
  const status = {
    phase: 'Running',
    hostIP: node.addresses[0],
    podIP: addresses[0],
    podIPs: addresses.map((ip) => ({ ip })),
  };
  const spec = { nodeName: node.name, ...podBody(workload) };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels, ownerReferences }, spec, status };
}

function nodeManifest({ name, addresses, podCidrs }: NodeSpec): Manifest {
  const spec = { podCIDR: podCidrs[0], podCIDRs: podCidrs };
  const status = { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    spec,
    status,
  };
}

function policyManifest({ namespace, name, spec }: PolicySpec): Manifest {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec };
}

function podBody({ name, ports }: WorkloadSpec): object {
  const container = { name: 'main', image: `registry.example.com/${name}:1.0.0` };
  if (ports.length === 0) return { containers: [container] };
  const list = ports.map((port) => ({
    ...(port.name !== undefined && { name: port.name }),
    containerPort: port.port,
    protocol: port.protocol,
  }));
  return { containers: [{ ...container, ports: list }] };
}

function ownerReference(kind: string, namespace: string, name: string): object {
  return { apiVersion: 'apps/v1', kind, name, uid: uidOf(`${kind}/${namespace}/${name}`), controller: true };
}

/** A made-up uid in the form that the API server gives. */
function uidOf(text: string): string {
  let hex = '';
  for (let round = 0; hex.length < 32; round++) {
    let hash = 0x811c9dc5 ^ round;
    for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
    hex += hash.toString(16).padStart(8, '0');
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
