import type { FieldEdit } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import { isPlainObject, type PlainObject, type PlainValue } from '#model/plain.ts';
import type { Entry, MapNode, Node, SeqNode, SourceText } from '../text/node.ts';
import { yamlText } from '../text/print-yaml.ts';
import { readDocuments } from '../text/read-documents.ts';
import { applyEdits } from './apply-edits.ts';

/** Finds the mapping to edit among the documents of a text. */
export type FindObject = (roots: readonly Node[]) => MapNode | undefined;

/**
 * The text with one object edited: nothing but the lines of the edited fields changes, comments and layout stay. What comes
 * out is read again; where it is not exactly what was meant (aliases, odd layouts), undefined.
 */
export function editText(source: SourceText, find: FindObject, edits: readonly FieldEdit[]): string | undefined {
  let text = source.text;
  for (const edit of edits) {
    const next = editOnce({ ...sourceOf(source, text) }, find, edit);
    if (next === undefined) return undefined;
    text = next;
  }
  return text;
}

function sourceOf({ file }: SourceText, text: string): SourceText {
  return { file, text };
}

function editOnce(source: SourceText, find: FindObject, edit: FieldEdit): string | undefined {
  const roots = rootsOf(source);
  const root = find(roots);
  if (root === undefined) return undefined;
  const splice = spliceFor(source.text, root, edit);
  if (splice === undefined) return undefined;
  const text = source.text.slice(0, splice.from) + splice.text + source.text.slice(splice.to);
  const after = rootsOf(sourceOf(source, text));
  const before = plainOf(root);
  if (after.length !== roots.length || !isPlainObject(before)) return undefined;
  const put: Put = { at: root, value: applyEdits(before, [edit]) };
  return roots.every((each, index) => isSame(plainOf(each, put), plainOf(after[index]!))) ? text : undefined;
}

/** A node that another value takes the place of. */
interface Put {
  readonly at: Node;
  readonly value: PlainValue;
}

function rootsOf(source: SourceText): readonly Node[] {
  return readDocuments(source).documents.map(({ root }) => root);
}

function plainOf(node: Node, put?: Put): PlainValue {
  if (node === put?.at) return put.value;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'seq') return node.items.map((item) => plainOf(item, put));
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainOf(value, put)]));
}

/** Whatever the order of keys. */
function isSame(a: PlainValue | undefined, b: PlainValue | undefined): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, index) => isSame(each, b[index]))
    );
  }
  const [one, other] = [a as PlainObject, b as PlainObject];
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
  );
}

// ---------------------------------------------------------------- where and what

interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** What a path leads to, as far as it is written. */
interface Reached {
  readonly node: Node;
  /** How the node is held; absent for the root. */
  readonly held?:
    | { readonly parent: MapNode; readonly entry: Entry }
    | { readonly list: SeqNode; readonly index: number };
  /** What is not written. */
  readonly rest: FieldPath;
}

function spliceFor(text: string, root: MapNode, edit: FieldEdit): Splice | undefined {
  const reached = reach(root, edit.path);
  if (edit.op === 'remove') return reached.rest.length > 0 ? { from: 0, to: 0, text: '' } : removal(text, reached);
  if (edit.op === 'append') return appending(text, reached, edit.value);
  if (reached.rest.length === 0) return replacing(text, reached, edit.value);
  const [step] = reached.rest;
  const value = wrapped(reached.rest.slice(1), edit.value);
  if (typeof step === 'number') return reached.node.kind === 'seq' ? addItem(text, reached, value) : undefined;
  return step === undefined ? undefined : addEntry(text, reached, { key: step, value });
}

