import { remembered } from '#base/remembered.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { AzureValue } from '#model/azure/value.ts';
import { CODES } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import { quote } from '../kubernetes/draft.ts';
import type { Node, SourceText } from '../text/node.ts';
import { diagnosticOf, type Problem } from '../text/problem.ts';
import { readDocuments } from '../text/read-documents.ts';
import { toAzure } from './azurerm/to-azure.ts';
import { type ConfigFile, configOf, literalOf } from './evaluate/config.ts';
import { evaluate } from './evaluate/evaluate.ts';
import { type Configs, moduleInstance } from './evaluate/module.ts';
import { folderOf, resolvePath } from './evaluate/paths.ts';
import { newRun, type Run, type Scope, tell } from './evaluate/run.ts';
import { readHcl } from './hcl/read-hcl.ts';
import { readTfJson, readTfvarsJson } from './hcl/read-tf-json.ts';
import type { Body } from './hcl/syntax.ts';
import type { TerraformResource } from './resource.ts';
import { withoutSecretFrame } from './secrets.ts';
import { isShownDocument, readShown } from './show.ts';

export interface TerraformResult {
  readonly resources: readonly AzureResource[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface TerraformOptions {
  /** Files of values that are given by hand, as with `-var-file`; later ones win. They must be among the files. */
  readonly variableFiles?: readonly string[];
  /** What `terraform.workspace` is. Unknown unless given. */
  readonly workspace?: string;
}

/**
 * The resources that Terraform describes: `.tf`, `.tf.json`, values in `.tfvars`, and what `terraform show -json` prints
 * of a plan or a state. Other files may be given too: `file` and `templatefile` find them. A folder whose configuration
 * no other one calls as a module is a root. Never throws; what cannot be read is a diagnostic and hides nothing else.
 */
export function readTerraform(files: readonly SourceText[], options: TerraformOptions = {}): TerraformResult {
  const run = newRun(new Map(files.map((file) => [pathOf(file), file])));
  const found: TerraformResource[] = [];
  const configs = configsOf(run, found);
  const automatic = automaticFiles(run);
  const roots = rootsOf(configs);
  for (const [folder, config] of roots) {
    const paths = (options.variableFiles ?? []).map((file) => resolvePath('', file));
    const values = variableValues(folder, [...(automatic.get(folder) ?? []), ...paths], run);
    const root = moduleInstance({
      run,
      configs,
      config,
      rootFolder: folder,
      workspace: options.workspace,
      // What two configurations leave open has two names.
      path: roots.size > 1 ? `${folder || '.'}:` : '',
      given: (name) => values.get(name),
      providers: undefined,
      azurerm: config.azurerm,
      around: [],
    });
    addAll(found, root.resources(), run);
  }
  const { resources, diagnostics } = toAzure(found);
  return { resources, diagnostics: [...run.diagnostics, ...diagnostics] };
}

/** Resources of one input. A landing zone has a few thousand. */
const MOST_RESOURCES = 50_000;

function addAll(found: TerraformResource[], more: Iterable<TerraformResource>, run: Run): void {
  for (const resource of more) {
    if (found.length >= MOST_RESOURCES) {
      const message = `more than ${MOST_RESOURCES} resources; the rest is left out`;
      run.diagnostics.push({ code: 'RF5203', severity: 'error', message, help: CODES.RF5203.fix });
      return;
    }
    found.push(resource);
  }
}

// ---------------------------------------------------------------- files

/** Compressed files are known by the name of what is in them. */
function pathOf({ file }: SourceText): string {
  return resolvePath('', file.replace(/\.gz$/i, ''));
}

function configsOf(run: Run, shown: TerraformResource[]): Configs {
  const byFolder = new Map<string, ConfigFile[]>();
  for (const [file, source] of run.files) {
    const body = bodyOf(source, file, { run, shown });
    if (body !== undefined) remembered(byFolder, folderOf(file), (): ConfigFile[] => []).push({ file, body });
  }
  return new Map([...byFolder].sort().map(([folder, each]) => [folder, configOf(folder, each)]));
}

interface Reading {
  readonly run: Run;
  readonly shown: TerraformResource[];
}

function bodyOf(source: SourceText, file: string, { run, shown }: Reading): Body | undefined {
  if (/\.tf$/i.test(file)) return reported(source, readHcl(source), run);
  if (!/\.json$/i.test(file) || /\.tfvars\.json$/i.test(file)) return undefined;
  const isConfig = /\.tf\.json$/i.test(file);
  if (!isConfig && !mayBeShown(source.text)) return undefined;
  const { documents, diagnostics } = readDocuments(source);
  if (isConfig) run.diagnostics.push(...diagnostics.map(withoutSecretFrame));
  for (const { root } of documents) {
    if (isConfig) return reported(source, readTfJson(source, root), run);
    if (isShownDocument(root)) {
      addAll(shown, readShown(source, root), run);
    }
  }
  return undefined;
}

/** `format_version` stands at the beginning of what Terraform prints. */
function mayBeShown(text: string): boolean {
  return text.slice(0, 4096).includes('"format_version"');
}

function reported(
  source: SourceText,
  read: { readonly body: Body; readonly problems: readonly Problem[] },
  run: Run,
): Body {
  for (const problem of read.problems) run.diagnostics.push(withoutSecretFrame(diagnosticOf(source, problem)));
  return read.body;
}

/** The folders that no other one calls; where all are called by another, all of them. */
function rootsOf(configs: Configs): Configs {
  const called = new Set<string>();
  for (const [outer, { calls }] of configs) {
    for (const call of calls.values()) {
      const source = literalOf(call, 'source');
      const folder = source?.startsWith('.') ? resolvePath(outer, source) : outer;
      if (folder !== outer) called.add(folder);
    }
  }
  const roots = new Map([...configs].filter(([folder]) => !called.has(folder)));
  return roots.size === 0 ? configs : roots;
}

// ---------------------------------------------------------------- values of variables

/** Later files win: `terraform.tfvars`, then `*.auto.tfvars` by name, then those given by hand (Terraform, "Variable Precedence"). */
function variableValues(folder: string, paths: readonly string[], run: Run): ReadonlyMap<string, AzureValue> {
  const values = new Map<string, AzureValue>();
  for (const path of paths) {
    const source = run.files.get(path);
    if (source === undefined) {
      tell(run, { code: 'RF5201', message: `the file of values ${quote(path)} is not in the input` });
      continue;
    }
    const scope: Scope = { run, names: new Map(), folder, rootFolder: folder, lookUp: () => undefined };
    for (const [name, attribute] of valuesBody(source, path, run).attributes) {
      values.set(name, evaluate(attribute.value, scope));
    }
  }
  return values;
}

/** The files that Terraform reads by itself, by folder. */
function automaticFiles(run: Run): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>();
  for (const path of [...run.files.keys()].sort()) {
    if (!AUTOMATIC.test(path)) continue;
    const folder = remembered(out, folderOf(path), (): string[] => []);
    folder.push(path);
  }
  // `terraform.tfvars` comes before `terraform.tfvars.json`, and each before the rest.
  for (const paths of out.values()) paths.sort((a, b) => rankOf(a) - rankOf(b));
  return out;
}

const AUTOMATIC = /(?:^|\/)terraform\.tfvars(?:\.json)?$|\.auto\.tfvars(?:\.json)?$/;

function rankOf(path: string): number {
  return path.includes('.auto.tfvars') ? 2 : path.endsWith('.json') ? 1 : 0;
}

function valuesBody(source: SourceText, path: string, run: Run): Body {
  if (!/\.json$/i.test(path)) return reported(source, readHcl(source), run);
  const { documents, diagnostics } = readDocuments(source);
  run.diagnostics.push(...diagnostics.map(withoutSecretFrame));
  const root: Node = documents[0]?.root ?? { kind: 'map', entries: [], start: 0, end: 0 };
  return reported(source, readTfvarsJson(source, root), run);
}
