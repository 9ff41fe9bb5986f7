import { namesIn } from '#analysis/invariants/names.ts';
import { testOf } from '#analysis/invariants/test.ts';
import { worldForNames } from '#analysis/path/names.ts';
import { analysed } from '../analysed.ts';
import { formatOf, printAnswer } from '../answer.ts';
import type { TestFlags } from '../commands/questions.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodeOf } from '../exit.ts';
import { readInput } from '../input.ts';
import { invariantsFor, together } from '../invariant-files.ts';
import { Refusal } from '../refusal.ts';
import { settingsOf } from '../settings.ts';

export async function runTest(context: CliContext, flags: TestFlags, paths: readonly string[]): Promise<ExitCode> {
  formatOf('ringfence.dev/test/v1', flags);
  const settings = await settingsOf(context, flags, paths);
  const input = await readInput({ context, flags, settings, findsAzure: true }, paths);
  const read = await invariantsFor(context, { named: flags.invariants, settings, among: input.files });
  if (read.invariants.length === 0) {
    throw new Refusal(
      'there are no invariants to test',
      'give a file with --invariants FILE, or put a document of kind Invariants among the manifests',
    );
  }
  const analysis = analysed(input.snapshot, settings, {
    world: worldForNames(namesIn(read.invariants)),
    waysIn: input.snapshot.azure.clusters.length > 0,
  });
  const tested = testOf(analysis, read.invariants);
  const answer = { ...tested, diagnostics: together(tested.diagnostics, read.diagnostics) };
  await printAnswer({ context, flags }, answer, 'errors');
  const states = answer.invariants.map(({ state }) => state);
  const care = states.includes('broken') || states.includes('invalid');
  return exitCodeOf(
    { care, unknown: states.includes('unknown'), diagnostics: answer.diagnostics },
    settings.allowUnknown,
  );
}
