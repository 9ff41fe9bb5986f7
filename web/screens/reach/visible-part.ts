import { xmlText } from '#report/xml.ts';
import { csvLines } from '../../parts/csv.ts';
import type { Seat } from './axis.ts';
import { LOOKS, type Part, placedPath } from './looks.ts';
import { cellAtPlace } from './pair.ts';
import type { Palette } from './palette.ts';
import type { Matrix } from './use-matrix.ts';
import { type Viewport, visibleColumns, visibleRows } from './viewport.ts';

/** What is on screen, as it is taken along. */
export interface VisiblePart {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

export function visiblePart(view: Viewport): VisiblePart {
  const places = ({ first, end }: { first: number; end: number }) =>
    Array.from({ length: end - first }, (_, at) => first + at);
  return { rows: places(visibleRows(view)), columns: places(visibleColumns(view)) };
}

/** `from,to,cell`, a line for each cell; what a spreadsheet would take for a formula is quoted as text (CWE-1236). */
export function csvOf(matrix: Matrix, part: VisiblePart): string {
  const lines = [['from', 'to', 'cell']];
  for (const row of part.rows) {
    for (const column of part.columns) {
      const cell = cellAtPlace(matrix, { row, column });
      if (cell === undefined) continue;
      const { from, to } = endsOf(matrix, row, column);
      lines.push([from.name, to.name, LOOKS[cell].word]);
    }
  }
  return csvLines(lines);
}

/** A table of marks, with what they mean below. */
export function markdownOf(matrix: Matrix, part: VisiblePart): string {
  const seats = part.columns.map((column) => endsOf(matrix, part.rows[0] ?? 0, column).to);
  const out = [`| from ↓ to → | ${seats.map(({ name }) => markdownText(name)).join(' | ')} |`];
  out.push(`| --- |${' :-: |'.repeat(seats.length)}`);
  const used = new Map<string, string>();
  for (const row of part.rows) {
    const marks = part.columns.map((column) => {
      const cell = cellAtPlace(matrix, { row, column });
      if (cell === undefined) return '…';
      used.set(LOOKS[cell].mark, LOOKS[cell].word);
      return LOOKS[cell].mark;
    });
    out.push(`| ${markdownText(endsOf(matrix, row, part.columns[0] ?? 0).from.name)} | ${marks.join(' | ')} |`);
  }
  const words = [...used].filter(([mark]) => mark.trim() !== '').map(([mark, word]) => `${mark} ${word}`);
  return `${out.join('\n')}\n\n${words.join(' · ')}\n`;
}

function markdownText(text: string): string {
  return text.replaceAll(/[\\`*_|<>[\]]/g, String.raw`\$&`);
}

const SIZE = 16;
const NAMES = 190;

/** A drawing of its own: colours of the theme that is on, names in full. */
export function svgOf(matrix: Matrix, part: VisiblePart, palette: Palette): string {
  const width = NAMES + part.columns.length * SIZE + 20;
  const height = NAMES + part.rows.length * SIZE + 20;
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-sans-serif,system-ui,sans-serif" font-size="11">`,
    `<title>Who can reach whom</title><rect width="${width}" height="${height}" fill="${palette.ground}"/>`,
  ];
  for (const [at, row] of part.rows.entries()) {
    const { from } = endsOf(matrix, row, part.columns[0] ?? 0);
    const y = NAMES + at * SIZE;
    out.push(
      `<text x="${NAMES - 6}" y="${y + 12}" text-anchor="end" fill="${palette.ink}">${xmlText(from.name)}</text>`,
    );
  }
  for (const [at, column] of part.columns.entries()) {
    const { to } = endsOf(matrix, part.rows[0] ?? 0, column);
    const x = NAMES + at * SIZE + 12;
    out.push(
      `<text transform="translate(${x} ${NAMES - 6}) rotate(-90)" fill="${palette.ink}">${xmlText(to.name)}</text>`,
    );
  }
  for (const [form, path] of formsOf(matrix, part)) out.push(pathText(form, path, palette));
  return `${out.join('\n')}\n</svg>\n`;
}

function formsOf(matrix: Matrix, part: VisiblePart): Map<Part, string> {
  const paths = new Map<Part, string>();
  for (const [high, row] of part.rows.entries()) {
    for (const [wide, column] of part.columns.entries()) {
      const cell = cellAtPlace(matrix, { row, column });
      if (cell === undefined) continue;
      const at = { x: NAMES + wide * SIZE, y: NAMES + high * SIZE, size: SIZE };
      for (const form of LOOKS[cell].parts) paths.set(form, (paths.get(form) ?? '') + placedPath(form.path, at));
    }
  }
  return paths;
}

function pathText({ tone, how, faint }: Part, path: string, { tones }: Palette): string {
  const look = how === 'fill' ? `fill="${tones[tone]}"` : `fill="none" stroke="${tones[tone]}"`;
  return `<path ${look}${faint === true ? ' opacity=".55"' : ''} d="${path}"/>`;
}

function endsOf({ rows, columns }: Matrix, row: number, column: number): { readonly from: Seat; readonly to: Seat } {
  return { from: rows.seats[rows.places[row]!]!, to: columns.seats[columns.places[column]!]! };
}
