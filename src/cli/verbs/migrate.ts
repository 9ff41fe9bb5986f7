import { migrateOf } from '#analysis/migrate/migrate.ts';
import { analysed, isIn, refuseUnknownNamespaces, scopeNamed } from '../analysed.ts';
import { formatOf, printAnswer } from '../answer.ts';
import type { MigrateFlags } from '../commands/questions.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodeOf } from '../exit.ts';
import { readInput } from '../input.ts';
import { Refusal } from '../refusal.ts';
import { settingsOf } from '../settings.ts';

export async function runMigrate(
  context: CliContext,
  flags: MigrateFlags,
  paths: readonly string[],
): Promise<ExitCode> {
  formatOf('ringfence.dev/migrate/v1', flags);
  const scope = scopeNamed(flags.protocol ?? []);
  const settings = await settingsOf(context, { ...flags, engine: flags.from }, paths);
  const { snapshot } = await readInput({ context, flags, settings }, paths);
  const now = analysed(snapshot, settings);
  refuseUnknownNamespaces(now, settings);
  const from = now.profile.id;
  if (from === flags.to) throw new Refusal(`the engine is \`${from}\` already`, 'name another one with --to');
  const namespaces = new Set(settings.namespaces);
  const answer = migrateOf(snapshot, {
    from,
    to: flags.to,
    why: settings.engine === undefined ? now.entry.why : 'chosen with --from',
    scope,
    podRanges: settings.podRanges,
    staged: settings.staged,
    ...(namespaces.size > 0 && { touches: (id: string) => isIn(namespaces, id) }),
  });
  await printAnswer({ context, flags }, answer, 'warnings');
  const care = answer.changes.length > 0 || answer.entries.length > 0;
  const unknown = [...answer.changes.flatMap(({ groups }) => groups)].some(({ change }) => change === 'unsettled');
  return exitCodeOf({ care, unknown, diagnostics: answer.diagnostics }, settings.allowUnknown);
}
