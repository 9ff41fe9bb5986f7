/**
 * One way in which everything that is not known could be. A fact has a name; asked twice in one world it has one answer.
 */
export interface World {
  choose<T>(fact: string, options: readonly T[]): T;
}

export interface Outcomes<T> {
  readonly values: ReadonlySet<T>;
  /** False when there were more worlds than `MOST_WORLDS`: other outcomes may exist. */
  readonly complete: boolean;
}

const MOST_WORLDS = 20_000;

interface Choice {
  index: number;
  readonly count: number;
}

/**
 * The outcomes of `evaluate` over all worlds: it is run once for each combination of answers to the facts that it asks
 * about. Facts that it never asks about in a world do not multiply the runs. Stops early once there are `enough` outcomes.
 * INVARIANT: `evaluate` depends on nothing but the answers, so a run with the same answers asks the same next question.
 */
export function outcomesOf<T>(evaluate: (world: World) => T, enough: number): Outcomes<T> {
  const values = new Set<T>();
  const path: Choice[] = [];
  for (let worlds = 0; worlds < MOST_WORLDS; worlds++) {
    values.add(evaluate(worldOf(path)));
    if (values.size >= enough || !advance(path)) return { values, complete: true };
  }
  return { values, complete: false };
}

/** A world that answers as `path` says, and with the first option beyond its end, which it extends. */
function worldOf(path: Choice[]): World {
  const answers = new Map<string, number>();
  return {
    choose(fact, options) {
      let answer = answers.get(fact);
      if (answer === undefined) {
        if (answers.size === path.length) path.push({ index: 0, count: options.length });
        answer = path[answers.size]!.index;
        answers.set(fact, answer);
      }
      return options[answer]!;
    },
  };
}

/** Moves to the next combination; false when all were tried. */
function advance(path: Choice[]): boolean {
  for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
    last.index++;
    if (last.index < last.count) return true;
    path.pop();
  }
  return false;
}
