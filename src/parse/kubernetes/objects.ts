import { DROPPED, TOO_LONG } from '#model/object.ts';
import type { PlainObject, PlainValue } from '#model/plain.ts';
import type { Entry, MapNode, Node, SourceText } from '../text/node.ts';
import { type Locate, locatorOf } from '../text/positions.ts';
import { isConfiguration } from './config-map.ts';
import { shapeOf } from './document-shape.ts';
import { identityOf, itemsOf } from './object.ts';
import { markSecrets } from './secret-marks.ts';
import { isStandIn } from './secret-names.ts';
import type { Strings } from './strings.ts';

/** One object as it was written, without secrets and without what servers keep for themselves, and where each part stood. */
export interface ReadObject {
  readonly value: PlainObject;
  /** Of every value and key, in the order of `Object.entries`. */
  readonly offsets: readonly number[];
  readonly originAt: Locate;
}

/**
 * The objects of a document, lists opened. Reading what is left gives the same snapshot. Objects that would be refused are
 * among them, and so are documents of the shapes that controls look at.
 */
export function* readObjects(
  source: SourceText,
  root: Node,
  rules: Pick<CopyRules, 'values'> = {},
): Generator<ReadObject> {
  if (root.kind === 'map') yield* objectsOf(source, root, rules);
}

interface Inherited {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
}

function* objectsOf(source: SourceText, root: MapNode, inherited: Omit<CopyRules, 'strings'>): Generator<ReadObject> {
  const found = identityOf(root);
  const apiVersion = found.apiVersion ?? inherited.apiVersion;
  const kind = found.kind ?? inherited.kind;
  const items = itemsOf(root, kind);
  if (items === undefined) {
    if (isObject(apiVersion, kind, found.name)) yield copyObject(source, root, { ...inherited, apiVersion, kind });
    // What pipelines and scanners say is no setting of an application.
    else if (shapeOf(root) !== undefined)
      yield copyObject(source, root, { ...inherited, apiVersion, kind, values: true });
    return;
  }
  const { apiVersion: _version, kind: _kind, ...rules } = inherited;
  const own = kind === 'List' ? {} : { apiVersion, kind: kind?.slice(0, -'List'.length) };
  for (const item of items) if (item.kind === 'map') yield* objectsOf(source, item, { ...rules, ...own });
}

function isObject(apiVersion: string | undefined, kind: string | undefined, name: string): boolean {
  if (kind !== undefined && PASSING.has(kind)) return false;
  return (
    (apiVersion !== undefined && kind !== undefined) ||
    ((apiVersion !== undefined || kind !== undefined) && name !== '')
  );
}

/** Kinds that clusters make by the thousand and that say nothing about how they are set up. */
export const PASSING: ReadonlySet<string> = new Set([
  'Event',
  'Lease',
  'ControllerRevision',
  'PodMetrics',
  'NodeMetrics',
]);

/** What the API server leaves out of the items of a typed list, and an object by itself needs; where texts are kept. */
export interface CopyRules extends Inherited {
  readonly strings?: Strings;
  /** Whether settings of applications are kept: environment variables, arguments, ConfigMaps. Kept unless false. */
  readonly values?: boolean;
}

export function copyObject(
  source: SourceText,
  root: MapNode,
  { strings, values = true, ...inherited }: CopyRules,
): ReadObject {
  const { namespace, name } = identityOf(root);
  const copying: Copying = {
    offsets: [root.start],
    kind: inherited.kind ?? '',
    path: [],
    values: values || namespace === 'kube-system' || isConfiguration(name),
    own: strings === undefined ? (text) => text : (text) => strings.own(text),
  };
  const value: Record<string, PlainValue> = {};
  for (const key of ['apiVersion', 'kind'] as const) {
    const text = inherited[key];
    if (text === undefined || root.entries.some((entry) => entry.key === key)) continue;
    value[key] = text;
    copying.offsets.push(root.start, root.start);
  }
  copyEntries(copying, value, root);
  return { value, offsets: copying.offsets, originAt: locatorOf(source) };
}

interface Copying {
  readonly offsets: number[];
  readonly kind: string;
  /** Those of the control plane and of engines are never an application's. */
  readonly values: boolean;
  readonly own: (text: string) => string;
  /** Names of the mappings that the value at hand is in, its own key the last. */
  readonly path: string[];
}

function copyEntries(copying: Copying, value: Record<string, PlainValue>, node: MapNode): void {
  const { offsets, path } = copying;
  for (const entry of inOrder(node)) {
    const { key } = entry;
    if (isServerOwn(path, entry)) continue;
    offsets.push(entry.keyStart);
    path.push(key);
    define(value, copying.own(key), copy(copying, entry.value, { key, parent: node, before: undefined }));
    path.pop();
  }
}

interface Standing {
  readonly key: string;
  readonly parent: MapNode;
  /** Of an argument: the flag that stands before it and that it may be the value of. */
  readonly before: string | undefined;
}

