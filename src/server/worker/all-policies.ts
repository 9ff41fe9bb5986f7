import { policiesOf } from '#analysis/policies/policies.ts';
import type { PoliciesAnswer } from '#model/answers.ts';
import { type Material, once } from './material.ts';

/** What each policy does, made once. */
export function allPolicies(material: Material): PoliciesAnswer {
  return once(material, 'policies', () => policiesOf(material.analysis));
}
