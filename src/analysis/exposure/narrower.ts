import { matchesLabels } from '#engine/select.ts';
import type { LabelRequirement, LabelSelector, Labels } from '#model/resource.ts';

/** Which pods a sentence is about: those that satisfy both, in one namespace where a name is given. */
export interface Covered {
  readonly pods: LabelSelector;
  readonly namespace: NamespaceCover;
}

export type NamespaceCover =
  /** `labels` are those of a namespace of the input, where it defines them. */
  { readonly name: string; readonly labels?: Labels } | { readonly name?: undefined; readonly selector: LabelSelector };

/** Whether every pod that `inner` is about is sure to be one that `outer` is about. */
export function isNarrower(inner: Covered, outer: Covered): boolean {
  return implies(inner.pods, outer.pods) && namespaceWithin(inner.namespace, outer.namespace);
}

function namespaceWithin(inner: NamespaceCover, outer: NamespaceCover): boolean {
  if (outer.name !== undefined) return inner.name === outer.name;
  if (outer.selector.requirements.length === 0) return true;
  if (inner.name === undefined) return implies(inner.selector, outer.selector);
  return inner.labels !== undefined && matchesLabels(outer.selector, inner.labels);
}

function implies(inner: LabelSelector, outer: LabelSelector): boolean {
  return outer.requirements.every((wanted) =>
    inner.requirements.some((own) => own.key === wanted.key && settles(own, wanted)),
  );
}

/** Whether a label that meets `own` is sure to meet `wanted`, of the same key. */
function settles(own: LabelRequirement, wanted: LabelRequirement): boolean {
  switch (wanted.operator) {
    case 'In':
      return own.operator === 'In' && own.values.every((value) => wanted.values.includes(value));
    case 'NotIn':
      return isOutside(own, wanted.values);
    case 'Exists':
      return own.operator === 'In' || own.operator === 'Exists';
    case 'DoesNotExist':
      return own.operator === 'DoesNotExist';
  }
}

function isOutside(own: LabelRequirement, values: readonly string[]): boolean {
  switch (own.operator) {
    case 'In':
      return !own.values.some((value) => values.includes(value));
    case 'NotIn':
      return values.every((value) => own.values.includes(value));
    case 'Exists':
      return false;
    case 'DoesNotExist':
      return true;
  }
}