function copy(copying: Copying, node: Node, { key, parent, before }: Standing): PlainValue {
  copying.offsets.push(node.start);
  const { kind, path } = copying;
  if (node.kind === 'scalar') {
    if (typeof node.value !== 'string') return isSecretValue(kind, path) ? DROPPED : node.value;
    return copying.own(textOf(copying, { key, text: node.value, parent, path, before }));
  }
  if (node.kind === 'seq') {
    const items = withoutTokenMounts(key, node.items);
    return items.map((item, index) => copy(copying, item, { key, parent, before: flagIn(items[index - 1]) }));
  }
  const value: Record<string, PlainValue> = {};
  copyEntries(copying, value, node);
  return value;
}

/** `managedFields` repeat the object, and kubectl keeps the whole manifest in an annotation, with whatever it held. */
function isServerOwn(path: readonly string[], { key }: Entry): boolean {
  if (path[0] !== 'metadata') return false;
  return path.length === 1 ? key === 'managedFields' : path[1] === 'annotations' && key === LAST_APPLIED;
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Every pod has one of its own name; without them the pods of a workload are alike. */
function withoutTokenMounts(key: string, items: readonly Node[]): readonly Node[] {
  if (key !== 'volumes' && key !== 'volumeMounts') return items;
  return items.filter((item) => item.kind !== 'map' || !/^kube-api-access-/.test(scalarText(item, 'name') ?? ''));
}

// ---------------------------------------------------------------- secrets

interface Text extends Standing {
  readonly text: string;
  readonly path: readonly string[];
}

function textOf({ kind, values }: Copying, { key, text, parent, path, before }: Text): string {
  if (isSecretValue(kind, path)) return isCertificate(text) || isStandIn(text) ? text : DROPPED;
  if (kind === 'ConfigMap' && text.length > LONGEST_TEXT) return TOO_LONG;
  const field = fieldNameOf(kind, { key, parent, path, before });
  // That nothing stands there is no value that anybody keeps to himself.
  if (field === undefined || text === '') return text;
  const marked = markSecrets(text, { field });
  return values || path[0] === 'metadata' || marked !== text ? marked : DROPPED;
}

/** Settings are shorter (`TOO_LONG`). */
const LONGEST_TEXT = 100_000;

function isSecretValue(kind: string, path: readonly string[]): boolean {
  return kind === 'Secret' && path.length === 2 && (path[0] === 'data' || path[0] === 'stringData');
}

/** Of places where people put secrets in plain sight: the name that says what it is. */
function fieldNameOf(kind: string, { key, parent, path, before }: Omit<Text, 'text'>): string | undefined {
  if (path[0] === 'metadata') return path[1] === 'annotations' ? key : undefined;
  if (kind === 'ConfigMap') return path[0] === 'data' ? key : undefined;
  if (path.at(-2) === 'env' && key === 'value') return scalarText(parent, 'name') ?? '';
  return key === 'args' || key === 'command' ? (before ?? '') : undefined;
}

/** `--password` of the arguments `--password`, `hunter2`. */
function flagIn(node: Node | undefined): string | undefined {
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return undefined;
  return /^--?([A-Za-z][\w.-]{1,80})$/.exec(node.value)?.[1];
}

/** What everybody may see anyway, and what has an end that must be known. */
function isCertificate(text: string): boolean {
  if (text.length > LONGEST_CERTIFICATE) return false;
  if (text.startsWith(PEM)) return !text.includes('PRIVATE KEY');
  if (!text.startsWith(PEM_IN_BASE64)) return false;
  try {
    return !atob(text).includes('PRIVATE KEY');
  } catch {
    return false;
  }
}

const PEM = '-----BEGIN CERTIFICATE-----';
/** Twenty-seven characters are thirty-six of base64, whatever follows. */
const PEM_IN_BASE64 = btoa(PEM);
const LONGEST_CERTIFICATE = 200_000;

function scalarText({ entries }: MapNode, name: string): string | undefined {
  const node = entries.findLast(({ key }) => key === name)?.value;
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

// ---------------------------------------------------------------- order

/**
 * `JSON.stringify` and `Object.entries` put keys that look like array indexes first: their places must come first too.
 */
function inOrder(node: MapNode): MapNode['entries'] {
  if (!node.entries.some(({ key }) => isIndex(key))) return node.entries;
  const indexes = node.entries.filter(({ key }) => isIndex(key)).sort((a, b) => Number(a.key) - Number(b.key));
  return [...indexes, ...node.entries.filter(({ key }) => !isIndex(key))];
}

function isIndex(key: string): boolean {
  const first = key.charCodeAt(0);
  if (!(first >= 0x30 && first <= 0x39)) return false;
  return /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}

/** A key named `__proto__` is a key like any other. */
function define(value: Record<string, PlainValue>, key: string, child: PlainValue): void {
  if (key !== '__proto__') value[key] = child;
  else Object.defineProperty(value, key, { value: child, enumerable: true, configurable: true, writable: true });
}
