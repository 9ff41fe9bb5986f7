import { bitsOf, intersection, nextBit } from '#base/bits.ts';
import { meet, subtract, unite } from '#base/intervals.ts';
import { allPairs } from '#engine/all-pairs.ts';
import type { Engine } from '#engine/engine.ts';
import { explainEach } from '#engine/explain.ts';
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
 * `endpoints`, in rising order of `from`; with `wanted`, only pairs with an end in it. Pairs of which neither end is a
 * pod are left out: no policy has a say in them. Cost follows what is allowed, not the number of pairs.
 */
export function* linksOf(engine: Engine, endpoints: readonly Placed[], wanted?: ReadonlySet<number>): Generator<Link> {
  const at = endpointsAt(engine, endpoints);
  const wantedPoints =
    wanted &&
    bitsOf(
      engine.world.size,
      [...wanted].flatMap((index) => endpoints[index]!.points),
    );
  const ready = new Map<number, Map<number, Link>>();
  for (const { from: point, to } of allPairs(engine.reach)) {
    for (const from of at[point]!) {
      const only = wanted === undefined || wanted.has(from) ? undefined : wantedPoints;
      const links = ready.get(from) ?? new Map<number, Link>();
      ready.set(from, links);
      addLinks(
        links,
        { engine, endpoints, at, from },
        only === undefined ? to : to.map(({ grant, peers }) => ({ grant, peers: intersection(peers, only) })),
      );
    }
    yield* finished(ready, endpoints, point);
  }
}

/** Endpoints whose last point has been seen. */
function* finished(
  ready: Map<number, Map<number, Link>>,
  endpoints: readonly Placed[],
  point: number,
): Generator<Link> {
  for (const [from, links] of ready) {
    if (endpoints[from]!.points.at(-1)! > point) continue;
    ready.delete(from);
    for (const link of [...links.values()].sort((a, b) => a.to - b.to)) yield link;
  }
}

interface Source {
  readonly engine: Engine;
  readonly endpoints: readonly Placed[];
  readonly at: readonly (readonly number[])[];
  readonly from: number;
}

/** Adds what one point of a source reaches. Between endpoints of one point each, the row's grant is the whole answer. */
function addLinks(links: Map<number, Link>, { engine, endpoints, at, from }: Source, row: readonly RowEntry[]): void {
  const source = endpoints[from]!;
  const governed = isGoverned(source);
  for (const { grant, peers } of row) {
    for (let point = nextBit(peers, 0); point >= 0; point = nextBit(peers, point + 1)) {
      for (const to of at[point]!) {
        const target = endpoints[to]!;
        if (to === from || links.has(to) || !(governed || isGoverned(target))) continue;
        const single = source.points.length === 1 && target.points.length === 1;
        links.set(
          to,
          single
            ? { from, to, ...together([grant]) }
            : linkBetween(engine, { from, to, a: source.points, b: target.points }),
        );
      }
    }
  }
}

/** Whether pod policy may have a say at an endpoint; of what nodes and outside addresses send each other nothing is known. */
export function isGoverned({ entry }: Placed): boolean {
  return entry.kind === 'workload' || entry.kind === 'potential';
}

/** For each point the endpoints that stand on it. */
function endpointsAt({ world }: Engine, endpoints: readonly Placed[]): number[][] {
  const at: number[][] = Array.from({ length: world.size }, () => []);
  // INVARIANT: the points of an endpoint rise, so that its last point ends it.
  for (const [index, { points }] of endpoints.entries()) for (const point of points) at[point]!.push(index);
  return at;
}

export interface Pair {
  readonly from: number;
  readonly to: number;
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** The link of one pair, whatever it lets pass. */
export function linkBetween({ world, reach }: Engine, { from, to, a, b }: Pair): Link {
  const grants: Grant[] = [];
  for (const source of a) {
    for (const target of b) {
      if ((world.points[source]!.families & world.points[target]!.families) !== 0)
        grants.push(grantBetween(reach, source, target));
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
      const said = [
        ...explainEach(reach, { direction: 'egress', subject: from, peer: to, traffic }),
        ...explainEach(reach, { direction: 'ingress', subject: to, peer: from, traffic }),
      ];
      for (const { trace } of said) for (const reason of trace.reasons) reasons.add(reason);
    }
  }
  return [...reasons];
}
