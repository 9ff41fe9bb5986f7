/** A stream of numbers that is the same on every machine for the same seed: figures of two runs are of the same cluster. */
export interface Random {
  /** The next number, from 0 up to but not including 1. */
  readonly next: () => number;
}

/** Mulberry32: 32 bits of state, enough to scatter labels, too little for anything that needs secrecy. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
  return { next };
}

/** An integer from 0 to `size - 1`. */
export function below(random: Random, size: number): number {
  return Math.floor(random.next() * size);
}

/** An integer from `lo` to `hi`, both included. */
export function between(random: Random, lo: number, hi: number): number {
  return lo + below(random, hi - lo + 1);
}

export function chance(random: Random, probability: number): boolean {
  return random.next() < probability;
}

export function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[below(random, list.length)];
  if (item === undefined) throw new Error('pick from an empty list');
  return item;
}

export function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = below(random, i + 1);
    const moved = out[i]!;
    out[i] = out[j]!;
    out[j] = moved;
  }
  return out;
}

/** A picker of ranks 0 … size - 1 where rank r has the weight 1 / (r + 1)^exponent: few large, many small. */
export function zipfOf(random: Random, size: number, exponent: number): () => number {
  const sums: number[] = [];
  let sum = 0;
  for (let rank = 0; rank < size; rank++) {
    sum += 1 / (rank + 1) ** exponent;
    sums.push(sum);
  }
  function draw(): number {
    const at = random.next() * sum;
    let lo = 0;
    let hi = size - 1;
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      if (sums[middle]! > at) hi = middle;
      else lo = middle + 1;
    }
    return lo;
  }
  return draw;
}
