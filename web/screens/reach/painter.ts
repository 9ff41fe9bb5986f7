import type { Stretch } from '#model/matrix.ts';
import type { Group, Seat } from './axis.ts';
import type { Chunks } from './chunks.ts';
import type { Palette } from './palette.ts';
import { type CellPlace, type Viewport, visibleColumns, visibleRows } from './viewport.ts';

export interface Heading {
  readonly seats: readonly Seat[];
  /** Places of the seats that the filter left. */
  readonly places: readonly number[];
  readonly groups: readonly Group[];
}

export interface Picture {
  readonly view: Viewport;
  readonly chunks: Chunks;
  readonly rows: Heading;
  readonly columns: Heading;
  readonly palette: Palette;
  readonly cursor: CellPlace;
  readonly hover: CellPlace | undefined;
  readonly hasFocus: boolean;
}

/** Of the names of groups beside the headings. */
export const BAND = 20;
/** Cells from this size on have a heading each. */
const LEAST_NAMED = 12;
const FAMILY = 'ui-sans-serif, system-ui, "Segoe UI", sans-serif';
const BOLD = `600 12px ${FAMILY}`;

/** One frame: only what is visible, from parts that were drawn before. */
export function paint(context: CanvasRenderingContext2D, picture: Picture): void {
  const { view, palette } = picture;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, view.width, view.height);
  within(context, { x: view.left, y: view.top, width: view.width, height: view.height }, () => {
    paintCross(context, picture);
    paintCells(context, picture);
    paintLines(context, picture);
    paintCursor(context, picture);
  });
  paintRows(context, picture);
  paintColumns(context, picture);
  paintCorner(context, picture);
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function within(context: CanvasRenderingContext2D, { x, y, width, height }: Box, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  draw();
  context.restore();
}

function paintCells(context: CanvasRenderingContext2D, { view, chunks, palette }: Picture): void {
  const side = chunks.span * view.cell;
  const [rows, columns] = [visibleRows(view), visibleColumns(view)];
  context.imageSmoothingEnabled = false;
  for (let row = Math.floor(rows.first / chunks.span); row * chunks.span < rows.end; row++) {
    for (let column = Math.floor(columns.first / chunks.span); column * chunks.span < columns.end; column++) {
      const x = view.left + column * side - view.scrollX;
      const y = view.top + row * side - view.scrollY;
      const drawn = chunks.at(row, column);
      if (drawn !== undefined) context.drawImage(drawn, x, y, side, side);
      else {
        context.fillStyle = palette.island;
        const wide = Math.min(side, (view.columns - column * chunks.span) * view.cell);
        const high = Math.min(side, (view.rows - row * chunks.span) * view.cell);
        context.fillRect(x, y, wide, high);
      }
    }
  }
}

/** The row and the column of the cursor, under the cells. */
function paintCross(context: CanvasRenderingContext2D, { view, palette, cursor, hover }: Picture): void {
  context.fillStyle = palette.hair;
  context.globalAlpha = 0.6;
  for (const place of hover === undefined ? [cursor] : [cursor, hover]) {
    context.fillRect(view.left, view.top + place.row * view.cell - view.scrollY, view.width, view.cell);
    context.fillRect(view.left + place.column * view.cell - view.scrollX, view.top, view.cell, view.height);
  }
  context.globalAlpha = 1;
}

function paintLines(context: CanvasRenderingContext2D, { view, rows, columns, palette }: Picture): void {
  const right = Math.min(view.width, view.left + view.columns * view.cell - view.scrollX);
  const bottom = Math.min(view.height, view.top + view.rows * view.cell - view.scrollY);
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  for (const { end } of seen(rows.groups, visibleRows(view))) {
    const y = Math.round(view.top + end * view.cell - view.scrollY) - 0.5;
    context.moveTo(view.left, y);
    context.lineTo(right, y);
  }
  for (const { end } of seen(columns.groups, visibleColumns(view))) {
    const x = Math.round(view.left + end * view.cell - view.scrollX) - 0.5;
    context.moveTo(x, view.top);
    context.lineTo(x, bottom);
  }
  context.stroke();
}

function paintCursor(context: CanvasRenderingContext2D, { view, palette, cursor, hasFocus }: Picture): void {
  const size = Math.max(view.cell, 5);
  context.strokeStyle = hasFocus ? palette.accent : palette.ink;
  context.lineWidth = hasFocus ? 2.5 : 1.5;
  context.strokeRect(
    view.left + cursor.column * view.cell - view.scrollX,
    view.top + cursor.row * view.cell - view.scrollY,
    size,
    size,
  );
}

/** Groups begin in order: the first that reaches into the stretch is found by halving. */
function seen(groups: readonly Group[], { first, end }: Stretch): readonly Group[] {
  let low = 0;
  let high = groups.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (groups[middle]!.end <= first) low = middle + 1;
    else high = middle;
  }
  let last = low;
  while (last < groups.length && groups[last]!.first < end) last++;
  return groups.slice(low, last);
}

function paintRows(context: CanvasRenderingContext2D, picture: Picture): void {
  const { view, palette, rows, cursor } = picture;
  const shown = visibleRows(view);
  const box = { x: 0, y: view.top, width: view.left, height: view.height };
  within(context, box, () => {
    context.fillStyle = palette.island;
    context.fillRect(0, 0, view.left, view.height);
    const place = (index: number) => view.top + index * view.cell - view.scrollY;
    if (view.cell >= LEAST_NAMED) {
      names(context, { heading: rows, shown, most: view.left - BAND - 10, palette, cell: view.cell }, (text, index) => {
        context.font = fontOf(view, index === cursor.row);
        context.textAlign = 'right';
        context.fillText(text, view.left - 6, place(index) + view.cell / 2);
      });
    }
    for (const group of seen(rows.groups, shown)) {
      const from = Math.max(view.top, place(group.first));
      const to = Math.min(view.height, place(group.end));
      bandOf(context, { group, from, to, palette, upright: false, view });
    }
  });
}

