import type { Origin } from './origin.ts';
import type { ReasonCode } from './reason.ts';

export type Verdict = 'allowed' | 'denied' | 'unknown';
/** Of a question with several branches (backends, pods of a workload, address families) that differ. */
export type PathVerdict = Verdict | 'mixed';

export type RuleAction = 'allow' | 'deny' | 'pass' | 'log';

/** The policy object that a rule is part of. */
export interface PolicyRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly origin: Origin;
}

/** One entry of a policy: where it stands and what it does. */
export interface RuleRef {
  readonly policy: PolicyRef;
  /** `spec.egress[1]`; empty for what a policy does without any rule (isolation). */
  readonly path: string;
  readonly action: RuleAction;
  readonly origin: Origin;
}

/** How one rule of a policy that selects the subject took part in a decision. */
export interface RuleStep {
  readonly rule: RuleRef;
  readonly tier: string;
  /** Whether the rule matches the connection: certainly, not at all, or perhaps. */
  readonly matches: 'yes' | 'no' | 'perhaps';
  /** Whether this rule is what decided. */
  readonly decides: boolean;
  /** Whether an earlier rule had already decided. */
  readonly tooLate: boolean;
  /** Why it matches only perhaps. */
  readonly reason?: ReasonCode;
  /** Where it looks into the request: which requests it means. */
  readonly request?: string;
  /** For a rule that does not match: what would have to differ. */
  readonly miss?: { readonly peer: boolean; readonly traffic: boolean; readonly request?: string };
}

/** The decision of one stack of tiers about one connection, as data: text and JSON only draw it. */
export interface Trace {
  readonly verdict: Verdict;
  /** Every rule of every policy that selects the subject in this direction, in the order in which it is asked. */
  readonly steps: readonly RuleStep[];
  /** Policies that isolate the subject in this direction. */
  readonly isolatedBy: readonly PolicyRef[];
  /** How it ended when no rule decided: `isolated` by a tier's end, or `default`. */
  readonly end?: { readonly kind: 'isolated' | 'default'; readonly tier: string };
  readonly reasons: readonly ReasonCode[];
  /** Where only some requests get through: which, as rules say. Empty: all that the verdict is about. */
  readonly conditions: readonly string[];
  /** Requests that are refused on a connection that is allowed, as rules say. */
  readonly exceptions: readonly string[];
  /** What this enforcement point sees in place of what the ends send: `HBONE, TCP 15008`. */
  readonly seenAs?: string;
}
