import type { EndpointEntry } from '#model/answers.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { ChangedPair, Comparison } from './changed-pairs.ts';
import { foldPairs } from './fold.ts';
import { type Merged, mergeAlike } from './merge.ts';
import type { Twin } from './twins.ts';

/** More changed connections than anybody can read: they are folded by namespace. */
export const MOST_CHANGES = 100_000;
/** How many are held before ranges, and parts of workloads, that changed alike are merged. */
const MOST_HELD = 1_000_000;

/** Says so. */
export const FOLDED: Diagnostic = {
  code: 'RF5002',
  severity: 'info',
  message: `more than ${MOST_CHANGES} connections changed; they are told by namespace: what changed for some workload of it`,
};

/** Every changed connection, outside first, then nodes, then workloads by id; more than can be read are folded by namespace. */
export function gathered(comparison: Comparison): Merged & { readonly folded: boolean } {
  const { twins, pairs, folded } = gatherAll(comparison);
  return { ...inOrder(twins, pairs), folded };
}

function gatherAll({ twins, calculator, pairs }: Comparison): Merged & { readonly folded: boolean } {
  const list: ChangedPair[] = [];
  const rest = pairs();
  for (let next = rest.next(); next.done !== true; next = rest.next()) {
    list.push(next.value);
    if (list.length > MOST_HELD) return { ...foldPairs(twins, chained(list, rest), calculator), folded: true };
  }
  const merged = mergeAlike(twins, list);
  if (merged.pairs.length <= MOST_CHANGES) return { ...merged, folded: false };
  return { ...foldPairs(merged.twins, merged.pairs, calculator), folded: true };
}

function* chained(first: Iterable<ChangedPair>, rest: Iterable<ChangedPair>): Generator<ChangedPair> {
  yield* first;
  yield* rest;
}

const KINDS: Readonly<Record<EndpointEntry['kind'], number>> = {
  external: 0,
  domain: 1,
  node: 2,
  namespace: 3,
  workload: 4,
  potential: 5,
};

/** The same answer in whatever order the input was read. */
function inOrder(twins: readonly Twin[], pairs: readonly ChangedPair[]): Merged {
  const order = [...twins.keys()].sort((a, b) => compareEntries(twins[a]!.entry, twins[b]!.entry));
  const placeOf = new Map(order.map((index, place) => [index, place]));
  const placed = pairs.map(({ from, to, change }) => ({ from: placeOf.get(from)!, to: placeOf.get(to)!, change }));
  return { twins: order.map((index) => twins[index]!), pairs: placed.sort((a, b) => a.from - b.from || a.to - b.to) };
}

function compareEntries(a: EndpointEntry, b: EndpointEntry): number {
  if (a.kind !== b.kind) return KINDS[a.kind] - KINDS[b.kind];
  if (a.kind === 'external') return a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
