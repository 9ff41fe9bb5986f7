import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { escapeControl } from '#base/escape.ts';
import { choicesText } from '#blueprint/choices/choices-text.ts';
import { EXAMPLE } from '#blueprint/choices/example.ts';
import { plainChoices } from '#blueprint/choices/read-choices.ts';
import { withReviewBy } from '#blueprint/choices/review-by.ts';
import { withChoice } from '#blueprint/choices/set-choice.ts';
import type { PlainObject } from '#model/plain.ts';
import { namesIn } from '#source/blueprint-folder.ts';
import { errorCode } from '#source/session.ts';
import { formatOf, printAnswer } from '../answer.ts';
import { askChoices } from '../ask-choices.ts';
import { CHOICES_FILE, choicesIn, exitCodeOfBlueprint } from '../blueprint.ts';
import type { InitFlags } from '../commands/blueprint.ts';
import type { CliContext } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { Refusal } from '../refusal.ts';
import { buildIn } from './blueprint-build.ts';

export async function runInit(
  context: CliContext,
  flags: InitFlags,
  [folder = '.']: readonly string[],
): Promise<ExitCode> {
  formatOf('ringfence.dev/blueprint-proof/v1', flags);
  await refuseFull(context, folder);
  const text = await textOfChoices(context, flags);
  const choices = choicesIn({ context, flags }, CHOICES_FILE, text);
  const extra = new Map([[CHOICES_FILE, text]]);
  const { answer } = await buildIn({ context, flags }, { folder, choices, extra, writes: true });
  await printAnswer({ context, flags }, answer);
  return exitCodeOfBlueprint(answer);
}

async function refuseFull({ surroundings }: CliContext, folder: string): Promise<void> {
  const names = await namesIn(resolve(surroundings.folder, folder)).catch((error: unknown) => {
    throw new Refusal(`\`${escapeControl(folder)}\` cannot be read: ${errorCode(error)}`);
  });
  if (names === undefined || names.length === 0) return;
  const hint = names.includes(CHOICES_FILE)
    ? '`blueprint build` builds it again'
    : 'name a folder that is new or empty';
  throw new Refusal(`\`${escapeControl(folder)}\` is not empty`, hint);
}

/** The text of a file or of the example as it is, comments too, unless choices are put into it. */
async function textOfChoices(context: CliContext, flags: InitFlags): Promise<string> {
  const settings = [
    ...(flags.name === undefined ? [] : [`name=${flags.name}`]),
    ...(flags.region === undefined ? [] : [`region=${flags.region}`]),
    ...(flags.set ?? []),
  ];
  const begun = await begunText(context, flags);
  if (begun !== undefined && settings.length === 0) return begun;
  let choices: PlainObject = begun === undefined ? {} : (plainChoices({ file: CHOICES_FILE, text: begun }) ?? {});
  for (const setting of settings) {
    const changed = withChoice(choices, setting);
    if (changed === undefined)
      throw new Refusal(`\`${escapeControl(setting)}\` is not a choice`, 'write it as wayIn=internal');
    choices = changed;
  }
  if (begun === undefined) choices = await askChoices(context, choices);
  return choicesText('reviewBy' in choices ? choices : { ...choices, reviewBy: reviewDay() });
}

async function begunText({ surroundings }: CliContext, { example, from }: InitFlags): Promise<string | undefined> {
  if (from === undefined) return example === true ? withReviewBy(EXAMPLE, reviewDay()) : undefined;
  if (example === true) throw new Refusal('--example and --from both begin the choices', 'leave one of the two out');
  const text = await readFile(resolve(surroundings.folder, from), 'utf8').catch((error: unknown) => {
    throw new Refusal(`\`${escapeControl(from)}\` cannot be read: ${errorCode(error)}`);
  });
  const choices = plainChoices({ file: CHOICES_FILE, text });
  return choices === undefined || 'reviewBy' in choices ? text : withReviewBy(text, reviewDay());
}

/** Half a year from today: for as long as a review holds (GOV-REV-001). */
function reviewDay(): string {
  return new Date(Date.now() + HALF_A_YEAR).toISOString().slice(0, 10);
}

const HALF_A_YEAR = 182 * 24 * 60 * 60 * 1000;
