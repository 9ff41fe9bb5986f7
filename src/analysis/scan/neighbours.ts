import {
  addAll,
  addBit,
  type Bits,
  copyBits,
  emptyBits,
  equalBits,
  hasBit,
  hashBits,
  intersects,
  keepAll,
  removeBit,
} from '#base/bits.ts';
import { allPairs } from '#engine/all-pairs.ts';
import { type ControlContext, onceKey } from '../controls/context.ts';
import { internetPoints } from '../outside.ts';

/** Who may send whom something: what blast radii are reckoned from. Over points, of which one stands for many workloads. */
export interface Neighbours {
  /** Points of each workload, by its id. */
  readonly points: ReadonlyMap<string, readonly number[]>;
  /** Workloads with the points that they stand on, in the order of the world. */
  readonly owners: readonly { readonly id: string; readonly points: readonly number[] }[];
  readonly pods: Bits;
  /** Of pods: points to which somebody is allowed something. */
  readonly reachable: Bits;
  /** By sender: receivers to which something is allowed; senders that are allowed the same share one set. */
  readonly granted: readonly Bits[];
  /**
   * By sender: receivers to which something is allowed. Every sender reaches itself, and senders that reach the same
   * share one set.
   */
  readonly to: readonly Bits[];
  /** By sender: whether it may send something to the internet. */
  readonly toInternet: readonly (boolean | 'unknown')[];
}

const NEIGHBOURS = onceKey<Neighbours>('neighbours');

export function neighboursIn(context: ControlContext): Neighbours {
  return context.once(NEIGHBOURS, ({ analysis: { engine } }) => {
    const { world } = engine;
    const internet = internetPoints(world);
    const shared = sharing();
    const granted: Bits[] = [];
    const to: Bits[] = [];
    const toInternet: (boolean | 'unknown')[] = [];
    const certain = emptyBits(world.size);
    for (const { from, to: sent } of allPairs(engine.reach)) {
      certain.fill(0);
      for (const { grant, peers } of sent) if (grant.allowed.length > 0) addAll(certain, peers);
      const reachesOut = intersects(certain, internet);
      const perhaps = sent.some(({ grant, peers }) => grant.possible.length > 0 && intersects(peers, internet));
      toInternet.push(reachesOut || (perhaps && 'unknown'));
      granted.push(shared(certain));
      addBit(certain, from);
      to.push(shared(certain));
    }
    const reachable = emptyBits(world.size);
    for (const row of new Set(granted)) addAll(reachable, row);
    keepAll(reachable, world.pods);
    const owners = world.owners.map(({ id }, index) => ({ id, points: world.pointsOfOwner[index] ?? [] }));
    const points = new Map(owners.map((owner) => [owner.id, owner.points]));
    return { points, owners, pods: world.pods, reachable, granted, to, toInternet };
  });
}

/** Gives one copy of all equal sets. */
function sharing(): (bits: Bits) => Bits {
  const known = new Map<number, Bits[]>();
  return (bits) => {
    const hash = hashBits(bits);
    const alike = known.get(hash) ?? [];
    const found = alike.find((each) => equalBits(each, bits));
    if (found !== undefined) return found;
    const copy = copyBits(bits);
    known.set(hash, [...alike, copy]);
    return copy;
  };
}

/**
 * By point: the one before it on a shortest way from `start` over pods; -1 for those that are not reached. Ends when all
 * of `wanted` are: of other points it may say less.
 */
export function searchFrom({ granted, pods, reachable }: Neighbours, start: number, wanted: Bits): Int32Array {
  const cameFrom = new Int32Array(granted.length).fill(-1);
  const left = copyBits(reachable);
  if (hasBit(pods, start)) cameFrom[start] = start;
  removeBit(left, start);
  // Of senders that are granted the same, the first finds all that the others would.
  const seen = new Set<Bits>();
  let frontier = [start];
  while (frontier.length > 0 && intersects(left, wanted)) {
    const next: number[] = [];
    for (const at of frontier) {
      const row = granted[at]!;
      if (seen.has(row)) continue;
      seen.add(row);
      take({ left, row, at }, cameFrom, next);
    }
    frontier = next;
  }
  return cameFrom;
}

interface Taking {
  readonly left: Bits;
  readonly row: Bits;
  readonly at: number;
}

/** Moves what a row reaches from what is left to what is reached. */
function take({ left, row, at }: Taking, cameFrom: Int32Array, reached: number[]): void {
  for (let word = 0; word < left.length; word++) {
    let found = left[word]! & row[word]!;
    if (found === 0) continue;
    left[word]! ^= found;
    for (; found !== 0; found &= found - 1) {
      const point = (word << 5) + 31 - Math.clz32(found & -found);
      cameFrom[point] = at;
      reached.push(point);
    }
  }
}

/** How many workloads stand on one of the points. */
export function countOwners({ owners }: Neighbours, set: Bits): number {
  let count = 0;
  for (const { points } of owners) if (standsOn(points, set)) count++;
  return count;
}

/** Whether one of the points is in a set. */
export function standsOn(points: readonly number[], set: Bits): boolean {
  for (const point of points) if (hasBit(set, point)) return true;
  return false;
}
