import type { CommandContext, StricliProcess } from '@stricli/core';
import type { ExitCode } from './exit.ts';
import type { Output } from './output.ts';
import type { Progress } from './progress.ts';

/** What a run has to do with the world around it. */
export interface Surroundings {
  readonly out: Output;
  readonly err: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  /** How the program was called: `ringfence` or `kubectl ringfence`. */
  readonly program: string;
}

/** `this` of every verb. */
export interface CliContext extends CommandContext {
  readonly process: StricliProcess;
  readonly surroundings: Surroundings;
  /** Set by the verb when it has answered. */
  exitCode: ExitCode;
  /** What a person at a terminal sees of a long run; silent until something is read. */
  progress: Progress;
}
