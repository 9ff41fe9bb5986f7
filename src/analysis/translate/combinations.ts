import type { LabelRequirement, Labels } from '#model/resource.ts';

/** Label sets that stand for all combinations of what is mentioned. */
export interface Combinations {
  readonly tried: readonly Labels[];
  /** How many there are in all. */
  readonly all: number;
}

/** A value that no selector names. */
const OTHER = 'other-value';
const ABSENT = undefined;

type Option = string | undefined;
type Assignment = ReadonlyMap<string, Option>;

/**
 * Each key is absent, has one of the values that are mentioned, or has another one. Where all combinations are more than
 * `most`: those that meet a selector, those that differ from them in one key, and then a mixture of the rest.
 */
export function combinationsOf(
  keys: ReadonlyMap<string, ReadonlySet<string>>,
  selections: readonly (readonly LabelRequirement[])[],
  most: number,
): Combinations {
  const options = new Map(
    [...keys].map(([key, values]): [string, Option[]] => [key, [ABSENT, ...values, otherThan(values)]]),
  );
  const all = [...options.values()].reduce((product, { length }) => product * length, 1);
  const found = new Map<string, Labels>();
  const candidates = all <= most ? everyOne(options, all) : chosen(options, selections);
  for (const assignment of candidates) {
    const labels = labelsOf(assignment);
    found.set(JSON.stringify([...labels].sort()), labels);
    if (found.size === most) break;
  }
  return { tried: [...found.values()], all };
}

function otherThan(values: ReadonlySet<string>): string {
  let other = OTHER;
  while (values.has(other)) other = `${other}-x`;
  return other;
}

function labelsOf(assignment: Assignment): Labels {
  return new Map([...assignment].flatMap(([key, value]) => (value === ABSENT ? [] : [[key, value] as const])));
}

type Options = ReadonlyMap<string, readonly Option[]>;

function* chosen(options: Options, selections: readonly (readonly LabelRequirement[])[]): Generator<Assignment> {
  yield new Map();
  for (const selection of selections) yield meeting(selection, options);
  for (const selection of selections) {
    const base = meeting(selection, options);
    for (const { key } of selection) for (const option of options.get(key) ?? []) yield new Map(base).set(key, option);
  }
  yield* mixture(options);
}

function meeting(selection: readonly LabelRequirement[], options: Options): Map<string, Option> {
  const out = new Map<string, Option>();
  for (const { key, operator, values } of selection) {
    if (operator === 'In') out.set(key, values[0]);
    else if (operator === 'Exists') out.set(key, options.get(key)?.at(-1));
    else if (operator === 'NotIn' && !out.has(key)) out.set(key, options.get(key)?.at(-1));
  }
  return out;
}

function* everyOne(options: Options, all: number): Generator<Assignment> {
  for (let place = 0; place < all; place++) yield assignmentAt(options, place);
}

function assignmentAt(options: Options, place: number): Assignment {
  let rest = place;
  return new Map(
    [...options].map(([key, list]): [string, Option] => {
      const option = list[rest % list.length];
      rest = Math.floor(rest / list.length);
      return [key, option];
    }),
  );
}

/** At most so many are drawn: some may come twice. */
const DRAWN = 1000;

/** A mixture that is the same every time: a linear congruential sequence (Numerical Recipes, section 7.1). */
function* mixture(options: Options): Generator<Assignment> {
  let state = 1;
  for (let i = 0; i < DRAWN; i++) {
    yield new Map(
      [...options].map(([key, list]): [string, Option] => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return [key, list[(state >>> 8) % list.length]];
      }),
    );
  }
}
