import { addAll, type Bits, bitsOf, countBits, emptyBits, hasBit, intersection } from '#base/bits.ts';
import { meet, subtract } from '#base/intervals.ts';
import { allPairs } from '#engine/all-pairs.ts';
import type { Engine } from '#engine/engine.ts';
import type { Grant } from '#engine/grants.ts';
import { endpointsOf, type Placed } from '../endpoints.ts';
import { isGoverned } from '../map/connections.ts';
import { PORT_SCOPE } from '../scope.ts';

export interface ConnectionCounts {
  readonly endpoints: number;
  /** Ordered pairs of which one may send the other something on a port. */
  readonly connections: number;
  /** Ordered pairs of which something is not known. */
  readonly unknown: number;
}

/**
 * How much connects, without a list of it. All addresses outside are one endpoint: how many ranges they are told in changes with
 * every policy that names one.
 * Cost: rows and not pairs, but for endpoints that stand on several points.
 */
export function connectionCounts(engine: Engine): ConnectionCounts {
  const endpoints = withOneOutside(endpointsOf(engine));
  const targets = targetsOf(engine, endpoints);
  const pending = new Map<number, Reached>();
  const waiting = sourcesAt(engine, endpoints);
  let [connections, unknown] = [0, 0];
  for (const { from: point, to } of allPairs(engine.reach)) {
    const own = reachedBy(engine, to);
    for (const from of waiting[point]!) {
      const { points } = endpoints[from]!;
      const reached = points.length === 1 ? own : joined(pending.get(from), own);
      pending.set(from, reached);
      if (points.at(-1) !== point) continue;
      pending.delete(from);
      connections += countOf(targets, reached.allowed, { from, endpoints });
      unknown += countOf(targets, reached.unknown, { from, endpoints });
    }
  }
  return { endpoints: endpoints.length, connections, unknown };
}

function withOneOutside(endpoints: readonly Placed[]): readonly Placed[] {
  const outside = endpoints.filter(({ entry }) => entry.kind === 'external');
  const [first] = outside;
  if (first === undefined) return endpoints;
  const points = [...new Set(outside.flatMap((each) => each.points))].sort((a, b) => a - b);
  return [...endpoints.filter(({ entry }) => entry.kind !== 'external'), { ...first, points }];
}

/** Points that get something for certain, and points of which something is unknown. */
interface Reached {
  readonly allowed: Bits;
  readonly unknown: Bits;
}

function reachedBy({ world }: Engine, row: readonly { readonly grant: Grant; readonly peers: Bits }[]): Reached {
  const reached = { allowed: emptyBits(world.size), unknown: emptyBits(world.size) };
  for (const { grant, peers } of row) {
    if (meet(grant.allowed, PORT_SCOPE.traffic).length > 0) addAll(reached.allowed, peers);
    const open = subtract(grant.possible, grant.allowed);
    if (meet(open, PORT_SCOPE.traffic).length > 0) addAll(reached.unknown, peers);
  }
  return reached;
}

function joined(before: Reached | undefined, own: Reached): Reached {
  const both = { allowed: own.allowed.slice(), unknown: own.unknown.slice() };
  if (before !== undefined) {
    addAll(both.allowed, before.allowed);
    addAll(both.unknown, before.unknown);
  }
  return both;
}

/** Who can be sent to: alone on one point, which bits count, or not. */
interface Targets {
  readonly alone: { readonly governed: Bits; readonly all: Bits };
  readonly others: readonly number[];
}

function targetsOf({ world }: Engine, endpoints: readonly Placed[]): Targets {
  const crowd = new Map<number, number>();
  for (const { points } of endpoints) for (const point of points) crowd.set(point, (crowd.get(point) ?? 0) + 1);
  const isAlone = ({ points }: Placed) => points.length === 1 && crowd.get(points[0]!) === 1;
  const pointsOf = (list: readonly Placed[]) =>
    bitsOf(
      world.size,
      list.map(({ points }) => points[0]!),
    );
  const alone = endpoints.filter(isAlone);
  return {
    alone: { governed: pointsOf(alone.filter(isGoverned)), all: pointsOf(alone) },
    others: [...endpoints.keys()].filter((index) => !isAlone(endpoints[index]!)),
  };
}

function sourcesAt({ world }: Engine, endpoints: readonly Placed[]): readonly (readonly number[])[] {
  const at: number[][] = Array.from({ length: world.size }, () => []);
  for (const [index, { points }] of endpoints.entries()) for (const point of points) at[point]!.push(index);
  return at;
}

/** Pairs of which neither end is a pod are left out: no policy has a say in them. Nobody connects to itself. */
function countOf(
  { alone, others }: Targets,
  reached: Bits,
  { from, endpoints }: { readonly from: number; readonly endpoints: readonly Placed[] },
): number {
  const source = endpoints[from]!;
  const governed = isGoverned(source);
  const counted = intersection(reached, governed ? alone.all : alone.governed);
  const itself = source.points.length === 1 && hasBit(counted, source.points[0]!) ? 1 : 0;
  const more = others.filter((to) => {
    const target = endpoints[to]!;
    return to !== from && (governed || isGoverned(target)) && target.points.some((point) => hasBit(reached, point));
  });
  return countBits(counted) - itself + more.length;
}
