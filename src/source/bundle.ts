import { escapeControl } from '#base/escape.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import { CODES, type DiagnosticCode } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Origin } from '#model/origin.ts';
import type { PlainValue } from '#model/plain.ts';
import { type ReadObject, readObjects } from '#parse/kubernetes/objects.ts';
import { MAX_DEPTH } from '#parse/text/limits.ts';
import type { SourceText } from '#parse/text/node.ts';
import { readDocuments } from '#parse/text/read-documents.ts';
import { type AzureCapture, type AzureItem, azureCapture } from './azure/capture.ts';
import { madeOfMany, madeSource } from './made-source.ts';
import { isShallow } from './shallow.ts';

/**
 * A snapshot as a file: the objects that were read, of every kind, each with the place of every value in the file it came
 * from, and what went wrong on the way to them. Secrets are not in it: values of Secrets are dropped, and so are those of
 * environment variables, arguments and ConfigMaps of applications, unless they are wanted; then what looks like a secret is
 * replaced by a mark (`copyObject`). One object on each line. What was read of Azure is in it too, in the shape of its
 * resources and without their secrets.
 */
export interface Bundle {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: typeof KIND;
  /** Version of Ringfence that wrote it. */
  readonly ringfence: string;
  /** ISO 8601 */
  readonly taken: string;
  /** The paths or the cluster that it was read from. */
  readonly from: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly items: readonly BundleItem[];
  readonly azure?: AzureCapture;
}

export interface BundleItem {
  readonly file: string;
  /** Line and column of every value and key, in the order of `object`. */
  readonly at: readonly number[];
  readonly object: PlainValue;
}

export interface BundleFacts {
  readonly ringfence: string;
  readonly taken: string;
  readonly from: readonly string[];
  /** Whether environment variables, arguments and ConfigMaps are kept. */
  readonly values?: boolean;
  /** The Azure network around the cluster. */
  readonly azure?: AzureEstate;
}

/** Makes a snapshot file of sources and of what went wrong while they were fetched. */
export function bundleOf(sources: readonly SourceText[], problems: readonly Diagnostic[], facts: BundleFacts): Bundle {
  const items: BundleItem[] = [];
  const diagnostics = [...problems];
  for (const source of sources) {
    const { documents, diagnostics: found } = readDocuments(source);
    diagnostics.push(...found);
    for (const { root } of documents) {
      for (const object of readObjects(source, root, { values: facts.values === true }))
        items.push(itemOf(source, object));
    }
  }
  const { ringfence, taken, from } = facts;
  const azure = facts.azure === undefined ? undefined : azureCapture(facts.azure);
  const hasAzure = azure !== undefined && azure.resources.length + Object.keys(azure.serviceTags).length > 0;
  const head = { apiVersion: API_VERSION, kind: KIND, ringfence, taken, from, diagnostics } as const;
  return { ...head, items, ...(hasAzure && { azure }) };
}

/** The text of the file, in pieces. */
export function* bundleText(bundle: Bundle): Generator<string> {
  const { items, azure, ...head } = bundle;
  yield `${JSON.stringify(head, null, 1).slice(0, -2)},\n "items": [`;
  yield* lines(items);
  if (azure !== undefined) {
    yield `\n],\n "azure": {"serviceTags": ${JSON.stringify(azure.serviceTags)},\n "resources": [`;
    yield* lines(azure.resources);
    yield '\n]}}\n';
  } else yield '\n]}\n';
}

function* lines(items: readonly (BundleItem | AzureItem)[]): Generator<string> {
  for (const [index, item] of items.entries()) yield `${index === 0 ? '' : ','}\n${JSON.stringify(item)}`;
}

export function isBundle(source: SourceText): boolean {
  return BEGINNING.test(source.text.slice(0, 200));
}

export type BundleReading = { readonly bundle: Bundle } | { readonly problem: string };

/** A snapshot file as it is, or what is wrong with it. */
export function readBundle(source: SourceText): BundleReading {
  let value: unknown;
  try {
    value = JSON.parse(source.text);
  } catch {
    return { problem: 'it is damaged: not JSON' };
  }
  if (!isRecord(value)) return { problem: 'it is damaged: not an object' };
  const { ringfence, taken, from, diagnostics, items, azure } = value;
  if (!isTexts(from) || !Array.isArray(diagnostics) || !Array.isArray(items)) return { problem: FIELDS };
  if (!items.every(isItem) || !diagnostics.every(isDiagnostic)) return { problem: FIELDS };
  if (azure !== undefined && !isCapture(azure)) return { problem: FIELDS };
  const bundle = { ringfence: `${ringfence}`, taken: `${taken}`, from, items, diagnostics: diagnostics.map(printable) };
  return { bundle: { apiVersion: API_VERSION, kind: KIND, ...bundle, ...(azure !== undefined && { azure }) } };
}

