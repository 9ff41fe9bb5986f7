import { isEmpty } from '#base/bits.ts';
import { mentionsOf } from '#engine/compile/layer.ts';
import { engineOver } from '#engine/engine.ts';
import { buildWorld } from '#engine/world.ts';
import type { EndpointEntry } from '#model/answers.ts';
import { CODES } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type {
  MigrateAnswer,
  MigrationCauseId,
  MigrationChange,
  MigrationEntry,
  NotKept,
  PolicyPlace,
} from '#model/migration.ts';
import type { ProfileId } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { type Analysis, type AnalysisOptions, analyseSnapshot } from '../analysis.ts';
import { align } from '../diff/align.ts';
import { type ChangedPair, compareEngines } from '../diff/changed-pairs.ts';
import { FOLDED, gathered } from '../diff/gather.ts';
import { groupsOf } from '../diff/groups.ts';
import type { Merged } from '../diff/merge.ts';
import { exposureCuts } from '../exposure/exposing.ts';
import { PORT_SCOPE, type Scope } from '../scope.ts';
import { type Step, type TracedComparison, traceChanges } from './changes.ts';
import { changedEntries } from './entries.ts';
import { placesOf } from './places.ts';
import { rewritingOf, rewritten } from './rewrite.ts';
import { type Stage, stagesOf } from './stages.ts';

export interface MigrateOptions extends Omit<AnalysisOptions, 'engine' | 'world'> {
  readonly from: ProfileId;
  /** From what the engine that runs now was concluded. */
  readonly why?: string;
  readonly to: ProfileId;
  readonly scope?: Scope;
  /** Connections with an end of which this is true are told; all unless given. The proof is always about all. */
  readonly touches?: (id: string) => boolean;
}

/**
 * What changes when another engine enforces the same policies, by cause; and policies that keep the old meaning under the
 * new engine, compared with the old ones connection by connection.
 */
export function migrateOf(snapshot: Snapshot, options: MigrateOptions): MigrateAnswer {
  const scope = options.scope ?? PORT_SCOPE;
  const from = analyseSnapshot(snapshot, { ...options, engine: options.from });
  const to = analyseSnapshot(snapshot, { ...options, engine: options.to });
  const steps = stepsOf(from, stagesOf(snapshot, from.profile, to.profile));
  const comparison = steps.length === 0 ? undefined : traceChanges(steps, scope.traffic);
  const all = comparison === undefined ? NONE : touching(gathered(comparison), options.touches);
  const parts = comparison === undefined ? [] : partsOf(all, steps, comparison);
  const entries = steps.length === 0 ? [] : changedEntries(steps);
  const behind = placesByCause(parts);
  const { rewrites, notKept } = rewritingOf({ from: from.engine, to: to.profile }, behind);
  const proof = proofOf(from, rewritten(snapshot, rewrites), { ...options, scope });
  return {
    schema: 'ringfence.dev/migrate/v1',
    engine: {
      from: { ...from.entry, why: options.why ?? from.entry.why },
      to: { ...to.entry, why: 'chosen with --to' },
    },
    about: entriesOf([all, proof.merged]),
    changes: parts.map((part) => changeOf(part, all, scope)),
    entries,
    rewrites,
    notKept: together([...notKept, ...unkeepable(parts, entries)]),
    proof: {
      equal: proof.merged.pairs.length === 0,
      left: groupsOf(proof.merged.twins, proof.merged.pairs, scope.traffic),
      connections: proof.merged.pairs.length,
    },
    diagnostics: [...to.diagnostics, ...(all.folded ? [FOLDED] : []), ...withoutNodes(from)],
  };
}

const NONE: Merged & { readonly folded: boolean } = { twins: [], pairs: [], folded: false };

function touching(merged: typeof NONE, touches: MigrateOptions['touches']): typeof NONE {
  if (touches === undefined) return merged;
  const { twins, pairs } = merged;
  const isTold = (index: number) => touches(twins[index]!.entry.id);
  return { ...merged, pairs: pairs.filter(({ from, to }) => isTold(from) || isTold(to)) };
}

/** Every stage over one world, which is cut by all that any of them asks. */
function stepsOf({ engine, snapshot }: Analysis, stages: readonly Stage[]): Step[] {
  const options = { ...engine.options, cuts: [...(engine.options.cuts ?? []), ...exposureCuts(snapshot)] };
  const world = buildWorld(snapshot, mentionsOf(snapshot), options);
  const engines = stages.map((stage) => engineOver(world, stage.snapshot, { ...options, profile: stage.profile }));
  return stages.slice(1).map(({ cause }, index) => ({
    cause: cause ?? 'engine-model',
    before: engines[index]!,
    after: engines[index + 1]!,
  }));
}

// ---------------------------------------------------------------- changes by cause

interface Part {
  readonly causes: readonly MigrationCauseId[];
  readonly pairs: readonly ChangedPair[];
  readonly places: ReadonlyMap<MigrationCauseId, readonly PolicyPlace[]>;
}

