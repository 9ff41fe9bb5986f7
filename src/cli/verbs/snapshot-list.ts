import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { escapeControl } from '#base/escape.ts';
import type { SnapshotEntry, SnapshotsAnswer } from '#model/answers.ts';
import { type Bundle, readBundle } from '#source/bundle.ts';
import { readBundleFiles } from '#source/bundle-files.ts';
import { errorCode } from '#source/session.ts';
import { formatOf, printAnswer } from '../answer.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodeOf } from '../exit.ts';
import type { LookFlags } from '../flags.ts';
import { sayDiagnostics } from '../look.ts';
import { Refusal } from '../refusal.ts';

export async function runList(
  context: CliContext,
  flags: LookFlags,
  [folder = '.']: readonly string[],
): Promise<ExitCode> {
  formatOf('ringfence.dev/snapshots/v1', flags);
  const files = await candidatesIn(context, folder);
  const { sources, diagnostics } = await readBundleFiles(files, { cwd: context.surroundings.folder });
  const snapshots: SnapshotEntry[] = [];
  for (const source of sources) {
    const reading = readBundle(source);
    if ('bundle' in reading) snapshots.push(entryOf(source.file, reading.bundle));
    else
      diagnostics.push({
        code: 'RF1001',
        severity: 'error',
        message: `\`${source.file}\` cannot be read: ${reading.problem}`,
        origin: { file: source.file, line: 1, column: 1 },
      });
  }
  snapshots.sort((a, b) => compareText(b.taken, a.taken) || compareText(a.file, b.file));
  sayDiagnostics({ context, flags }, diagnostics);
  const answer: SnapshotsAnswer = { schema: 'ringfence.dev/snapshots/v1', snapshots };
  await printAnswer({ context, flags }, answer);
  return exitCodeOf({ diagnostics }, false);
}

/** Files of the folder itself with a name that a snapshot may have. */
async function candidatesIn({ surroundings }: CliContext, folder: string): Promise<string[]> {
  try {
    const entries = await readdir(resolve(surroundings.folder, folder), { withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isFile() && /\.json(?:\.gz)?$/i.test(entry.name))
      .map(({ name }) => name);
    return names.sort().map((name) => (folder === '.' ? name : join(folder, name)));
  } catch (error) {
    throw new Refusal(`\`${escapeControl(folder)}\` cannot be listed: ${errorCode(error)}`);
  }
}

function entryOf(file: string, { taken, from, items, azure, ringfence }: Bundle): SnapshotEntry {
  const kinds = items.map(({ object }) =>
    typeof object === 'object' && object !== null && 'kind' in object ? object.kind : undefined,
  );
  const policies = kinds.filter((kind) => typeof kind === 'string' && kind.endsWith('NetworkPolicy')).length;
  const resources = azure === undefined ? {} : { azure: azure.resources.length };
  return { file, taken, from, objects: items.length, policies, ...resources, ringfence };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
