import type { Resource } from '#model/resource.ts';

/** Istio lets the oldest of equals count; made in the same second, the one whose name comes first. */
export function byAge(a: Resource, b: Resource): number {
  const [left, right] = [timeOf(a), timeOf(b)];
  if (left !== right) return left < right ? -1 : 1;
  return compare(a.name, b.name) || compare(a.namespace, b.namespace);
}

/** Whether it is known which of two came first. Manifests do not say. */
export function knowsAge(a: Resource, b: Resource): boolean {
  return a.created !== undefined && b.created !== undefined;
}

function timeOf({ created }: Resource): number {
  const time = created === undefined ? Number.NaN : Date.parse(created);
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
