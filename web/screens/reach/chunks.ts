import { type AnyCell, LOOKS, type Part, placedPath } from './looks.ts';
import type { Palette } from './palette.ts';
import { TILE, type TileStore } from './tiles.ts';

/** Pixels of the page on each side, about. */
const SIDE = 512;
const KEPT_AT_MOST = 60;
/** Smaller cells have no form that could be seen: they are dots. */
const LEAST_FORM = 8;

export interface ChunkPlan {
  readonly store: TileStore;
  /** What each number of a tile means. */
  readonly cells: readonly AnyCell[];
  readonly palette: Palette;
  readonly cell: number;
  /** Pixels of the screen for one of the page. */
  readonly ratio: number;
}

/** Drawn parts of the matrix: a pan moves them and draws nothing anew. */
export class Chunks {
  readonly #plan: ChunkPlan;
  readonly cell: number;
  /** Cells on a side: a tile is a whole number of chunks. */
  readonly span: number;
  readonly #kept = new Map<string, HTMLCanvasElement>();

  constructor(plan: ChunkPlan) {
    this.#plan = plan;
    this.cell = plan.cell;
    let span = TILE;
    while (span > 8 && span * plan.cell > SIDE) span /= 2;
    this.span = span;
  }

  /** Undefined while its tile is on the way. */
  at(row: number, column: number): HTMLCanvasElement | undefined {
    const key = `${row} ${column}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    if (this.#plan.store.tileWith(row * this.span, column * this.span) === undefined) return undefined;
    const drawn = this.#draw(row * this.span, column * this.span);
    this.#kept.set(key, drawn);
    if (this.#kept.size > KEPT_AT_MOST) this.#kept.delete(this.#kept.keys().next().value!);
    return drawn;
  }

  #draw(firstRow: number, firstColumn: number): HTMLCanvasElement {
    const { cell, ratio } = this.#plan;
    const canvas = document.createElement('canvas');
    const side = cell < LEAST_FORM ? this.span : Math.round(this.span * cell * ratio);
    canvas.width = side;
    canvas.height = side;
    const context = canvas.getContext('2d')!;
    const paths = cell < LEAST_FORM ? this.#dots(firstRow, firstColumn) : this.#forms(firstRow, firstColumn);
    if (cell >= LEAST_FORM) context.scale(ratio, ratio);
    context.lineWidth = cell < 16 ? 1 : 1.4;
    for (const [part, path] of paths) drawPart(context, part, { path, palette: this.#plan.palette });
    return canvas;
  }

  #forms(firstRow: number, firstColumn: number): Map<Part, string> {
    const { cell, cells } = this.#plan;
    const paths = new Map<Part, string>();
    this.#each(firstRow, firstColumn, (code, place) => {
      for (const part of LOOKS[cells[code]!].parts) {
        const path = placedPath(part.path, { x: place.column * cell, y: place.row * cell, size: cell });
        paths.set(part, (paths.get(part) ?? '') + path);
      }
    });
    return paths;
  }

  /** One pixel for each cell, to be drawn larger. */
  #dots(firstRow: number, firstColumn: number): Map<Part, string> {
    const { cells } = this.#plan;
    const parts = new Map<string, Part>();
    const paths = new Map<Part, string>();
    this.#each(firstRow, firstColumn, (code, { row, column }) => {
      const { dot } = LOOKS[cells[code]!];
      if (dot === undefined) return;
      const isPale = cells[code] === 'some' || cells[code] === 'open';
      const part = parts.get(`${dot} ${isPale}`) ?? { tone: dot, how: 'fill', path: '', faint: isPale };
      parts.set(`${dot} ${isPale}`, part);
      paths.set(part, `${paths.get(part) ?? ''}M${column} ${row}h1v1h-1z`);
    });
    return paths;
  }

  #each(firstRow: number, firstColumn: number, visit: (code: number, place: { row: number; column: number }) => void) {
    const { store } = this.#plan;
    const tile = store.tileWith(firstRow, firstColumn);
    if (tile === undefined) return;
    const rows = Math.min(this.span, store.rows - firstRow);
    const columns = Math.min(this.span, store.columns - firstColumn);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        visit(tile.bytes[((firstRow + row) % TILE) * tile.columns + ((firstColumn + column) % TILE)]!, { row, column });
  }
}

interface Drawn {
  readonly path: string;
  readonly palette: Palette;
}

function drawPart(context: CanvasRenderingContext2D, { tone, how, faint }: Part, { path, palette }: Drawn): void {
  const shape = new Path2D(path);
  context.globalAlpha = faint === true ? 0.55 : 1;
  if (how === 'fill') {
    context.fillStyle = palette.tones[tone];
    context.fill(shape);
  } else {
    context.strokeStyle = palette.tones[tone];
    context.stroke(shape);
  }
}
