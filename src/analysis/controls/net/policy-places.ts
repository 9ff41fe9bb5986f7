import type { Place } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import type { PolicyRef } from '#model/verdict.ts';
import { placeOf } from '../assessment.ts';
import type { ControlContext } from '../context.ts';
import { objectId } from '../objects.ts';

type Named = Pick<PolicyRef, 'kind' | 'namespace' | 'name' | 'origin'>;

/** Policies of pods, of every dialect; those of meshes speak about requests and are judged elsewhere. */
export function policiesWritten({ snapshot }: ControlContext): readonly PolicyRef[] {
  const lists: readonly (readonly Named[])[] = [
    snapshot.networkPolicies,
    snapshot.clusterPolicies,
    snapshot.calicoPolicies,
    snapshot.ciliumPolicies,
  ];
  return lists.flat().map(({ kind, namespace, name, origin }) => ({ kind, namespace, name, origin }));
}

/** The object that a policy was read from. */
export function objectOfPolicy(
  { objects }: ControlContext,
  { kind, namespace, name }: Named,
): ClusterObject | undefined {
  const plainKind = kind.split('.')[0]!;
  return objects
    .inNamespace(namespace)
    .find((object) => object.name === name && object.kind === plainKind && isPolicyGroup(object, kind));
}

/** Kinds that several groups use have their group behind them. */
function isPolicyGroup({ group }: ClusterObject, kind: string): boolean {
  const [, ...rest] = kind.split('.');
  if (rest.length > 0) return group === rest.join('.') || group === 'crd.projectcalico.org';
  return kind !== 'NetworkPolicy' || group === 'networking.k8s.io';
}

export function placeOfPolicy(context: ControlContext, ref: Named): Place {
  const object = objectOfPolicy(context, ref);
  if (object !== undefined) return placeOf(object);
  const { kind, namespace, name, origin } = ref;
  return { kind, namespace, name, id: objectId({ group: '', kind, namespace, name }), origin };
}
