import type { Place } from '#model/control.ts';
import { type ControlContext, onceKey } from '../controls/context.ts';

const BY_NAMESPACE = onceKey<ReadonlyMap<string, readonly string[]>>('endpoints-by-namespace');

/** The workloads that a place is about: itself, or those of a namespace; of anything else none. */
export function endpointsInNamespace(context: ControlContext, { kind, namespace, name }: Place): readonly string[] {
  if (namespace !== '') return [`${namespace}/${kind}/${name}`];
  if (kind !== 'Namespace') return [];
  const byNamespace = context.once(BY_NAMESPACE, ({ podOwners }) => {
    const grouped = Map.groupBy(podOwners, ({ object }) => object.namespace);
    return new Map([...grouped].map(([key, owners]) => [key, owners.map(({ endpoint }) => endpoint)]));
  });
  return byNamespace.get(name) ?? [];
}
