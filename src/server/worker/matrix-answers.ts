import { endpointsOf } from '#analysis/endpoints.ts';
import { foldedEndpoints } from '#analysis/map/fold.ts';
import { mapOf } from '#analysis/map/map.ts';
import { cellsOf, type Matrix, matrixOf, placesIn, tileOf } from '#analysis/matrix/matrix.ts';
import { narrowed } from '#analysis/matrix/narrow.ts';
import { type AskedTraffic, readPort } from '#analysis/path/port.ts';
import { PORT_SCOPE, scopeOfPort } from '#analysis/scope.ts';
import { escapeControl } from '#base/escape.ts';
import type { Connection, EndpointEntry } from '#model/answers.ts';
import { CELLS, type Cell, type Stretch } from '#model/matrix.ts';
import { ENDPOINT_FORM, pageOf } from './lists.ts';
import { type Material, once } from './material.ts';
import { type Level, type Page, type Question, Refused, type Reply } from './question.ts';
import { told } from './reply.ts';

/** Rows and columns of one tile: a quarter of a megabyte. */
export const MOST_TILE = 512;

/** What the rows and columns are, in their order. They are numbered as here, whatever the filter leaves of them. */
export function axisAnswer(material: Material, level: Level, page: Page): Reply {
  const entries = entriesOf(material, level);
  const numbered = entries.map((entry, index) => ({ ...entry, index }));
  const { list, total } = pageOf(numbered, page, ENDPOINT_FORM);
  const { entry: engine } = material.analysis;
  const answer = { schema: 'ringfence.dev/matrix/v1', engine, level, size: entries.length, cells: CELLS, total };
  return told({ ...answer, endpoints: list }, total);
}

export function tileReply(material: Material, question: Extract<Question, { readonly kind: 'tile' }>): Reply {
  const { level, filter = '' } = question;
  const asked = askedPort(question.port);
  if (filter !== '') return narrowedTile(material, { ...question, filter, asked });
  const size = entriesOf(material, level).length;
  const rows = stretchOf(question.rows, size);
  const columns = stretchOf(question.columns, size);
  const bytes =
    level === 'workload'
      ? tileOf(matrixOfWorkloads(material), rows, { columns, asked })
      : partOf(foldedCells(material, asked), { rows: placesIn(rows), columns: placesIn(columns) });
  return { kind: 'bytes', bytes, rows: rows.end - rows.first, columns: columns.end - columns.first };
}

interface Narrowed extends Extract<Question, { readonly kind: 'tile' }> {
  readonly filter: string;
  readonly asked: AskedTraffic | undefined;
}

/** Cells of rows and columns that do not stand together. */
function narrowedTile(material: Material, { level, filter, asked, ...question }: Narrowed): Reply {
  const left = leftOf(material, { level, filter });
  const rows = placesOf(question.rows, left.rows);
  const columns = placesOf(question.columns, left.columns);
  const bytes =
    level === 'workload'
      ? cellsOf(matrixOfWorkloads(material), rows, { columns, asked })
      : partOf(foldedCells(material, asked), { rows, columns });
  return { kind: 'bytes', bytes, rows: rows.length, columns: columns.length };
}

function leftOf(material: Material, { level, filter }: { readonly level: Level; readonly filter: string }) {
  return once(material, `narrowed:${level}:${filter}`, () => narrowedOrRefused(entriesOf(material, level), filter));
}

export function narrowedOrRefused(entries: readonly EndpointEntry[], filter: string) {
  const narrowing = narrowed(entries, filter);
  if (narrowing.kind === 'problem') throw new Refused('asked', narrowing.message, narrowing.near);
  return narrowing;
}

export function placesOf(given: readonly [number, number], left: readonly number[]): readonly number[] {
  const { first, end } = stretchOf(given, left.length);
  return left.slice(first, end);
}

/** What reaches over the edge is cut off; what begins behind it is refused. */
function stretchOf([first, end]: readonly [number, number], size: number): Stretch {
  if (first >= end || first >= size) throw new Refused('asked', `\`${first}-${end}\` is not a part of 0-${size}`);
  if (end - first > MOST_TILE) throw new Refused('asked', `a tile has at most ${MOST_TILE} rows and columns`);
  return { first, end: Math.min(end, size) };
}

export function askedPort(text: string | undefined): AskedTraffic | undefined {
  if (text === undefined) return undefined;
  const asked = readPort(text);
  if (asked === undefined)
    throw new Refused('asked', `\`${escapeControl(text)}\` is not a port`, ['5432', '53/UDP', 'icmp']);
  return asked;
}

function matrixOfWorkloads(material: Material): Matrix {
  return once(material, 'matrix', () => matrixOf(material.analysis.engine));
}

/** Known long before any cell of the folded map is. */
function entriesOf(material: Material, level: Level): readonly EndpointEntry[] {
  return once(material, `entries:${level}`, () =>
    level === 'workload'
      ? matrixOfWorkloads(material).endpoints.map(({ entry }) => entry)
      : foldedEndpoints(endpointsOf(material.analysis.engine)),
  );
}

/** Of one port, or of all: told by the same endpoints in the same order. */
function foldedMap(material: Material, asked: AskedTraffic | undefined) {
  const scope = asked === undefined ? PORT_SCOPE : scopeOfPort(asked);
  const name = `folded:${scope.traffic.join()}`;
  return once(material, name, () => mapOf(material.analysis, { fold: 'always', scope }));
}

interface FoldedCells {
  readonly size: number;
  readonly cells: Uint8Array;
}

function foldedCells(material: Material, asked: AskedTraffic | undefined): FoldedCells {
  const { endpoints, connections } = foldedMap(material, asked);
  const name = `folded cells:${asked === undefined ? '' : JSON.stringify(asked)}`;
  return once(material, name, () => ({ size: endpoints.length, cells: cellsOfMap(endpoints, connections) }));
}

interface Places {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

function partOf({ size, cells }: FoldedCells, { rows, columns }: Places): Uint8Array {
  const tile = new Uint8Array(rows.length * columns.length);
  let at = 0;
  for (const row of rows) for (const column of columns) tile[at++] = cells[row * size + column]!;
  return tile;
}

function cellsOfMap(endpoints: readonly EndpointEntry[], connections: readonly Connection[]): Uint8Array {
  const at = new Map(endpoints.map(({ id }, index) => [id, index]));
  const cells = new Uint8Array(endpoints.length ** 2);
  const isPods = (index: number) => endpoints[index]!.kind === 'namespace';
  for (const row of endpoints.keys())
    for (const column of endpoints.keys())
      if (!isPods(row) && !isPods(column)) cells[row * endpoints.length + column] = CELLS.indexOf('ungoverned');
  // A namespace of one workload has nobody to reach in it: nothing is denied there.
  for (const [index, { members }] of endpoints.entries())
    if (members === 1) cells[index * endpoints.length + index] = CELLS.indexOf('itself');
  for (const connection of connections)
    cells[at.get(connection.from)! * endpoints.length + at.get(connection.to)!] = CELLS.indexOf(cellOf(connection));
  return cells;
}

/** See `CELLS`. A namespace with itself is a cell like any other: its workloads may reach each other. */
function cellOf({ allowed, mixed = [], unknown }: Connection): Cell {
  const isNothing = allowed !== 'all' && allowed.length === 0;
  if (isNothing && mixed.length === 0) return 'unknown';
  if (unknown.length > 0) return 'open';
  if (mixed.length > 0) return 'mixed';
  return allowed === 'all' ? 'all' : 'some';
}
