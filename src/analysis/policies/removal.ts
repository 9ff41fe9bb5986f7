import { exactly, type Policy, type Rule } from '#engine/form.ts';
import type { Program, ProgramPolicy, ProgramRule, ProgramTier } from '#engine/program.ts';

/** The program without one rule; the policy keeps isolating. */
export function withoutRule(program: Program, policy: Policy, rule: Rule): Program {
  return mapPolicies(program, (entry) =>
    entry.policy === policy ? [{ ...entry, rules: entry.rules.filter((each) => each.rule !== rule) }] : [entry],
  );
}

/** The program as it would be if a policy selected the subject, and one rule of it meant all that it may, for certain. */
export function withCertain(program: Program, policy: Policy, rule: Rule): Program {
  return mapPolicies(program, (entry) =>
    entry.policy === policy
      ? [{ ...entry, certain: true, rules: entry.rules.map((each) => (each.rule === rule ? certainly(each) : each)) }]
      : [entry],
  );
}

function certainly({ rule, boxes }: ProgramRule): ProgramRule {
  return {
    rule,
    boxes: boxes.map((entry) => ({
      ...entry,
      certain: true,
      box: { ...entry.box, peers: exactly(entry.box.peers.may) },
    })),
  };
}

/** The program without one policy. What frees a subject of isolation also ends exemptions from it. */
export function withoutPolicy(program: Program, policy: Policy): Program {
  const left = mapPolicies(program, (entry) => (entry.policy === policy ? [] : [entry]));
  return { tiers: left.tiers.map(withExemptions) };
}

/** In a tier that isolates, a policy that does not isolate is an exemption: as certain as the isolation it is from. */
function withExemptions(tier: ProgramTier): ProgramTier {
  if (tier.tier.onEnd === 'pass') return tier;
  const isolating = tier.levels.flat().filter(({ policy }) => policy.isolates);
  const certain = isolating.some((entry) => entry.certain);
  const keep = (entry: ProgramPolicy) =>
    entry.policy.isolates ? [entry] : isolating.length > 0 ? [{ ...entry, certain }] : [];
  return { ...tier, levels: tier.levels.map((level) => level.flatMap(keep)) };
}

function mapPolicies(program: Program, change: (entry: ProgramPolicy) => readonly ProgramPolicy[]): Program {
  return {
    tiers: program.tiers.map((tier) => ({ ...tier, levels: tier.levels.map((level) => level.flatMap(change)) })),
  };
}
