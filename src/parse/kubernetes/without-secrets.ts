import { MASK } from '#model/object.ts';
import { guardedFrame, KEY_LIKE, NOT_SHOWN } from '../text/guarded-frame.ts';
import type { Entry, MapNode, Node, ScalarNode, SourceText } from '../text/node.ts';
import { codeFrame, lineStartsOf, originAt } from '../text/positions.ts';
import { type DocumentsResult, readDocuments } from '../text/read-documents.ts';
import { markSecrets } from './secret-marks.ts';
import { namedKind } from './secret-names.ts';

/**
 * The text with every line that may hold a secret replaced, line for line, so that lines around a place can be printed.
 * Stricter than what the objects of a snapshot are cleaned by, because a line too many costs nothing here: whatever a name
 * calls a secret goes, each line of a value that goes, and comments that talk of secrets. Undefined where nothing may be
 * printed: the text was made from another one, is too big, or could not be read whole.
 */
export function withoutSecrets(source: SourceText, hidden = hiddenLines(source)): SourceText | undefined {
  if (hidden === undefined) return undefined;
  const lines = source.text.split('\n');
  const shown = lines.map((line, index) => (hidden.has(index) || isTelling(line) ? blankOf(line) : line));
  return { file: source.file, text: shown.join('\n'), lineStarts: startsOf(shown) };
}

/** Lines (from 0) on which the values of secrets stand, for who has read the text already. Undefined as `withoutSecrets`. */
export function hiddenLines(source: SourceText, read?: DocumentsResult): ReadonlySet<number> | undefined {
  if (source.originAt !== undefined || source.text.length > MOST_READ) return undefined;
  const { documents, diagnostics } = read ?? readDocuments(source);
  if (diagnostics.length > 0 || !documents.every(({ root }) => isStructure(root))) return undefined;
  const starts = lineStartsOf(source);
  const hidden = new Set<number>();
  for (const { start, end } of hiddenIn(documents)) {
    for (let line = lineAt(starts, start); line < starts.length && starts[line]! < Math.max(end, start + 1); line++)
      hidden.add(line);
  }
  return hidden;
}

const CLEANED = new WeakMap<SourceText, SourceText | 'as-it-is'>();

/**
 * The lines around a place with those that may hold a secret blanked. Where that cannot be told (a text that was made from
 * another one, a dump, a file that could not be read whole), each line is judged by its own words.
 */
export function frameWithoutSecrets(source: SourceText, offset: number, length: number): string {
  const cleaned = CLEANED.get(source) ?? withoutSecrets(source) ?? 'as-it-is';
  CLEANED.set(source, cleaned);
  if (cleaned === 'as-it-is') return guardedFrame(source, offset, length);
  const { line, column } = originAt(source, offset);
  const start = cleaned.lineStarts?.[line - 1] ?? 0;
  const end = cleaned.text.indexOf('\n', start);
  const width = (end < 0 ? cleaned.text.length : end) - start;
  return codeFrame(cleaned, start + Math.min(column - 1, width), length);
}

/** A part of a text that is not shown. */
export interface Hidden {
  readonly start: number;
  readonly end: number;
  readonly node: Node;
  /** What is looked at by a reader of the object in its place: the name of the key, the variable or the flag. */
  readonly field: string;
  /** Whether it is a value of a Secret. */
  readonly ofSecret: boolean;
}

/** Everything in the documents that may hold a secret, in the order of the text but for what is written twice. */
export function hiddenIn(documents: readonly { readonly root: Node }[]): readonly Hidden[] {
  const hidden: Hidden[] = [];
  const hide = (one: Hidden) => hidden.push(one);
  for (const { root } of documents) walk(root, { hide, isSecret: false, named: false, field: '' });
  return hidden;
}

/** Programs and prose are one long text to a reader of YAML. */
export function isStructure(root: Node): boolean {
  return root.kind !== 'scalar' || root.value === null;
}

/** Larger files are dumps: nobody reads lines of them. */
const MOST_READ = 1 << 20;

interface Looking {
  readonly hide: (one: Hidden) => void;
  /** Whether this is in a Secret, or a list of them. */
  readonly isSecret: boolean;
  /** Whether something above is called a secret. */
  readonly named: boolean;
  /** Name of the variable, the flag or the key. */
  readonly field: string;
}

function walk(node: Node, looking: Looking): void {
  switch (node.kind) {
    case 'scalar':
      if (isHidden(node, looking))
        looking.hide({ start: node.start, end: node.end, node, field: looking.field, ofSecret: false });
      return;
    case 'seq':
      for (const [index, item] of node.items.entries()) {
        const flag = textOf(node.items[index - 1]);
        const field = flag?.startsWith('-') === true ? flag : looking.field;
        walk(item, { ...looking, field, named: looking.named || isNamed(field) });
      }
      return;
    case 'map':
      walkMap(node, looking);
  }
}

function walkMap(node: MapNode, looking: Looking): void {
  const isSecret = looking.isSecret || (textOf(valueOf(node, 'kind'))?.includes('Secret') ?? false);
  for (const entry of node.entries) {
    const ofSecret = isSecret && SECRET_PARTS.has(entry.key);
    if (ofSecret || isRepeated(entry)) {
      const { key: field, keyStart: start, value } = entry;
      looking.hide({ start, end: value.end, node: value, field, ofSecret });
    } else {
      const field = entry.key === 'value' ? (textOf(valueOf(node, 'name')) ?? entry.key) : entry.key;
      const named = entry.value.kind === 'scalar' ? isNamed(field) : false;
      walk(entry.value, { ...looking, isSecret, field, named: named || looking.named });
    }
  }
}

const SECRET_PARTS: ReadonlySet<string> = new Set(['data', 'stringData']);

/** kubectl and the API server keep the whole manifest there again. */
function isRepeated({ key }: Entry): boolean {
  return key === 'managedFields' || key.endsWith('/last-applied-configuration');
}

function isHidden({ value }: ScalarNode, { named, field }: Looking): boolean {
  if (typeof value !== 'string') return named && value !== null && typeof value !== 'boolean';
  if (value.includes(MASK)) return true;
  return (named && value !== '') || markSecrets(value, { field }) !== value || KEY_LIKE.test(value);
}

/** In lists and mappings the name of the whole counts for each of its texts. */
function isNamed(field: string): boolean {
  return namedKind(field.replace(/^--?/, '').replace(/=.*$/s, '')) !== undefined;
}

function valueOf({ entries }: MapNode, key: string): Node | undefined {
  return entries.findLast((entry) => entry.key === key)?.value;
}

function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** Comments are in no document. */
function isTelling(line: string): boolean {
  return tellingAt(line) !== undefined;
}

/** Where in a line what looks like a comment begins, when it talks of secrets. */
export function tellingAt(line: string): number | undefined {
  const found = /(?:^|\s)(?=#)/.exec(line);
  if (found === null) return undefined;
  const at = found.index + found[0].length;
  const comment = line.slice(at);
  return /pass|pwd|secret|token|key|credential/i.test(comment) || KEY_LIKE.test(comment) ? at : undefined;
}

function blankOf(line: string): string {
  return `${/^\s*/.exec(line)![0]}${NOT_SHOWN}`;
}

function startsOf(lines: readonly string[]): readonly number[] {
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
