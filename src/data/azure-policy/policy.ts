import type { PlainObject } from '#model/plain.ts';

/** A built-in definition of Azure Policy, as far as it decides something. Titles and blind spots are our own words. */
export interface BuiltInPolicy {
  /** The GUID of the definition. */
  readonly id: string;
  readonly title: string;
  /** The version that is described. */
  readonly version: string;
  /** `kubernetes`: Gatekeeper judges objects in the cluster; `arm`: Azure judges resources. */
  readonly mode: 'kubernetes' | 'arm';
  /** Kinds of objects, or types of resources. */
  readonly kinds: readonly string[];
  readonly effect: PolicyEffect;
  /** Effects that an assignment may choose; empty: the definition fixes its own. */
  readonly effects: readonly PolicyEffect[];
  /** Own parameters with what they are where an assignment says nothing; null: it has to say. */
  readonly parameters: PlainObject;
  /** What it looks like it covers and does not. */
  readonly blindSpots: readonly string[];
  readonly source: string;
}

export const POLICY_EFFECTS = ['Audit', 'AuditIfNotExists', 'Deny', 'Modify', 'Disabled'] as const;
export type PolicyEffect = (typeof POLICY_EFFECTS)[number];

/** The day of which versions and defaults are. */
export const BUILT_INS_AS_OF = '2026-04-29';

const REPOSITORY = 'https://github.com/Azure/azure-policy/tree/master/built-in-policies/policyDefinitions';

/** Where the definitions of a category are published. */
export function sourceOf(category: string): string {
  return `${REPOSITORY}/${category}`;
}
