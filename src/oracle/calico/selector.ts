import type { CalicoSelectorNode } from '#model/calico.ts';
import type { LabelOf } from '../selector.ts';

type Comparing = Extract<CalicoSelectorNode, { readonly kind: 'compare' }>;

/** What a selector is asked about: labels, and what `all()` and `global()` mean where it stands. */
export interface Selected {
  readonly labelOf: LabelOf;
  readonly all: boolean;
  readonly global: boolean;
}

/** Of a label that is absent only the negative operators hold. */
export function holds(node: CalicoSelectorNode, selected: Selected): boolean {
  const { labelOf } = selected;
  switch (node.kind) {
    case 'all':
      return selected.all;
    case 'global':
      return selected.global;
    case 'has':
      return labelOf(node.key) !== undefined;
    case 'compare':
      return compares(node.operator, labelOf(node.key), node.value);
    case 'in':
      return node.values.some((value) => value === labelOf(node.key));
    case 'not in':
      return !node.values.some((value) => value === labelOf(node.key));
    case 'not':
      return !holds(node.inner, selected);
    case 'and':
      return node.parts.every((part) => holds(part, selected));
    case 'or':
      return node.parts.some((part) => holds(part, selected));
  }
}

function compares(operator: Comparing['operator'], value: string | undefined, wanted: string): boolean {
  switch (operator) {
    case '==':
      return value === wanted;
    case '!=':
      return value !== wanted;
    case 'contains':
      return value?.includes(wanted) ?? false;
    case 'starts with':
      return value?.startsWith(wanted) ?? false;
    case 'ends with':
      return value?.endsWith(wanted) ?? false;
  }
}

/** Every condition on a label, with the values that it tells from others. */
export function* conditionsOf(node: CalicoSelectorNode): Generator<{ key: string; values: readonly string[] }> {
  switch (node.kind) {
    case 'all':
    case 'global':
      return;
    case 'has':
      yield { key: node.key, values: [] };
      return;
    case 'compare':
      yield { key: node.key, values: near(node) };
      return;
    case 'in':
    case 'not in':
      yield node;
      return;
    case 'not':
      yield* conditionsOf(node.inner);
      return;
    case 'and':
    case 'or':
      for (const part of node.parts) yield* conditionsOf(part);
  }
}

/** The text itself and, where only a part of the value is compared, longer ones that hold it at either end. */
function near({ operator, value }: Comparing): string[] {
  if (operator === '==' || operator === '!=') return [value];
  return [value, `${value}\u0000`, `\u0000${value}`, `\u0000${value}\u0000`];
}
