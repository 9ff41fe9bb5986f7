import type { LabelRequirement, LabelSelector } from '#model/resource.ts';

/** The value of a label, or undefined where there is no such label. An empty value is a value. */
export type LabelOf = (key: string) => string | undefined;

/** All requirements hold; a selector without any selects everything (metav1.LabelSelector). */
export function selects(selector: LabelSelector, labelOf: LabelOf): boolean {
  return selector.requirements.every((requirement) => holds(requirement, labelOf(requirement.key)));
}

/** apimachinery's table: only NotIn and DoesNotExist hold for a label that is absent. Values compare as exact text. */
function holds(requirement: LabelRequirement, value: string | undefined): boolean {
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && requirement.values.includes(value);
    case 'NotIn':
      return value === undefined || !requirement.values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}
