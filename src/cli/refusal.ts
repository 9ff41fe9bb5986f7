import { EXIT, type ExitCode } from './exit.ts';

/** Why a run ends without an answer, and it is not our bug. Printed as `error: …` and `hint: …`. */
export class Refusal extends Error {
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, hint?: string, exitCode: ExitCode = EXIT.usage) {
    super(message);
    this.name = 'Refusal';
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** `; did you mean …?`, or nothing where no name comes near. */
export function didYouMean(near: readonly string[]): string {
  if (near.length === 0) return '';
  const quoted = near.map((name) => `\`${name}\``);
  const last = quoted.pop() ?? '';
  return `did you mean ${quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`}?`;
}
