import { escapeControl } from '#base/escape.ts';
import { xmlText } from '../xml.ts';
import { CLOSE_SVG, openSvg, px, textAt } from './svg.ts';

/** Rows are sources, columns destinations, both in the order of `ends`; neighbours of one group stand together. */
export interface Matrix {
  readonly title: string;
  readonly desc: string;
  /** Said under the title: what was folded. */
  readonly note: string;
  readonly ends: readonly MatrixEnd[];
  readonly cells: ReadonlyMap<string, MatrixCell>;
  readonly legend: readonly { readonly state: CellState; readonly text: string }[];
}

export interface MatrixEnd {
  readonly id: string;
  readonly label: string;
  readonly group: string;
}

/** `full` all traffic, `part` some of it; changes are of their own kinds. */
export type CellState = 'full' | 'part' | 'unknown' | 'opened' | 'closed' | 'unsettled';

export interface MatrixCell {
  readonly state: CellState;
  readonly text: string;
}

/** The key of a cell. */
export function cellKey(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

const SIZE = 16;
const MARGIN = 20;
const HEAD = 104;
/** A longer name is cut in the middle; its whole is in the title of every cell. */
const MOST = 34;

/** Any number of pairs at one glance. Each state has a form of its own, so that colour is never alone. */
export function* matrixSvg(matrix: Matrix): Generator<string> {
  const longest = Math.max(0, ...matrix.ends.map((end) => shorten(end.label).length));
  const side = Math.ceil(longest * 6.8) + 12;
  const left = MARGIN + side;
  const top = HEAD + side;
  const span = matrix.ends.length * SIZE;
  const width = Math.max(left + span + MARGIN, 640);
  yield openSvg({ title: matrix.title, desc: matrix.desc, width, height: top + span + MARGIN });
  yield headText(matrix);
  yield* labelsText(matrix, { left, top });
  yield linesText(matrix, { left, top });
  yield* cellsText(matrix, { left, top });
  yield CLOSE_SVG;
}

interface Corner {
  readonly left: number;
  readonly top: number;
}

function headText(matrix: Matrix): string {
  const out = [
    textAt(matrix.title, { x: MARGIN, y: 34, class: 't' }),
    textAt(matrix.note, { x: MARGIN, y: 56, class: 'q' }),
  ];
  let x = MARGIN;
  for (const { state, text } of matrix.legend) {
    out.push(`<path d="${shapeOf(state, { x, y: 72 })}" class="${LOOKS[state]}"/>`);
    out.push(textAt(text, { x: x + 22, y: 84, class: 'q' }));
    x += 22 + text.length * 6.6 + 20;
  }
  return `${out.join('\n')}\n`;
}

function* labelsText(matrix: Matrix, { left, top }: Corner): Generator<string> {
  yield `${textAt('from ↓   to →', { x: MARGIN, y: top - 8, class: 'q' })}\n`;
  for (const [index, end] of matrix.ends.entries()) {
    const label = xmlText(shorten(end.label));
    const middle = index * SIZE + SIZE / 2 + 4;
    yield `<text x="${px(left - 6)}" y="${px(top + middle)}" text-anchor="end" class="m">${label}</text>\n`;
    yield `<text transform="translate(${px(left + middle)} ${px(top - 6)}) rotate(-90)" class="m">${label}</text>\n`;
  }
}

/** A grid of quiet lines; those between groups reach into the labels. */
function linesText(matrix: Matrix, { left, top }: Corner): string {
  const span = matrix.ends.length * SIZE;
  let path = '';
  for (let index = 0; index <= matrix.ends.length; index++) {
    const border = matrix.ends[index]?.group !== matrix.ends[index - 1]?.group;
    if (!border && index % 5 !== 0) continue;
    const reach = border ? 12 : 0;
    path += `M${left - reach} ${top + index * SIZE}h${span + reach}M${left + index * SIZE} ${top - reach}v${span + reach}`;
  }
  return `<path d="${path}" class="rule"/>\n`;
}

function* cellsText(matrix: Matrix, { left, top }: Corner): Generator<string> {
  const detailed = matrix.cells.size <= MOST_TITLES;
  for (const [row, from] of matrix.ends.entries()) {
    const shapes = new Map<CellState, string>();
    for (const [column, to] of matrix.ends.entries()) {
      const cell = matrix.cells.get(cellKey(from.id, to.id));
      if (cell === undefined) continue;
      const shape = shapeOf(cell.state, { x: left + column * SIZE, y: top + row * SIZE });
      if (detailed) yield cellText(shape, cell.state, `${from.label} → ${to.label}: ${cell.text}`);
      else shapes.set(cell.state, (shapes.get(cell.state) ?? '') + shape);
    }
    for (const [state, shape] of shapes) yield cellText(shape, state, from.label);
  }
}

/** Above this a title for each cell would be most of the file: a row's cells of one state become one path. */
const MOST_TITLES = 8000;

function cellText(shape: string, state: CellState, title: string): string {
  return `<path d="${shape}" class="${LOOKS[state]}"><title>${xmlText(title)}</title></path>\n`;
}

const LOOKS: Readonly<Record<CellState, string>> = {
  full: 'f-allowed',
  part: 'f-allowed',
  unknown: 'e s-unknown',
  opened: 'f-opened',
  closed: 'e s-closed',
  unsettled: 'e s-unsettled',
};

/** Whole square, lower triangle, hatching; a change is a plus, a minus, hatching. */
function shapeOf(state: CellState, { x, y }: { readonly x: number; readonly y: number }): string {
  const at = `M${px(x + 2)} ${px(y + 2)}`;
  switch (state) {
    case 'full':
      return `${at}h12v12h-12z`;
    case 'part':
      return `${at}v12h12z`;
    case 'unknown':
    case 'unsettled':
      return `M${px(x + 2)} ${px(y + 8)}l6 -6M${px(x + 2)} ${px(y + 14)}l12 -12M${px(x + 8)} ${px(y + 14)}l6 -6`;
    case 'opened':
      return `M${px(x + 6)} ${px(y + 2)}h4v4h4v4h-4v4h-4v-4h-4v-4h4z`;
    case 'closed':
      return `M${px(x + 2)} ${px(y + 8)}h12`;
  }
}

function shorten(label: string): string {
  const text = escapeControl(label);
  return text.length <= MOST ? text : `${text.slice(0, 16)}…${text.slice(-17)}`;
}
