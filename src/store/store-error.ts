/**
 * - `busy`: another process has the folder open;
 * - `damaged`: what is there cannot be read, and nothing of it was deleted;
 * - `not-a-store`: the folder holds something else;
 * - `newer`: a later version of Ringfence wrote it;
 * - `unreachable`: no connection, or no permission;
 * - `too-slow`: a statement took longer than its limit and was ended;
 * - `full`: no room on the disk or in memory;
 * - `refused`: what was asked for makes no sense here;
 * - `closed`: the store was closed before.
 */
export type StoreProblem =
  | 'busy'
  | 'damaged'
  | 'not-a-store'
  | 'newer'
  | 'unreachable'
  | 'too-slow'
  | 'full'
  | 'refused'
  | 'closed';

/** Why the store did not do what it was asked for, and it is not our bug. The message holds no password. */
export class StoreError extends Error {
  readonly problem: StoreProblem;
  readonly help: string | undefined;

  constructor(problem: StoreProblem, message: string, rest: { readonly help?: string; readonly cause?: unknown } = {}) {
    super(message, { cause: rest.cause });
    this.name = 'StoreError';
    this.problem = problem;
    this.help = rest.help;
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** SQLSTATE or the code of a system error, as `23505` or `ECONNREFUSED`. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
