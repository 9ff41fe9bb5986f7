import { hasBit } from '#base/bits.ts';
import { changedPairs, editPolicy } from '#engine/edit.ts';
import type { Engine } from '#engine/engine.ts';
import { verdictOf } from '#engine/grants.ts';
import { grantBetween } from '#engine/reach.ts';
import type { SmallestChange } from '#model/answers.ts';
import { covers, subtract } from '#base/intervals.ts';
import type { Direction } from '#model/resource.ts';
import type { Verdict } from '#model/verdict.ts';
import type { Branch } from './branches.ts';
import { candidatesFor, type Candidate } from './candidates.ts';

/** At most so many proposals are told. */
const TOLD = 3;
/** At most so many candidates for each hop are tried. */
const TRIED = 24;

/**
 * The edits of the user's own policies that would flip one branch, those with the fewest side effects first. Every one
 * was applied to the engine and the branch asked again: this is a search with the engine, not a second reasoning.
 */
export function smallestChanges(engine: Engine, branch: Branch): SmallestChange[] {
  const { verdict } = branch.answer;
  if (verdict === 'unknown') return [];
  const wanted: Verdict = verdict === 'allowed' ? 'denied' : 'allowed';
  const start: Trial = { engine, steps: [] };
  const trials = verdict === 'allowed' ? closing(branch, start) : opening(branch, start);
  return trials
    .filter(({ engine: edited }) => verdictAt(edited, branch) === wanted)
    .map((trial) => told(engine, branch, trial))
    .sort((a, b) => a.alsoOpens + a.alsoCloses - b.alsoOpens - b.alsoCloses || a.patch.length - b.patch.length)
    .slice(0, TOLD);
}

/** Edits applied so far, and the engine after them. */
interface Trial {
  readonly engine: Engine;
  readonly steps: readonly Candidate[];
}

/** Every hop that denies must be opened: candidates of the hops are combined. */
function opening(branch: Branch, start: Trial): Trial[] {
  let trials: Trial[] = [start];
  for (const { entry, trace } of branch.hops) {
    if (entry.verdict !== 'denied') continue;
    const direction: Direction = entry.layer === 'pod-egress' ? 'egress' : 'ingress';
    const candidates = candidatesFor(start.engine, branch, { direction, trace, wanted: 'allowed' }).slice(0, TRIED);
    trials = trials.flatMap((trial) => candidates.map((candidate) => apply(trial, candidate)));
    trials = best(start.engine, trials);
  }
  return trials.filter(({ steps }) => steps.length > 0);
}

/** Closing one hop is enough. */
function closing(branch: Branch, start: Trial): Trial[] {
  return branch.hops.flatMap(({ entry, trace }) => {
    const direction: Direction = entry.layer === 'pod-egress' ? 'egress' : 'ingress';
    const candidates = candidatesFor(start.engine, branch, { direction, trace, wanted: 'denied' }).slice(0, TRIED);
    return candidates.map((candidate) => apply(start, candidate));
  });
}

function apply({ engine, steps }: Trial, candidate: Candidate): Trial {
  return { engine: editPolicy(engine, candidate.edit).engine, steps: [...steps, candidate] };
}

/** Keeps the search narrow: the few trials with the fewest side effects so far. */
function best(engine: Engine, trials: readonly Trial[]): Trial[] {
  const scored = trials.map((trial) => ({ trial, effects: effectsOf(engine, trial) }));
  return scored
    .sort((a, b) => a.effects.opened + a.effects.closed - b.effects.opened - b.effects.closed)
    .slice(0, TOLD)
    .map(({ trial }) => trial);
}

function verdictAt({ reach }: Engine, { from, to, traffic }: Branch): Verdict {
  return verdictOf(grantBetween(reach, from, to), traffic);
}

interface Effects {
  readonly opened: number;
  readonly closed: number;
}

/** Ordered pairs of workloads and outside ranges with something opened or closed. */
function effectsOf(engine: Engine, { steps }: Trial): Effects {
  let opened = 0;
  let closed = 0;
  let current = engine;
  for (const { edit } of steps) {
    const { engine: next, changed } = editPolicy(current, edit);
    for (const pair of changed === undefined ? [] : changedPairs(current.reach, next.reach, changed)) {
      const { world } = engine;
      if (!hasBit(world.pods, pair.from) && !hasBit(world.pods, pair.to)) continue;
      if (!covers(pair.before.possible, pair.after.possible)) opened++;
      if (subtract(pair.before.possible, pair.after.possible).length > 0) closed++;
    }
    current = next;
  }
  return { opened, closed };
}

function told(engine: Engine, branch: Branch, trial: Trial): SmallestChange {
  const effects = effectsOf(engine, trial);
  const [first] = trial.steps;
  const { kind, namespace, name, origin } = first!.policy;
  const opens = branch.answer.verdict === 'denied' ? 1 : 0;
  return {
    summary: trial.steps.map(({ summary }) => summary).join('; and '),
    policy: { kind, namespace, name },
    origin,
    patch: trial.steps.map(({ patch }) => patch).join('---\n'),
    alsoOpens: Math.max(effects.opened - opens, 0),
    alsoCloses: Math.max(effects.closed - (1 - opens), 0),
  };
}

