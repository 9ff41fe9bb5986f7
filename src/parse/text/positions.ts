import { escapeControl } from '#base/escape.ts';
import type { Origin } from '#model/origin.ts';
import type { SourceText } from './node.ts';

/** The line and column (both from 1, the column in UTF-16 units) of an offset into the source's text. */
export function originAt(source: SourceText, offset: number): Origin {
  if (source.originAt !== undefined) return source.originAt(offset);
  const starts = lineStartsOf(source);
  const at = clamp(offset, 0, source.text.length);
  const line = lineIndexAt(starts, at);
  return { file: source.file, line: line + 1, column: at - starts[line]! + 1 };
}

/** The origin of an offset into one source. Keeps where its lines begin, and not its text. */
export type Locate = (offset: number) => Origin;

const LOCATORS = new WeakMap<SourceText, Locate>();

export function locatorOf(source: SourceText): Locate {
  const known = LOCATORS.get(source);
  if (known !== undefined) return known;
  const locate = source.originAt ?? locatorIn(source.file, lineStartsOf(source));
  LOCATORS.set(source, locate);
  return locate;
}

function locatorIn(file: string, starts: readonly number[]): Locate {
  return (offset) => {
    const line = lineIndexAt(starts, offset);
    return { file, line: line + 1, column: offset - starts[line]! + 1 };
  };
}

/**
 * The line of the offset with the one before and the one after, numbered, and a line of carets under `length`
 * characters. Long lines are clipped around the column. Every character that could disturb a terminal is escaped.
 */
export function codeFrame(source: SourceText, offset: number, length = 1): string {
  const starts = lineStartsOf(source);
  const at = clamp(offset, 0, source.text.length);
  const line = lineIndexAt(starts, at);
  const column = at - starts[line]!;
  const last = Math.min(line + 1, starts.length - 1);
  const width = String(last + 1).length;
  const view: View = { source, starts, from: Math.max(0, column - CLIP_BEFORE) };
  if (source.originAt !== undefined) return madeFrame(view, line, { column, length, number: source.originAt(at).line });
  const out: string[] = [];
  for (let i = Math.max(0, line - 1); i <= last; i++) {
    const marker = i === line ? '>' : ' ';
    out.push(`${marker} ${String(i + 1).padStart(width)} | ${clippedLine(view, i)}`.trimEnd());
    if (i === line) out.push(`${' '.repeat(width + 2)} | ${caretLine(view, line, { column, length })}`);
  }
  return out.join('\n');
}

/** Of a text that was made from another one: the line alone, with its number there. Its neighbours stood elsewhere. */
function madeFrame(view: View, line: number, caret: Caret & { readonly number: number }): string {
  const width = String(caret.number).length;
  const lines = [
    `> ${caret.number} | ${clippedLine(view, line)}`,
    `${' '.repeat(width + 2)} | ${caretLine(view, line, caret)}`,
  ];
  return lines.join('\n');
}

const CLIP_WIDTH = 100;
const CLIP_BEFORE = 60;

/** The part of every line that a frame shows begins at column `from`. */
interface View {
  readonly source: SourceText;
  readonly starts: readonly number[];
  readonly from: number;
}

interface Caret {
  readonly column: number;
  readonly length: number;
}

/** Offsets of the first character of each line. */
export function lineStartsOf(source: SourceText): readonly number[] {
  if (source.lineStarts !== undefined) return source.lineStarts;
  const starts = [0];
  for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', at + 1)) starts.push(at + 1);
  source.lineStarts = starts;
  return starts;
}

function lineIndexAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The part of a line that a frame shows, before it is made printable. */
function visiblePart(view: View, line: number): string {
  const { source, starts, from } = view;
  const start = starts[line]!;
  const next = starts[line + 1];
  let end = next === undefined ? source.text.length : next - 1;
  if (end > start && source.text[end - 1] === '\r') end--;
  return source.text.slice(Math.min(start + from, end), Math.min(start + from + CLIP_WIDTH, end));
}

function clippedLine(view: View, line: number): string {
  const { source, starts, from } = view;
  const part = visiblePart(view, line);
  const next = starts[line + 1] ?? source.text.length + 1;
  const cut = starts[line]! + from + CLIP_WIDTH < next - 1;
  return `${from > 0 ? '…' : ''}${printable(part)}${cut ? '…' : ''}`;
}

function caretLine(view: View, line: number, caret: Caret): string {
  const { from } = view;
  const part = visiblePart(view, line);
  const before = printable(part.slice(0, caret.column - from)).length + (from > 0 ? 1 : 0);
  const marked = printable(part.slice(caret.column - from, caret.column - from + caret.length)).length;
  return `${' '.repeat(before)}${'^'.repeat(Math.max(1, marked))}`;
}

/** One column for a tab, so that the caret stands under its character. */
function printable(text: string): string {
  return escapeControl(text.replaceAll('\t', ' '));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
