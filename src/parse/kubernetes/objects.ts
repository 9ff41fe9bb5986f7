import type { Origin } from '#model/origin.ts';
import type { MapNode, Node, ScalarValue, SourceText } from '../text/node.ts';
import { originAt } from '../text/positions.ts';
import type { FieldSupport } from './field-support.ts';
import { type FieldTree, fieldTree } from './field-tree.ts';
import { supportTable } from './fields.ts';
import { concerns } from './kind-entry.ts';
import { isKnownKindName, kindOf } from './kinds.ts';
import { type Identity, identityOf, itemsOf, type KindName, strictFields } from './object.ts';

export type Value = ScalarValue | readonly Value[] | { readonly [key: string]: Value };

/** One object with the fields that are read, and where each stood. */
export interface ReadObject {
  readonly value: Value;
  /** Of every value and key, in order. */
  readonly offsets: readonly number[];
  readonly originAt: (offset: number) => Origin;
}

/**
 * The objects of a document that a snapshot is made of, lists opened, without the fields that have no say (see the table
 * of fields). Reading what is left gives the same snapshot. Objects that would be refused are among them.
 */
export function* readObjects(source: SourceText, root: Node): Generator<ReadObject> {
  if (root.kind === 'map') yield* objectsOf(source, root, {});
}

type Inherited = Pick<Partial<Identity>, 'apiVersion' | 'kind'>;

function* objectsOf(source: SourceText, root: MapNode, inherited: Inherited): Generator<ReadObject> {
  const found = identityOf(root);
  const apiVersion = found.apiVersion ?? inherited.apiVersion;
  const kind = found.kind ?? inherited.kind;
  const items = itemsOf(root, kind);
  if (items === undefined) {
    const wanted = wantedOf(apiVersion, kind, found);
    if (wanted !== undefined) yield copyOf(source, root, { wanted, apiVersion, kind, found });
    return;
  }
  const own = kind === 'List' ? {} : { apiVersion, kind: kind?.slice(0, -'List'.length) };
  for (const item of items) if (item.kind === 'map') yield* objectsOf(source, item, own);
}

/** Which fields to keep; undefined for an object that no snapshot counts. */
function wantedOf(apiVersion: string | undefined, kind: string | undefined, found: Identity): Wanted | undefined {
  if (apiVersion?.startsWith('ringfence.dev/') && kind === 'Invariants') return { fields: WHOLE, strict: undefined };
  if (apiVersion === undefined || kind === undefined) {
    const meant =
      kind !== undefined ? isKnownKindName(kind) && found.hasMetadata : apiVersion !== undefined && found.name !== '';
    return meant ? { fields: NAME_ONLY, strict: undefined } : undefined;
  }
  const entry = kindOf(apiVersion, kind);
  if (entry === undefined || (entry !== 'unknown-version' && !concerns(entry, found.name))) return undefined;
  if (entry === 'unknown-version') return { fields: NAME_ONLY, strict: undefined };
  return { fields: treeOf(entry), strict: strictFields(entry) };
}

interface Wanted {
  readonly fields: FieldTree;
  /** All known fields of a kind whose unknown fields matter: those are kept. */
  readonly strict: FieldTree | undefined;
}

const WHOLE: FieldTree = { children: new Map(), open: true };
const NAME = { children: new Map(), open: false };
const NAME_ONLY: FieldTree = {
  open: false,
  children: new Map<string, FieldTree>([
    ['apiVersion', NAME],
    ['kind', NAME],
    [
      'metadata',
      {
        open: false,
        children: new Map([
          ['name', NAME],
          ['namespace', NAME],
        ]),
      },
    ],
  ]),
};

const TREES = new Map<string, FieldTree>();

function treeOf({ group, kind }: KindName): FieldTree {
  const name = `${group}/${kind}`;
  let tree = TREES.get(name);
  if (tree === undefined) {
    tree = fieldTree(supportTable().filter((line) => line.group === group && line.kind === kind && isKept(line)));
    TREES.set(name, tree);
  }
  return tree;
}

/** Of policies the whole `spec` is kept: names of rules have no say, and explanations tell them. */
function isKept({ group, kind, path, state }: FieldSupport): boolean {
  return state !== 'harmless' || (strictFields({ group, kind }) !== undefined && path.startsWith('spec'));
}

interface Copying {
  readonly wanted: Wanted;
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly found: Identity;
}

function copyOf(source: SourceText, root: MapNode, { wanted, apiVersion, kind, found }: Copying): ReadObject {
  const offsets: number[] = [root.start];
  const value: Record<string, Value> = {};
  // The API server leaves both out of the items of a typed list; an object by itself needs them.
  const missing = { ...(found.apiVersion === undefined && { apiVersion }), ...(found.kind === undefined && { kind }) };
  for (const [key, text] of Object.entries(missing)) {
    if (text === undefined) continue;
    value[key] = text;
    offsets.push(root.start, root.start);
  }
  copyEntries({ offsets, value }, root, wanted);
  return { value, offsets, originAt: (offset) => originAt(source, offset) };
}

interface Target {
  readonly offsets: number[];
  readonly value: Record<string, Value>;
}

function copyEntries({ offsets, value }: Target, node: MapNode, wanted: Wanted): void {
  for (const { key, keyStart, value: child } of inOrder(node)) {
    const inner = fieldBelow(wanted, key);
    if (inner === undefined || key === LAST_APPLIED) continue;
    offsets.push(keyStart);
    define(value, key, copy(child, inner, offsets));
  }
}

/**
 * `JSON.stringify` and `Object.entries` put keys that look like array indexes first: their places must come first too.
 */
function inOrder(node: MapNode): MapNode['entries'] {
  if (!node.entries.some(({ key }) => isIndex(key))) return node.entries;
  const indexes = node.entries.filter(({ key }) => isIndex(key)).sort((a, b) => Number(a.key) - Number(b.key));
  return [...indexes, ...node.entries.filter(({ key }) => !isIndex(key))];
}

function isIndex(key: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}

/** A key named `__proto__` is a key like any other. */
function define(value: Record<string, Value>, key: string, child: Value): void {
  Object.defineProperty(value, key, { value: child, enumerable: true, configurable: true, writable: true });
}

/** kubectl keeps the whole manifest in it, with whatever it held. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const EVERYTHING: Wanted = { fields: WHOLE, strict: undefined };

function fieldBelow({ fields, strict }: Wanted, key: string): Wanted | undefined {
  const child = fields.children.get(key);
  const known = strict?.children.get(key);
  if (child !== undefined) return child.children.size === 0 ? EVERYTHING : { fields: child, strict: known };
  if (fields.open) return EVERYTHING;
  return strict !== undefined && known === undefined && !strict.open ? EVERYTHING : undefined;
}

function copy(node: Node, wanted: Wanted, offsets: number[]): Value {
  offsets.push(node.start);
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'seq') return node.items.map((item) => copy(item, wanted, offsets));
  const value: Record<string, Value> = {};
  copyEntries({ offsets, value }, node, wanted);
  return value;
}
