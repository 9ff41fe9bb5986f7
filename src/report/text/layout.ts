import type { Paint, Tone } from '../paint.ts';

export interface TextOptions {
  readonly paint: Paint;
  /** Columns of the terminal. Without it (a pipe) no line is broken. */
  readonly width?: number | undefined;
  /** Also what did not decide. */
  readonly verbose?: boolean | undefined;
  /** In formats for programs that otherwise have only what is wrong: everything. */
  readonly everything?: boolean | undefined;
}

/** A piece of a line; a plain string has no tone. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

export interface TableLayout {
  readonly indent: number;
  /** Columns between cells; 2 unless told. */
  readonly gap?: number;
}

/** Narrower than this a column cannot be read: the text goes under its row instead. */
const NARROWEST = 28;

/** Rows with aligned columns. The last column is broken at spaces to fit the width; nothing is ever cut off. */
export function tableLines(rows: readonly (readonly Cell[])[], layout: TableLayout, options: TextOptions): string[] {
  const gap = ' '.repeat(layout.gap ?? 2);
  const widths = columnWidths(rows);
  const lead = layout.indent + sumOf(widths.slice(0, -1)) + gap.length * (widths.length - 1);
  const under = options.width !== undefined && options.width - lead < NARROWEST;
  const out: string[] = [];
  for (const row of rows) {
    const cells = row.slice(0, -1).map((cell, i) => painted(cell, widths[i]!, options.paint));
    const start = ' '.repeat(layout.indent) + cells.map((cell) => cell + gap).join('');
    const hang = under && cells.length > 0 ? layout.indent + 4 : lead;
    const tail = wrapped(row.at(-1) ?? '', hang, options);
    if (under && cells.length > 0) out.push(start.trimEnd(), ...tail.map((line) => ' '.repeat(hang) + line));
    else out.push((start + (tail[0] ?? '')).trimEnd(), ...tail.slice(1).map((line) => ' '.repeat(hang) + line));
  }
  return out;
}

/** One paragraph, broken at spaces to fit the width, each line indented. */
export function paragraphLines(cell: Cell, indent: number, options: TextOptions): string[] {
  return wrapped(cell, indent, options).map((line) => ' '.repeat(indent) + line);
}

/** Lines as they are, each indented. */
export function verbatimLines(lines: readonly string[], indent: number, options: TextOptions): string[] {
  return lines.map((line) => `${' '.repeat(indent)}${options.paint.dim('│')} ${line}`.trimEnd());
}

/** Columns that a terminal uses for the text: wide and full-width characters take two (Unicode UAX #11). */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text.replace(PAINTED, ''))
    width += WIDE.test(character) ? 2 : COMBINING.test(character) ? 0 : 1;
  return width;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /\p{Mn}/u;
/** Colours of `TERMINAL_PAINT`: input cannot hold them, its control characters are escaped. */
const PAINTED = /\u001b\[\d+m/g;

function columnWidths(rows: readonly (readonly Cell[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(textOf(cell)));
  }
  return widths;
}

function painted(cell: Cell, width: number, paint: Paint): string {
  const text = textOf(cell);
  return toned(cell, text, paint) + ' '.repeat(width - widthOf(text));
}

function wrapped(cell: Cell, indent: number, options: TextOptions): string[] {
  const room = options.width === undefined ? Number.POSITIVE_INFINITY : Math.max(options.width - indent, NARROWEST);
  const lines: string[] = [];
  let line = '';
  for (const word of textOf(cell).split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.map((each) => toned(cell, each, options.paint));
}

function toned(cell: Cell, text: string, paint: Paint): string {
  return typeof cell === 'string' ? text : paint[cell.tone](text);
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
