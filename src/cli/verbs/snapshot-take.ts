import { escapeControl } from '#base/escape.ts';
import { count } from '#report/words.ts';
import { type Bundle, bundleOf, bundleText } from '#source/bundle.ts';
import type { TakeFlags } from '../commands/snapshot.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodeOf } from '../exit.ts';
import { readInput } from '../input.ts';
import { sayDiagnostics } from '../look.ts';
import { Refusal } from '../refusal.ts';
import { settingsOf } from '../settings.ts';
import { VERSION } from '../version.ts';
import { writeOut } from '../write-out.ts';

export async function runTake(context: CliContext, flags: TakeFlags, paths: readonly string[]): Promise<ExitCode> {
  const file = flags.out;
  if (file === undefined) {
    throw new Refusal(
      '`snapshot take` needs --out FILE',
      'as in `snapshot take --out today.json.gz`; --out - is standard output',
    );
  }
  const unasked = { output: undefined, engine: undefined, namespace: undefined, podCidr: undefined };
  const settings = await settingsOf(context, { ...flags, ...unasked });
  const { files, problems, snapshot, azure, from } = await readInput(
    { context, flags, settings, objects: true },
    paths,
  );
  sayDiagnostics({ context, flags }, snapshot.diagnostics, 'errors');
  const taken = new Date().toISOString();
  const bundle = bundleOf(files, problems, { ringfence: VERSION, taken, from, azure, values: flags.values === true });
  await writeOut(context, bundleText(bundle), { file, force: flags.force === true });
  if (flags.quiet !== true && file !== '-') {
    context.surroundings.err.say(`${escapeControl(file)}: ${contentOf(bundle)}\n`);
  }
  return exitCodeOf({ diagnostics: snapshot.diagnostics }, settings.allowUnknown);
}

function contentOf({ items, azure }: Bundle): string {
  const objects = count(items.length, 'object');
  return azure === undefined ? objects : `${objects}, ${count(azure.resources.length, 'Azure resource')}`;
}
