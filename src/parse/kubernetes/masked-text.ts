import type { Diagnostic } from '#model/diagnostic.ts';
import { DROPPED, MASK, secretKindIn, secretMark } from '#model/object.ts';
import type { Node, ScalarNode, SourceText } from '../text/node.ts';
import { readDocuments } from '../text/read-documents.ts';
import { markSecrets } from './secret-marks.ts';
import { type Hidden, hiddenIn, isStructure, tellingAt } from './without-secrets.ts';

/** A text to work on, of which nothing that may hold a secret is left. */
export interface MaskedText {
  /** Of as many lines as the text, which says the same but for what is hidden. */
  readonly text: string;
  /** Numbers of the lines of which something is hidden, from 1, rising. */
  readonly lines: readonly number[];
  /** The offset in `text` of what stands at an offset of the text that was given. */
  readonly shifted: (offset: number) => number;
}

/**
 * What `withoutSecrets` does not show is replaced value by value, by the marks that objects have in its place, so that the
 * text reads as it did. Undefined where that cannot be told: what cannot be read whole may hold a secret anywhere.
 */
export function maskedText(source: SourceText): MaskedText | undefined {
  const { documents, diagnostics } = readDocuments({ file: source.file, text: source.text });
  if (diagnostics.some(isUnread) || !documents.every(({ root }) => isStructure(root))) return undefined;
  const masks = [...valueMasks(source.text, hiddenIn(documents)), ...commentMasks(source.text, scalarsIn(documents))];
  const masked = replaced(source.text, masks);
  const again = readDocuments({ file: source.file, text: masked.text });
  return !again.diagnostics.some(isUnread) && again.documents.length === documents.length ? masked : undefined;
}

/** Whether a part of the text was left out; templates are no more than a warning. */
function isUnread({ severity, code }: Diagnostic): boolean {
  return severity === 'error' || code === 'RF1001';
}

/** Something that stands in the place of something else, on as many lines. */
interface Mask {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function* valueMasks(text: string, hidden: readonly Hidden[]): Generator<Mask> {
  for (const { node, field, ofSecret } of hidden) {
    for (const scalar of scalarsOf(node)) {
      if (scalar.start >= scalar.end || scalar.value === null || scalar.value === '') continue;
      yield { ...extentOf(scalar), text: maskOf(text.slice(scalar.start, scalar.end), scalar, { field, ofSecret }) };
    }
  }
}

function extentOf({ start, end }: ScalarNode): Pick<Mask, 'start' | 'end'> {
  return { start, end };
}

function maskOf(
  written: string,
  { value }: ScalarNode,
  { field, ofSecret }: Pick<Hidden, 'field' | 'ofSecret'>,
): string {
  const marked = typeof value === 'string' && !value.includes('\n') ? markSecrets(value, { field }) : value;
  const isKnown = typeof marked === 'string' && (marked !== value || isMark(marked));
  const mark = ofSecret ? DROPPED : isKnown ? marked : MASK;
  if (/^[ \t]/.test(written)) return inBlock(written, mark);
  const [, ...others] = written.split('\n');
  // A backslash before the end of a line goes on without a break (YAML 1.2 §7.3.1).
  return `${JSON.stringify(mark).slice(0, -1)}${others.map((line) => `\\\n${indentOf(line)}`).join('')}"`;
}

/** What was hidden before stays hidden as it was. */
function isMark(text: string): boolean {
  const kind = secretKindIn(text);
  return text === DROPPED || (kind !== undefined && text === secretMark(kind));
}

/** The lines of a block scalar keep their indentation, by which the block is one. */
function inBlock(written: string, mark: string): string {
  return written
    .split('\n')
    .map((line) => (line.trim() === '' ? line : `${indentOf(line)}${mark}${line.endsWith('\r') ? '\r' : ''}`))
    .join('\n');
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)![0];
}

/** What looks like a comment within a value is no comment: the value is hidden itself where it has to be. */
function* commentMasks(text: string, scalars: readonly ScalarNode[]): Generator<Mask> {
  const values = scalars.toSorted((a, b) => a.start - b.start);
  let at = 0;
  let start = 0;
  for (const line of text.split('\n')) {
    const found = tellingAt(line);
    if (found !== undefined) {
      const from = start + found;
      while (at < values.length && values[at]!.end <= from) at++;
      const isInValue = at < values.length && values[at]!.start <= from;
      const end = start + line.replace(/\r$/, '').length;
      if (!isInValue) yield { start: from, end, text: `# ${MASK}` };
    }
    start += line.length + 1;
  }
}

function scalarsIn(documents: readonly { readonly root: Node }[]): readonly ScalarNode[] {
  return documents.flatMap(({ root }) => [...scalarsOf(root)]);
}

function* scalarsOf(node: Node): Generator<ScalarNode> {
  if (node.kind === 'scalar') yield node;
  else if (node.kind === 'seq') for (const item of node.items) yield* scalarsOf(item);
  else for (const { value } of node.entries) yield* scalarsOf(value);
}

function replaced(text: string, masks: readonly Mask[]): MaskedText {
  const ordered = masks.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const parts: string[] = [];
  const lines = new Set<number>();
  /** Where the text goes on as it was after each mask: there, and here. */
  const steps: (readonly [number, number])[] = [];
  let done = 0;
  let length = 0;
  let line = 1;
  const push = (part: string) => {
    parts.push(part);
    length += part.length;
    line += breaksIn(part);
  };
  for (const mask of ordered) {
    // A value that is written once and meant twice is one mask.
    if (mask.start < done) continue;
    push(text.slice(done, mask.start));
    for (let own = line; own <= line + breaksIn(mask.text.replace(/\n[ \t]*$/, '')); own++) lines.add(own);
    push(mask.text);
    done = mask.end;
    steps.push([done, length]);
  }
  push(text.slice(done));
  return { text: parts.join(''), lines: [...lines], shifted: (offset) => shiftedBy(steps, offset) };
}

function breaksIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function shiftedBy(steps: readonly (readonly [number, number])[], offset: number): number {
  const step = steps.findLast(([there]) => there <= offset);
  return step === undefined ? offset : offset - step[0] + step[1];
}