function reach(root: MapNode, path: FieldPath): Reached {
  let at: Reached = { node: root, rest: path };
  while (at.rest.length > 0) {
    const [step, ...rest] = at.rest;
    const { node } = at;
    if (node.kind === 'map') {
      const entry = node.entries.findLast(({ key }) => key === step);
      if (entry === undefined) return at;
      at = { node: entry.value, held: { parent: node, entry }, rest };
    } else if (node.kind === 'seq' && typeof step === 'number' && node.items[step] !== undefined) {
      at = { node: node.items[step], held: { list: node, index: step }, rest };
    } else return at;
  }
  return at;
}

function wrapped(path: FieldPath, value: PlainValue): PlainValue {
  let out = value;
  for (const step of [...path].reverse()) out = typeof step === 'number' ? [out] : { [step]: out };
  return out;
}

function appending(text: string, reached: Reached, value: PlainValue): Splice | undefined {
  if (reached.rest.length === 0 && reached.node.kind === 'seq') return addItem(text, reached, value);
  if (reached.rest.length === 0) return replacing(text, reached, [value]);
  const [step, ...rest] = reached.rest;
  return typeof step === 'string' ? addEntry(text, reached, { key: step, value: wrapped(rest, [value]) }) : undefined;
}

// ---------------------------------------------------------------- layout

function isFlow(text: string, { kind, start }: Node): boolean {
  return kind !== 'scalar' && (text[start] === '{' || text[start] === '[');
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

/** Where what was written of a node ends, without comments behind it. */
function contentEnd(text: string, node: Node): number {
  if (node.kind === 'scalar' || isFlow(text, node)) return trimmed(text, node.start, node.end);
  const last = node.kind === 'map' ? node.entries.at(-1) : undefined;
  if (last !== undefined) return Math.max(contentEnd(text, last.value), colonOf(text, last) + 1);
  return node.kind === 'seq' && node.items.length > 0 ? contentEnd(text, node.items.at(-1)!) : node.end;
}

function trimmed(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text[at - 1]!)) at--;
  return at;
}

function colonOf(text: string, { keyStart }: Entry): number {
  const quote = text[keyStart];
  const from = quote === '"' || quote === "'" ? text.indexOf(quote, keyStart + 1) : keyStart;
  return text.indexOf(':', from);
}

/** A value as lines of block YAML, each after the first indented by so many columns. */
function blockLines(value: PlainValue, indent: number): string {
  const lines = [...yamlText(value)].join('').trimEnd().split('\n');
  return lines.join(`\n${' '.repeat(indent)}`);
}

function isCollection(value: PlainValue): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function entryText(key: string, value: PlainValue, indent: number): string {
  return blockLines({ [key]: value }, indent);
}

// ---------------------------------------------------------------- edits

function replacing(text: string, { node, held }: Reached, value: PlainValue): Splice | undefined {
  if (held === undefined) return undefined;
  const end = contentEnd(text, node);
  const isInline = isFlow(text, node) || isInFlow(text, held);
  if (isInline || (node.kind === 'scalar' && !isCollection(value))) {
    const from = valueStart(text, node, held);
    const shown = isInline ? JSON.stringify(value) : blockLines(value, 0);
    return { from, to: Math.max(from, end), text: text[from - 1] === ':' ? ` ${shown}` : shown };
  }
  if (!('entry' in held)) return { from: node.start, to: end, text: blockLines(value, columnOf(text, node.start)) };
  const colon = colonOf(text, held.entry);
  const indent = columnOf(text, held.entry.keyStart) + 2;
  const shown = isCollection(value)
    ? `\n${' '.repeat(indent)}${blockLines(value, indent)}`
    : ` ${blockLines(value, 0)}`;
  return { from: colon + 1, to: Math.max(colon + 1, end), text: shown };
}

/** Behind the colon where the value has a tag, an anchor or the sign of a block before it. */
function valueStart(text: string, node: Node, held: NonNullable<Reached['held']>): number {
  if (!('entry' in held)) return node.start;
  const behind = colonOf(text, held.entry) + 1;
  return node.start > behind && text.slice(behind, node.start).trim() === '' && node.start < lineEnd(text, behind)
    ? node.start
    : behind;
}

