import type { Stretch } from '#model/matrix.ts';

/** Rows and columns of a tile: 64 KB, which the server answers in some milliseconds. */
export const TILE = 256;
const KEPT_AT_MOST = 512;
const AT_ONCE = 4;
/** Before a tile that did not come is asked for again. */
const PAUSE = 2_000;

export interface TileSource {
  readonly rows: number;
  readonly columns: number;
  readonly load: (rows: Stretch, columns: Stretch, signal: AbortSignal) => Promise<Uint8Array>;
  /** A tile came. */
  readonly onCome: () => void;
  readonly onProblem: (problem: unknown) => void;
}

export interface Tile {
  readonly columns: number;
  readonly bytes: Uint8Array;
}

/** Cells of a matrix of any size, as far as they were looked at. The oldest go; what is not looked at is not asked for. */
export class TileStore {
  readonly #source: TileSource;
  readonly #kept = new Map<string, Tile>();
  readonly #coming = new Map<string, Promise<void>>();
  readonly #failed = new Map<string, number>();
  readonly #end = new AbortController();
  #wanted: readonly string[] = [];

  constructor(source: TileSource) {
    this.#source = source;
  }

  get rows(): number {
    return this.#source.rows;
  }

  get columns(): number {
    return this.#source.columns;
  }

  /** The number of a cell; undefined where it did not come yet. */
  cell(row: number, column: number): number | undefined {
    const tile = this.tileWith(row, column);
    return tile?.bytes[(row % TILE) * tile.columns + (column % TILE)];
  }

  tileWith(row: number, column: number): Tile | undefined {
    return this.#kept.get(keyOf(row, column));
  }

  /** What is on screen now: asked for in this order, in place of what was wanted before. */
  want(rows: Stretch, columns: Stretch): void {
    this.#wanted = keysOf(rows, columns);
    for (const key of this.#wanted) this.#touch(key);
    this.#ask();
  }

  /** The cell, once it is there. */
  async cellWhenThere(row: number, column: number): Promise<number | undefined> {
    const key = keyOf(row, column);
    if (!this.#kept.has(key)) await (this.#coming.get(key) ?? this.#load(key));
    return this.cell(row, column);
  }

  close(): void {
    this.#end.abort();
  }

  #touch(key: string): void {
    const tile = this.#kept.get(key);
    if (tile === undefined) return;
    this.#kept.delete(key);
    this.#kept.set(key, tile);
  }

  #ask(): void {
    for (const key of this.#wanted) {
      if (this.#coming.size >= AT_ONCE || this.#end.signal.aborted) return;
      const failed = this.#failed.get(key) ?? 0;
      if (this.#kept.has(key) || this.#coming.has(key) || Date.now() - failed < PAUSE) continue;
      void this.#load(key);
    }
  }

  #load(key: string): Promise<void> {
    const [row = 0, column = 0] = key.split(' ').map(Number);
    const rows = { first: row * TILE, end: Math.min(this.rows, (row + 1) * TILE) };
    const columns = { first: column * TILE, end: Math.min(this.columns, (column + 1) * TILE) };
    const coming = this.#source.load(rows, columns, this.#end.signal).then(
      (bytes) => {
        this.#keep(key, { columns: columns.end - columns.first, bytes });
        this.#source.onCome();
      },
      (error: unknown) => {
        if (this.#end.signal.aborted) return;
        this.#failed.set(key, Date.now());
        this.#source.onProblem(error);
      },
    );
    const settled = coming.finally(() => {
      this.#coming.delete(key);
      this.#ask();
    });
    this.#coming.set(key, settled);
    return settled;
  }

  #keep(key: string, tile: Tile): void {
    this.#failed.delete(key);
    this.#kept.set(key, tile);
    if (this.#kept.size > KEPT_AT_MOST) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

function keyOf(row: number, column: number): string {
  return `${Math.floor(row / TILE)} ${Math.floor(column / TILE)}`;
}

function keysOf(rows: Stretch, columns: Stretch): readonly string[] {
  const keys: string[] = [];
  if (rows.end === rows.first || columns.end === columns.first) return keys;
  for (let row = Math.floor(rows.first / TILE); row <= Math.floor((rows.end - 1) / TILE); row++)
    for (let column = Math.floor(columns.first / TILE); column <= Math.floor((columns.end - 1) / TILE); column++)
      keys.push(`${row} ${column}`);
  return keys;
}
