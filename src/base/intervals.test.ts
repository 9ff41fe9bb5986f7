import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  covers,
  equalIntervals,
  type Intervals,
  includes,
  interval,
  intervalsOf,
  isNothing,
  meet,
  NOTHING,
  overlaps,
  sizeOf,
  subtract,
  unite,
} from './intervals.ts';

const pairs = fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 8 });
const drawn = pairs.map((list) => ({ set: intervalsOf(list), reference: referenceOf(list) }));

/** The same set, member by member. Pairs that are turned round are empty. */
function referenceOf(list: readonly (readonly [number, number])[]): Set<number> {
  const out = new Set<number>();
  for (const [lo, hi] of list) for (let value = lo; value <= hi; value++) out.add(value);
  return out;
}

function listOf(set: Intervals): number[] {
  const out: number[] = [];
  for (let value = -1; value <= 42; value++) if (includes(set, value)) out.push(value);
  return out;
}

function sorted(set: Iterable<number>): number[] {
  return [...set].sort((a, b) => a - b);
}

describe('intervals', () => {
  test.each<[why: string, pairs: [number, number][], want: number[]]>([
    ['none', [], []],
    ['one value', [[5, 5]], [5, 5]],
    [
      'any order',
      [
        [7, 9],
        [1, 2],
      ],
      [1, 2, 7, 9],
    ],
    [
      'neighbours are joined',
      [
        [1, 2],
        [3, 4],
      ],
      [1, 4],
    ],
    [
      'a gap of one stays',
      [
        [1, 2],
        [4, 5],
      ],
      [1, 2, 4, 5],
    ],
    [
      'one within another',
      [
        [1, 9],
        [3, 4],
      ],
      [1, 9],
    ],
    [
      'overlap',
      [
        [1, 5],
        [3, 9],
      ],
      [1, 9],
    ],
    ['turned round is empty', [[9, 1]], []],
    [
      'the same twice',
      [
        [1, 3],
        [1, 3],
      ],
      [1, 3],
    ],
  ])('%s', (_why, given, want) => {
    expect(intervalsOf(given)).toEqual(want);
  });

  test('an interval is empty when it ends before it starts', () => {
    expect([interval(3, 2), interval(3, 3), isNothing(interval(3, 2))]).toEqual([NOTHING, [3, 3], true]);
  });
});

describe('against Set', () => {
  test('a set holds exactly its members, sorted, disjoint and not adjacent', () => {
    fc.assert(
      fc.property(drawn, ({ set, reference }) => {
        expect(listOf(set)).toEqual(sorted(reference));
        expect(sizeOf(set)).toBe(reference.size);
        expect(isNothing(set)).toBe(reference.size === 0);
        expectNormal(set);
      }),
    );
  });

  test('every operation says what Set says, in normal form, and leaves its arguments alone', () => {
    fc.assert(
      fc.property(drawn, drawn, (a, b) => {
        const before = [[...a.set], [...b.set]];
        expectSame(unite(a.set, b.set), both(a.reference, b.reference));
        expectSame(meet(a.set, b.set), common(a.reference, b.reference));
        expectSame(subtract(a.set, b.set), without(a.reference, b.reference));
        expect(overlaps(a.set, b.set)).toBe(!disjoint(a.reference, b.reference));
        expect(covers(a.set, b.set)).toBe(within(b.reference, a.reference));
        expect(equalIntervals(a.set, b.set)).toBe(sorted(a.reference).join() === sorted(b.reference).join());
        expect([a.set, b.set]).toEqual(before);
      }),
    );
  });

  test('a set with itself', () => {
    fc.assert(
      fc.property(drawn, ({ set }) => {
        expect(unite(set, set)).toEqual(set);
        expect(meet(set, set)).toEqual(set);
        expect(subtract(set, set)).toEqual(NOTHING);
        expect(equalIntervals(set, [...set])).toBe(true);
      }),
    );
  });
});

function expectSame(set: Intervals, reference: ReadonlySet<number>): void {
  expect(listOf(set)).toEqual(sorted(reference));
  expectNormal(set);
}

function expectNormal(set: Intervals): void {
  for (let i = 0; i < set.length; i += 2) {
    expect(set[i]).toBeLessThanOrEqual(set[i + 1]!);
    if (i > 0) expect(set[i]).toBeGreaterThan(set[i - 1]! + 1);
  }
}

function both<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): Set<T> {
  return new Set([...a, ...b]);
}

function common<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): Set<T> {
  return new Set([...a].filter((member) => b.has(member)));
}

function without<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): Set<T> {
  return new Set([...a].filter((member) => !b.has(member)));
}

function disjoint<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return [...a].every((member) => !b.has(member));
}

function within<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return [...a].every((member) => b.has(member));
}
