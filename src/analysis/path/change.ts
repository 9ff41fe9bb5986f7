import { covers } from '#base/intervals.ts';
import { type ChangedPair, changedPairs, editPolicy, type PolicyEdit } from '#engine/edit.ts';
import type { Engine } from '#engine/engine.ts';
import { verdictOf } from '#engine/grants.ts';
import { grantBetween } from '#engine/reach.ts';
import type { SmallestChange } from '#model/answers.ts';
import type { Direction } from '#model/resource.ts';
import type { Verdict } from '#model/verdict.ts';
import type { Branch } from './branches.ts';
import { type Candidate, closersFor, openersFor } from './candidates.ts';
import type { Hop } from './hops.ts';

/** At most so many proposals are told. */
const TOLD = 3;
/** At most so many candidates for each hop are tried, those to the narrowest policies first. */
const TRIED = 10;
/** Above so many points a change that needs a world of its own is not weighed pair by pair. */
const WEIGHED_PAIRWISE = 2_000;

/**
 * The edits of the user's own policies that would flip one branch, those with the fewest side effects first. Every one
 * was applied to the engine and the branch asked again: this is a search with the engine, not a second reasoning.
 */
export function smallestChanges(engine: Engine, branch: Branch): SmallestChange[] {
  const { verdict } = branch.answer;
  if (verdict === 'unknown') return [];
  const wanted: Verdict = verdict === 'allowed' ? 'denied' : 'allowed';
  const start: Trial = { engine, steps: [], effects: { opened: new Set(), closed: new Set() } };
  const trials = verdict === 'allowed' ? closing(branch, start) : opening(branch, start);
  return trials
    .filter((trial) => trial.steps.length > 0 && verdictAt(trial.engine, branch) === wanted)
    .sort(bySize)
    .slice(0, TOLD)
    .map((trial) => told(branch, trial));
}

/** Edits applied so far, the engine after them, and the connections that they opened and closed. */
interface Trial {
  readonly engine: Engine;
  readonly steps: readonly Candidate[];
  readonly effects: Effects;
}

/** Pairs of endpoints, as text. */
interface Effects {
  readonly opened: ReadonlySet<string>;
  readonly closed: ReadonlySet<string>;
}

/** Every hop that denies must be opened: the candidates of the hops are combined, the smallest first. */
function opening(branch: Branch, start: Trial): Trial[] {
  let trials: Trial[] = [start];
  for (const hop of branch.hops) {
    if (hop.entry.verdict !== 'denied') continue;
    if (!isOfPods(hop)) return [];
    const openers = openersFor(start.engine, branch, { direction: directionOf(hop), trace: hop.trace });
    const candidates = openers.sort((a, b) => a.selects - b.selects).slice(0, TRIED);
    trials = trials.flatMap((trial) => candidates.map((candidate) => apply(trial, candidate)));
    trials = trials.sort(bySize).slice(0, TOLD);
  }
  return trials;
}

/** Closing one hop is enough; everything that admits there has to go. */
function closing(branch: Branch, start: Trial): Trial[] {
  return branch.hops.filter(isOfPods).map((hop) => {
    const candidates = closersFor(start.engine, branch, { direction: directionOf(hop), trace: hop.trace });
    return candidates.reduce((trial, candidate) => apply(trial, refreshed(trial, candidate)), start);
  });
}

/** Edits are of policies that stand at the pod; no other layer changes with them. */
function isOfPods({ layer }: Hop): boolean {
  return layer === 'pod';
}

function directionOf({ entry }: Hop): Direction {
  return entry.layer.endsWith('-egress') ? 'egress' : 'ingress';
}

/** A second removal from one policy starts from what the first left. */
function refreshed({ steps }: Trial, candidate: Candidate): Candidate {
  const before = steps.findLast(
    ({ edit }) => edit.remove !== undefined && edit.remove.name === candidate.edit.remove?.name,
  );
  const { remove, add } = candidate.edit;
  if (before?.edit.add === undefined || remove === undefined || add === undefined) return candidate;
  const kept = (direction: Direction) => before.edit.add![direction].filter((rule) => add[direction].includes(rule));
  return {
    ...candidate,
    edit: { remove: before.edit.add, add: { ...add, ingress: kept('ingress'), egress: kept('egress') } },
  };
}

