import type { ClusterObject, FieldPath } from '#model/object.ts';
import type { PlainObject, PlainValue } from '#model/plain.ts';
import { isPlainObject, listAt, plainAt, textAt } from '#model/plain.ts';

/** An object with a pod template, or a pod that no controller made. */
export interface PodOwner {
  readonly object: ClusterObject;
  /** Where in the object the pod's `metadata` and `spec` are: `['spec', 'template']`; of a pod, nothing. */
  readonly path: FieldPath;
  /** The pod's `metadata`. */
  readonly metadata: PlainObject;
  /** The pod's `spec`. */
  readonly spec: PlainObject;
  readonly containers: readonly OwnedContainer[];
  /** The id of its endpoint in answers: `shop/Deployment/web`. */
  readonly endpoint: string;
  /** Endpoints of other pods that the same controller, which is not in the input, made of the same template. */
  readonly siblings: readonly string[];
}

export interface OwnedContainer {
  readonly role: 'container' | 'init' | 'ephemeral';
  readonly name: string;
  /** From the top of the object. */
  readonly path: FieldPath;
  readonly value: PlainObject;
}

const TEMPLATES: Readonly<Record<string, FieldPath>> = {
  'apps/Deployment': ['spec', 'template'],
  'apps/ReplicaSet': ['spec', 'template'],
  'apps/StatefulSet': ['spec', 'template'],
  'apps/DaemonSet': ['spec', 'template'],
  'extensions/Deployment': ['spec', 'template'],
  'extensions/DaemonSet': ['spec', 'template'],
  'batch/Job': ['spec', 'template'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
  '/ReplicationController': ['spec', 'template'],
  'apps.openshift.io/DeploymentConfig': ['spec', 'template'],
  'argoproj.io/Rollout': ['spec', 'template'],
  '/Pod': [],
};

/** Those that another object of a kind we know controls are left out: what is wrong is wrong in the controller. */
export function podOwnersOf(objects: readonly ClusterObject[]): readonly PodOwner[] {
  const known = new Set(objects.map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`));
  return objects.flatMap((object) => {
    const path = TEMPLATES[`${object.group}/${object.kind}`];
    if (path === undefined || isControlled(object, known)) return [];
    const pod = plainAt(object.value, ...path);
    const spec = plainAt(pod, 'spec');
    return isPlainObject(spec) ? [ownerOf({ object, path, spec, pod })] : [];
  });
}

/**
 * Pods whose controller is not in the input, told once for each controller: what is wrong in one is wrong in all, and is
 * mended in the template. Pods of another revision were made of another template.
 */
export function withoutSiblings(owners: readonly PodOwner[]): readonly PodOwner[] {
  const groups = Map.groupBy(owners, (owner) => controllerKey(owner) ?? owner.endpoint);
  return [...groups.values()].map(([first, ...others]) =>
    others.length === 0 ? first! : { ...first!, siblings: others.map(({ endpoint }) => endpoint) },
  );
}

function controllerKey({ object, path }: PodOwner): string | undefined {
  if (path.length > 0) return undefined;
  const controller = listAt(object.value, 'metadata', 'ownerReferences').find(
    (owner) => plainAt(owner, 'controller') === true,
  );
  if (controller === undefined) return undefined;
  const revision = textAt(object.value, 'metadata', 'labels', 'controller-revision-hash') ?? '';
  return JSON.stringify([object.namespace, textAt(controller, 'kind'), textAt(controller, 'name'), revision]);
}

interface Parts {
  readonly object: ClusterObject;
  readonly path: FieldPath;
  readonly spec: PlainObject;
  readonly pod: PlainValue | undefined;
}

function ownerOf({ object, path, spec, pod }: Parts): PodOwner {
  const metadata = plainAt(pod, 'metadata');
  return {
    object,
    path,
    spec,
    metadata: isPlainObject(metadata) ? metadata : {},
    containers: CONTAINERS.flatMap(([field, role]) =>
      listAt(spec, field).flatMap((value, index) =>
        isPlainObject(value)
          ? [{ role, name: textAt(value, 'name') ?? '', path: [...path, 'spec', field, index], value }]
          : [],
      ),
    ),
    endpoint: `${object.namespace}/${object.kind}/${object.name}`,
    siblings: [],
  };
}

const CONTAINERS = [
  ['initContainers', 'init'],
  ['containers', 'container'],
  ['ephemeralContainers', 'ephemeral'],
] as const;

function isControlled({ value, namespace }: ClusterObject, known: ReadonlySet<string>): boolean {
  return listAt(value, 'metadata', 'ownerReferences').some(
    (owner) =>
      plainAt(owner, 'controller') === true &&
      known.has(`${textAt(owner, 'kind') ?? ''}/${namespace}/${textAt(owner, 'name') ?? ''}`),
  );
}
