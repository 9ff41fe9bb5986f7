import type { ClusterObject, FieldPath } from '#model/object.ts';
import { listAt, plainAt } from '#model/plain.ts';
import type { ControlContext } from '../../context.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';

/** Something that holds data which no manifest brings back. */
export interface Holder {
  readonly object: ClusterObject;
  readonly path: FieldPath;
}

/** Claims, and sets that make them, by namespace. */
export function holdersByNamespace(context: ControlContext): ReadonlyMap<string, readonly Holder[]> {
  const claims = context.objects.of('', 'PersistentVolumeClaim').map((object): Holder => ({ object, path: ['spec'] }));
  const sets = context.podOwners.flatMap(({ object }): Holder[] => {
    const path = ['spec', 'volumeClaimTemplates'];
    return listAt(object.value, ...path).length > 0 && object.kind === 'StatefulSet' ? [{ object, path }] : [];
  });
  const holders = [...sets, ...claims].filter(({ object }) => !isSystemNamespace(context, object.namespace));
  return Map.groupBy(holders, ({ object }) => object.namespace);
}

/** Objects by which a cluster is kept as a repository says: what is in no volume comes back from there. */
export function gitSourceOf({ objects }: ControlContext): ClusterObject | undefined {
  const kinds = [
    ['kustomize.toolkit.fluxcd.io', 'Kustomization'],
    ['helm.toolkit.fluxcd.io', 'HelmRelease'],
    ['argoproj.io', 'Application'],
    ['argoproj.io', 'ApplicationSet'],
    ['clusterconfig.azure.com', 'FluxConfig'],
  ] as const;
  for (const [group, kind] of kinds) {
    const [found] = objects.of(group, kind).filter(({ value }) => plainAt(value, 'spec') !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}
