import type { Origin } from '../origin.ts';

/**
 * A value of a cloud document: JSON of which every part knows where it was written, or a part that cannot be known from
 * the input. Templates, Terraform and live reads all end in this one form.
 */
export type AzureValue = AzureScalar | AzureList | AzureObject | AzureUnsettled;

export interface AzureScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly origin: Origin;
}

export interface AzureList {
  readonly kind: 'list';
  readonly items: readonly AzureValue[];
  readonly origin: Origin;
}

/** Keys as they were written; Azure compares them without regard to case, and so do those who read this. */
export interface AzureObject {
  readonly kind: 'object';
  readonly entries: ReadonlyMap<string, AzureValue>;
  readonly origin: Origin;
}

/** Text of which a part cannot be known is unsettled as a whole; a list or an object only in its parts where it can be. */
export interface AzureUnsettled {
  readonly kind: 'unsettled';
  /** What it would be computed from, as the document's language writes it: `reference('fw').privateIPAddress`. */
  readonly expression: string;
  readonly why: UnsettledWhy;
  readonly origin: Origin;
}

/**
 * - `made-by-azure`: known only once the resource exists, or only by asking Azure;
 * - `not-given`: a parameter or variable without a value in the input;
 * - `secret`: kept from us, or by us;
 * - `not-supported`: a function or form that we do not evaluate;
 * - `not-readable`: the expression itself is wrong, or the document it stands in is not in the input.
 */
export const UNSETTLED_WHY = ['made-by-azure', 'not-given', 'secret', 'not-supported', 'not-readable'] as const;
export type UnsettledWhy = (typeof UNSETTLED_WHY)[number];
