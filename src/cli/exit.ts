import type { Diagnostic } from '#model/diagnostic.ts';

/** What a run ends with. Other programs depend on these numbers: additions are free, a change of meaning is not. */
export const EXIT = {
  /** Answered, nothing to worry about, or "yes". */
  ok: 0,
  /** Answered, and somebody should care: "no", broken, different. */
  care: 1,
  /** Bad usage, or input that cannot be read at all. */
  usage: 2,
  /** Answered, but something unknown touched the result. */
  incomplete: 3,
  /** Credentials missing, or a source out of reach. */
  unreachable: 4,
  /** A bug in Ringfence. */
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Outcome {
  readonly care?: boolean;
  /** Whether something unknown touched the answer. */
  readonly unknown?: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** An error in the input means that part of it took no part: the answer is incomplete, unless it is bad news already. */
export function exitCodeOf(outcome: Outcome, allowUnknown: boolean): ExitCode {
  if (outcome.care === true) return EXIT.care;
  const incomplete = outcome.unknown === true || outcome.diagnostics.some(({ severity }) => severity === 'error');
  return incomplete && !allowUnknown ? EXIT.incomplete : EXIT.ok;
}
