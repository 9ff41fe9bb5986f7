/**
 * What we do with a field. `not-recognised` has no entry: it is every field that the table does not list.
 * `harmless`: cannot change an answer. `unsupported`: may change an answer and is not read. `partial`: read, with
 * the limit that the note names. `supported`: read in full.
 */
export type SupportState = 'not-recognised' | 'harmless' | 'unsupported' | 'partial' | 'supported';

/** One line of the table of fields. */
export interface FieldSupport {
  readonly group: string;
  /** Versions as they are written behind the group. */
  readonly versions: readonly string[];
  readonly kind: string;
  /** `spec.ports[].targetPort`; `.*` at the end stands for everything below, or for every name of a map. */
  readonly path: string;
  readonly state: Exclude<SupportState, 'not-recognised'>;
  /** Why, where the state alone does not say it. */
  readonly note?: string;
}

/** One kind's part of the table, as it is written down. */
export interface KindFields {
  readonly group: string;
  readonly versions: readonly string[];
  readonly kind: string;
  /** Whether unknown fields of the kind are reported and make verdicts unknown: of policies. */
  readonly strict?: true;
  readonly fields: Readonly<Record<string, FieldEntry>>;
}

/** A state, with a note where it needs one. */
export type FieldEntry = FieldSupport['state'] | readonly [FieldSupport['state'], string];
