import { overlaps, unite } from '#base/intervals.ts';
import type { Engine } from '#engine/engine.ts';
import type { MigrationCauseId } from '#model/migration.ts';
import type { TrafficSet } from '#model/traffic.ts';
import { type Change, type ChangeCalculator, changeCalculator } from '../diff/change.ts';
import { type Comparison, compareEngines } from '../diff/changed-pairs.ts';
import type { Twin } from '../diff/twins.ts';

/** One step of the way from engine to engine, over one world. */
export interface Step {
  readonly cause: MigrationCauseId;
  readonly before: Engine;
  readonly after: Engine;
}

/** A change with the steps at which it happens, by index. Changes of one comparison are equal when they are one object. */
export interface TracedChange extends Change {
  readonly steps: readonly number[];
}

export interface TracedComparison extends Comparison {
  stepsOf(change: Change): readonly number[];
}

/** The changes from the first engine to the last, each put down to the steps that touch its traffic. */
export function traceChanges(steps: readonly Step[], scope: TrafficSet): TracedComparison {
  const ends = { base: steps[0]!.before, head: steps.at(-1)!.after };
  const whole = compareEngines(ends, scope);
  const calculators = steps.map(({ before, after }) => changeCalculator({ base: before, head: after }, scope));
  const traced = new Map<string, TracedChange>();
  const known = new Map<number, TracedChange>();
  const calculator: ChangeCalculator = { between: whole.calculator.between, unite: uniteTraced };
  return { twins: whole.twins, calculator, pairs, stepsOf };

  function* pairs(): Generator<{ readonly from: number; readonly to: number; readonly change: TracedChange }> {
    for (const { from, to, change } of whole.pairs()) {
      const [a, b] = [whole.twins[from]!, whole.twins[to]!];
      yield { from, to, change: intern(change, stepsBetween(a, b, change)) };
    }
  }

  function stepsBetween(from: Twin, to: Twin, change: Change): number[] {
    const traffic = trafficOf(change);
    const out: number[] = [];
    for (const [index, each] of calculators.entries()) {
      const there = each.between(from, to);
      if (there !== undefined && overlaps(trafficOf(there), traffic)) out.push(index);
    }
    return out;
  }

  function stepsOf(change: Change): readonly number[] {
    return known.get(change.id)?.steps ?? [];
  }

  function uniteTraced(a: Change, b: Change): Change {
    if (a === b) return a;
    const steps = [...new Set([...stepsOf(a), ...stepsOf(b)])].sort((x, y) => x - y);
    return intern(whole.calculator.unite(a, b), steps);
  }

  function intern({ opened, closed, unsettled }: Change, at: readonly number[]): TracedChange {
    const key = `${opened.join()}/${closed.join()}/${unsettled.join()}/${at.join()}`;
    let change = traced.get(key);
    if (change === undefined) {
      change = { id: traced.size, opened, closed, unsettled, steps: at };
      traced.set(key, change);
      known.set(change.id, change);
    }
    return change;
  }
}

/** All of a change, whichever way it goes. */
export function trafficOf({ opened, closed, unsettled }: Change): TrafficSet {
  return unite(unite(opened, closed), unsettled);
}
