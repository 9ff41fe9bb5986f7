import { proposeCompletions } from '@stricli/core';
import { applicationFor } from './app.ts';
import type { CliContext, Surroundings } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { SILENT } from './progress.ts';

/** `__complete WORD...`: one proposal a line, with a tab and what it means. The last word is the one being typed. */
export async function complete(surroundings: Surroundings, words: readonly string[]): Promise<ExitCode> {
  const context: CliContext = {
    process: { stdout: { write: () => undefined }, stderr: { write: () => undefined } },
    surroundings,
    exitCode: EXIT.ok,
    progress: SILENT,
  };
  const proposals = await proposeCompletions(applicationFor(surroundings), words.length === 0 ? [''] : words, context);
  const wanted = proposals.filter(({ completion }) => completion !== '--' && isWanted(words.at(-1) ?? '', completion));
  const lines = wanted.map(({ completion, brief }) => `${completion}\t${brief}\n`);
  await surroundings.out.write([...new Set(lines)]);
  return EXIT.ok;
}

/** Options are proposed when a dash is there: otherwise they bury the names. */
function isWanted(partial: string, completion: string): boolean {
  return partial.startsWith('-') || !completion.startsWith('-');
}
