import { countBits, members } from '#base/bits.ts';
import { equalIntervals, meet, subtract } from '#base/intervals.ts';
import { allPairs } from '#engine/all-pairs.ts';
import type { Grant } from '#engine/grants.ts';
import { grantBetween, type Reach } from '#engine/reach.ts';
import type { World } from '#engine/world.ts';
import type { ComparedPairs, TranslationWitness } from '#model/answers.ts';
import type { Direction } from '#model/resource.ts';
import { ALL_PORTS, ALL_TRAFFIC, NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import type { Verdict } from '#model/verdict.ts';
import type { Analysis } from '../analysis.ts';
import { type Aligned, align } from '../diff/align.ts';
import { rowChangesOf } from '../diff/row-changes.ts';
import { type Seats, seatsOf } from '../diff/seats.ts';
import { rangesText, type Twin, twinsOf } from '../diff/twins.ts';
import { trafficList } from '../traffic-list.ts';

export interface Compared {
  readonly pairs: ComparedPairs;
  /** The plainest of the connections that changed. */
  readonly witness?: Omit<TranslationWitness, 'world'>;
}

/**
 * Whether two analyses of the same endpoints give every pair the same answer, for all traffic. A pair can have changed
 * only where a row of one of its ends has: those are asked one by one, pods of one workload among each other too.
 */
export function compareAnalyses(base: Analysis, head: Analysis): Compared {
  const aligned = align(base, head);
  const twins = twinsOf(aligned);
  const comparing: Comparing = { aligned, twins, seats: seatsOf(aligned, twins) };
  const witness = plainest(changesOf(comparing));
  const { reach, world } = aligned.head;
  const outside = countBits(world.externals);
  const pairs = { pairs: world.size * world.size - outside * outside, unknown: unknownPairs(reach) };
  return witness === undefined ? { pairs } : { pairs, witness: toldOf(comparing, witness) };
}

interface Comparing {
  readonly aligned: Aligned;
  readonly twins: readonly Twin[];
  readonly seats: Seats;
}

interface Changed {
  readonly from: number;
  readonly to: number;
  readonly traffic: TrafficSet;
  readonly before: Verdict;
  readonly after: Verdict;
}

/** At most so many are looked at for one that is known on both sides. */
const LOOKED_AT = 1000;

function plainest(changes: Iterable<Changed>): Changed | undefined {
  let found: Changed | undefined;
  let count = 0;
  for (const change of changes) {
    if (change.before !== 'unknown' && change.after !== 'unknown') return change;
    found ??= change;
    if (++count === LOOKED_AT) break;
  }
  return found;
}

function* changesOf(comparing: Comparing): Generator<Changed> {
  const { aligned, seats } = comparing;
  for (const direction of ['egress', 'ingress'] as const satisfies Direction[]) {
    for (const [seat, change] of rowChangesOf(aligned, seats, direction).entries()) {
      if (change === undefined) continue;
      for (const peer of members(change.touched)) {
        if (peer === seat && isOnePod(aligned.base.world, seats.base[seat]!)) continue;
        const found = direction === 'egress' ? between(comparing, seat, peer) : between(comparing, peer, seat);
        if (found !== undefined) yield found;
      }
    }
  }
}

/** What a pod sends itself leaves it by no way that a policy sees; two pods of one point may speak with each other. */
function isOnePod({ points, units }: World, point: number): boolean {
  const [only, ...others] = points[point]?.units ?? [];
  return only !== undefined && others.length === 0 && units[only]!.pod !== undefined;
}

/** An address that only one side tells apart has no seat of its own; whatever is missing gets nothing. */
function between({ aligned: { base, head }, seats }: Comparing, from: number, to: number): Changed | undefined {
  const before = grantAt(base.reach, seats.base[from]!, seats.base[to]!);
  const after = grantAt(head.reach, seats.head[from]!, seats.head[to]!);
  if (equalIntervals(before.allowed, after.allowed) && equalIntervals(before.possible, after.possible))
    return undefined;
  return { from, to, ...differenceOf(before, after) };
}

function grantAt(reach: Reach, from: number, to: number): Pick<Grant, 'allowed' | 'possible'> {
  return from < 0 || to < 0 ? NOTHING : grantBetween(reach, from, to);
}

const NOTHING = { allowed: NO_TRAFFIC, possible: NO_TRAFFIC };

type Held = Pick<Grant, 'allowed' | 'possible'>;

/** The first of: opened, closed, and what is known on one side only. */
function differenceOf(before: Held, after: Held): Pick<Changed, 'traffic' | 'before' | 'after'> {
  const sides = [partsOf(before), partsOf(after)] as const;
  for (const [was, is] of WAYS) {
    const traffic = meet(sides[0][was], sides[1][is]);
    if (traffic.length > 0) return { traffic, before: was, after: is };
  }
  return { traffic: NO_TRAFFIC, before: 'unknown', after: 'unknown' };
}

const WAYS: readonly (readonly [Verdict, Verdict])[] = [
  ['denied', 'allowed'],
  ['allowed', 'denied'],
  ['denied', 'unknown'],
  ['allowed', 'unknown'],
  ['unknown', 'allowed'],
  ['unknown', 'denied'],
];

function partsOf({ allowed, possible }: Held): Readonly<Record<Verdict, TrafficSet>> {
  return { allowed, unknown: subtract(possible, allowed), denied: subtract(ALL_TRAFFIC, possible) };
}

function toldOf(
  { twins, seats }: Comparing,
  { from, to, traffic, before, after }: Changed,
): Omit<TranslationWitness, 'world'> {
  const nameOf = (seat: number) => nameOfTwin(twins[seats.twins[seat]?.[0] ?? -1]);
  return { from: nameOf(from), to: nameOf(to), traffic: trafficList(traffic, ALL_TRAFFIC), before, after };
}

function nameOfTwin(twin: Twin | undefined): string {
  if (twin === undefined) return 'an address';
  if (twin.entry.kind === 'external') return rangesText(twin.ranges)[0] ?? 'an address';
  return twin.entry.id;
}

/** Of ports only: of other protocols the APIs leave much open. */
function unknownPairs(reach: Reach): number {
  const open = new Map<Grant, boolean>();
  let pairs = 0;
  for (const { to } of allPairs(reach)) {
    for (const { grant, peers } of to) {
      if (grant.allowed === grant.possible) continue;
      let isOpen = open.get(grant);
      if (isOpen === undefined) {
        isOpen = meet(subtract(grant.possible, grant.allowed), ALL_PORTS).length > 0;
        open.set(grant, isOpen);
      }
      if (isOpen) pairs += countBits(peers);
    }
  }
  return pairs;
}
