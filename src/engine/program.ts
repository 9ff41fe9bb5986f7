import type { Box, Policy, Rule, Tier } from './form.ts';

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
  /** The numbers of the box's traffic sets, must and may (see `cells.ts`). */
  readonly mustTraffic: number;
  readonly mayTraffic: number;
  /** Whether the box is for the subject for certain. */
  readonly certain: boolean;
  /** Whether it matches what it may match for certain, subjects aside. */
  readonly exact: boolean;
}

/** The program of a subject that nothing selects. */
export const NO_PROGRAM: Program = { tiers: [] };
