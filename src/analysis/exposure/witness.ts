import { NAMESPACE_NAME_LABEL } from '#engine/world.ts';
import type { LabelRequirement, LabelSelector, Labels } from '#model/resource.ts';
import { unnamedValue } from './label-grid.ts';

/**
 * The fewest labels that satisfy a selector, or undefined where nothing can. Kubernetes' own semantics: NotIn and
 * DoesNotExist are satisfied by a label that is not there.
 */
export function witnessOf({ requirements }: LabelSelector): Labels | undefined {
  const byKey = Map.groupBy(requirements, ({ key }) => key);
  const labels = new Map<string, string>();
  for (const [key, own] of byKey) {
    const value = valueFor(own);
    if (value === 'impossible') return undefined;
    if (value !== 'absent') labels.set(key, value.text);
  }
  return labels;
}

type Value = { readonly text: string } | 'absent' | 'impossible';

function valueFor(requirements: readonly LabelRequirement[]): Value {
  const lists = requirements.filter(({ operator }) => operator === 'In').map(({ values }) => values);
  const forbidden = new Set(
    requirements.filter(({ operator }) => operator === 'NotIn').flatMap(({ values }) => values),
  );
  const needed = lists.length > 0 || requirements.some(({ operator }) => operator === 'Exists');
  if (!needed) return 'absent';
  if (requirements.some(({ operator }) => operator === 'DoesNotExist')) return 'impossible';
  const text = lists.length > 0 ? commonValue(lists, forbidden) : unnamedValue(forbidden);
  return text === undefined ? 'impossible' : { text };
}

function commonValue(
  [first = [], ...others]: readonly (readonly string[])[],
  forbidden: ReadonlySet<string>,
): string | undefined {
  return first.find((value) => !forbidden.has(value) && others.every((list) => list.includes(value)));
}

/** The one name that a namespace selector asks for, where it asks for that alone. */
export function onlyNameOf({ requirements }: LabelSelector): string | undefined {
  const [first, ...more] = requirements;
  const byName = first?.key === NAMESPACE_NAME_LABEL && first.operator === 'In' && first.values.length === 1;
  return byName && more.length === 0 ? first.values[0] : undefined;
}

/** A selector's conditions in words: `app=web and tier in (a, b)`. Empty for a selector that asks for nothing. */
export function conditionsText({ requirements }: LabelSelector): string {
  return requirements.map(conditionText).join(' and ');
}

export function conditionText({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(', ')})`;
    case 'NotIn':
      return `${key} not in (${values.join(', ')})`;
    case 'Exists':
      return `label ${key}`;
    case 'DoesNotExist':
      return `no label ${key}`;
  }
}
