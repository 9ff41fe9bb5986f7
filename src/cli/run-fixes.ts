import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import type { ControlContext } from '#analysis/controls/context.ts';
import type { Control } from '#analysis/controls/control.ts';
import type { Material } from '#analysis/fixes/apply.ts';
import { type FixRun, fixAll, type TriedFix } from '#analysis/fixes/fix-all.ts';
import { patchTexts } from '#analysis/fixes/patch-texts.ts';
import { escapeControl } from '#base/escape.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { SourceText } from '#parse/text/node.ts';
import type { Paint } from '#report/paint.ts';
import { count } from '#report/words.ts';
import { writeWhole } from '#source/write-file.ts';
import type { CliContext } from './context.ts';
import { type Input, type Reading, rereadInput } from './input.ts';
import { Refusal } from './refusal.ts';

export interface FixesAsked {
  readonly reading: Reading;
  readonly input: Input;
  readonly controls: readonly Control[];
  readonly contextOf: (snapshot: Snapshot) => ControlContext;
  readonly how: 'write' | 'diff';
}

/** What there is to judge afterwards. */
export interface FixesMade {
  readonly judged: ControlContext;
  readonly files: readonly SourceText[];
}

/** Makes what is proven, writes or prints it, and tells what was done. */
export async function runFixes({ reading, input, controls, contextOf, how }: FixesAsked): Promise<FixesMade> {
  const { context } = reading;
  if (how === 'write' && reading.settings.live !== undefined)
    throw new Refusal('--fix writes files, and a live cluster has none', 'use --fix=diff to see the changes');
  // Its objects name the files that they came from, which may be others by now.
  if (how === 'write' && input.files.some(({ originAt }) => originAt !== undefined))
    throw new Refusal(
      '--fix writes files, and a snapshot has none',
      'use --fix=diff to see the changes, or give the files',
    );
  const material: Material = { files: input.files, azure: input.azure };
  const run = fixAll({
    controls,
    material,
    contextOf: ({ files, azure }) => contextOf(rereadInput(reading, files, azure)),
    onControl: (id) => context.progress.show(`fixing: ${id}`),
  });
  context.progress.end();
  const changed = changedFiles(run);
  if (how === 'diff') await context.surroundings.out.write([patchOf(changed)]);
  else for (const { file, text } of changed.map(({ after }) => after)) await writeFixed(context, file, text);
  sayRun(reading, run, { contextOf, isWritten: how === 'write' });
  const { files, azure } = run.after;
  return how === 'write'
    ? { judged: contextOf(rereadInput(reading, files, azure)), files }
    : { judged: contextOf(input.snapshot), files: input.files };
}

interface ChangedFile {
  readonly before: SourceText | undefined;
  readonly after: SourceText;
}

function changedFiles({ before, after }: FixRun): readonly ChangedFile[] {
  // Several texts of a snapshot have the name of one file.
  const kept = new Set(before.files);
  const known = new Map(before.files.map((each) => [each.file, each]));
  return after.files
    .filter((each) => !kept.has(each) && known.get(each.file)?.text !== each.text)
    .map((each) => ({ before: known.get(each.file), after: each }));
}

/** As `git apply` and `patch -p1` take it. */
function patchOf(changed: readonly ChangedFile[]): string {
  return changed
    .map(({ before, after: { file, text } }) =>
      createTwoFilesPatch(
        before === undefined ? '/dev/null' : under('a', file),
        under('b', file),
        before?.text ?? '',
        text,
      ),
    )
    .map((patch) => patch.replace(/^=+\n/, ''))
    .join('');
}

function under(side: 'a' | 'b', file: string): string {
  return file.startsWith('/') ? `${side}${file}` : `${side}/${file}`;
}

async function writeFixed({ surroundings }: CliContext, file: string, text: string): Promise<void> {
  const path = resolve(surroundings.folder, file);
  const real = await realpath(path).catch(() => path);
  await writeWhole(real, new TextEncoder().encode(text), true);
}

interface Telling {
  readonly contextOf: (snapshot: Snapshot) => ControlContext;
  readonly isWritten: boolean;
}

/** On standard error: a patch on standard output stays one. */
function sayRun(reading: Reading, { made, left, before }: FixRun, { contextOf, isWritten }: Telling): void {
  const { context, flags } = reading;
  if (flags.quiet === true) return;
  const { err, environment } = context.surroundings;
  const paint = err.paint(flags.color ?? 'auto', environment);
  for (const together of Map.groupBy(made, ({ proof }) => proof).values()) {
    for (const line of madeLines(together, paint)) err.say(`${line}\n`);
  }
  for (const { control, fix, why } of left)
    err.say(`${paint.unsure('–')} ${control}  ${escapeControl(fix.summary)}: not made, ${escapeControl(why)}\n`);
  const cloud = made.flatMap(({ fix }) => fix.changes.filter(({ kind }) => kind === 'edit-azure'));
  if (cloud.length > 0) {
    const was = contextOf(rereadInput(reading, before.files, before.azure));
    err.say(`\n${paint.strong('in Azure, nothing was changed; to do there:')}\n`);
    for (const change of cloud) err.say(escapeLines(patchTexts(was, change)[0]?.text ?? ''));
  }
  const verb = isWritten ? 'made' : 'proven';
  err.say(`${paint.strong(`${count(made.length, 'fix', 'fixes')} ${verb}, ${left.length} left`)}\n`);
}

/** Fixes that were proven together: what each does, then what they open and close, then what is left to people. */
function madeLines(together: readonly TriedFix[], paint: Paint): string[] {
  const [first] = together;
  const { opened, closed, examples } = first!.proof;
  const steps = new Set(together.flatMap(({ fix }) => fix.steps));
  const left = opened + closed - examples.length;
  return [
    ...together.map(({ control, fix }) => `${paint.good('✓')} ${control}  ${escapeControl(fix.summary)}`),
    ...examples.map((example) => `    ${paint.dim(escapeControl(example))}`),
    ...(left > 0 ? [`    ${paint.dim(`${count(opened, 'connection')} opened and ${closed} closed in all`)}`] : []),
    ...[...steps].map((step) => `    ${escapeControl(step)}`),
  ];
}

function escapeLines(text: string): string {
  return text.split('\n').map(escapeControl).join('\n');
}
