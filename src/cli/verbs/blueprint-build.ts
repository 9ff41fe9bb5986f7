import { resolve } from 'node:path';
import { blueprintFiles, type Files, withProof } from '#blueprint/blueprint.ts';
import type { Choices } from '#blueprint/choices/choices.ts';
import { type MergedFile, mergeFiles } from '#blueprint/merge/merge.ts';
import type { BlueprintAnswer } from '#model/blueprint.ts';
import { type Changes, keptTexts, textsOf, writeBlueprint } from '#source/blueprint-folder.ts';
import { formatOf, printAnswer } from '../answer.ts';
import { type Blueprinting, choicesOf, exitCodeOfBlueprint, proven } from '../blueprint.ts';
import type { BuildFlags } from '../commands/blueprint.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { progressOn } from '../progress.ts';

export async function runBuild(
  context: CliContext,
  flags: BuildFlags,
  [folder = '.']: readonly string[],
): Promise<ExitCode> {
  formatOf('ringfence.dev/blueprint-proof/v1', flags);
  const choices = await choicesOf({ context, flags }, folder);
  const built = await buildIn({ context, flags }, { folder, choices, extra: new Map(), writes: flags.check !== true });
  await printAnswer({ context, flags }, built.answer);
  const isBehind = built.answer.files?.some(({ outcome }) => outcome !== 'kept') === true;
  const code = exitCodeOfBlueprint(built.answer);
  return code === EXIT.ok && flags.check === true && isBehind ? EXIT.care : code;
}

export interface Building {
  readonly folder: string;
  readonly choices: Choices;
  /** What is put there once and is then a person's: `blueprint.yaml`. */
  readonly extra: Files;
  readonly writes: boolean;
}

/** Builds, proves, merges with what stands there, and only then writes. */
export async function buildIn(
  { context, flags }: Blueprinting,
  { folder, choices, extra, writes }: Building,
): Promise<{ readonly answer: BlueprintAnswer }> {
  context.progress = progressOn(context.surroundings.err, flags.quiet === true);
  context.progress.show('building');
  const plain = blueprintFiles(choices);
  context.progress.show('proving');
  const proof = proven(choices, plain);
  const made = withProof(plain, proof);
  const path = resolve(context.surroundings.folder, folder);
  const before = await keptTexts(path);
  const own = await textsOf(path, new Set([...before.keys(), ...made.keys()]));
  const merged = mergeFiles({ before, own, made });
  if (writes) await writeBlueprint(path, changesOf(merged, extra), rememberedOf(merged, { before, made }));
  return { answer: { ...proof, files: merged.map(({ file, outcome }) => ({ file, outcome })) } };
}

function changesOf(merged: readonly MergedFile[], extra: Files): Changes {
  const changes = new Map<string, string | undefined>(extra);
  for (const { file, outcome, text } of merged) {
    if (outcome === 'removed') changes.set(file, undefined);
    else if (text !== undefined) changes.set(outcome === 'conflict' ? `${file}.merge` : file, text);
  }
  return changes;
}

/** What a person still has to merge stays what it was, so that the next run asks again. */
function rememberedOf(
  merged: readonly MergedFile[],
  { before, made }: { readonly before: Files; readonly made: Files },
): Files {
  const remembered = new Map(made);
  for (const { file, outcome } of merged) {
    if (outcome !== 'conflict') continue;
    const known = before.get(file);
    if (known === undefined) remembered.delete(file);
    else remembered.set(file, known);
  }
  return remembered;
}
