import type { Origin } from '../origin.ts';

/**
 * Something that the Azure network shows and that does not depend on a question: what controls and `egress` say. One
 * fact is one thing checked at one place; `PASS` where it is as it should be.
 */
export interface AzureFact {
  /** What was checked: `service-endpoint-passes-firewall`. A closed list of words that never change their meaning. */
  readonly id: string;
  readonly state: 'PASS' | 'FAIL' | 'UNKNOWN';
  readonly severity: FactSeverity;
  /** In one sentence, lower case start, no full stop. */
  readonly message: string;
  readonly evidence: readonly AzureEvidence[];
  /** The documentation that says so. */
  readonly source: string;
}

export const FACT_SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type FactSeverity = (typeof FACT_SEVERITIES)[number];

/** A part of the input by which a fact is shown. */
export interface AzureEvidence {
  /** The id of the resource in Azure, or `Service shop/web` of a manifest. */
  readonly resource: string;
  /** `properties.securityRules[2]`, or a rule by its name. */
  readonly field?: string;
  readonly value?: string;
  readonly origin: Origin;
}
