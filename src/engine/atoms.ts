import { type AddressRange, type Family, HIGHEST } from '#base/address.ts';

/**
 * The address line of one family cut at every bound of every CIDR that appears anywhere: no rule can tell two
 * addresses of one atom apart.
 */
export interface Atoms {
  readonly family: Family;
  /** First address of each atom, rising; the first is 0. */
  readonly starts: readonly bigint[];
}

export function cutAtoms(family: Family, ranges: Iterable<AddressRange>): Atoms {
  const starts = new Set<bigint>([0n]);
  for (const range of ranges) {
    if (range.family !== family) continue;
    starts.add(range.lo);
    if (range.hi < HIGHEST[family]) starts.add(range.hi + 1n);
  }
  return { family, starts: [...starts].sort((a, b) => (a < b ? -1 : 1)) };
}

/** The index of the atom that holds an address. */
export function atomAt(atoms: Atoms, value: bigint): number {
  let lo = 0;
  let hi = atoms.starts.length - 1;
  while (lo < hi) {
    const middle = (lo + hi + 1) >>> 1;
    if (atoms.starts[middle]! <= value) lo = middle;
    else hi = middle - 1;
  }
  return lo;
}

export function atomRange(atoms: Atoms, index: number): AddressRange {
  const next = atoms.starts[index + 1];
  return { family: atoms.family, lo: atoms.starts[index]!, hi: next === undefined ? HIGHEST[atoms.family] : next - 1n };
}

/** The atoms `[first, end)` that make up a range, or undefined where the range is not a union of atoms. */
export function atomsWithin(atoms: Atoms, range: AddressRange): readonly [number, number] | undefined {
  const first = atomAt(atoms, range.lo);
  const last = atomAt(atoms, range.hi);
  if (atoms.starts[first] !== range.lo || atomRange(atoms, last).hi !== range.hi) return undefined;
  return [first, last + 1];
}
