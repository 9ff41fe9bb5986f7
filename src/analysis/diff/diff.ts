import type { ChangedConnection, DiffAnswer, EndpointEntry } from '#model/answers.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Invariant } from '#model/invariant.ts';
import type { Analysis } from '../analysis.ts';
import { testOf } from '../invariants/test.ts';
import { PORT_SCOPE, type Scope } from '../scope.ts';
import { trafficList } from '../traffic-list.ts';
import { align } from './align.ts';
import { type ChangedPair, type Comparison, compareEngines } from './changed-pairs.ts';
import { foldPairs } from './fold.ts';
import { groupsOf } from './groups.ts';
import { type Merged, mergeAlike } from './merge.ts';
import { policyChanges } from './policy-changes.ts';
import type { Presence, Twin } from './twins.ts';

export interface DiffOptions {
  readonly scope?: Scope;
  /** Told for both inputs. Names that need a world of their own must have been given to both analyses (`worldForNames`). */
  readonly invariants?: readonly Invariant[];
}

/** More changed connections than anybody can read: they are folded by namespace. */
export const MOST_CHANGES = 100_000;
/** How many are held before ranges, and parts of workloads, that changed alike are merged. */
const MOST_HELD = 1_000_000;

/**
 * What opened and what closed from `base` to `head`, by meaning: a policy that was rewritten to say the same changes
 * nothing. An endpoint that only one input has is listed under `endpoints`, and its connections count as opened, or as
 * closed.
 */
export function diffOf(base: Analysis, head: Analysis, options: DiffOptions = {}): DiffAnswer {
  const scope = options.scope ?? PORT_SCOPE;
  const comparison = compareEngines(align(base, head), scope.traffic);
  const { twins, pairs, folded } = gathered(comparison);
  const ordered = inOrder(twins, pairs);
  const diagnostics = bothDiagnostics(base, head);
  return {
    schema: 'ringfence.dev/diff/v1',
    engine: { base: base.entry, head: head.entry },
    endpoints: { added: idsOf(comparison.twins, 'head'), removed: idsOf(comparison.twins, 'base') },
    about: entriesOf(ordered),
    policies: policyChanges(base.snapshot, head.snapshot),
    groups: groupsOf(ordered.twins, ordered.pairs, scope.traffic),
    changes: ordered.pairs.map((pair) => connectionOf(ordered.twins, pair, scope)),
    invariants: invariantStates(base, head, options.invariants ?? []),
    diagnostics: folded ? [...diagnostics, FOLDED] : diagnostics,
  };
}

const FOLDED: Diagnostic = {
  code: 'RF5002',
  severity: 'info',
  message: `more than ${MOST_CHANGES} connections changed; they are told by namespace: what changed for some workload of it`,
};

function gathered({ twins, calculator, pairs }: Comparison): Merged & { folded: boolean } {
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

/** Outside first, then nodes, then workloads by id: the same answer in whatever order the input was read. */
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

function idsOf(twins: readonly Twin[], side: Presence): string[] {
  const ids = new Set(twins.filter(({ presence }) => presence === side).map(({ entry }) => entry.id));
  return [...ids].sort();
}

function entriesOf({ twins, pairs }: Merged): EndpointEntry[] {
  const named = new Set(pairs.flatMap(({ from, to }) => [from, to]));
  return twins.filter((_, index) => named.has(index)).map(({ entry }) => entry);
}

function connectionOf(
  twins: readonly Twin[],
  { from, to, change }: ChangedPair,
  { traffic }: Scope,
): ChangedConnection {
  return {
    from: twins[from]!.entry.id,
    to: twins[to]!.entry.id,
    opened: trafficList(change.opened, traffic),
    closed: trafficList(change.closed, traffic),
    unsettled: trafficList(change.unsettled, traffic),
  };
}

function invariantStates(base: Analysis, head: Analysis, invariants: readonly Invariant[]): DiffAnswer['invariants'] {
  if (invariants.length === 0) return [];
  const before = testOf(base, invariants).invariants;
  const after = testOf(head, invariants).invariants;
  return after.map(({ name, state }, index) => ({ name, base: before[index]!.state, head: state }));
}

/** Those of the head, and those of the base that the head does not have any more. */
function bothDiagnostics(base: Analysis, head: Analysis): Diagnostic[] {
  const known = new Set(head.diagnostics.map(keyOf));
  return [...head.diagnostics, ...base.diagnostics.filter((diagnostic) => !known.has(keyOf(diagnostic)))];
}

function keyOf({ code, message, object }: Diagnostic): string {
  return `${code}\n${object ?? ''}\n${message}`;
}
