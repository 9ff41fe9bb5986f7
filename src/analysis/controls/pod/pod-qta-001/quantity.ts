import type { PlainValue } from '#model/plain.ts';

const SUFFIXES: ReadonlyMap<string, number> = new Map([
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
]);

/** A quantity of Kubernetes as a number: `500m` is 0.5, `1Gi` 1073741824. Undefined for what is none. */
export function quantityOf(value: PlainValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const found = /^\+?(\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?$/.exec(value);
  if (found === null) return undefined;
  const factor = found[3] === undefined ? SUFFIXES.get(found[2] ?? '') : 10 ** Number(found[3]);
  return factor === undefined ? undefined : Number(found[1]) * factor;
}

/** `1536Mi`: whole, rounded up. */
export function memoryText(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)}Mi`;
}

/** `1500m`, rounded up. */
export function cpuText(cores: number): string {
  return `${Math.ceil(cores * 1000)}m`;
}
