import { type Bits, emptyBits } from '#base/bits.ts';
import type { Cell } from '#engine/cells.ts';
import type { Probe } from '#engine/fold.ts';

/**
 * Looks at some words of wide sets only. The engine's fold treats each peer apart, so it says the same about the peers
 * of a lens as about all of them; most rules are about a few words of the hundreds that a big cluster has.
 */
export interface Lens {
  readonly width: number;
  narrow(bits: Bits): Bits;
  /** The member of wide sets that a member of narrow ones stands for. */
  wide(member: number): number;
}

/** The words in which any of these sets has a member. */
export function lensOn(sets: readonly Bits[]): Lens {
  const words = wordsIn(sets);
  const known = new Map<Bits, Bits>();
  return { width: words.length, narrow, wide: (member) => words[member >>> 5]! * 32 + (member & 31) };

  function narrow(bits: Bits): Bits {
    let out = known.get(bits);
    if (out !== undefined) return out;
    out = emptyBits(words.length * 32);
    for (let i = 0; i < words.length; i++) out[i] = bits[words[i]!]!;
    known.set(bits, out);
    return out;
  }
}

/** All words: sets stay as they are. */
export function wholeLens(width: number): Lens {
  return { width, narrow: (bits) => bits, wide: (member) => member };
}

/** Asks a program about one kind of traffic, for the peers of a lens. */
export function lensProbe({ within }: Cell, lens: Lens): Probe {
  return {
    must: (box) => (within.has(box.mustTraffic) ? lens.narrow(box.box.peers.must) : undefined),
    may: (box) => (within.has(box.mayTraffic) ? lens.narrow(box.box.peers.may) : undefined),
  };
}

function wordsIn(sets: readonly Bits[]): number[] {
  const words: number[] = [];
  const [first] = sets;
  for (let i = 0; i < (first?.length ?? 0); i++) if (sets.some((set) => set[i] !== 0)) words.push(i);
  return words;
}
