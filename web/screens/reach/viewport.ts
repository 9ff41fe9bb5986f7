import type { Stretch } from '#model/matrix.ts';

/** Pixels of a cell, from far to near. */
export const SIZES = [3, 4, 6, 8, 12, 16, 24, 32] as const;

/** What part of the matrix is on screen. Pixels of the page; cells of what the filter leaves. */
export interface Viewport {
  readonly cell: number;
  readonly width: number;
  readonly height: number;
  /** For the headings of rows and of columns. */
  readonly left: number;
  readonly top: number;
  readonly scrollX: number;
  readonly scrollY: number;
  readonly rows: number;
  readonly columns: number;
}

export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

export function visibleRows({ scrollY, height, top, cell, rows }: Viewport): Stretch {
  return stretchOf(scrollY, height - top, { cell, count: rows });
}

export function visibleColumns({ scrollX, width, left, cell, columns }: Viewport): Stretch {
  return stretchOf(scrollX, width - left, { cell, count: columns });
}

function stretchOf(scroll: number, room: number, { cell, count }: { cell: number; count: number }): Stretch {
  const first = Math.min(count, Math.max(0, Math.floor(scroll / cell)));
  return { first, end: Math.max(first, Math.min(count, Math.ceil((scroll + room) / cell))) };
}

/** The cell at a place of the screen; undefined over headings and behind the end. */
export function cellAt(view: Viewport, x: number, y: number): CellPlace | undefined {
  if (x < view.left || y < view.top) return undefined;
  const row = Math.floor((y - view.top + view.scrollY) / view.cell);
  const column = Math.floor((x - view.left + view.scrollX) / view.cell);
  return row < view.rows && column < view.columns ? { row, column } : undefined;
}

/** The nearest scroll that shows a cell, with one beside it. */
export function scrollTo(view: Viewport, { row, column }: CellPlace): { readonly x: number; readonly y: number } {
  return {
    x: nearest(view.scrollX, column, { cell: view.cell, room: view.width - view.left }),
    y: nearest(view.scrollY, row, { cell: view.cell, room: view.height - view.top }),
  };
}

function nearest(scroll: number, index: number, { cell, room }: { cell: number; room: number }): number {
  const low = index * cell - cell;
  const high = (index + 2) * cell - room;
  if (scroll > low) return Math.max(0, low);
  return scroll < high ? high : scroll;
}

/** The scroll that keeps what is under a place of the screen there, when cells become larger or smaller. */
export function scrollForZoom(
  view: Viewport,
  cell: number,
  at: { readonly x: number; readonly y: number },
): { readonly x: number; readonly y: number } {
  const keep = (scroll: number, place: number) => Math.max(0, ((scroll + place) / view.cell) * cell - place);
  return { x: keep(view.scrollX, Math.max(0, at.x - view.left)), y: keep(view.scrollY, Math.max(0, at.y - view.top)) };
}

/** One size nearer or farther; undefined at either end. */
export function zoomed(cell: number, step: 1 | -1): number | undefined {
  const at = SIZES.findIndex((size) => size >= cell);
  return SIZES[(at === -1 ? SIZES.length - 1 : at) + step];
}

/** The largest size at which the whole fits, within what can still be read. */
export function fittingSize(room: number, count: number): number {
  const fitting = SIZES.filter((size) => size <= 24 && size * count <= room);
  return Math.max(8, fitting.at(-1) ?? 8);
}
