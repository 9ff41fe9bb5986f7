import { resolve } from 'node:path';
import { escapeControl } from '#base/escape.ts';
import { type Files, proofInput } from '#blueprint/blueprint.ts';
import type { Choices } from '#blueprint/choices/choices.ts';
import { readChoices } from '#blueprint/choices/read-choices.ts';
import { prove } from '#blueprint/proof/prove.ts';
import { type BlueprintAnswer, brokenIn } from '#model/blueprint.ts';
import { namesIn, textsOf } from '#source/blueprint-folder.ts';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';
import type { LookFlags } from './flags.ts';
import { sayDiagnostics } from './look.ts';
import { Refusal } from './refusal.ts';
import { VERSION } from './version.ts';

export const CHOICES_FILE = 'blueprint.yaml';

export interface Blueprinting {
  readonly context: CliContext;
  readonly flags: LookFlags;
}

/** The choices in a text; ends the run, with everything that is wrong, where they cannot stand. */
export function choicesIn({ context, flags }: Blueprinting, file: string, text: string): Choices {
  const { choices, diagnostics } = readChoices({ file: escapeControl(file), text });
  sayDiagnostics({ context, flags }, diagnostics);
  if (choices === undefined)
    throw new Refusal('nothing was built: the choices cannot stand as they are', 'the messages above say what can');
  return choices;
}

/** The choices of a folder of a blueprint, as they were written. */
export async function choicesOf(asked: Blueprinting, folder: string): Promise<Choices> {
  const path = resolve(asked.context.surroundings.folder, folder);
  const text = (await textsOf(path, [CHOICES_FILE])).get(CHOICES_FILE);
  if (text === undefined) {
    const hint = (await namesIn(path)) === undefined ? 'there is no such folder' : '`blueprint init` begins one';
    throw new Refusal(`\`${escapeControl(folder)}\` holds no ${CHOICES_FILE}`, hint);
  }
  return choicesIn(asked, folder === '.' ? CHOICES_FILE : `${folder}/${CHOICES_FILE}`, text);
}

export function proven(choices: Choices, files: Files): BlueprintAnswer {
  const today = new Date().toISOString().slice(0, 10);
  return prove({ choices, files: proofInput(choices, files), today, version: VERSION });
}

export function exitCodeOfBlueprint(answer: BlueprintAnswer): ExitCode {
  if (answer.internalErrors.length > 0) return EXIT.bug;
  const isConflicting = answer.files?.some(({ outcome }) => outcome === 'conflict') === true;
  return brokenIn(answer).length > 0 || isConflicting ? EXIT.care : EXIT.ok;
}