function paintColumns(context: CanvasRenderingContext2D, picture: Picture): void {
  const { view, palette, columns, cursor } = picture;
  const shown = visibleColumns(view);
  within(context, { x: view.left, y: 0, width: view.width, height: view.top }, () => {
    context.fillStyle = palette.island;
    context.fillRect(0, 0, view.width, view.top);
    const place = (index: number) => view.left + index * view.cell - view.scrollX;
    if (view.cell >= LEAST_NAMED) {
      names(
        context,
        { heading: columns, shown, most: view.top - BAND - 10, palette, cell: view.cell },
        (text, index) => {
          context.font = fontOf(view, index === cursor.column);
          context.textAlign = 'left';
          context.save();
          context.translate(place(index) + view.cell / 2, view.top - 6);
          context.rotate(-Math.PI / 2);
          context.fillText(text, 0, 0);
          context.restore();
        },
      );
    }
    for (const group of seen(columns.groups, shown)) {
      const from = Math.max(view.left, place(group.first));
      const to = Math.min(view.width, place(group.end));
      bandOf(context, { group, from, to, palette, upright: true, view });
    }
  });
}

interface Band {
  readonly group: Group;
  readonly from: number;
  readonly to: number;
  readonly palette: Palette;
  /** Of columns: it is read from left to right. */
  readonly upright: boolean;
  readonly view: Viewport;
}

/** The name of a group stays in sight as long as one of its rows does. */
function bandOf(context: CanvasRenderingContext2D, { group, from, to, palette, upright, view }: Band): void {
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  const end = Math.round(to) - 0.5;
  if (upright) {
    context.moveTo(end, 0);
    context.lineTo(end, view.top);
  } else {
    context.moveTo(0, end);
    context.lineTo(view.left, end);
  }
  context.stroke();
  const room = to - from;
  context.font = BOLD;
  context.fillStyle = palette.tones.quiet;
  const isFlat = !upright && view.cell < LEAST_NAMED;
  const text = cut(context, group.label, isFlat ? view.left - 16 : room - 12);
  if (text === '' || (isFlat && room < 14)) return;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  if (upright) context.fillText(text, from + 6, BAND / 2);
  else if (isFlat) context.fillText(text, 8, from + Math.min(room / 2, 14));
  else {
    context.save();
    context.translate(BAND / 2, to - 6);
    context.rotate(-Math.PI / 2);
    context.fillText(text, 0, 0);
    context.restore();
  }
}

interface Named {
  readonly heading: Heading;
  readonly shown: Stretch;
  readonly most: number;
  readonly palette: Palette;
  readonly cell: number;
}

/** Where the name of the group does not fit beside its rows, it stands before the name of each. */
function names(
  context: CanvasRenderingContext2D,
  { heading: { seats, places, groups }, shown, most, palette, cell }: Named,
  draw: (text: string, index: number) => void,
): void {
  context.fillStyle = palette.ink;
  context.textBaseline = 'middle';
  context.font = fontOf({ cell }, false);
  for (const group of seen(groups, shown)) {
    const isNarrow = (group.end - group.first) * cell < LEAST_BAND;
    for (let index = Math.max(group.first, shown.first); index < Math.min(group.end, shown.end); index++) {
      const { name, label } = seats[places[index]!]!;
      draw(cut(context, isNarrow ? name : label, most), index);
    }
  }
}

/** Pixels in which most names of namespaces can be read. */
const LEAST_BAND = 100;

/** Cells from this size on have room for a line of the usual size. */
const LEAST_ROOMY = 14;

function fontOf({ cell }: Pick<Viewport, 'cell'>, isBold: boolean): string {
  return `${isBold ? '600 ' : ''}${cell < LEAST_ROOMY ? 10 : 12}px ${FAMILY}`;
}

const widths = new Map<string, number>();

/** Cut at its end where it does not fit; nothing where not even three letters do. */
function cut(context: CanvasRenderingContext2D, text: string, most: number): string {
  const key = `${context.font}${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > 20_000) widths.clear();
    width = context.measureText(text).width;
    widths.set(key, width);
  }
  if (width <= most) return text;
  const letters = Math.floor((text.length * most) / width) - 1;
  return letters < 3 ? '' : `${text.slice(0, letters)}…`;
}

function paintCorner(context: CanvasRenderingContext2D, { view, palette }: Picture): void {
  context.fillStyle = palette.island;
  context.fillRect(0, 0, view.left, view.top);
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.strokeRect(-0.5, -0.5, view.left, view.top);
  context.beginPath();
  context.moveTo(view.left - 0.5, view.top);
  context.lineTo(view.left - 0.5, view.height);
  context.moveTo(view.left, view.top - 0.5);
  context.lineTo(view.width, view.top - 0.5);
  context.stroke();
  context.font = fontOf({ cell: LEAST_ROOMY }, false);
  context.fillStyle = palette.tones.quiet;
  context.textAlign = 'right';
  context.textBaseline = 'alphabetic';
  context.fillText('to →', view.left - 8, view.top - 26);
  context.fillText('from ↓', view.left - 8, view.top - 8);
}