/** What a snapshot file stands for. */
export interface OpenedBundle {
  /** Files of Kubernetes objects. */
  readonly files: readonly SourceText[];
  /** Documents of Azure. */
  readonly azure: readonly SourceText[];
  readonly diagnostics: readonly Diagnostic[];
}

export function openBundle(source: SourceText): OpenedBundle {
  const reading = readBundle(source);
  if ('bundle' in reading) {
    const { items, diagnostics, azure } = reading.bundle;
    const files = items.map(({ file, at, object }) => madeSource(escapeControl(file), at, object));
    return { files, azure: azure === undefined ? [] : azureSources(source.file, azure), diagnostics };
  }
  const message = `\`${source.file}\` is a snapshot that cannot be read: ${reading.problem}`;
  return {
    files: [],
    azure: [],
    diagnostics: [{ code: 'RF1001', severity: 'error', message, origin: { file: source.file, line: 1, column: 1 } }],
  };
}

function azureSources(name: string, { resources, serviceTags }: AzureCapture): SourceText[] {
  const sources = resources.map(({ files, at, object }, index) =>
    madeOfMany(`${name} azure ${index}`, { files: files.map(escapeControl), at }, object),
  );
  const values = Object.entries(serviceTags).map(([tag, addressPrefixes]) => ({
    name: tag,
    properties: { addressPrefixes },
  }));
  // As Azure gives them, which is how they are read.
  const tags = { file: `${name} service tags`, text: JSON.stringify({ changeNumber: 0, values }) };
  return values.length === 0 ? sources : [...sources, tags];
}

const API_VERSION = 'ringfence.dev/v1';
const KIND = 'Snapshot';
const BEGINNING = /^\s*\{\s*"apiVersion"\s*:\s*"ringfence\.dev\/v1"\s*,\s*"kind"\s*:\s*"Snapshot"/;
/** Reading says by itself what nests a little too deep; what nests without end must not get that far. */
const DEEPEST = MAX_DEPTH + 10;
const FIELDS = 'its fields are not those of a snapshot';

function itemOf(source: SourceText, { value, offsets, originAt }: ReadObject): BundleItem {
  const at: number[] = [];
  for (const offset of offsets) {
    const { line, column } = originAt(offset);
    at.push(line, column);
  }
  return { file: source.file, at, object: value };
}

function isItem(value: unknown): value is BundleItem {
  if (!isRecord(value) || typeof value['file'] !== 'string' || !isRecord(value['object'])) return false;
  return hasPlaces(value) && isShallow(value['object'], DEEPEST);
}

function isCapture(value: unknown): value is AzureCapture {
  if (!isRecord(value) || !Array.isArray(value['resources']) || !isRecord(value['serviceTags'])) return false;
  return value['resources'].every(isAzureItem) && Object.values(value['serviceTags']).every(isTexts);
}

function isAzureItem(value: unknown): value is AzureItem {
  if (!isRecord(value) || !isTexts(value['files']) || !isRecord(value['object'])) return false;
  return hasPlaces(value) && isShallow(value['object'], DEEPEST);
}

function hasPlaces({ at }: Record<string, unknown>): boolean {
  return Array.isArray(at) && at.every((each) => Number.isSafeInteger(each));
}

function isDiagnostic(value: unknown): value is Diagnostic {
  if (!isRecord(value) || typeof value['message'] !== 'string') return false;
  return typeof value['code'] === 'string' && Object.hasOwn(CODES, value['code']);
}

/** A file can hold anything; what is printed of it is text without control characters. */
function printable(diagnostic: Diagnostic): Diagnostic {
  const { severity } = CODES[diagnostic.code as DiagnosticCode];
  const { message, help, frame, object, origin } = diagnostic;
  return {
    code: diagnostic.code,
    severity: diagnostic.severity === 'error' || diagnostic.severity === 'warning' ? diagnostic.severity : severity,
    message: escapeControl(message),
    ...(typeof help === 'string' && { help: escapeControl(help) }),
    ...(typeof frame === 'string' && { frame: frame.split('\n').map(escapeControl).join('\n') }),
    ...(typeof object === 'string' && { object: escapeControl(object) }),
    ...(isOrigin(origin) && { origin: { file: escapeControl(origin.file), line: origin.line, column: origin.column } }),
  };
}

function isOrigin(value: unknown): value is Origin {
  return (
    isRecord(value) &&
    typeof value['file'] === 'string' &&
    Number.isSafeInteger(value['line']) &&
    Number.isSafeInteger(value['column'])
  );
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
