import type { Policy } from '#engine/form.ts';
import type { PolicyProblem } from '#model/answers.ts';
import { type Culprit, coverBefore } from './culprits.ts';
import { type Effect, policyMatters, targetOf } from './effect.ts';
import type { Field } from './ground.ts';
import { type JudgeContext, problem } from './judge.ts';
import type { Sheet } from './sheet.ts';

/** A policy that selects somebody and without which every verdict would be the same. */
export function wholePolicyProblem(
  context: JudgeContext,
  sheet: Sheet,
  effects: readonly Effect[],
): PolicyProblem | undefined {
  if (effects.includes('unsettled')) return undefined;
  // Allow-only rules add up: where one of them has an effect, so has the policy.
  const addsUp = sheet.policy.kind === 'NetworkPolicy';
  if (addsUp && effects.some((effect) => effect === 'side' || effect === 'connection')) return undefined;
  const both = (['ingress', 'egress'] as const).flatMap((direction) => {
    const policy = sheet.compiled[direction];
    return policy === undefined ? [] : [{ field: context.fields[direction], policy }];
  });
  if (both.length === 0 || both.some(({ field, policy }) => policyMatters(field, policy))) return undefined;
  const culprits = both.flatMap(({ field, policy }) => [...isolatedToo(field, policy), ...alike(field, policy)]);
  const distinct = [...new Map(culprits.map((each) => [each.rule ?? each.policy, each])).values()];
  const why = addsUp
    ? 'without it nothing changes in this input: others isolate the same pods and allow the same; it still counts for pods that may come'
    : 'without it nothing changes: all that its rules decide ends the same way (in this input)';
  return problem('redundant', { path: '', origin: sheet.policy.origin }, { why, culprits: distinct });
}

/** Other policies that isolate the same subjects: a first one for each group that those before do not isolate. */
function isolatedToo(field: Field, policy: Policy): Culprit[] {
  if (!policy.isolates) return [];
  const chosen = new Set<Policy>();
  for (const { program } of field.groupsOf.get(policy) ?? []) {
    const others = program.tiers
      .flatMap((tier) => tier.levels.flat())
      .filter((entry) => entry.policy.isolates && entry.policy !== policy);
    if (others.some((entry) => chosen.has(entry.policy))) continue;
    const first = others.find((entry) => entry.certain) ?? others[0];
    if (first !== undefined) chosen.add(first.policy);
  }
  return [...chosen].map((other) => ({ policy: other }));
}

/** The rules of other policies that settle what its rules match. */
function alike(field: Field, policy: Policy): Culprit[] {
  return policy.rules
    .flatMap((rule) => coverBefore(field, targetOf(policy, rule)).culprits)
    .filter((each) => each.policy !== policy);
}
