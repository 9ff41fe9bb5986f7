import type { Cluster, WorkloadSpec } from './cluster.ts';

/** A running pod of a described workload. */
export interface PodSpec {
  readonly workload: WorkloadSpec;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly node: NodeSpec;
  readonly addresses: readonly string[];
  readonly owner: { readonly kind: 'ReplicaSet' | 'StatefulSet'; readonly name: string };
}

export interface NodeSpec {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly podCidrs: readonly string[];
}

/** Below the 110 of a kubelet's default, and below the 254 addresses of a node's /24. */
const PODS_PER_NODE = 90;

export function nodesOf(cluster: Cluster): NodeSpec[] {
  const pods = cluster.workloads.reduce((sum, workload) => sum + workload.replicas, 0);
  const count = Math.max(1, Math.ceil(pods / PODS_PER_NODE));
  return Array.from({ length: count }, (_, index) => nodeSpec(index, cluster.options.dualStack));
}

/** Every pod, in the order of the workloads; nodes are dealt round robin, as a scheduler spreads. */
export function* podsOf(cluster: Cluster, nodes: readonly NodeSpec[]): Generator<PodSpec> {
  let index = 0;
  for (const workload of cluster.workloads) {
    for (let replica = 0; replica < workload.replicas; replica++) {
      yield podSpec({ workload, replica, index, nodes, dualStack: cluster.options.dualStack });
      index++;
    }
  }
}

/** The name of the ReplicaSet of a Deployment's current revision. */
export function replicaSetOf(workload: WorkloadSpec): string {
  return `${workload.name}-${templateHash(workload)}`;
}

/** The labels that a controller adds to the template's. */
export function replicaSetLabels(workload: WorkloadSpec): Readonly<Record<string, string>> {
  return { ...workload.labels, 'pod-template-hash': templateHash(workload) };
}

interface PodPlace {
  readonly workload: WorkloadSpec;
  readonly replica: number;
  readonly index: number;
  readonly nodes: readonly NodeSpec[];
  readonly dualStack: boolean;
}

function podSpec(place: PodPlace): PodSpec {
  const { workload, replica, index, nodes, dualStack } = place;
  const at = index % nodes.length;
  const host = Math.floor(index / nodes.length) + 2;
  const addresses = [`10.${128 + (at >> 8)}.${at & 255}.${host}`];
  if (dualStack) addresses.push(`fd00:10:${at.toString(16)}::${host.toString(16)}`);
  const common = { workload, node: nodes[at]!, addresses };
  if (workload.kind === 'StatefulSet') {
    const name = `${workload.name}-${replica}`;
    return {
      ...common,
      name,
      labels: ordinalLabels(workload, name, replica),
      owner: { kind: 'StatefulSet', name: workload.name },
    };
  }
  const owner = { kind: 'ReplicaSet', name: replicaSetOf(workload) } as const;
  return {
    ...common,
    name: `${owner.name}-${letters(index * 7919 + 12345, 5)}`,
    labels: replicaSetLabels(workload),
    owner,
  };
}

/** What the StatefulSet controller adds: two of the three differ from pod to pod. */
function ordinalLabels(workload: WorkloadSpec, pod: string, ordinal: number): Readonly<Record<string, string>> {
  return {
    ...workload.labels,
    'controller-revision-hash': `${workload.name}-${templateHash(workload)}`,
    'statefulset.kubernetes.io/pod-name': pod,
    'apps.kubernetes.io/pod-index': `${ordinal}`,
  };
}

function nodeSpec(index: number, dualStack: boolean): NodeSpec {
  const [high, low] = [index >> 8, index & 255];
  const addresses = [`10.${64 + high}.${low}.4`];
  const podCidrs = [`10.${128 + high}.${low}.0/24`];
  if (dualStack) {
    addresses.push(`fd00:64::${(index + 1).toString(16)}`);
    podCidrs.push(`fd00:10:${index.toString(16)}::/64`);
  }
  return { name: `node-${index}`, addresses, podCidrs };
}

function templateHash(workload: WorkloadSpec): string {
  let hash = 0x811c9dc5;
  for (const char of workload.name) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return letters(hash, 9);
}

/** The alphabet of Kubernetes' own suffixes: no vowels, and no digit that looks like a letter. */
function letters(number: number, length: number): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  let out = '';
  for (let rest = number; out.length < length; rest = Math.floor(rest / alphabet.length) + 1) {
    out += alphabet[rest % alphabet.length]!;
  }
  return out;
}
