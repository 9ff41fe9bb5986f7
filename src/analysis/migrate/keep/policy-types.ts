import type { Direction } from '#model/resource.ts';
import { type Keeper, unchanged } from './keep.ts';

/** Rules of a direction that `policyTypes` leaves out: taken out for an engine that would enforce them, listed for one that would not. */
export const keepPolicyTypes: Keeper = ({ from, to }, policy) => {
  const before = from.options.profile.unlistedRules;
  if (before === to.unlistedRules) return unchanged(policy);
  const unlisted = (['ingress', 'egress'] as const).filter(
    (direction) => !policy.policyTypes.includes(direction) && policy[direction].length > 0,
  );
  if (unlisted.length === 0) return unchanged(policy);
  if (before === 'enforced')
    return unchanged({ ...policy, policyTypes: inOrder([...policy.policyTypes, ...unlisted]) });
  const emptied = Object.fromEntries(unlisted.map((direction) => [direction, []]));
  return unchanged({ ...policy, ...emptied });
};

function inOrder(directions: readonly Direction[]): Direction[] {
  return (['ingress', 'egress'] as const).filter((direction) => directions.includes(direction));
}
