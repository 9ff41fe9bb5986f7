import { addAll, type Bits, bitsOf, emptyBits, hasBit } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { BlastRadius } from '#model/scan.ts';
import { type ControlContext, onceKey } from '../controls/context.ts';
import { entrancesIn } from '../controls/shared.ts';
import { dataStoresIn } from './data-stores.ts';
import { countOwners, type Neighbours, neighboursIn, searchFrom, standsOn } from './neighbours.ts';

const RADII = onceKey<Map<string, BlastRadius | undefined>>('blast radii');

/** What somebody who got into one of the workloads could do. Undefined where the input has none of them. */
export function blastRadiusOf(context: ControlContext, workloads: readonly string[]): BlastRadius | undefined {
  // Many controls find something in the same workload, or in all those of a namespace.
  const known = context.once(RADII, () => new Map());
  const key = workloads.join('\n');
  if (!known.has(key)) known.set(key, radiusOf(context, workloads));
  return known.get(key);
}

function radiusOf(context: ControlContext, workloads: readonly string[]): BlastRadius | undefined {
  const neighbours = neighboursIn(context);
  const own = new Set(workloads.filter((id) => neighbours.points.has(id)));
  if (own.size === 0) return undefined;
  const starts = [...new Set([...own].flatMap((id) => neighbours.points.get(id) ?? []))];
  const reached = rowsOf(neighbours, starts).map(([row, start]) => reachedBy({ context, neighbours }, row, start));
  return {
    ...entrances(context, [...own]),
    reaches: own.size === 1 && reached.length === 1 ? reached[0]!.count - 1 : othersReached(neighbours, starts, own),
    dataStores: sorted(reached.flatMap(({ stores }) => stores)).filter((id) => !own.has(id)),
    through: sorted(reached.flatMap(({ through }) => through)).filter((id) => !own.has(id)),
    toInternet: worstOf(starts.map((start) => neighbours.toInternet[start]!)),
  };
}

/** How many other workloads any of several reaches. */
function othersReached(neighbours: Neighbours, starts: readonly number[], own: ReadonlySet<string>): number {
  const { pods, points, to } = neighbours;
  const all = emptyBits(pods.length * 32);
  for (const start of starts) addAll(all, to[start]!);
  let count = countOwners(neighbours, all);
  for (const id of own) if (standsOn(points.get(id)!, all)) count--;
  return count;
}

/** The distinct sets of what they reach, each with one of them. */
function rowsOf({ to }: Neighbours, starts: readonly number[]): readonly (readonly [Bits, number])[] {
  return [...new Map(starts.map((start) => [to[start]!, start]))];
}

function worstOf(states: readonly (boolean | 'unknown')[]): boolean | 'unknown' {
  return states.includes(true) || (states.includes('unknown') && 'unknown');
}

function entrances(context: ControlContext, ids: readonly string[]): Pick<BlastRadius, 'fromInternet' | 'entrances'> {
  const found = ids.flatMap((id) => entrancesIn(context).get(id) ?? []);
  const isCertain = found.some(({ verdict }) => verdict === 'allowed' || verdict === 'mixed');
  return {
    fromInternet: isCertain ? true : found.length > 0 ? 'unknown' : false,
    entrances: sorted(found.map(({ at }) => at)).slice(0, MOST_LISTED),
  };
}

const MOST_LISTED = 20;

interface Reached {
  /** Workloads that are reached in one step, the own one counted. */
  readonly count: number;
  readonly stores: readonly string[];
  /** Workloads on the shortest ways to them. */
  readonly through: readonly string[];
}

/** By the set of what is reached in one step, which many workloads share. */
const REACHED = onceKey<Map<Bits, Reached>>('reached');

interface Searching {
  readonly context: ControlContext;
  readonly neighbours: Neighbours;
}

function reachedBy({ context, neighbours }: Searching, row: Bits, start: number): Reached {
  const known = context.once(REACHED, () => new Map<Bits, Reached>());
  const before = known.get(row);
  if (before !== undefined) return before;
  const reached: Reached = {
    count: countReached(context, neighbours, start),
    ...storesBehind({ context, neighbours }, start),
  };
  known.set(row, reached);
  return reached;
}

const COUNTS = onceKey<Map<Bits, { readonly count: number }>>('workloads of what is granted');

/** What is granted is shared by many senders; what each adds is itself. */
function countReached(context: ControlContext, neighbours: Neighbours, start: number): number {
  const row = neighbours.granted[start]!;
  const counts = context.once(COUNTS, () => new Map());
  const { count } = remembered(counts, row, () => ({ count: countOwners(neighbours, row) }));
  if (hasBit(row, start)) return count;
  return count + ownersAt(context, start).filter(({ points }) => !standsOn(points, row)).length;
}

const OWNERS_AT = onceKey<ReadonlyMap<number, Neighbours['owners']>>('workloads by point');

function ownersAt(context: ControlContext, point: number): Neighbours['owners'] {
  const byPoint = context.once(OWNERS_AT, () => {
    const { owners } = neighboursIn(context);
    const standing = owners.flatMap((owner) => owner.points.map((own) => ({ own, owner })));
    const grouped = Map.groupBy(standing, ({ own }) => own);
    return new Map([...grouped].map(([own, list]) => [own, list.map(({ owner }) => owner)]));
  });
  return byPoint.get(point) ?? [];
}

type Behind = Pick<Reached, 'stores' | 'through'>;

const BEHIND = onceKey<Map<Bits, Behind>>('data stores behind');

/**
 * Of senders that are granted the same, all that are no data stores find the same: on the way of one another they lead
 * nowhere new.
 */
function storesBehind(searching: Searching, start: number): Behind {
  const { context, neighbours } = searching;
  if (hasBit(storesIn(context).points, start)) return searchStores(searching, start);
  return remembered(
    context.once(BEHIND, () => new Map<Bits, Behind>()),
    neighbours.granted[start]!,
    () => searchStores(searching, start),
  );
}

function searchStores({ context, neighbours }: Searching, start: number): Behind {
  const { list, points } = storesIn(context);
  const cameFrom = searchFrom(neighbours, start, points);
  const names = namesIn(context);
  const through = new Set<string>();
  const stores: string[] = [];
  for (const { id, points: own } of list) {
    const end = own.find((point) => cameFrom[point]! >= 0);
    if (end === undefined) continue;
    if (stores.length < MOST_LISTED) stores.push(id);
    for (let at = cameFrom[end]!; at >= 0 && at !== start && through.size < MOST_LISTED; at = cameFrom[at]!) {
      const name = names[at];
      if (name !== undefined) through.add(name);
    }
    if (stores.length === MOST_LISTED && through.size === MOST_LISTED) break;
  }
  return { stores, through: [...through] };
}

interface Stores {
  readonly list: readonly { readonly id: string; readonly points: readonly number[] }[];
  readonly points: Bits;
}

const STORES = onceKey<Stores>('points-of-data-stores');

function storesIn(context: ControlContext): Stores {
  return context.once(STORES, () => {
    const { points, pods } = neighboursIn(context);
    const list = dataStoresIn(context).map((id) => ({ id, points: points.get(id) ?? [] }));
    const all = list.flatMap((store) => store.points);
    return { list, points: bitsOf(pods.length * 32, all) };
  });
}

const NAMES = onceKey<readonly string[]>('names-of-points');

/** By point: the first workload that stands on it, for those that it stands for. */
function namesIn(context: ControlContext): readonly string[] {
  return context.once(NAMES, () => {
    const names: string[] = [];
    for (const { id, points } of neighboursIn(context).owners) for (const point of points) names[point] ??= id;
    return names;
  });
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
