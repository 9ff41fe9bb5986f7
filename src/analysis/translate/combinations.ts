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
 * `most`: those that meet a selector, those that differ from them in one key, and then every so many of the rest.
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
  const candidates = all <= most ? spread(options, { all, step: 1 }) : chosen(options, selections, all);
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

function* chosen(
  options: Options,
  selections: readonly (readonly LabelRequirement[])[],
  all: number,
): Generator<Assignment> {
  yield new Map();
  for (const selection of selections) yield meeting(selection, options);
  for (const selection of selections) {
    const base = meeting(selection, options);
    for (const { key } of selection) for (const option of options.get(key) ?? []) yield new Map(base).set(key, option);
  }
  // A step that shares no factor with the number visits all of them in the end.
  yield* spread(options, { all, step: coprimeStep(all) });
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

/** At most so many are looked at beyond those that selectors name: numbers above are not exact any more. */
const LOOKED_AT = 1000;

function* spread(
  options: Options,
  { all, step }: { readonly all: number; readonly step: number },
): Generator<Assignment> {
  let place = 0;
  for (let i = 0; i < Math.min(all, LOOKED_AT); i++) {
    yield assignmentAt(options, place);
    place = (place + step) % all;
  }
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

function coprimeStep(all: number): number {
  let step = Math.max(1, Math.floor(all * 0.382));
  while (step > 1 && greatestCommon(step, all) !== 1) step--;
  return step;
}

function greatestCommon(a: number, b: number): number {
  return b === 0 ? a : greatestCommon(b, a % b);
}
