import { type AddressRange, type Family, formatAddress, isWithin } from '#base/address.ts';
import { addBit, addRange, type Bits, emptyBits } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import { type Atoms, atomAt, atomRange, cutAtoms } from '#engine/atoms.ts';
import { PLATFORM_ADDRESSES } from '#engine/compile/azure/address-items.ts';
import type { RangeSpan } from '#engine/compile/azure/ranges.ts';
import type { AddressItem } from '#model/azure/entity.ts';

/** A thing that rules name, with the addresses that it is known to hold and those that it may hold. */
export interface NamedRanges {
  /** Equal for things that hold the same addresses: two rules that name one thing mean the same by it. */
  readonly key: string;
  readonly span: RangeSpan;
}

/**
 * Addresses of one family that no rule tells apart. Where it is not known whether a thing holds an address, both are
 * looked at: a cell is a range with the things that are taken to hold it.
 */
export interface Cells {
  readonly size: number;
  /** Whether every combination of unknown things is there. */
  readonly isExact: boolean;
  /** The same set for the same things. */
  in(named: readonly NamedRanges[]): Bits;
  /** Addresses that answer on every host: "not filtered by ordinary rules". */
  readonly platform: Bits;
  /** `10.0.0.0`, or `20.0.0.0 in tag storage`: the first address, or the last, so that two ends are two addresses. */
  text(cell: number, which: 'first' | 'last'): string;
  /** Whether it cannot be both: one address is in a thing or it is not. */
  excludes(cell: number, other: number): boolean;
}

interface Cell {
  readonly range: AddressRange;
  /** Keys of things that are taken to hold it, of those of which it is not known. */
  readonly taken: readonly string[];
}

/** Up to so many unknown things at one address every combination is looked at; of more, those of two and that of all. */
const MOST_TOGETHER = 6;

export function cellsOf(family: Family, all: readonly NamedRanges[]): Cells {
  const distinct = [...new Map(all.map((each) => [each.key, each])).values()];
  const cuts = distinct.flatMap(({ span }) => [...span.must, ...span.may]);
  const atoms = cutAtoms(family, [...cuts, ...PLATFORM_ADDRESSES]);
  const open = distinct.filter(({ span }) => span.must !== span.may);
  const cells: Cell[] = [];
  const firstCells: number[] = [];
  let isExact = true;
  for (const index of atoms.starts.keys()) {
    const range = atomRange(atoms, index);
    firstCells.push(cells.length);
    const here = open.filter(({ span }) => holds(span.may, range) && !holds(span.must, range)).map(({ key }) => key);
    if (here.length > MOST_TOGETHER) isExact = false;
    for (const taken of combinations(here)) cells.push({ range, taken });
  }
  const known = new Map<string, Bits>();
  const unions = new Map<string, Bits>();
  const cut: Cut = { cells, atoms, firstCells };
  return {
    size: cells.length,
    isExact,
    in: (named) =>
      remembered(unions, named.map(({ key }) => key).join('\n'), () =>
        unionOf(
          named.map((each) => remembered(known, each.key, () => bitsOfThing(cut, each))),
          cells.length,
        ),
      ),
    platform: bitsWhere(cells, ({ range }) => holds(PLATFORM_ADDRESSES, range)),
    text: (cell, which) => textOf(cells[cell]!, which),
    excludes: (cell, other) => {
      const [a, b] = [cells[cell]!, cells[other]!];
      return a.range === b.range && a !== b && a.range.lo === a.range.hi;
    },
  };
}

function textOf({ range, taken }: Cell, which: 'first' | 'last'): string {
  const address = formatAddress({ family: range.family, value: which === 'first' ? range.lo : range.hi });
  return taken.length === 0 ? address : `${address} in ${taken.join(', ')}`;
}

function holds(ranges: readonly AddressRange[], range: AddressRange): boolean {
  return ranges.some((each) => isWithin(range, each));
}

interface Cut {
  readonly cells: readonly Cell[];
  readonly atoms: Atoms;
  /** Of each atom the first of its cells, which stand together. */
  readonly firstCells: readonly number[];
}

/** The ends of every range are those of atoms. */
function bitsOfThing({ cells, atoms, firstCells }: Cut, { key, span }: NamedRanges): Bits {
  const bits = span.must === span.may ? emptyBits(cells.length) : bitsWhere(cells, ({ taken }) => taken.includes(key));
  for (const { family, lo, hi } of span.must) {
    if (family === atoms.family)
      addRange(bits, firstCells[atomAt(atoms, lo)]!, firstCells[atomAt(atoms, hi) + 1] ?? cells.length);
  }
  return bits;
}

function bitsWhere(cells: readonly Cell[], test: (cell: Cell) => boolean): Bits {
  const bits = emptyBits(cells.length);
  for (const [index, cell] of cells.entries()) if (test(cell)) addBit(bits, index);
  return bits;
}

function unionOf(sets: readonly Bits[], size: number): Bits {
  const [only, ...others] = sets;
  if (only !== undefined && others.length === 0) return only;
  const out = emptyBits(size);
  for (const set of sets) for (let i = 0; i < out.length; i++) out[i]! |= set[i]!;
  return out;
}

function combinations(keys: readonly string[]): string[][] {
  if (keys.length <= MOST_TOGETHER) return subsets(keys);
  const pairs = keys.flatMap((key, index) => keys.slice(index + 1).map((other) => [key, other]));
  return [[], ...keys.map((key) => [key]), ...pairs, [...keys]];
}

function subsets(keys: readonly string[]): string[][] {
  return Array.from({ length: 1 << keys.length }, (_, mask) =>
    keys.filter((_key, index) => (mask & (1 << index)) !== 0),
  );
}

/** What tells an address item from others. What is not known is what its expression says. */
export function keyOf(item: AddressItem): string {
  switch (item.kind) {
    case 'range':
      return `${item.range.family} ${item.range.lo} ${item.range.hi}`;
    case 'tag':
      return `tag ${item.tag.toLowerCase()}`;
    case 'unsettled':
      return `expression ${item.value.expression}`;
    case 'asg':
    case 'ip-group':
    case 'pods':
      return `${item.kind} ${item.key}`;
    case 'any':
    case 'name':
    case 'invalid':
      return item.kind;
  }
}
