import type { LabelRequirement, Labels } from '#model/resource.ts';

/** One combination of labels, with the conditions that say it. */
export interface GridCell {
  readonly labels: Labels;
  readonly conditions: readonly LabelRequirement[];
}

/**
 * Every way in which some requirements could turn out, as labels: for each key no label, each value that is named, and a
 * value that nobody names. Undefined where that is more than `most` combinations.
 */
export function labelGrid(requirements: Iterable<LabelRequirement>, most: number): GridCell[] | undefined {
  const values = new Map<string, Set<string>>();
  for (const requirement of requirements) {
    const known = values.get(requirement.key) ?? new Set<string>();
    values.set(requirement.key, known);
    for (const value of requirement.values) known.add(value);
  }
  let cells: GridCell[] = [{ labels: new Map(), conditions: [] }];
  for (const [key, named] of values) {
    if (cells.length * (named.size + 2) > most) return undefined;
    cells = cells.flatMap((cell) => [cell, ...optionsOf(key, named).map((option) => extended(cell, option))]);
  }
  return cells;
}

interface Option {
  readonly value: string;
  readonly condition: LabelRequirement;
}

function optionsOf(key: string, named: ReadonlySet<string>): Option[] {
  const options = [...named].map((value): Option => ({ value, condition: { key, operator: 'In', values: [value] } }));
  return [...options, { value: unnamedValue(named), condition: { key, operator: 'Exists', values: [] } }];
}

function extended({ labels, conditions }: GridCell, { value, condition }: Option): GridCell {
  return { labels: new Map(labels).set(condition.key, value), conditions: [...conditions, condition] };
}

/** A value that is none of those. */
export function unnamedValue(named: ReadonlySet<string>): string {
  let value = 'any';
  while (named.has(value)) value += '-other';
  return value;
}
