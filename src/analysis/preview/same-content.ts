/** Whether two values of a snapshot say the same, wherever in a file they stand. */
export function saysTheSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a)) return Array.isArray(b) && sameLists(a, b);
  if (a instanceof Map) return b instanceof Map && sameLists([...a], [...b]);
  if (a instanceof Set) return b instanceof Set && sameLists([...a], [...b]);
  return sameShapes(Object.entries(a), new Map(Object.entries(b)));
}

function sameLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, index) => saysTheSame(each, b[index]));
}

function sameShapes(a: readonly [string, unknown][], b: ReadonlyMap<string, unknown>): boolean {
  if (a.length !== b.size) return false;
  return a.every(([key, value]) => b.has(key) && (key === 'origin' || saysTheSame(value, b.get(key))));
}
