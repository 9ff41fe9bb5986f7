import { hasBit } from '#base/bits.ts';
import type { Box, Layer, Policy, Rule, Stack, Tier } from './form.ts';

/**
 * A stack as one subject meets it: only the policies that select it, only the boxes that are for it. Subjects with the
 * same program share one row.
 */
export interface Program {
  readonly tiers: readonly ProgramTier[];
}

export interface ProgramTier {
  readonly tier: Tier;
  readonly levels: readonly (readonly ProgramPolicy[])[];
}

export interface ProgramPolicy {
  readonly policy: Policy;
  /** Whether the policy selects the subject for certain. */
  readonly certain: boolean;
  readonly rules: readonly ProgramRule[];
}

export interface ProgramRule {
  readonly rule: Rule;
  readonly boxes: readonly ProgramBox[];
}

export interface ProgramBox {
  readonly box: Box;
  /** Whether the box is for the subject for certain. */
  readonly certain: boolean;
}

/** The program of a subject that nothing selects. */
export const NO_PROGRAM: Program = { tiers: [] };

/** The program of one subject. Cost: every policy of the stack. For all subjects at once see `signaturesOf`. */
export function programOf(stack: Stack, subject: number): Program {
  const tiers: ProgramTier[] = [];
  for (const tier of stack) {
    const levels = tier.levels.map((level) => level.filter((policy) => hasBit(policy.subject.may, subject)));
    const present = levels.filter((level) => level.length > 0);
    if (present.length === 0) continue;
    tiers.push({ tier, levels: present.map((level) => level.map((policy) => applied(policy, subject))) });
  }
  return tiers.length === 0 ? NO_PROGRAM : { tiers };
}

export function stackOf(layer: Layer, direction: 'ingress' | 'egress'): Stack {
  return direction === 'ingress' ? layer.ingress : layer.egress;
}

function applied(policy: Policy, subject: number): ProgramPolicy {
  return {
    policy,
    certain: hasBit(policy.subject.must, subject),
    rules: policy.rules.map((rule) => ({ rule, boxes: boxesFor(rule.boxes, subject) })),
  };
}

function boxesFor(boxes: readonly Box[], subject: number): ProgramBox[] {
  const out: ProgramBox[] = [];
  for (const box of boxes) {
    if (box.on === undefined) out.push({ box, certain: true });
    else if (hasBit(box.on.may, subject)) out.push({ box, certain: hasBit(box.on.must, subject) });
  }
  return out;
}
