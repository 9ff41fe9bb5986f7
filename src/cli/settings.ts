import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type AddressRange, parseCidr } from '#base/address.ts';
import { escapeControl } from '#base/escape.ts';
import type { ControlSettings } from '#model/control-settings.ts';
import type { ProfileId } from '#model/profile.ts';
import type { AzureCloud } from '#source/azure/clouds.ts';
import { type Exclusion, errorCode } from '#source/session.ts';
import { type Configuration, NO_CONFIGURATION, readConfiguration } from './configuration.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit.ts';
import type { LiveFlags, LookFlags, ReadFlags } from './flags.ts';
import { sayDiagnostics } from './look.ts';
import { Refusal } from './refusal.ts';

/** What a run reads and how: options first, then the configuration file, then the defaults. */
export interface Settings {
  readonly engine: ProfileId | undefined;
  readonly namespaces: readonly string[];
  readonly podRanges: readonly AddressRange[];
  readonly kustomize: 'auto' | 'never';
  readonly maxFileSize: number | undefined;
  readonly allowUnknown: boolean;
  /** Whether policies that are only staged count as enforced. */
  readonly staged: boolean;
  /** Where the Azure network around the cluster is read from: files, folders, subscriptions, management groups. */
  readonly azure: readonly string[];
  readonly azureCloud: AzureCloud;
  /** The managed cluster that the manifests are of, where the cloud documents have several. */
  readonly azureCluster: string | undefined;
  /** Files of invariants, relative to the current folder or absolute. */
  readonly invariants: readonly string[];
  readonly exclude: Exclusion;
  readonly controls: ControlSettings;
  /** The configuration file as it was read. */
  readonly configuration: { readonly file: string; readonly text: string } | undefined;
  readonly live: Live | undefined;
}

/** A live cluster, as kubectl is told about it. */
export interface Live {
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
}

export const CONFIG_FILE = 'ringfence.yaml';

export async function settingsOf(
  context: CliContext,
  flags: ReadFlags & Partial<LiveFlags>,
  paths: readonly string[] = [],
): Promise<Settings> {
  const { folder } = context.surroundings;
  const configuration = await configurationOf(context, flags, paths);
  const size = flags.maxFileSize ?? configuration.maxFileSize;
  return {
    engine: flags.engine ?? configuration.engine,
    namespaces: flags.namespace ?? [],
    podRanges: (flags.podCidr ?? configuration.podCidrs).map(rangeOf),
    kustomize: flags.kustomize ?? configuration.kustomize ?? 'auto',
    maxFileSize: size === undefined ? undefined : bytesOf(size),
    allowUnknown: flags.allowUnknown ?? configuration.allowUnknown ?? false,
    staged: flags.staged ?? false,
    azure: flags.azure ?? [],
    azureCloud: flags.azureCloud ?? 'public',
    azureCluster: flags.azureCluster,
    invariants: configuration.invariants.map((file) => resolve(configuration.folder ?? folder, file)),
    exclude: { folder: configuration.folder ?? folder, patterns: configuration.exclude },
    controls: configuration.controls,
    configuration: configuration.source,
    live: liveOf(flags),
  };
}

function liveOf({ context, kubeconfig }: Partial<LiveFlags>): Live | undefined {
  return context === undefined && kubeconfig === undefined ? undefined : { context, kubeconfig };
}

/** The file that is named must be there; that of the current folder may, and then that of the only folder that is read. */
export async function configurationOf(
  context: CliContext,
  flags: LookFlags & Pick<ReadFlags, 'config'>,
  paths: readonly string[] = [],
): Promise<Configuration & Partial<Found>> {
  const [only, ...others] = paths;
  const own = only === undefined || others.length > 0 ? [] : [join(only, CONFIG_FILE)];
  const names = flags.config === undefined ? [CONFIG_FILE, ...own] : [flags.config];
  for (const name of names) {
    const found = await configurationIn({ context, flags }, name);
    if (found !== undefined) return found;
  }
  return NO_CONFIGURATION;
}

interface Found {
  readonly folder: string;
  readonly source: { readonly file: string; readonly text: string };
}

interface Looking {
  readonly context: CliContext;
  readonly flags: LookFlags & Pick<ReadFlags, 'config'>;
}

async function configurationIn({ context, flags }: Looking, name: string) {
  const path = resolve(context.surroundings.folder, name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    // A path may be a file, a pattern or a revision: then there is no file below it.
    if (flags.config === undefined && ['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return undefined;
    throw new Refusal(`\`${escapeControl(name)}\` cannot be read: ${errorCode(error)}`);
  }
  const { configuration, diagnostics } = readConfiguration({ file: escapeControl(name), text });
  sayDiagnostics({ context, flags }, diagnostics);
  if (diagnostics.length > 0)
    throw new Refusal(
      `\`${escapeControl(name)}\` is not a valid configuration`,
      'docs/configuration.md lists its settings',
      EXIT.usage,
    );
  return { ...configuration, folder: dirname(path), source: { file: escapeControl(name), text } };
}

function rangeOf(text: string): AddressRange {
  const reading = parseCidr(text);
  if (reading !== undefined) return reading.cidr;
  throw new Refusal(
    `\`${escapeControl(text)}\` is not a CIDR`,
    'write an address and a prefix length, as --pod-cidr 10.244.0.0/16',
  );
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function bytesOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?$/i.exec(text);
  const bytes = match === null ? 0 : Math.floor(Number(match[1]) * UNITS[match[2]!.toLowerCase()]!);
  if (bytes > 0) return bytes;
  throw new Refusal(
    `\`${escapeControl(text)}\` is not a size`,
    'write a number of bytes, or one with a unit, as --max-file-size 100MiB',
  );
}
