import {
  addAll,
  type Bits,
  copyBits,
  countBits,
  emptyBits,
  intersection,
  members,
  removeAll,
  removeBit,
} from '#base/bits.ts';
import type { BlastRadius } from '#model/scan.ts';
import { type ControlContext, onceKey } from '../controls/context.ts';
import { entrancesIn } from '../controls/shared.ts';
import { dataStoresIn } from './data-stores.ts';
import { type Neighbours, neighboursIn } from './neighbours.ts';

/** What somebody who got into one of the endpoints could do. Undefined where the input has none of them. */
export function blastRadiusOf(context: ControlContext, endpoints: readonly string[]): BlastRadius | undefined {
  const neighbours = neighboursIn(context);
  const starts = [...new Set(endpoints.flatMap((id) => neighbours.at.get(id) ?? []))];
  if (starts.length === 0) return undefined;
  const reached = context.once(REACHED, () => new Map<Bits, Reached>());
  const ways = starts.map((start) => reachedFrom({ context, neighbours, known: reached }, start));
  const own = new Set(starts.map((start) => neighbours.ids[start]!));
  const direct = emptyBits(neighbours.ids.length);
  for (const start of starts) addAll(direct, intersection(neighbours.to[start]!, neighbours.workloads));
  for (const start of starts) removeBit(direct, start);
  return {
    ...entrances(
      context,
      starts.map((start) => neighbours.ids[start]!),
    ),
    reaches: countBits(direct),
    dataStores: sorted(ways.flatMap(({ stores }) => stores)).filter((id) => !own.has(id)),
    through: sorted(ways.flatMap(({ through }) => through)).filter((id) => !own.has(id)),
    toInternet: worstOf(starts.map((start) => neighbours.toInternet[start]!)),
  };
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
  readonly stores: readonly string[];
  /** Workloads on the shortest ways to them, the ends not counted. */
  readonly through: readonly string[];
}

const REACHED = onceKey<Map<Bits, Reached>>('reached');

interface Searching {
  readonly context: ControlContext;
  readonly neighbours: Neighbours;
  /** By the set of those that can be reached in one step, which endpoints share. */
  readonly known: Map<Bits, Reached>;
}

function reachedFrom({ context, neighbours, known }: Searching, start: number): Reached {
  const first = neighbours.to[start]!;
  const before = known.get(first);
  if (before !== undefined) return before;
  const cameFrom = searched(neighbours, start);
  const stores = dataStoresIn(context).filter((id) => cameFrom.has(neighbours.at.get(id) ?? -1));
  const through = new Set<number>();
  for (const id of stores) {
    for (let at = cameFrom.get(neighbours.at.get(id)!); at !== undefined && at !== start; at = cameFrom.get(at))
      through.add(at);
  }
  const reached = {
    stores: stores.slice(0, MOST_LISTED),
    through: [...through].slice(0, MOST_LISTED).map((at) => neighbours.ids[at]!),
  };
  known.set(first, reached);
  return reached;
}

/** Every workload that can be reached step by step, with the one before it on a shortest way. */
function searched({ to, workloads }: Neighbours, start: number): ReadonlyMap<number, number> {
  const cameFrom = new Map<number, number>();
  const left = copyBits(workloads);
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

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
