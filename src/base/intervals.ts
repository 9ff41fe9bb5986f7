/**
 * Sets of integers as sorted, disjoint, non-adjacent closed intervals in one flat array `[lo, hi, lo, hi, …]`.
 * Values are immutable: every operation returns a set of its own (or one of its arguments when that is the answer).
 */
export type Intervals = readonly number[];

export const NOTHING: Intervals = [];

/** The integers `lo … hi`, both included; empty when `lo > hi`. */
export function interval(lo: number, hi: number): Intervals {
  return lo > hi ? NOTHING : [lo, hi];
}

/** Any list of `[lo, hi]` pairs, in any order, overlapping or not, as one set. */
export function intervalsOf(pairs: readonly (readonly [number, number])[]): Intervals {
  const sorted = pairs.filter(([lo, hi]) => lo <= hi).sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [lo, hi] of sorted) append(out, lo, hi);
  return out;
}

export function isNothing(set: Intervals): boolean {
  return set.length === 0;
}

export function includes(set: Intervals, value: number): boolean {
  for (let i = 0; i < set.length; i += 2) {
    if (value < set[i]!) return false;
    if (value <= set[i + 1]!) return true;
  }
  return false;
}

export function equalIntervals(a: Intervals, b: Intervals): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function unite(a: Intervals, b: Intervals): Intervals {
  if (a.length === 0) return b;
  if (b.length === 0 || a === b) return a;
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const takeA = j >= b.length || (i < a.length && a[i]! <= b[j]!);
    if (takeA) {
      append(out, a[i]!, a[i + 1]!);
      i += 2;
    } else {
      append(out, b[j]!, b[j + 1]!);
      j += 2;
    }
  }
  return out;
}

export function meet(a: Intervals, b: Intervals): Intervals {
  if (a === b) return a;
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const lo = Math.max(a[i]!, b[j]!);
    const hi = Math.min(a[i + 1]!, b[j + 1]!);
    if (lo <= hi) out.push(lo, hi);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return out;
}

/** The members of `a` that are not in `b`. */
export function subtract(a: Intervals, b: Intervals): Intervals {
  if (a.length === 0 || b.length === 0) return a;
  const out: number[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    let lo = a[i]!;
    const hi = a[i + 1]!;
    while (j < b.length && b[j + 1]! < lo) j += 2;
    let k = j;
    while (k < b.length && b[k]! <= hi) {
      if (b[k]! > lo) out.push(lo, b[k]! - 1);
      lo = b[k + 1]! + 1;
      k += 2;
    }
    if (lo <= hi) out.push(lo, hi);
  }
  return out;
}

export function overlaps(a: Intervals, b: Intervals): boolean {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i + 1]! < b[j]!) i += 2;
    else if (b[j + 1]! < a[i]!) j += 2;
    else return true;
  }
  return false;
}

/** Whether every member of `part` is in `whole`. */
export function covers(whole: Intervals, part: Intervals): boolean {
  return subtract(part, whole).length === 0;
}

export function sizeOf(set: Intervals): number {
  let size = 0;
  for (let i = 0; i < set.length; i += 2) size += set[i + 1]! - set[i]! + 1;
  return size;
}

function append(out: number[], lo: number, hi: number): void {
  const last = out.length - 1;
  if (last > 0 && lo <= out[last]! + 1) {
    if (hi > out[last]!) out[last] = hi;
  } else {
    out.push(lo, hi);
  }
}
