import type { Owner } from '#engine/units.ts';
import type { World } from '#engine/world.ts';
import type { Evidence, Judged, Place } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { placeOf, placeOfNamespace } from '../assessment.ts';
import type { ControlContext } from '../context.ts';
import { onceKey, titleOf } from '../context.ts';
import { seenAt } from '../evidence.ts';
import { objectId } from '../objects.ts';
import type { PodOwner } from '../pod-owners.ts';
import { isSystemNamespace } from '../system-namespaces.ts';
import { netWorld } from './net-world.ts';

/** A workload that is judged: what the engine knows of it, and what was written. */
export interface NetWorkload {
  readonly id: string;
  readonly namespace: string;
  readonly owner: Owner;
  /** Points of `netWorld`, of pods on the pod network. */
  readonly points: readonly number[];
  readonly hostNetwork: boolean;
  readonly isSystem: boolean;
  readonly where: Place;
  /** Absent where its kind has no template that we read. */
  readonly written?: PodOwner;
}

const WORKLOADS = onceKey<readonly NetWorkload[]>('workloads of network controls');

/** Every workload, in the order of namespaces and names. */
export function workloadsIn(context: ControlContext): readonly NetWorkload[] {
  return context.once(WORKLOADS, make);
}

const BY_ID = onceKey<ReadonlyMap<string, NetWorkload>>('workloads of network controls by id');

const BY_PLACE = onceKey<ReadonlyMap<string, NetWorkload>>('workloads of network controls by place');

/** The workload that was judged at a place. */
export function workloadAt(context: ControlContext, { where }: Pick<Judged, 'where'>): NetWorkload | undefined {
  return context.once(BY_PLACE, () => new Map(workloadsIn(context).map((each) => [each.where.id, each]))).get(where.id);
}

/** `shop/Deployment/web` */
export function workloadNamed(context: ControlContext, id: string): NetWorkload | undefined {
  return context.once(BY_ID, () => new Map(workloadsIn(context).map((workload) => [workload.id, workload]))).get(id);
}

/** What decided on a workload, the rules first: they are what somebody changes. */
export function decidedBy(
  { owner, written }: NetWorkload,
  rules: readonly Evidence[],
  isOpen: boolean,
): readonly Evidence[] {
  if (rules.length > 0 || !isOpen || written === undefined)
    return [...rules, { object: titleOf(owner), origin: owner.origin }];
  return [seenAt(written.object, [...written.path, 'metadata', 'labels'], 'no policy that decides selects them')];
}

function make(context: ControlContext): readonly NetWorkload[] {
  const { world } = netWorld(context).engine;
  const written = new Map(context.podOwners.map((owner) => [owner.endpoint, owner]));
  const siblings = new Set(context.podOwners.flatMap((owner) => owner.siblings));
  const indexOf = new Map(world.owners.map(({ id }, index) => [id, index]));
  return world.owners
    .filter(({ id }) => !siblings.has(id))
    .map((owner): NetWorkload => {
      const own = written.get(owner.id);
      const all = [owner.id, ...(own?.siblings ?? [])].flatMap((id) => pointsOf(world, indexOf.get(id)));
      const points = all.filter((point) => !world.points[point]!.hostNetwork);
      return {
        id: owner.id,
        namespace: owner.namespace,
        owner,
        points,
        hostNetwork: all.length > 0 && points.length === 0,
        isSystem: isSystemNamespace(context, owner.namespace),
        where: own === undefined ? placeOfOwner(owner) : placeOf(own.object),
        ...(own !== undefined && { written: own }),
      };
    })
    .filter(({ points, hostNetwork }) => hostNetwork || points.length > 0)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function pointsOf(world: World, index: number | undefined): readonly number[] {
  return index === undefined ? [] : world.pointsOfOwner[index]!;
}

function placeOfOwner({ kind, namespace, name, origin }: Owner): Place {
  return { kind, namespace, name, id: objectId({ group: '', kind, namespace, name }), origin };
}

const INHABITED = onceKey<ReadonlySet<string>>('namespaces with workloads');

/** Whether the input has workloads of a namespace. */
export function hasWorkloads(context: ControlContext, namespace: string): boolean {
  return context.once(INHABITED, () => new Set(workloadsIn(context).map((each) => each.namespace))).has(namespace);
}

/** A namespace that has workloads on the pod network. */
export interface NetNamespace {
  readonly name: string;
  readonly isSystem: boolean;
  readonly workloads: readonly NetWorkload[];
  readonly where: Place;
  readonly object?: ClusterObject;
}

const NAMESPACES = onceKey<readonly NetNamespace[]>('namespaces of network controls');

export function namespacesIn(context: ControlContext): readonly NetNamespace[] {
  return context.once(NAMESPACES, makeNamespaces);
}

function makeNamespaces(context: ControlContext): readonly NetNamespace[] {
  const byName = Map.groupBy(
    workloadsIn(context).filter(({ hostNetwork }) => !hostNetwork),
    ({ namespace }) => namespace,
  );
  return [...byName].map(([name, workloads]) => {
    const object = context.objects.get({ group: '', kind: 'Namespace', namespace: '', name });
    return {
      name,
      isSystem: workloads[0]!.isSystem,
      workloads,
      where: placeOfNamespace(context, name, workloads[0]!.owner.origin),
      ...(object !== undefined && { object }),
    };
  });
}
