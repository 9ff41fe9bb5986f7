import type { Seat } from './axis.ts';
import { type AnyCell, LOOKS } from './looks.ts';
import type { Heading } from './painter.ts';
import type { Matrix } from './use-matrix.ts';
import type { CellPlace } from './viewport.ts';

/** Two endpoints by their ids: they stay what they are when rows come and go. */
export interface Pair {
  readonly from: string;
  readonly to: string;
}

export function pairAt({ rows, columns }: Matrix, { row, column }: CellPlace): Pair {
  return { from: rows.seats[rows.places[row]!]!.entry.id, to: columns.seats[columns.places[column]!]!.entry.id };
}

/** Where a pair is; where it is not there, what stands for it at this level, or the first cell. */
export function placeOf({ rows, columns }: Matrix, { from, to }: Pair): CellPlace {
  return { row: indexIn(rows, from), column: indexIn(columns, to) };
}

/** So many rows of addresses outside may stand before the first pods. */
const FEW_OUTSIDE = 12;

function indexIn({ seats, places }: Heading, id: string): number {
  if (id === '') {
    const inside = places.findIndex((place) => seats[place]!.entry.kind !== 'external');
    return inside > FEW_OUTSIDE ? inside : 0;
  }
  const exact = places.findIndex((place) => seats[place]!.entry.id === id);
  if (exact >= 0) return exact;
  return Math.max(
    0,
    places.findIndex((place) => standsFor(seats[place]!, id)),
  );
}

/** A namespace stands for its workloads, and its first workload for the namespace. */
function standsFor({ entry }: Seat, id: string): boolean {
  if (entry.kind === 'namespace') return id.startsWith(`${entry.name}/`);
  if (id.startsWith('ns:')) return entry.namespace === id.slice(3);
  if (id === 'nodes') return entry.kind === 'node';
  return entry.id === 'nodes' && id.startsWith('node:');
}

export function seatsAt({ rows, columns }: Matrix, { row, column }: CellPlace): { from: Seat; to: Seat } {
  return { from: rows.seats[rows.places[row]!]!, to: columns.seats[columns.places[column]!]! };
}

/** Undefined while it is on the way. */
export function cellAtPlace({ store, cells }: Matrix, { row, column }: CellPlace): AnyCell | undefined {
  const code = store.cell(row, column);
  return code === undefined ? undefined : cells[code];
}

/** `shop/web to shop/db: denied` */
export function sentenceOf(matrix: Matrix, place: CellPlace): string {
  const { from, to } = seatsAt(matrix, place);
  const cell = cellAtPlace(matrix, place);
  return `${from.name} to ${to.name}: ${cell === undefined ? 'on its way' : LOOKS[cell].word}`;
}

/** Cells that are looked through before the reader is told that there is none near. */
const MOST_LOOKED_AT = 5_000_000;

/** The next or the previous cell that is denied, or that changed, in reading order. */
export async function nextOfInterest(
  { store, cells, asked }: Matrix,
  { row, column }: CellPlace,
  step: 1 | -1,
): Promise<CellPlace | undefined> {
  const wanted = new Set(
    [...cells.keys()].filter((code) => (asked.base === '' ? cells[code] === 'denied' : cells[code] !== 'same')),
  );
  const total = store.rows * store.columns;
  let at = row * store.columns + column + step;
  for (let looked = 0; looked < MOST_LOOKED_AT && at >= 0 && at < total; looked++, at += step) {
    const place = { row: Math.floor(at / store.columns), column: at % store.columns };
    const code = store.cell(place.row, place.column) ?? (await store.cellWhenThere(place.row, place.column));
    if (code === undefined) return undefined;
    if (wanted.has(code)) return place;
  }
  return undefined;
}