function partsOf({ twins, pairs }: Merged, steps: readonly Step[], comparison: TracedComparison): Part[] {
  const byCauses = Map.groupBy(pairs, ({ change }) => causesAt(steps, comparison.stepsOf(change)).join());
  return [...byCauses.values()]
    .map((group): Part => {
      const at = [...new Set(group.flatMap(({ change }) => comparison.stepsOf(change)))].sort((a, b) => a - b);
      const causes = causesAt(steps, at);
      const places = causes.map((cause) => {
        const own = at.map((index) => steps[index]!).filter((step) => step.cause === cause);
        return [cause, placesOf({ twins, steps: own }, group)] as const;
      });
      return { causes, pairs: group, places: new Map(places) };
    })
    .sort((a, b) => b.pairs.length - a.pairs.length || (a.causes.join() < b.causes.join() ? -1 : 1));
}

function causesAt(steps: readonly Step[], at: readonly number[]): MigrationCauseId[] {
  return [...new Set(at.map((index) => steps[index]!.cause))];
}

function placesByCause(parts: readonly Part[]): Map<MigrationCauseId, PolicyPlace[]> {
  const out = new Map<MigrationCauseId, PolicyPlace[]>();
  for (const { places } of parts)
    for (const [cause, list] of places) out.set(cause, [...(out.get(cause) ?? []), ...list]);
  return out;
}

function changeOf({ causes, pairs, places }: Part, { twins }: Merged, scope: Scope): MigrationChange {
  const unique = new Map([...places.values()].flat().map((place) => [`${place.policy} ${place.path}`, place]));
  return {
    causes,
    groups: groupsOf(twins, pairs, scope.traffic),
    connections: pairs.length,
    places: [...unique.values()],
  };
}

// ---------------------------------------------------------------- proof

interface ProofOptions extends MigrateOptions {
  readonly scope: Scope;
}

function proofOf(from: Analysis, next: Snapshot, { scope, to, ...options }: ProofOptions): { readonly merged: Merged } {
  const head = analyseSnapshot(next, { ...options, engine: to });
  return { merged: gathered(compareEngines(align(from, head), scope.traffic)) };
}

/** The endpoints that groups name: those of the first list win where both have an id. */
function entriesOf(lists: readonly Merged[]): EndpointEntry[] {
  const entries = lists.flatMap(({ twins, pairs }) => {
    const named = new Set(pairs.flatMap(({ from, to }) => [from, to]));
    return twins.filter((_, index) => named.has(index)).map(({ entry }) => entry);
  });
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
}

// ---------------------------------------------------------------- what is not kept

const WITHOUT_KEEPER: Readonly<Partial<Record<MigrationCauseId, Pick<NotKept, 'why' | 'help'>>>> = {
  'kind-newly-enforced': {
    why: 'these policies had no effect, and will have',
    help: 'delete them, or keep them if what they say is what is wanted',
  },
  'named-ports': { why: 'ports without a number mean something else', help: 'write the numbers' },
  'not-supported': {
    why: 'what one of the engines does with it is not documented',
    help: 'write the policy without it',
  },
};

const FORWARDED: Pick<NotKept, 'why' | 'help'> = {
  why: 'policy looks at NodePort and LoadBalancer traffic under one engine and not under the other',
  help: 'admit the clients that are meant, by their addresses; no rule is for traffic that comes through a node and for nothing else',
};

function unkeepable(parts: readonly Part[], entries: readonly MigrationEntry[]): NotKept[] {
  const out: NotKept[] = [];
  for (const [cause, places] of placesByCause(parts)) {
    const said = WITHOUT_KEEPER[cause];
    const policies = new Map(places.map((place) => [place.policy, place]));
    if (said !== undefined && policies.size > 0) out.push({ cause, places: [...policies.values()], ...said });
  }
  const forwarded = entries.filter(({ causes }) => causes.includes('forwarded-traffic'));
  const ways = forwarded.map(({ through, origin }): PolicyPlace => ({ policy: through, path: '', origin }));
  if (ways.length > 0) out.push({ cause: 'forwarded-traffic', places: ways, ...FORWARDED });
  return out;
}

/** What is the same for several policies is told once. */
function together(notKept: readonly NotKept[]): NotKept[] {
  const groups = Map.groupBy(notKept, ({ cause, why, help }) => `${cause}\n${why}\n${help}`);
  return [...groups.values()].map((group) => ({ ...group[0]!, places: group.flatMap(({ places }) => places) }));
}

function withoutNodes({ engine }: Analysis): Diagnostic[] {
  if (!isEmpty(engine.world.hosts)) return [];
  const message = 'the input has no nodes, so what changes between pods and nodes is not told';
  return [
    {
      code: 'RF4009',
      severity: CODES.RF4009.severity,
      message,
      help: 'add the nodes, as `kubectl get nodes -o yaml` prints them',
    },
  ];
}
