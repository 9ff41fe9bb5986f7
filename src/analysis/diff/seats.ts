import { addBit, type Bits, emptyBits, hasBit } from '#base/bits.ts';
import type { Aligned } from './align.ts';
import type { Twin } from './twins.ts';

/**
 * A seat is a point of the base world beside the point of the head world that stands for the same thing; -1 where
 * there is none. Sets of points of either world are carried over to seats, where rows of both can be compared.
 */
export interface Seats {
  readonly size: number;
  readonly base: readonly number[];
  readonly head: readonly number[];
  /** Twins on each seat. */
  readonly twins: readonly (readonly number[])[];
  /** Seats that both worlds have. */
  readonly shared: Bits;
  fromBase(points: Bits): Bits;
  fromHead(points: Bits): Bits;
}

export function seatsOf(aligned: Aligned, twins: readonly Twin[]): Seats {
  const taken = takenSeats(twins);
  const size = aligned.base.world.size;
  const samePoints = size === aligned.head.world.size && [...taken.values()].every(({ base, head }) => base === head);
  return samePoints ? samePointSeats(taken, size) : mixedSeats(taken);
}

interface Seat {
  readonly base: number;
  readonly head: number;
  readonly twins: number[];
}

function takenSeats(twins: readonly Twin[]): Map<string, Seat> {
  const taken = new Map<string, Seat>();
  for (const [index, { facets }] of twins.entries()) {
    for (const facet of facets) {
      for (const base of orNone(facet.base)) {
        for (const head of orNone(facet.head)) {
          const key = `${base} ${head}`;
          const seat = taken.get(key) ?? { base, head, twins: [] };
          taken.set(key, seat);
          if (seat.twins.at(-1) !== index) seat.twins.push(index);
        }
      }
    }
  }
  return taken;
}

function orNone(points: readonly number[]): readonly number[] {
  return points.length === 0 ? [-1] : points;
}

/** Only policies changed: both worlds have the same points, and nothing needs to be carried over. */
function samePointSeats(taken: ReadonlyMap<string, Seat>, size: number): Seats {
  const points = Array.from({ length: size }, (_, index) => index);
  const twins: number[][] = points.map(() => []);
  const shared = emptyBits(size);
  for (const seat of taken.values()) {
    twins[seat.base] = seat.twins;
    addBit(shared, seat.base);
  }
  return { size, base: points, head: points, twins, shared, fromBase: (bits) => bits, fromHead: (bits) => bits };
}

function mixedSeats(taken: ReadonlyMap<string, Seat>): Seats {
  const seats = [...taken.values()].sort((a, b) => last(a.base) - last(b.base) || a.head - b.head);
  const base = seats.map((seat) => seat.base);
  const head = seats.map((seat) => seat.head);
  const shared = emptyBits(seats.length);
  for (const [index, seat] of seats.entries()) if (seat.base >= 0 && seat.head >= 0) addBit(shared, index);
  return {
    size: seats.length,
    base,
    head,
    twins: seats.map((seat) => seat.twins),
    shared,
    fromBase: carrier(base),
    fromHead: carrier(head),
  };
}

function last(point: number): number {
  return point < 0 ? Number.MAX_SAFE_INTEGER : point;
}

/** Points that follow each other on seats that follow each other are carried 32 at a time. */
interface Run {
  readonly seat: number;
  readonly point: number;
  readonly length: number;
}

function carrier(points: readonly number[]): (bits: Bits) => Bits {
  const runs = runsOf(points);
  return (bits) => {
    const out = emptyBits(points.length);
    for (const run of runs) copyRun(bits, out, run);
    return out;
  };
}

function runsOf(points: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let seat = 0; seat < points.length; ) {
    const point = points[seat]!;
    let length = 1;
    if (point >= 0) {
      while (seat + length < points.length && points[seat + length] === point + length) length++;
      runs.push({ seat, point, length });
    }
    seat += length;
  }
  return runs;
}

function copyRun(from: Bits, to: Bits, { seat, point, length }: Run): void {
  let done = 0;
  // Single bits up to the first seat that begins a word, whole words from there, single bits at the end.
  for (; done < length && ((seat + done) & 31) !== 0; done++) if (hasBit(from, point + done)) addBit(to, seat + done);
  for (; done + 32 <= length; done += 32) to[(seat + done) >>> 5]! |= wordAt(from, point + done);
  for (; done < length; done++) if (hasBit(from, point + done)) addBit(to, seat + done);
}

/** The 32 members from `first` on, as one word. */
function wordAt(bits: Bits, first: number): number {
  const word = first >>> 5;
  const shift = first & 31;
  if (shift === 0) return bits[word]!;
  return (bits[word]! >>> shift) | ((bits[word + 1] ?? 0) << (32 - shift));
}
