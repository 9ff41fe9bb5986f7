import type { ControlSettings } from '#model/control-settings.ts';
import type { ClusterObject } from '#model/object.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Analysis } from '../analysis.ts';
import type { ObjectIndex } from './objects.ts';
import type { PodOwner } from './pod-owners.ts';

/** What every control is given. What is costly and asked by several is made once: see `once`. */
export interface ControlContext {
  readonly snapshot: Snapshot;
  readonly analysis: Analysis;
  readonly objects: ObjectIndex;
  /** Whatever makes pods, and pods that nothing makes: one entry for each template. */
  readonly podOwners: readonly PodOwner[];
  readonly settings: ControlSettings;
  /** `2026-11-21`, UTC: what dates are compared with. */
  readonly today: string;
  /**
   * `live`: the whole cluster was asked, so that what is not in the input is not there. `manifests`: the input is part
   * of a cluster. It is taken to be whole for the namespaces whose workloads it has; nodes, components, add-ons and
   * objects of other teams may exist.
   */
  readonly kind: 'live' | 'manifests';
  /** The value that `make` gives, made once for each `key` in a scan. */
  readonly once: <T>(key: OnceKey<T>, make: (context: ControlContext) => T) => T;
}

/** Keys are made with `onceKey`, one for each thing. */
export interface OnceKey<T> {
  readonly name: string;
  /** Never there; ties the type to the key. */
  readonly made?: T;
}

export function onceKey<T>(name: string): OnceKey<T> {
  return { name };
}

export interface ContextParts {
  readonly analysis: Analysis;
  readonly settings: ControlSettings;
  readonly today: string;
  readonly kind: 'live' | 'manifests';
}

/** `Deployment shop/web`, as evidence names objects. */
export function titleOf({ kind, namespace, name }: Pick<ClusterObject, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}
