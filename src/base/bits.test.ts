import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addAll,
  addBit,
  addCommon,
  addRange,
  type Bits,
  bitsOf,
  copyBits,
  countBits,
  difference,
  emptyBits,
  emptyWords,
  equalBits,
  fullBits,
  hasBit,
  hashBits,
  intersection,
  intersects,
  isEmpty,
  isSubset,
  keepAll,
  members,
  moveCommon,
  nextBit,
  removeAll,
  removeBit,
  setCommon,
  union,
} from './bits.ts';

/** Wide enough for three words, and not a multiple of 32, so that the last word is a partial one. */
const SIZE = 90;
const sets = fc.uniqueArray(fc.nat(SIZE - 1)).map((list) => new Set(list));

function listOf(bits: Bits): number[] {
  return [...members(bits)];
}

function sorted(set: Iterable<number>): number[] {
  return [...set].sort((a, b) => a - b);
}

describe('members', () => {
  test.each([
    ['nothing', []],
    ['the first and the last of a word', [0, 31]],
    ['the first of the next word', [32]],
    ['the last of all', [SIZE - 1]],
    ['one of each word', [5, 40, 70]],
  ])('%s come out as they went in', (_what, list) => {
    const bits = bitsOf(SIZE, list);
    expect(listOf(bits)).toEqual(list);
    expect(countBits(bits)).toBe(list.length);
    expect(isEmpty(bits)).toBe(list.length === 0);
  });

  test('are added and removed one by one', () => {
    const bits = emptyBits(SIZE);
    addBit(bits, 31);
    addBit(bits, 31);
    addBit(bits, 63);
    removeBit(bits, 31);
    removeBit(bits, 30);
    expect([hasBit(bits, 31), hasBit(bits, 63), hasBit(bits, 62)]).toEqual([false, true, false]);
  });

  test('nextBit finds the next from any place, and -1 after the last', () => {
    const bits = bitsOf(SIZE, [3, 31, 64]);
    const asked = [0, 3, 4, 31, 32, 64, 65, 89, 96, 1000];
    expect(asked.map((from) => nextBit(bits, from))).toEqual([3, 3, 31, 31, 64, 64, -1, -1, -1, -1]);
  });

  test('a full set has each member once and none beyond', () => {
    for (const size of [0, 1, 31, 32, 33, 64, SIZE]) expect(listOf(fullBits(size))).toHaveLength(size);
  });
});

describe('against Set', () => {
  test('a range is each of its members', () => {
    fc.assert(
      fc.property(fc.nat(SIZE), fc.nat(SIZE), sets, (from, to, before) => {
        const bits = bitsOf(SIZE, before);
        addRange(bits, from, to);
        for (let member = 0; member < SIZE; member++) {
          expect(hasBit(bits, member)).toBe(before.has(member) || (member >= from && member < to));
        }
      }),
    );
  });

  test('every operation on two sets says what Set says, and changes its target only', () => {
    fc.assert(
      fc.property(sets, sets, sets, (a, b, c) => {
        const [x, y, z] = [bitsOf(SIZE, a), bitsOf(SIZE, b), bitsOf(SIZE, c)];
        expect(listOf(intersection(x, y))).toEqual(sorted(common(a, b)));
        expect(listOf(union(x, y))).toEqual(sorted(both(a, b)));
        expect(listOf(difference(x, y))).toEqual(sorted(without(a, b)));
        expect(intersects(x, y)).toBe(!disjoint(a, b));
        expect(isSubset(x, y)).toBe(within(a, b));
        expect(equalBits(x, y)).toBe(a.size === b.size && within(a, b));
        expect(listOf(changed(z, (target) => addAll(target, x)))).toEqual(sorted(both(c, a)));
        expect(listOf(changed(z, (target) => keepAll(target, x)))).toEqual(sorted(common(c, a)));
        expect(listOf(changed(z, (target) => removeAll(target, x)))).toEqual(sorted(without(c, a)));
        expect(listOf(changed(z, (target) => addCommon(target, x, y)))).toEqual(sorted(both(c, common(a, b))));
        expect(listOf(changed(z, (target) => setCommon(target, x, y)))).toEqual(sorted(common(a, b)));
        expect([listOf(x), listOf(y), listOf(z)]).toEqual([sorted(a), sorted(b), sorted(c)]);
      }),
    );
  });

  test('what is moved is in the target and no longer where it was', () => {
    fc.assert(
      fc.property(sets, sets, sets, (a, b, c) => {
        const [target, from] = [bitsOf(SIZE, a), bitsOf(SIZE, b)];
        moveCommon(target, from, bitsOf(SIZE, c));
        expect(listOf(target)).toEqual(sorted(both(a, common(b, c))));
        expect(listOf(from)).toEqual(sorted(without(b, c)));
      }),
    );
  });

  test('equal sets hash alike', () => {
    fc.assert(
      fc.property(sets, (a) => {
        const bits = bitsOf(SIZE, a);
        expect(hashBits(copyBits(bits))).toBe(hashBits(bits));
      }),
    );
  });
});

describe('slabs', () => {
  test('sets cut from one slab do not share a word', () => {
    const sets = Array.from({ length: 50 }, () => fullBits(SIZE));
    for (const [index, bits] of sets.entries()) if (index % 2 === 0) bits.fill(0);
    for (const [index, bits] of sets.entries()) expect(countBits(bits)).toBe(index % 2 === 0 ? 0 : SIZE);
  });

  test('a new slab is begun when one is full, and every set starts empty', () => {
    const words = 10_000;
    const buffers = new Set<ArrayBufferLike>();
    for (let i = 0; i < 100; i++) {
      const bits = emptyWords(words);
      expect(bits).toHaveLength(words);
      expect(isEmpty(bits)).toBe(true);
      bits.fill(0xffffffff);
      buffers.add(bits.buffer);
    }
    expect(buffers.size).toBeGreaterThan(1);
  });

  test('a set too large for a slab has memory of its own', () => {
    const large = emptyWords(100_000);
    expect(large.buffer.byteLength).toBe(large.byteLength);
  });

  test('a copy is a set of its own', () => {
    const bits = bitsOf(SIZE, [1, 50]);
    const copy = copyBits(bits);
    addBit(copy, 2);
    expect([listOf(bits), listOf(copy)]).toEqual([
      [1, 50],
      [1, 2, 50],
    ]);
  });
});

describe('equality', () => {
  test('a set is itself, and sets of other widths are others', () => {
    const bits = bitsOf(SIZE, [1]);
    expect(equalBits(bits, bits)).toBe(true);
    expect(equalBits(bits, bitsOf(20, [1]))).toBe(false);
  });
});

function changed(target: Bits, change: (copy: Bits) => void): Bits {
  const copy = copyBits(target);
  change(copy);
  return copy;
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