function isInFlow(text: string, held: NonNullable<Reached['held']>): boolean {
  return isFlow(text, 'entry' in held ? held.parent : held.list);
}

interface NewEntry {
  readonly key: string;
  readonly value: PlainValue;
}

function addEntry(text: string, reached: Reached, { key, value }: NewEntry): Splice | undefined {
  const { node } = reached;
  if (node.kind === 'scalar') return node.value === null ? replacing(text, reached, { [key]: value }) : undefined;
  if (node.kind === 'seq') return undefined;
  if (isFlow(text, node)) return addInFlow(text, node, `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const first = node.entries[0];
  if (first === undefined) return undefined;
  const indent = columnOf(text, first.keyStart);
  const at = lineEnd(text, contentEnd(text, node));
  return { from: at, to: at, text: `\n${' '.repeat(indent)}${entryText(key, value, indent)}` };
}

function addItem(text: string, { node }: Reached, value: PlainValue): Splice | undefined {
  if (node.kind !== 'seq') return undefined;
  if (isFlow(text, node)) return addInFlow(text, node, JSON.stringify(value));
  const first = node.items[0];
  if (first === undefined) return undefined;
  const dash = text.lastIndexOf('-', first.start - 1);
  const indent = columnOf(text, dash);
  const at = lineEnd(text, contentEnd(text, node));
  return { from: at, to: at, text: `\n${' '.repeat(indent)}- ${blockLines(value, indent + 2)}` };
}

/** Before the closing bracket, on a line of its own where the others have theirs. */
function addInFlow(text: string, node: MapNode | SeqNode, shown: string): Splice {
  const children = node.kind === 'map' ? node.entries.map(({ value }) => value) : node.items;
  const last = children.at(-1);
  if (last === undefined) return { from: node.start + 1, to: node.start + 1, text: shown };
  const at = contentEnd(text, last);
  const begin = node.kind === 'map' ? node.entries.at(-1)!.keyStart : last.start;
  const lineStart = text.lastIndexOf('\n', begin - 1) + 1;
  const isAlone = lineStart > node.start && text.slice(lineStart, begin).trim() === '';
  return { from: at, to: at, text: isAlone ? `,\n${text.slice(lineStart, begin)}${shown}` : `, ${shown}` };
}

function removal(text: string, { node, held }: Reached): Splice | undefined {
  if (held === undefined) return undefined;
  const begin = 'entry' in held ? held.entry.keyStart : itemStart(text, held.list, node);
  const siblings = 'entry' in held ? held.parent.entries.length : held.list.items.length;
  const end = Math.max(contentEnd(text, node), 'entry' in held ? colonOf(text, held.entry) + 1 : 0);
  if (siblings === 1) return undefined;
  if (isInFlow(text, held)) return withoutComma(text, begin, end);
  const lineStart = text.lastIndexOf('\n', begin - 1) + 1;
  if (text.slice(lineStart, begin).trim() === '')
    return { from: lineStart, to: Math.min(text.length, lineEnd(text, end) + 1), text: '' };
  // The first field of an item stands behind its dash: the next one takes its place.
  if (!('entry' in held)) return undefined;
  const next = held.parent.entries[held.parent.entries.indexOf(held.entry) + 1];
  return next === undefined ? undefined : { from: begin, to: next.keyStart, text: '' };
}

function itemStart(text: string, list: SeqNode, node: Node): number {
  return isFlow(text, list) ? node.start : text.lastIndexOf('-', node.start - 1);
}

function withoutComma(text: string, begin: number, end: number): Splice {
  const after = /^\s*,\s*/.exec(text.slice(end));
  if (after !== null) return { from: begin, to: end + after[0].length, text: '' };
  const before = /,\s*$/.exec(text.slice(0, begin));
  return { from: begin - (before?.[0].length ?? 0), to: end, text: '' };
}
