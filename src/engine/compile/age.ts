import type { Resource } from '#model/resource.ts';

/** Istio lets the oldest of equals count; made in the same second, the one whose name comes first. */
export function byAge(a: Resource, b: Resource): number {
  // API servers write times in UTC and to the second, so that their texts are in order; what has none comes last.
  return compare(a.created ?? '~', b.created ?? '~') || compare(a.name, b.name) || compare(a.namespace, b.namespace);
}

/** Whether it is known which of two came first. Manifests do not say. */
export function knowsAge(a: Resource, b: Resource): boolean {
  return a.created !== undefined && b.created !== undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
