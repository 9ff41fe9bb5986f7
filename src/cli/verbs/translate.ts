import { translateOf } from '#analysis/translate/translate.ts';
import type { TranslateAnswer } from '#model/answers.ts';
import { translateNotes } from '#report/text/translate.ts';
import { formatOf, printAnswer } from '../answer.ts';
import type { TranslateFlags } from '../commands/translate.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodeOf } from '../exit.ts';
import { readInput } from '../input.ts';
import { Refusal } from '../refusal.ts';
import { settingsOf } from '../settings.ts';

export async function runTranslate(
  context: CliContext,
  flags: TranslateFlags,
  paths: readonly string[],
): Promise<ExitCode> {
  const format = formatOf('ringfence.dev/translate/v1', flags);
  const settings = await settingsOf(context, flags, paths);
  const { snapshot } = await readInput({ context, flags, settings }, paths);
  const { engine, podRanges, namespaces } = settings;
  const result = translateOf(snapshot, {
    to: flags.to,
    namespaces,
    analysis: { podRanges, ...(engine !== undefined && { engine }) },
  });
  if (result.kind === 'problem')
    throw new Refusal(result.message, 'leave --engine out, or name one that enforces both');
  const { answer } = result;
  await printAnswer({ context, flags }, answer, 'errors');
  if (format === 'text' && flags.quiet !== true) sayNotes(context, flags, answer);
  return exitCodeOf(
    { care: answer.refused.length > 0, unknown: hasUnknown(answer), diagnostics: answer.diagnostics },
    settings.allowUnknown,
  );
}

/** On standard error, so that standard output can go to kubectl. */
function sayNotes(context: CliContext, flags: TranslateFlags, answer: TranslateAnswer): void {
  const { err, environment } = context.surroundings;
  const paint = err.paint(flags.color ?? 'auto', environment);
  err.say(`${translateNotes(answer, { paint, width: err.width }).join('\n')}\n`);
}

function hasUnknown({ translated }: TranslateAnswer): boolean {
  return translated.some(({ proof: { input, madeUp } }) => input.unknown + madeUp.unknown > 0);
}
