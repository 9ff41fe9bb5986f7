import { nearest } from '#analysis/nearest.ts';
import { parseCidr } from '#base/address.ts';
import { escapeControl } from '#base/escape.ts';
import { type ControlSettings, NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import { PROFILE_IDS, type ProfileId } from '#model/profile.ts';
import { readControlSettings } from '#parse/control-settings.ts';
import type { Entry, Node, SourceText } from '#parse/text/node.ts';
import { diagnosticOf } from '#parse/text/problem.ts';
import { readDocuments } from '#parse/text/read-documents.ts';

/** What `ringfence.yaml` may say: defaults for options. */
export interface Configuration {
  readonly engine?: ProfileId;
  readonly podCidrs: readonly string[];
  readonly invariants: readonly string[];
  readonly exclude: readonly string[];
  readonly kustomize?: 'auto' | 'never';
  readonly maxFileSize?: string;
  readonly allowUnknown?: boolean;
  readonly controls: ControlSettings;
}

export const NO_CONFIGURATION: Configuration = {
  podCidrs: [],
  invariants: [],
  exclude: [],
  controls: NO_CONTROL_SETTINGS,
};

export interface ConfigurationReading {
  readonly configuration: Configuration;
  /** Empty, or the file must not be used: a setting that is misspelt would silently not be one. */
  readonly diagnostics: readonly Diagnostic[];
}

export function readConfiguration(source: SourceText): ConfigurationReading {
  const { documents, diagnostics } = readDocuments(source);
  const problems: Diagnostic[] = [...diagnostics];
  const [first, second] = documents;
  const refuse: Refuse = (node, message) => problems.push(problemAt(source, node, message));
  if (second !== undefined) refuse(second.root, 'a configuration is one document');
  if (first === undefined || isNothing(first.root)) return { configuration: NO_CONFIGURATION, diagnostics: problems };
  if (first.root.kind !== 'map') {
    refuse(first.root, 'a configuration is a mapping of settings');
    return { configuration: NO_CONFIGURATION, diagnostics: problems };
  }
  return { configuration: settingsIn(source, first.root.entries, refuse), diagnostics: problems };
}

type Refuse = (node: { readonly start: number; readonly end: number }, message: string) => void;

/** Each setting: how its value is read, and what to say when it is something else. */
const SETTINGS = {
  apiVersion: (node: Node) => textIn(node, ['ringfence.dev/v1']),
  kind: (node: Node) => textIn(node, ['Configuration']),
  engine: (node: Node) => textIn(node, PROFILE_IDS),
  podCidrs: (node: Node) => textsOf(node, (text) => parseCidr(text) !== undefined),
  invariants: (node: Node) => textsOf(node, (text) => text !== ''),
  exclude: (node: Node) => textsOf(node, (text) => text !== ''),
  kustomize: (node: Node) => textIn(node, ['auto', 'never']),
  maxFileSize: (node: Node) =>
    node.kind === 'scalar' && /^\d+(\.\d+)?\s*[kmg]?(i?b)?$/i.test(`${node.value}`) ? `${node.value}` : undefined,
  allowUnknown: (node: Node) => (node.kind === 'scalar' && typeof node.value === 'boolean' ? node.value : undefined),
} as const satisfies Record<string, (node: Node) => unknown>;

type SettingName = keyof typeof SETTINGS;

const EXPECTED: Readonly<Record<SettingName, string>> = {
  apiVersion: '`ringfence.dev/v1`',
  kind: '`Configuration`',
  engine: PROFILE_IDS.map((id) => `\`${id}\``).join(', '),
  podCidrs: 'a list of CIDRs',
  invariants: 'a list of files',
  exclude: 'a list of patterns, as in .gitignore',
  kustomize: '`auto` or `never`',
  maxFileSize: 'a size, as `100MiB`',
  allowUnknown: '`true` or `false`',
};

function settingsIn(source: SourceText, entries: readonly Entry[], refuse: Refuse): Configuration {
  const read: Partial<Record<SettingName, unknown>> = {};
  let controls = NO_CONTROL_SETTINGS;
  for (const entry of entries) {
    const { key, keyStart, value } = entry;
    if (key === 'controls') {
      controls = readControlSettings(source, value, refuse);
      continue;
    }
    if (!isSetting(key)) {
      const [near] = nearest(key, [...Object.keys(SETTINGS), 'controls']);
      const hint = near === undefined ? '' : `; did you mean \`${near}\`?`;
      refuse({ start: keyStart, end: keyStart + key.length }, `\`${escapeControl(key)}\` is not a setting${hint}`);
      continue;
    }
    const setting = SETTINGS[key](value);
    if (setting === undefined) refuse(value, `\`${key}\` must be ${EXPECTED[key]}`);
    else read[key] = setting;
  }
  const { apiVersion: _version, kind: _kind, ...settings } = read;
  // Each reader above gives the type of its setting or undefined, which was refused.
  return { ...NO_CONFIGURATION, ...(settings as Partial<Configuration>), controls };
}

function isSetting(key: string): key is SettingName {
  return Object.hasOwn(SETTINGS, key);
}

function textIn<T extends string>(node: Node, values: readonly T[]): T | undefined {
  return node.kind === 'scalar' ? values.find((value) => value === node.value) : undefined;
}

function textsOf(node: Node, isValid: (text: string) => boolean): readonly string[] | undefined {
  const items = node.kind === 'seq' ? node.items : [node];
  const texts = items.map((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' && isValid(item.value) ? item.value : undefined,
  );
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

function isNothing(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function problemAt(
  source: SourceText,
  { start, end }: { readonly start: number; readonly end: number },
  message: string,
): Diagnostic {
  const lineEnd = source.text.indexOf('\n', start);
  const length = Math.max(1, Math.min(end, lineEnd < 0 ? end : lineEnd) - start);
  return diagnosticOf(source, { code: 'RF4005', message, offset: start, length });
}
