import type { AzureEstate } from '#model/azure/estate.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { EstateOptions } from '#parse/azure/read-estate.ts';
import type { SourceText } from '#parse/text/node.ts';
import { type AzureScope, azureScopeOf } from '#source/azure/scope.ts';
import type { SourceResult } from '#source/read-paths.ts';
import type { SourceOptions } from '#source/session.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit.ts';
import { interruptible } from './interrupt.ts';
import { refuseMissing } from './paths.ts';
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';

export interface AzureInput {
  readonly files: readonly SourceText[];
  readonly estate: AzureEstate;
  readonly diagnostics: readonly Diagnostic[];
}

interface Reading {
  readonly context: CliContext;
  readonly settings: Settings;
}

/** Cloud documents among the manifests themselves; undefined where none of them has a cluster to stand around. */
export async function findAzure(
  { context, settings }: Reading,
  paths: readonly string[],
): Promise<AzureInput | undefined> {
  const { findAzurePaths } = await import('#source/azure-files.ts');
  const found = await findAzurePaths(paths, fileOptions({ context, settings }));
  if (found.files.length === 0) return undefined;
  const { readEstate } = await import('#parse/azure/read-estate.ts');
  const { estate, diagnostics } = readEstate(found.files, namedByHand(found, paths));
  const isArc = [...estate.resources.values()].some(({ type }) => type.toLowerCase() === ARC_CLUSTER);
  if (estate.clusters.length === 0 && !isArc) return undefined;
  return { files: found.files, estate, diagnostics: [...found.diagnostics, ...diagnostics] };
}

const ARC_CLUSTER = 'microsoft.kubernetes/connectedclusters';

/**
 * The Azure network around the cluster: what snapshot files bring, what `--azure` names as paths, and what it names to be
 * read live. Of one resource the live reading counts before the others. Undefined where there is nothing of all that.
 */
export async function readAzure(reading: Reading, captured: readonly SourceText[]): Promise<AzureInput | undefined> {
  const { azure } = reading.settings;
  if (azure.length === 0 && captured.length === 0) return undefined;
  const scopes = azure.flatMap((text) => azureScopeOf(text) ?? []);
  const paths = azure.filter((text) => azureScopeOf(text) === undefined);
  for (const path of paths) refuseMissing(reading.context, path);
  const fromPaths = paths.length === 0 ? NOTHING : await readFiles(reading, paths);
  const fromAzure = scopes.length === 0 ? NOTHING : await readLiveOnce(reading, scopes);
  const { readEstate } = await import('#parse/azure/read-estate.ts');
  const files = [...captured, ...fromPaths.files, ...fromAzure.files];
  const { estate, diagnostics } = readEstate(files, namedByHand(fromPaths, paths));
  return { files, estate, diagnostics: [...fromPaths.diagnostics, ...fromAzure.diagnostics, ...diagnostics] };
}

/** Files that are named one by one give values to templates and to Terraform, as `--parameters` and `-var-file` do. */
function namedByHand({ files }: SourceResult, paths: readonly string[]): EstateOptions {
  const names = files.map(({ file }) => file).filter((file) => paths.includes(file));
  const isOfTerraform = (name: string) => /\.tfvars(?:\.json)?$/i.test(name);
  return {
    variableFiles: names.filter(isOfTerraform),
    parameterFiles: names.filter((name) => !isOfTerraform(name)),
  };
}

const NOTHING: SourceResult = { files: [], diagnostics: [] };

async function readFiles({ context, settings }: Reading, paths: readonly string[]): Promise<SourceResult> {
  const { readAzurePaths } = await import('#source/azure-files.ts');
  return readAzurePaths(paths, fileOptions({ context, settings }));
}

function fileOptions({ context, settings }: Reading): SourceOptions {
  return {
    cwd: context.surroundings.folder,
    exclude: settings.exclude,
    onProgress: (count) => context.progress.show(`reading: ${count} cloud documents`),
    ...(settings.maxFileSize !== undefined && { maxFileSize: settings.maxFileSize }),
  };
}

/** `diff` reads two sides with one list of what `--azure` names: both stand in the same Azure, read once. */
const LIVE = new WeakMap<readonly string[], Promise<SourceResult>>();

function readLiveOnce(reading: Reading, scopes: readonly AzureScope[]): Promise<SourceResult> {
  const known = LIVE.get(reading.settings.azure);
  if (known !== undefined) return known;
  const result = readLive(reading, scopes);
  LIVE.set(reading.settings.azure, result);
  return result;
}

async function readLive({ context, settings }: Reading, scopes: readonly AzureScope[]): Promise<SourceResult> {
  const { readAzureLive } = await import('#source/azure/read-live.ts');
  const named = (kind: AzureScope['kind']) => scopes.filter((scope) => scope.kind === kind).map(({ name }) => name);
  context.progress.show('reading Azure');
  const reading = await interruptible(() =>
    readAzureLive({
      subscriptions: named('subscription'),
      managementGroups: named('management-group'),
      cloud: settings.azureCloud,
      onProgress: (count) => context.progress.show(`reading: ${count} resources of Azure`),
      ...(settings.maxFileSize !== undefined && { maxFileSize: settings.maxFileSize }),
    }),
  );
  if (reading.kind === 'unreachable') throw new Refusal(reading.message, reading.hint, EXIT.unreachable);
  return reading;
}
