import type { Resource } from '#model/resource.ts';
import type { World } from './world.ts';

/**
 * Of several objects the one that was made first; of those of one second the first by name, then by namespace. Manifests do
 * not tell their age: each of them may be the first.
 */
export function oldestOf<T extends Resource>(world: World, objects: readonly T[]): T | undefined {
  const undated = objects.filter(({ created }) => created === undefined);
  const [first] = objects.filter(({ created }) => created !== undefined).sort(byAge);
  const candidates = [...undated, ...(first === undefined ? [] : [first])];
  if (candidates.length <= 1) return candidates[0];
  const names = candidates.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`).sort();
  return world.choose(`the oldest of ${names.join(', ')}`, candidates);
}

function byAge(a: Resource, b: Resource): number {
  return compare(a.created ?? '', b.created ?? '') || compare(a.name, b.name) || compare(a.namespace, b.namespace);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
