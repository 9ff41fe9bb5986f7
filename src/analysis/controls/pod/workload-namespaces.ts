import type { Place } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { placeOf } from '../assessment.ts';
import type { ControlContext } from '../context.ts';
import { onceKey } from '../context.ts';
import type { PodOwner } from '../pod-owners.ts';
import { isSystemNamespace } from '../system-namespaces.ts';

/** A namespace outside of the platform's own, with the workloads that the input has of it. */
export interface WorkloadNamespace {
  readonly name: string;
  readonly owners: readonly PodOwner[];
  /** Absent where only its workloads are in the input. */
  readonly object: ClusterObject | undefined;
  readonly where: Place;
}

const SPACES = onceKey<readonly WorkloadNamespace[]>('namespaces with workloads');

export function workloadNamespaces(context: ControlContext): readonly WorkloadNamespace[] {
  return context.once(SPACES, spacesOf);
}

function spacesOf(context: ControlContext): readonly WorkloadNamespace[] {
  const byNamespace = Map.groupBy(context.podOwners, ({ object }) => object.namespace);
  return [...byNamespace].flatMap(([name, owners]) => {
    if (isSystemNamespace(context, name)) return [];
    const object = context.objects.get({ group: '', kind: 'Namespace', namespace: '', name });
    const where: Place =
      object === undefined
        ? { kind: 'Namespace', namespace: '', name, id: `/Namespace//${name}`, origin: owners[0]!.object.origin }
        : placeOf(object);
    return [{ name, owners, object, where }];
  });
}
