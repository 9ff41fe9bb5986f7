import { nextBit } from '#base/bits.ts';
import { meet, subtract, unite } from '#base/intervals.ts';
import { allPairs } from '#engine/all-pairs.ts';
import type { Engine } from '#engine/engine.ts';
import { explain } from '#engine/explain.ts';
import type { Grant } from '#engine/grants.ts';
import { grantBetween } from '#engine/reach.ts';
import type { RowEntry } from '#engine/rows.ts';
import type { ReasonCode } from '#model/reason.ts';
import { NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import type { Placed } from '../endpoints.ts';

/** What one endpoint may send another, over every pair of their points that share an address family. */
export interface Link {
  readonly from: number;
  readonly to: number;
  readonly allowed: TrafficSet;
  /** Allowed for some pairs of points and denied for others, for certain. */
  readonly mixed: TrafficSet;
  readonly unknown: TrafficSet;
}

/**
 * Every ordered pair of distinct endpoints between which something is allowed, mixed or unknown, by index into
 * `endpoints`, in rising order of `from`. Cost follows what is allowed, not the number of pairs.
 */
export function* linksOf(engine: Engine, endpoints: readonly Placed[]): Generator<Link> {
  const at = endpointsAt(engine, endpoints);
  const rows = rowsBySource(engine, endpoints);
  for (const [from, { points }] of endpoints.entries()) {
    const reached = new Set<number>();
    for (const point of points) addReached(reached, rows.get(point) ?? [], at);
    reached.delete(from);
    const governed = isGoverned(endpoints[from]!);
    for (const to of [...reached].sort((a, b) => a - b)) {
      if (!governed && !isGoverned(endpoints[to]!)) continue;
      const link = linkBetween(engine, { from, to, a: points, b: endpoints[to]!.points });
      if (link.allowed.length + link.mixed.length + link.unknown.length > 0) yield link;
    }
  }
}

/** Whether pod policy may have a say at an endpoint; of what nodes and outside addresses send each other nothing is known. */
function isGoverned({ entry }: Placed): boolean {
  return entry.kind === 'workload' || entry.kind === 'potential';
}

/** For each point the endpoints that stand on it. */
function endpointsAt({ world }: Engine, endpoints: readonly Placed[]): number[][] {
  const at: number[][] = Array.from({ length: world.size }, () => []);
  for (const [index, { points }] of endpoints.entries()) for (const point of points) at[point]!.push(index);
  return at;
}

function rowsBySource({ reach }: Engine, endpoints: readonly Placed[]): Map<number, readonly RowEntry[]> {
  const wanted = new Set(endpoints.flatMap(({ points }) => points));
  const rows = new Map<number, readonly RowEntry[]>();
  for (const { from, to } of allPairs(reach)) if (wanted.has(from)) rows.set(from, to);
  return rows;
}

function addReached(reached: Set<number>, row: readonly RowEntry[], at: readonly (readonly number[])[]): void {
  for (const { peers } of row) {
    for (let point = nextBit(peers, 0); point >= 0; point = nextBit(peers, point + 1)) {
      for (const endpoint of at[point]!) reached.add(endpoint);
    }
  }
}

interface Pair {
  readonly from: number;
  readonly to: number;
  readonly a: readonly number[];
  readonly b: readonly number[];
}

function linkBetween({ world, reach }: Engine, { from, to, a, b }: Pair): Link {
  const grants: Grant[] = [];
  for (const source of a) {
    for (const target of b) {
      if ((world.points[source]!.families & world.points[target]!.families) !== 0) grants.push(grantBetween(reach, source, target));
    }
  }
  return { from, to, ...together(grants) };
}

/** Allowed for all; unknown where no pair is certain either way; the rest of what any pair may send is mixed. */
export function together(grants: readonly Grant[]): Pick<Link, 'allowed' | 'mixed' | 'unknown'> {
  const [first, ...rest] = grants;
  if (first === undefined) return { allowed: NO_TRAFFIC, mixed: NO_TRAFFIC, unknown: NO_TRAFFIC };
  if (rest.every((grant) => grant === first)) {
    return { allowed: first.allowed, mixed: NO_TRAFFIC, unknown: subtract(first.possible, first.allowed) };
  }
  let allowed = first.allowed;
  let allowedBySome = first.allowed;
  let unknown = subtract(first.possible, first.allowed);
  for (const grant of rest) {
    allowed = meet(allowed, grant.allowed);
    allowedBySome = unite(allowedBySome, grant.allowed);
    unknown = unite(unknown, subtract(grant.possible, grant.allowed));
  }
  return { allowed, mixed: subtract(subtract(allowedBySome, allowed), unknown), unknown };
}

/** Why an unknown connection is unknown, asked of the first pair of points that is. */
export function reasonsFor(engine: Engine, pair: Pick<Pair, 'a' | 'b'>, traffic: number): ReasonCode[] {
  const { reach } = engine;
  const reasons = new Set<ReasonCode>();
  for (const from of pair.a) {
    for (const to of pair.b) {
      for (const reason of explain(reach, { direction: 'egress', subject: from, peer: to, traffic }).reasons) reasons.add(reason);
      for (const reason of explain(reach, { direction: 'ingress', subject: to, peer: from, traffic }).reasons) reasons.add(reason);
    }
  }
  return [...reasons];
}
