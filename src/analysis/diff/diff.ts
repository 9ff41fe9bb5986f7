import type { ChangedConnection, DiffAnswer, EndpointEntry } from '#model/answers.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Invariant } from '#model/invariant.ts';
import type { Analysis } from '../analysis.ts';
import { testOf } from '../invariants/test.ts';
import { PORT_SCOPE, type Scope } from '../scope.ts';
import { trafficList } from '../traffic-list.ts';
import { align } from './align.ts';
import { type ChangedPair, compareEngines } from './changed-pairs.ts';
import { FOLDED, gathered } from './gather.ts';
import { groupsOf } from './groups.ts';
import type { Merged } from './merge.ts';
import { policyChanges } from './policy-changes.ts';
import type { Presence, Twin } from './twins.ts';

export interface DiffOptions {
  readonly scope?: Scope;
  /** Told for both inputs. Names that need a world of their own must have been given to both analyses (`worldForNames`). */
  readonly invariants?: readonly Invariant[];
}

/**
 * What opened and what closed from `base` to `head`, by meaning: a policy that was rewritten to say the same changes
 * nothing. An endpoint that only one input has is listed under `endpoints`, and its connections count as opened, or as
 * closed.
 */
export function diffOf(base: Analysis, head: Analysis, options: DiffOptions = {}): DiffAnswer {
  return narrowableDiff(base, head, options).diff;
}

export interface NarrowableDiff {
  readonly diff: DiffAnswer;
  /** The same of some changed connections only, in groups of their own. */
  readonly narrowed: (keeps: (change: ChangedConnection) => boolean) => DiffAnswer;
}

/** For those who look at a part of it and have to judge the whole. */
export function narrowableDiff(base: Analysis, head: Analysis, options: DiffOptions = {}): NarrowableDiff {
  const scope = options.scope ?? PORT_SCOPE;
  const comparison = compareEngines(align(base, head), scope.traffic);
  const ordered = gathered(comparison);
  const diagnostics = bothDiagnostics(base, head);
  const changes = ordered.pairs.map((pair) => connectionOf(ordered.twins, pair, scope));
  const diff: DiffAnswer = {
    schema: 'ringfence.dev/diff/v1',
    engine: { base: base.entry, head: head.entry },
    endpoints: { added: idsOf(comparison.twins, 'head'), removed: idsOf(comparison.twins, 'base') },
    about: entriesOf(ordered),
    policies: policyChanges(base.snapshot, head.snapshot),
    groups: groupsOf(ordered.twins, ordered.pairs, scope.traffic),
    changes,
    invariants: invariantStates(base, head, options.invariants ?? []),
    diagnostics: ordered.folded ? [...diagnostics, FOLDED] : diagnostics,
  };
  const narrowed: NarrowableDiff['narrowed'] = (keeps) => {
    const pairs = ordered.pairs.filter((_, index) => keeps(changes[index]!));
    return {
      ...diff,
      about: entriesOf({ ...ordered, pairs }),
      groups: groupsOf(ordered.twins, pairs, scope.traffic),
      changes: changes.filter(keeps),
      unfiltered: changes.length,
    };
  };
  return { diff, narrowed };
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
