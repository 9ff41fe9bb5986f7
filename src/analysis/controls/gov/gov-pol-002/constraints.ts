import type { Evidence } from '#model/control.ts';
import { entriesAt, numberAt, textAt } from '#model/plain.ts';
import type { BuiltInPolicy } from '../../../../data/azure-policy/policy.ts';
import { type ControlContext, titleOf } from '../../context.ts';
import { isOfAzure } from '../engines.ts';

/** What the add-on made of an assignment in the cluster. */
export interface AddOnConstraint {
  readonly refuses: boolean;
  /** How many objects violate it by Gatekeeper's last audit. */
  readonly violations?: number;
  readonly evidence: readonly Evidence[];
}

/** The constraint of a definition that refuses, else the one that most objects violate. */
export function constraintOf({ objects }: ControlContext, { id }: BuiltInPolicy): AddOnConstraint | undefined {
  const found = objects.all
    .filter((object) => object.group === 'constraints.gatekeeper.sh' && isOfAzure(object))
    .filter(({ value }) =>
      entriesAt(value, 'metadata', 'annotations').some(
        ([key, text]) => key === 'azure-policy-definition-id' && String(text).toLowerCase().endsWith(id),
      ),
    )
    .map((object): AddOnConstraint => {
      const action = textAt(object.value, 'spec', 'enforcementAction') ?? 'deny';
      const violations = numberAt(object.value, 'status', 'totalViolations');
      const origin = object.originAt(['spec', 'enforcementAction']);
      return {
        refuses: action.toLowerCase() === 'deny',
        ...(violations !== undefined && { violations }),
        evidence: [{ object: titleOf(object), field: 'spec.enforcementAction', value: action, origin }],
      };
    });
  const byViolations = found.toSorted((a, b) => (b.violations ?? 0) - (a.violations ?? 0));
  return found.find(({ refuses }) => refuses) ?? byViolations[0];
}