function apply(trial: Trial, candidate: Candidate): Trial {
  const { engine, changed } = editPolicy(trial.engine, candidate.edit);
  const pairs =
    changed === undefined
      ? allChangedPairs(trial.engine, engine)
      : changedPairs(trial.engine.reach, engine.reach, changed);
  return { engine, steps: [...trial.steps, candidate], effects: withPairs(trial, pairs) };
}

/** For a change that made a new world of the same points. */
function* allChangedPairs(before: Engine, after: Engine): Generator<ChangedPair> {
  const { size } = before.world;
  if (size !== after.world.size || size > WEIGHED_PAIRWISE) return;
  for (let from = 0; from < size; from++) {
    for (let to = 0; to < size; to++) {
      const was = grantBetween(before.reach, from, to);
      const is = grantBetween(after.reach, from, to);
      if (!covers(was.possible, is.possible) || !covers(is.possible, was.possible))
        yield { from, to, before: was, after: is };
    }
  }
}

function withPairs({ engine, effects }: Trial, pairs: Iterable<ChangedPair>): Effects {
  const opened = new Set(effects.opened);
  const closed = new Set(effects.closed);
  for (const { from, to, before, after } of pairs) {
    for (const pair of endpointPairs(engine, from, to)) {
      if (!covers(before.possible, after.possible)) opened.add(pair);
      if (!covers(after.possible, before.possible)) closed.add(pair);
    }
  }
  return { opened, closed };
}

function endpointPairs(engine: Engine, from: number, to: number): string[] {
  const targets = endpointsAt(engine, to);
  return endpointsAt(engine, from).flatMap((source) => targets.map((target) => `${source} ${target}`));
}

function endpointsAt({ world }: Engine, point: number): string[] {
  const { kind, units, nodeNames } = world.points[point]!;
  if (kind === 'node') return [...nodeNames];
  if (kind !== 'pod') return [`${kind} ${point}`];
  return [...new Set(units.map((unit) => world.owners[world.units[unit]!.owner]!.id))];
}

function verdictAt({ reach }: Engine, { from, to, traffic }: Branch): Verdict {
  return verdictOf(grantBetween(reach, from, to), traffic);
}

function bySize(a: Trial, b: Trial): number {
  const effects = (trial: Trial) => trial.effects.opened.size + trial.effects.closed.size;
  const selects = (trial: Trial) => trial.steps.reduce((sum, step) => sum + step.selects, 0);
  return effects(a) - effects(b) || selects(a) - selects(b) || patchOf(a).length - patchOf(b).length;
}

function patchOf({ steps }: Trial): string {
  return steps.map(({ patch }) => patch).join('---\n');
}

const STEPS = new WeakMap<SmallestChange, readonly PolicyEdit[]>();

/** What a change that was told here does to policies, one after the other: beside the answer, which is for people. */
export function stepsOf(change: SmallestChange): readonly PolicyEdit[] {
  return STEPS.get(change) ?? [];
}

/** The asked pair itself is no side effect. */
function told(branch: Branch, trial: Trial): SmallestChange {
  const { opened, closed } = trial.effects;
  const opens = branch.answer.verdict === 'denied';
  const { kind, namespace, name, origin } = trial.steps[0]!.policy;
  const change: SmallestChange = {
    summary: trial.steps.map(({ summary }) => summary).join('; and '),
    policy: { kind, namespace, name },
    origin,
    patch: patchOf(trial),
    alsoOpens: Math.max(opened.size - (opens ? 1 : 0), 0),
    alsoCloses: Math.max(closed.size - (opens ? 0 : 1), 0),
  };
  STEPS.set(
    change,
    trial.steps.map(({ edit }) => edit),
  );
  return change;
}
