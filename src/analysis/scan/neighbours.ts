import {
  addAll,
  addBit,
  type Bits,
  emptyBits,
  equalBits,
  hasBit,
  hashBits,
  intersection,
  intersects,
  members,
  removeAll,
} from '#base/bits.ts';
import { allPairs } from '#engine/all-pairs.ts';
import type { RowEntry } from '#engine/rows.ts';
import { type ControlContext, onceKey } from '../controls/context.ts';
import { internetPoints } from '../outside.ts';

/** Who may send whom something: what blast radii are reckoned from. Over points, of which one stands for many workloads. */
export interface Neighbours {
  /** Points of each workload, by its id. */
  readonly points: ReadonlyMap<string, readonly number[]>;
  /** Workloads with the points that they stand on, in the order of the world. */
  readonly owners: readonly { readonly id: string; readonly points: readonly number[] }[];
  readonly pods: Bits;
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
    const to: Bits[] = [];
    const toInternet: (boolean | 'unknown')[] = [];
    for (const { from, to: sent } of allPairs(engine.reach)) {
      const certain = peersOf(world.size, sent, ({ grant }) => grant.allowed.length > 0);
      const reachesOut = intersects(certain, internet);
      const perhaps = sent.some(({ grant, peers }) => grant.possible.length > 0 && intersects(peers, internet));
      toInternet.push(reachesOut || (perhaps && 'unknown'));
      addBit(certain, from);
      to.push(shared(certain));
    }
    const owners = world.owners.map(({ id }, index) => ({ id, points: world.pointsOfOwner[index] ?? [] }));
    const points = new Map(owners.map((owner) => [owner.id, owner.points]));
    return { points, owners, pods: world.pods, to, toInternet };
  });
}

function peersOf(size: number, sent: readonly RowEntry[], isWanted: (entry: RowEntry) => boolean): Bits {
  const peers = emptyBits(size);
  for (const entry of sent) if (isWanted(entry)) addAll(peers, entry.peers);
  return peers;
}

/** Gives the first of the equal sets that it was given. */
function sharing(): (bits: Bits) => Bits {
  const known = new Map<number, Bits[]>();
  return (bits) => {
    const hash = hashBits(bits);
    const alike = known.get(hash) ?? [];
    const found = alike.find((each) => equalBits(each, bits));
    if (found === undefined) known.set(hash, [...alike, bits]);
    return found ?? bits;
  };
}

/** Points of pods that can be reached from a point step by step, with the one before each on a shortest way. */
export function searchFrom({ to, pods }: Neighbours, start: number): ReadonlyMap<number, number> {
  const cameFrom = new Map<number, number>();
  const left = intersection(pods, pods);
  const seen = new Set<Bits>();
  let frontier = [start];
  while (frontier.length > 0) {
    const next: number[] = [];
    for (const at of frontier) {
      const row = to[at]!;
      if (seen.has(row)) continue;
      seen.add(row);
      const found = intersection(row, left);
      for (const each of members(found)) {
        cameFrom.set(each, at);
        next.push(each);
      }
      removeAll(left, found);
    }
    frontier = next;
  }
  return cameFrom;
}

/** How many workloads stand on one of the points. */
export function countOwners({ owners }: Neighbours, set: Bits): number {
  return owners.filter(({ points }) => points.some((point) => hasBit(set, point))).length;
}
