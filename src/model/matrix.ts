/**
 * What a cell of the matrix says, by its number. `some` and `all` are about ports of TCP, UDP and SCTP; of one port a cell
 * is `all`, `denied`, `unknown` or `mixed`. `open`: something is allowed and of more nothing is known. `mixed`: allowed for
 * some pods or address families only. `ungoverned`: neither end is a pod, so that no policy has a say.
 */
export const CELLS = ['denied', 'some', 'all', 'unknown', 'open', 'mixed', 'itself', 'ungoverned'] as const;
export type Cell = (typeof CELLS)[number];

/** What a cell of a comparison says, by its number. `both`: some traffic opened and other traffic closed. */
export const CHANGE_CELLS = ['same', 'opened', 'closed', 'both', 'unsettled'] as const;
export type ChangeCell = (typeof CHANGE_CELLS)[number];

/** Rows or columns from `first` up to, not with, `end`. */
export interface Stretch {
  readonly first: number;
  readonly end: number;
}
