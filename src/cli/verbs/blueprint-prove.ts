import { resolve } from 'node:path';
import { blueprintFiles } from '#blueprint/blueprint.ts';
import { textsOf } from '#source/blueprint-folder.ts';
import { formatOf, printAnswer } from '../answer.ts';
import { choicesOf, exitCodeOfBlueprint, proven } from '../blueprint.ts';
import type { CliContext } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import type { LookFlags } from '../flags.ts';
import { progressOn } from '../progress.ts';
import { Refusal } from '../refusal.ts';

/** Of the files as they stand in the folder: those that the blueprint makes, with whatever was changed in them. */
export async function runProve(
  context: CliContext,
  flags: LookFlags,
  [folder = '.']: readonly string[],
): Promise<ExitCode> {
  formatOf('ringfence.dev/blueprint-proof/v1', flags);
  const choices = await choicesOf({ context, flags }, folder);
  context.progress = progressOn(context.surroundings.err, flags.quiet === true);
  context.progress.show('proving');
  const made = blueprintFiles(choices);
  const own = await textsOf(resolve(context.surroundings.folder, folder), made.keys());
  const missing = [...made.keys()].find((file) => !own.has(file));
  if (missing !== undefined) throw new Refusal(`\`${missing}\` is missing`, '`blueprint build` makes it again');
  const answer = proven(choices, own);
  await printAnswer({ context, flags }, answer);
  return exitCodeOfBlueprint(answer);
}
