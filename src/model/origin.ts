/** Where a resource, a rule or a value came from. Lines and columns count from 1. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The origin of what no input states: the tool supplied it by a rule that its own documentation explains. */
export const NO_ORIGIN: Origin = { file: '', line: 0, column: 0 };
