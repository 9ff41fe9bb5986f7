import { escapeControl } from '#base/escape.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { aroundOneCluster } from '#parse/azure/one-cluster.ts';
import { SnapshotBuilder } from '#parse/snapshot.ts';
import type { SnapshotOptions } from '#parse/source-reader.ts';
import type { SourceText } from '#parse/text/node.ts';
import type { ClusterChoice } from '#source/cluster.ts';
import { readPaths, type SourceResult } from '#source/read-paths.ts';
import type { SourceOptions } from '#source/session.ts';
import { type AzureInput, findAzure, readAzure } from './azure-input.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit.ts';
import type { LookFlags } from './flags.ts';
import { interruptible } from './interrupt.ts';
import { sayDiagnostics } from './look.ts';
import { refuseMissing } from './paths.ts';
import { progressOn } from './progress.ts';
import { didYouMean, Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';

/** What was read, before and after it became a snapshot. */
export interface Input {
  readonly files: readonly SourceText[];
  /** What went wrong while the files were fetched. `snapshot.diagnostics` has it too. */
  readonly problems: readonly Diagnostic[];
  readonly snapshot: Snapshot;
  /** All that was read of Azure; that of the snapshot may be narrowed to one cluster. */
  readonly azure: AzureEstate;
  /** For messages: the paths, or the cluster. */
  readonly from: readonly string[];
}

export interface Reading {
  /** Whether no object at all is an answer too, as for a folder that is new. */
  readonly mayBeEmpty?: boolean;
  /** Whether cloud documents among the manifests count without being named by `--azure`. */
  readonly findsAzure?: boolean;
  /** Whether objects are wanted as they were written too. */
  readonly objects?: boolean;
  /** See `SnapshotOptions`. */
  readonly onRead?: SnapshotOptions['onRead'];
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
  const { files, azure = [], diagnostics } = await fetch(reading, wanted);
  const cluster = snapshotOf(reading, files, diagnostics);
  const around = (await readAzure(reading, azure)) ?? (await azureAmong(reading, wanted));
  const snapshot = withAzure(cluster, around, reading.settings.azureCluster);
  const from = live === undefined ? wanted : [live.context ?? live.kubeconfig ?? ''];
  refuseEmpty(reading, snapshot, from);
  context.progress.show('computing');
  const problems = [...diagnostics, ...(around?.diagnostics ?? [])];
  const estate = around?.estate ?? snapshot.azure;
  return { files, problems, snapshot, azure: estate, from: [...from, ...reading.settings.azure] };
}

/** What compares two sides is told by hand which Azure each stands in: what lies in one folder may be missing in the other. */
async function azureAmong(reading: Reading, paths: readonly string[]): Promise<AzureInput | undefined> {
  return reading.findsAzure === true && reading.settings.live === undefined ? findAzure(reading, paths) : undefined;
}

/** The snapshot with the Azure network around it, where there is one. */
function withAzure(snapshot: Snapshot, azure: AzureInput | undefined, cluster: string | undefined): Snapshot {
  if (azure === undefined) return snapshot;
  const { estate, diagnostics } = aroundOneCluster(azure.estate, cluster);
  return {
    ...snapshot,
    azure: estate,
    files: new Map([...snapshot.files, ...azure.files.map(({ file }): [string, number] => [file, 1])]),
    diagnostics: [...snapshot.diagnostics, ...azure.diagnostics, ...diagnostics],
  };
}

/** What the same input would be with other texts and another Azure: the diagnostics are those of the texts alone. */
export function rereadInput(reading: Reading, files: readonly SourceText[], azure: AzureEstate): Snapshot {
  const snapshot = snapshotOf(reading, files, []);
  const { estate } = aroundOneCluster(azure, reading.settings.azureCluster);
  return { ...snapshot, azure: estate };
}

async function fetch(reading: Reading, paths: readonly string[]): Promise<SourceResult> {
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
    return settings.live === undefined
      ? readPaths(paths, options)
      : fetchCluster({ ...settings.live, controls: reading.objects === true }, options);
  });
}

async function fetchCluster(live: ClusterChoice, options: SourceOptions): Promise<SourceResult> {
  const { readCluster } = await import('#source/cluster.ts');
  const reading = await readCluster(live, options);
  if (reading.kind === 'unreachable') throw new Refusal(reading.message, reading.hint, EXIT.unreachable);
  return reading;
}

function snapshotOf(
  { context: { progress }, objects = false, onRead }: Reading,
  files: readonly SourceText[],
  problems: readonly Diagnostic[],
): Snapshot {
  const builder = new SnapshotBuilder({ objects, ...(onRead !== undefined && { onRead }) });
  builder.report(problems);
  for (const [index, file] of files.entries()) {
    progress.show(`parsing: ${index} of ${files.length} files`);
    builder.add(file);
  }
  return builder.snapshot();
}

function refuseEmpty(
  { context, flags, mayBeEmpty, objects }: Reading,
  snapshot: Snapshot,
  from: readonly string[],
): void {
  if (objectsOf(snapshot) + snapshot.objects.length + snapshot.documents.length > 0) return;
  if (mayBeEmpty === true && !snapshot.diagnostics.some(({ code }) => SOURCE_FAILED.has(code))) return;
  sayDiagnostics({ context, flags }, snapshot.diagnostics);
  const where = from.map((path) => (path === '.' ? 'the current folder' : `\`${escapeControl(path)}\``)).join(', ');
  const hint = 'point it at the folder that holds your manifests, or pipe `kubectl get -A -o yaml` into `-`';
  const what = objects === true ? 'no object that can be looked at' : 'nothing that decides about traffic';
  throw new Refusal(`${what} was read from ${where}`, hint);
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
