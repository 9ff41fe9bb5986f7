import type { Diagnostic } from '#model/diagnostic.ts';
import { azureScopeOf } from '#source/azure/scope.ts';
import { readAzurePaths } from '#source/azure-files.ts';
import { readCluster } from '#source/cluster.ts';
import { type MovableText, movableOf } from '#source/made-source.ts';
import { readPaths, type SourceResult } from '#source/read-paths.ts';
import type { SourceOptions } from '#source/session.ts';
import type { Plan } from '../plan.ts';

/** Everything that was read, as data: one thread reads, and every thread makes the same snapshot of it. */
export interface Texts {
  readonly files: readonly MovableText[];
  /** Documents of Azure. */
  readonly azure: readonly MovableText[];
  /** Of `azure`, the files that a person named one by one. */
  readonly named: readonly string[];
  readonly invariants: readonly MovableText[];
  /** What went wrong while each was fetched. */
  readonly problems: {
    readonly files: readonly Diagnostic[];
    readonly azure: readonly Diagnostic[];
    readonly invariants: readonly Diagnostic[];
  };
}

export type TextsReading =
  | { readonly kind: 'ok'; readonly texts: Texts }
  /** The cluster, or Azure, could not be asked at all. */
  | { readonly kind: 'unreachable'; readonly message: string; readonly hint: string };

/** Reads what the plan names. What cannot be read is a problem among the texts, and hides nothing else. */
export async function readTexts(plan: Plan, onProgress: (what: string) => void): Promise<TextsReading> {
  const options = sourceOptions(plan);
  const counted = (what: string) => (count: number) => onProgress(`reading: ${count} ${what}`);
  const cluster = await readObjects(plan, { ...options, onProgress: counted('files') });
  if ('message' in cluster) return cluster;
  const scopes = plan.azure.flatMap((text) => azureScopeOf(text) ?? []);
  const paths = plan.azure.filter((text) => azureScopeOf(text) === undefined);
  const fromPaths = await readAzurePaths(paths, { ...options, onProgress: counted('cloud documents') });
  const live = scopes.length === 0 ? NOTHING : await readLive(plan, scopes, counted('resources of Azure'));
  if ('message' in live) return live;
  const invariants = plan.invariants.length === 0 ? NOTHING : await readPaths(plan.invariants, { cwd: plan.folder });
  const texts: Texts = {
    files: cluster.files.map(movableOf),
    azure: [...(cluster.azure ?? []), ...fromPaths.files, ...live.files].map(movableOf),
    named: fromPaths.files.map(({ file }) => file).filter((file) => paths.includes(file)),
    invariants: invariants.files.map(movableOf),
    problems: {
      files: cluster.diagnostics,
      azure: [...fromPaths.diagnostics, ...live.diagnostics],
      invariants: invariants.diagnostics,
    },
  };
  return { kind: 'ok', texts };
}

const NOTHING: SourceResult = { files: [], diagnostics: [] };

type Unreachable = Extract<TextsReading, { readonly kind: 'unreachable' }>;

function sourceOptions({ folder, kustomize, exclude, maxFileSize }: Plan): SourceOptions {
  return { cwd: folder, kustomize, exclude, ...(maxFileSize !== undefined && { maxFileSize }) };
}

async function readObjects(plan: Plan, options: SourceOptions): Promise<SourceResult | Unreachable> {
  if (plan.live === undefined) return readPaths(plan.paths, options);
  return readCluster({ ...plan.live, controls: true }, options);
}

async function readLive(
  { azureCloud, maxFileSize }: Plan,
  scopes: readonly NonNullable<ReturnType<typeof azureScopeOf>>[],
  onProgress: (count: number) => void,
): Promise<SourceResult | Unreachable> {
  const { readAzureLive } = await import('#source/azure/read-live.ts');
  const named = (kind: string) => scopes.filter((scope) => scope.kind === kind).map(({ name }) => name);
  return readAzureLive({
    subscriptions: named('subscription'),
    managementGroups: named('management-group'),
    cloud: azureCloud,
    onProgress,
    ...(maxFileSize !== undefined && { maxFileSize }),
  });
}
