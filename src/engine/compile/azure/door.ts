import type { Bits } from '#base/bits.ts';
import type { Origin } from '#model/origin.ts';
import type { ReasonCode } from '#model/reason.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import type { PolicyRef, RuleAction } from '#model/verdict.ts';
import { type Box, exactly, exactTraffic, type PointSpan, type Policy, type Rule } from '../../form.ts';
import { perhaps } from '../../spans.ts';

/** The front door of something of Azure's: of whom it is, and at which points. */
export interface Door {
  readonly ref: PolicyRef;
  readonly at: Bits;
}

export function policyOf({ ref, at }: Door, rules: readonly Rule[]): Policy {
  return { ref, subject: exactly(at), isolates: true, rules };
}

// biome-ignore lint/complexity/useMaxParams: one rule in one line
export function rule(action: RuleAction, peers: PointSpan, path: string, origin: Origin): Rule {
  return { action, boxes: [{ peers, traffic: exactTraffic(ALL_TRAFFIC) }] satisfies Box[], path, origin };
}

// biome-ignore lint/complexity/useMaxParams: both ways of one rule
export function either(peers: PointSpan, path: string, origin: Origin, reason: ReasonCode): Rule[] {
  const open = perhaps(peers.may, reason);
  return [rule('allow', open, path, origin), rule('deny', open, path, origin)];
}
