/**
 * Fixed-width bit sets over small integers, as `Uint32Array` so that whole rows of reachability are combined a machine
 * word at a time. All sets that meet in one operation have the same width; nothing here checks it.
 */
export type Bits = Uint32Array;

/** An empty set that can hold the members `0 … size - 1`. */
export function emptyBits(size: number): Bits {
  return emptyWords((size + 31) >>> 5);
}

/** An empty set of so many machine words. */
export function emptyWords(words: number): Bits {
  if (words > SLAB_WORDS / 16) return new Uint32Array(words);
  return inScratch ? cut(scratch, words).fill(0) : cut(kept, words);
}

export function copyBits(bits: Bits): Bits {
  const copy = emptyWords(bits.length);
  copy.set(bits);
  return copy;
}

/**
 * Runs work whose sets are dropped when it is done: their memory is used again by the next. What is to stay must be
 * copied out with `keepBits`. Not to be nested.
 */
export function withScratch<Result>(work: () => Result): Result {
  inScratch = true;
  try {
    return work();
  } finally {
    inScratch = false;
    scratch.slab = scratch.first;
    scratch.used = 0;
  }
}

/** A copy that outlives the scratch it was computed in. */
export function keepBits(bits: Bits): Bits {
  const copy = bits.length > SLAB_WORDS / 16 ? new Uint32Array(bits.length) : cut(kept, bits.length);
  copy.set(bits);
  return copy;
}

/**
 * Sets are cut from slabs: on Node 24 an array of its own costs two microseconds, a piece of a slab a tenth of one.
 * A slab lives as long as any set cut from it.
 */
const SLAB_WORDS = 1 << 18;

interface Slab {
  /** The slab to begin with again; of scratch only. */
  readonly first: ArrayBuffer;
  slab: ArrayBuffer;
  used: number;
}

function cut(from: Slab, words: number): Bits {
  if (from.used + words > SLAB_WORDS) {
    from.slab = new ArrayBuffer(SLAB_WORDS * 4);
    from.used = 0;
  }
  const bits = new Uint32Array(from.slab, from.used * 4, words);
  from.used += words;
  return bits;
}

const kept: Slab = newSlab();
const scratch: Slab = newSlab();
let inScratch = false;

function newSlab(): Slab {
  const first = new ArrayBuffer(SLAB_WORDS * 4);
  return { first, slab: first, used: 0 };
}

/** The set of all members `0 … size - 1`. */
export function fullBits(size: number): Bits {
  const bits = emptyBits(size);
  addRange(bits, 0, size);
  return bits;
}

export function bitsOf(size: number, members: Iterable<number>): Bits {
  const bits = emptyBits(size);
  for (const member of members) addBit(bits, member);
  return bits;
}

export function addBit(bits: Bits, member: number): void {
  bits[member >>> 5]! |= 1 << (member & 31);
}

export function hasBit(bits: Bits, member: number): boolean {
  return ((bits[member >>> 5]! >>> (member & 31)) & 1) === 1;
}

/** Adds `from … to - 1`. */
export function addRange(bits: Bits, from: number, to: number): void {
  if (from >= to) return;
  const first = from >>> 5;
  const last = (to - 1) >>> 5;
  const head = -1 << (from & 31);
  const tail = -1 >>> (31 - ((to - 1) & 31));
  if (first === last) {
    bits[first]! |= head & tail;
    return;
  }
  bits[first]! |= head;
  bits.fill(0xffffffff, first + 1, last);
  bits[last]! |= tail;
}

/** `target ∪= other` */
export function addAll(target: Bits, other: Bits): void {
  for (let i = 0; i < target.length; i++) target[i]! |= other[i]!;
}

/** `target ∩= other` */
export function keepAll(target: Bits, other: Bits): void {
  for (let i = 0; i < target.length; i++) target[i]! &= other[i]!;
}

/** `target ∖= other` */
export function removeAll(target: Bits, other: Bits): void {
  for (let i = 0; i < target.length; i++) target[i]! &= ~other[i]!;
}

/** `target ∪= (a ∩ b)` */
export function addCommon(target: Bits, a: Bits, b: Bits): void {
  for (let i = 0; i < target.length; i++) target[i]! |= a[i]! & b[i]!;
}

/** `target ∪= (from ∩ b)`, and `from ∖= b`: moves members in one pass. */
export function moveCommon(target: Bits, from: Bits, b: Bits): void {
  for (let i = 0; i < target.length; i++) {
    const common = from[i]! & b[i]!;
    target[i]! |= common;
    from[i]! ^= common;
  }
}

/** `target = a ∩ b` */
export function setCommon(target: Bits, a: Bits, b: Bits): void {
  for (let i = 0; i < target.length; i++) target[i] = a[i]! & b[i]!;
}

export function removeBit(bits: Bits, member: number): void {
  bits[member >>> 5]! &= ~(1 << (member & 31));
}

export function intersection(a: Bits, b: Bits): Bits {
  const out = emptyWords(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i]! & b[i]!;
  return out;
}

export function difference(a: Bits, b: Bits): Bits {
  const out = emptyWords(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i]! & ~b[i]!;
  return out;
}

export function union(a: Bits, b: Bits): Bits {
  const out = emptyWords(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i]! | b[i]!;
  return out;
}

export function isEmpty(bits: Bits): boolean {
  for (let i = 0; i < bits.length; i++) if (bits[i] !== 0) return false;
  return true;
}

export function intersects(a: Bits, b: Bits): boolean {
  for (let i = 0; i < a.length; i++) if ((a[i]! & b[i]!) !== 0) return true;
  return false;
}

/** Whether every member of `part` is in `whole`. */
export function isSubset(part: Bits, whole: Bits): boolean {
  for (let i = 0; i < part.length; i++) if ((part[i]! & ~whole[i]!) !== 0) return false;
  return true;
}

export function equalBits(a: Bits, b: Bits): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function countBits(bits: Bits): number {
  let count = 0;
  for (let i = 0; i < bits.length; i++) count += popCount(bits[i]!);
  return count;
}

/** How many members two sets share, among those of the words `first … end - 1`. */
export function countCommon(a: Bits, b: Bits, words: { readonly first: number; readonly end: number }): number {
  let count = 0;
  for (let i = words.first; i < words.end; i++) {
    const common = a[i]! & b[i]!;
    if (common !== 0) count += popCount(common);
  }
  return count;
}

/** The smallest member that is `from` or more; -1 where there is none. */
export function nextBit(bits: Bits, from: number): number {
  let word = from >>> 5;
  if (word >= bits.length) return -1;
  let rest = bits[word]! & (-1 << (from & 31));
  while (rest === 0) {
    word++;
    if (word === bits.length) return -1;
    rest = bits[word]!;
  }
  return (word << 5) + trailingZeros(rest);
}

/** The members in rising order. For hot loops use `nextBit`: a generator costs several times as much. */
export function* members(bits: Bits): Generator<number> {
  for (let i = nextBit(bits, 0); i >= 0; i = nextBit(bits, i + 1)) yield i;
}

/** A hash for tables of sets: equal sets hash alike; compare with `equalBits` after. */
export function hashBits(bits: Bits): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!;
    if (word !== 0) hash = Math.imul(hash ^ word ^ Math.imul(i, 0x9e3779b1), 0x01000193);
  }
  return hash >>> 0;
}

function popCount(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
