import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { escapeControl } from '#base/escape.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { SnapshotBuilder } from '#parse/snapshot.ts';
import type { SourceText } from '#parse/text/node.ts';
import { readPaths } from '#source/read-paths.ts';
import type { SourceOptions } from '#source/session.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit.ts';
import type { LookFlags } from './flags.ts';
import { interruptible } from './interrupt.ts';
import { sayDiagnostics } from './look.ts';
import { type Progress, progressOn } from './progress.ts';
import { didYouMean, Refusal } from './refusal.ts';
import type { Live, Settings } from './settings.ts';

/** What was read, before and after it became a snapshot. */
export interface Input {
  readonly files: readonly SourceText[];
  /** What went wrong while the files were fetched. `snapshot.diagnostics` has it too. */
  readonly problems: readonly Diagnostic[];
  readonly snapshot: Snapshot;
  /** For messages: the paths, or the cluster. */
  readonly from: readonly string[];
}

export interface Reading {
  /** Whether no object at all is an answer too, as for a folder that is new. */
  readonly mayBeEmpty?: boolean;
  readonly context: CliContext;
  readonly flags: Pick<LookFlags, 'color' | 'quiet' | 'verbose'>;
  readonly settings: Settings;
}

/** Reads the paths, or the live cluster, or the current folder. Ends the run where there is nothing to answer about. */
export async function readInput(reading: Reading, paths: readonly string[]): Promise<Input> {
  const { live } = reading.settings;
  if (live !== undefined && paths.length > 0) {
    throw new Refusal(
      `--context and --kubeconfig read a cluster; \`${escapeControl(paths[0]!)}\` is a path`,
      'leave one of the two out',
    );
  }
  const { context, flags } = reading;
  context.progress = progressOn(context.surroundings.err, flags.quiet === true);
  const wanted = live === undefined && paths.length === 0 ? ['.'] : paths;
  for (const path of wanted) refuseMissing(context, path);
  const { files, diagnostics } = await fetch(reading, wanted);
  const cluster = snapshotOf(files, diagnostics, context.progress);
  const snapshot = await withAzure(reading, cluster);
  const from = live === undefined ? wanted : [live.context ?? live.kubeconfig ?? ''];
  refuseEmpty(reading, snapshot, from);
  context.progress.show('computing');
  return { files, problems: diagnostics, snapshot, from };
}

/** The snapshot with the Azure network around it, where one is named. */
async function withAzure({ context, settings }: Reading, snapshot: Snapshot): Promise<Snapshot> {
  if (settings.azure.length === 0) return snapshot;
  for (const path of settings.azure) refuseMissing(context, path);
  const [{ readAzurePaths }, { readEstate }] = await Promise.all([
    import('#source/azure-files.ts'),
    import('#parse/azure/read-estate.ts'),
  ]);
  const { files, diagnostics } = await readAzurePaths(settings.azure, {
    cwd: context.surroundings.folder,
    exclude: settings.exclude,
    onProgress: (count) => context.progress.show(`reading: ${count} cloud documents`),
    ...(settings.maxFileSize !== undefined && { maxFileSize: settings.maxFileSize }),
  });
  const { estate, diagnostics: problems } = readEstate(files);
  return {
    ...snapshot,
    azure: estate,
    files: new Map([...snapshot.files, ...files.map(({ file }): [string, number] => [file, 1])]),
    diagnostics: [...snapshot.diagnostics, ...diagnostics, ...problems],
  };
}

async function fetch(
  reading: Reading,
  paths: readonly string[],
): Promise<Pick<Input, 'files'> & { diagnostics: readonly Diagnostic[] }> {
  const { context, settings } = reading;
  return interruptible(async (temporaryFolders) => {
    const options: SourceOptions = {
      cwd: context.surroundings.folder,
      kustomize: settings.kustomize,
      exclude: settings.exclude,
      temporaryFolders,
      onProgress: (files) => context.progress.show(`reading: ${files} ${files === 1 ? 'file' : 'files'}`),
      ...(settings.maxFileSize !== undefined && { maxFileSize: settings.maxFileSize }),
    };
    return settings.live === undefined ? readPaths(paths, options) : fetchCluster(settings.live, options);
  });
}

async function fetchCluster(
  live: Live,
  options: SourceOptions,
): Promise<Pick<Input, 'files'> & { diagnostics: readonly Diagnostic[] }> {
  const { readCluster } = await import('#source/cluster.ts');
  const reading = await readCluster(live, options);
  if (reading.kind === 'unreachable') throw new Refusal(reading.message, reading.hint, EXIT.unreachable);
  return reading;
}

function snapshotOf(files: readonly SourceText[], problems: readonly Diagnostic[], progress: Progress): Snapshot {
  const builder = new SnapshotBuilder();
  builder.report(problems);
  for (const [index, file] of files.entries()) {
    progress.show(`parsing: ${index} of ${files.length} files`);
    builder.add(file);
  }
  return builder.snapshot();
}

/** A path that is named and is not there is a slip, and its answer would be about something else. */
function refuseMissing({ surroundings }: CliContext, path: string): void {
  if (path === '-' || path.startsWith('git:') || /[*?[{]/.test(path)) return;
  if (existsSync(resolve(surroundings.folder, path))) return;
  throw new Refusal(
    `\`${escapeControl(path)}\` does not exist`,
    'a PATH is a file, a folder, a glob in quotes, `-`, or git:REV[:FOLDER]',
  );
}

function refuseEmpty({ context, flags, mayBeEmpty }: Reading, snapshot: Snapshot, from: readonly string[]): void {
  if (objectsOf(snapshot) > 0) return;
  if (mayBeEmpty === true && !snapshot.diagnostics.some(({ code }) => SOURCE_FAILED.has(code))) return;
  sayDiagnostics({ context, flags }, snapshot.diagnostics);
  const where = from.map((path) => (path === '.' ? 'the current folder' : `\`${escapeControl(path)}\``)).join(', ');
  const hint = 'point it at the folder that holds your manifests, or pipe `kubectl get -A -o yaml` into `-`';
  throw new Refusal(`nothing that decides about traffic was read from ${where}`, hint);
}

/** Nothing was read because a tool failed or is missing, as git on a revision that does not exist. */
const SOURCE_FAILED: ReadonlySet<string> = new Set(['RF1010', 'RF1011']);

export function objectsOf(snapshot: Snapshot): number {
  let objects = 0;
  for (const count of snapshot.files.values()) objects += count;
  return objects;
}

/** A name that means nothing, with the names that come near. */
export function refuseName(message: string, near: readonly string[]): Refusal {
  return new Refusal(message, near.length === 0 ? undefined : didYouMean(near.map(escapeControl)));
}
