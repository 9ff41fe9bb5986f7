import type { Origin } from '#model/origin.ts';
import type { Labels, Pod, PodShape, Workload } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';

/** The workload that answers speak of: a top-most controller in the input, or a pod that has none there. */
export interface Owner {
  /** `shop/Deployment/web` */
  readonly id: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly origin: Origin;
}

/** One pod of the input, or the pod that a template without pods would make. */
export interface Unit {
  readonly owner: number;
  readonly namespace: string;
  readonly labels: Labels;
  readonly shape: PodShape;
  /** Canonical text; empty where not known. */
  readonly addresses: readonly string[];
  readonly nodeName?: string;
  /** Absent for a template. */
  readonly pod?: string;
  /** Label keys whose value a controller sets when it makes the pod: of a template, not known yet. */
  readonly unknownKeys: ReadonlySet<string>;
}

export interface Units {
  readonly owners: readonly Owner[];
  readonly units: readonly Unit[];
}

const NO_KEYS: ReadonlySet<string> = new Set();
const OF_JOBS = [
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
  'batch.kubernetes.io/job-completion-index',
];
/** Labels that each controller adds (Kubernetes reference, "well-known labels"). */
const GENERATED: Partial<Record<string, ReadonlySet<string>>> = {
  Deployment: new Set(['pod-template-hash']),
  Rollout: new Set(['pod-template-hash', 'rollouts-pod-template-hash']),
  StatefulSet: new Set([
    'controller-revision-hash',
    'statefulset.kubernetes.io/pod-name',
    'apps.kubernetes.io/pod-index',
  ]),
  DaemonSet: new Set(['controller-revision-hash', 'pod-template-generation']),
  Job: new Set(OF_JOBS),
  CronJob: new Set(OF_JOBS),
  DeploymentConfig: new Set(['deployment']),
};

const ALL_GENERATED = new Set(Object.values(GENERATED).flatMap((keys) => [...(keys ?? NO_KEYS)]));

/** Whether some controller adds a label, so that templates of other controllers differ in what is known of it. */
export function isGenerated(key: string): boolean {
  return ALL_GENERATED.has(key);
}

function generatedKeys({ kind, template }: Workload): ReadonlySet<string> {
  const keys = GENERATED[kind] ?? NO_KEYS;
  return new Set([...keys].filter((key) => !template.labels.has(key)));
}

/**
 * Groups pods under the top-most controller that is present. A workload without pods is represented by its template;
 * a controlled workload (a ReplicaSet of a Deployment) never stands for itself.
 */
export function unitsOf(snapshot: Snapshot): Units {
  const workloads = new Map<string, Workload>();
  for (const workload of snapshot.workloads) workloads.set(idOf(workload), workload);
  const owners: Owner[] = [];
  const units: Unit[] = [];
  const ownerIndex = new Map<string, number>();
  const withPods = new Set<number>();
  for (const workload of snapshot.workloads) {
    if (topOf(workload, workloads) === workload) addOwner(workload);
  }
  for (const pod of snapshot.pods) {
    if (pod.phase === 'Succeeded' || pod.phase === 'Failed') continue;
    const top = topOf(pod, workloads);
    const owner = ownerIndex.get(idOf(top)) ?? addOwner(top);
    withPods.add(owner);
    units.push(unitOfPod(pod, owner));
  }
  for (const workload of snapshot.workloads) {
    const owner = ownerIndex.get(idOf(workload));
    if (owner === undefined || withPods.has(owner)) continue;
    const shape = workload.template;
    units.push(
      withNode(
        {
          owner,
          namespace: workload.namespace,
          labels: shape.labels,
          shape,
          addresses: [],
          unknownKeys: generatedKeys(workload),
        },
        shape,
      ),
    );
  }
  return { owners, units };

  function addOwner(resource: Pod | Workload): number {
    const { namespace, kind, name, origin } = resource;
    ownerIndex.set(idOf(resource), owners.length);
    return owners.push({ id: idOf(resource), namespace, kind, name, origin }) - 1;
  }
}

function unitOfPod(pod: Pod, owner: number): Unit {
  const { namespace, shape, addresses } = pod;
  return withNode(
    { owner, namespace, labels: shape.labels, shape, addresses, pod: pod.name, unknownKeys: NO_KEYS },
    shape,
  );
}

function withNode(unit: Unit, shape: PodShape): Unit {
  return shape.nodeName === undefined ? unit : { ...unit, nodeName: shape.nodeName };
}

function idOf(resource: { namespace: string; kind: string; name: string }): string {
  return `${resource.namespace}/${resource.kind}/${resource.name}`;
}

/** Follows controller references as long as they lead to something present. A circle ends where it was entered. */
function topOf(from: Pod | Workload, workloads: ReadonlyMap<string, Workload>): Pod | Workload {
  const way = [from];
  let top = from;
  while (top.controller !== undefined) {
    const next = workloads.get(`${top.namespace}/${top.controller.kind}/${top.controller.name}`);
    if (next === undefined) break;
    top = next;
    if (way.includes(next)) break;
    way.push(next);
  }
  return top;
}
