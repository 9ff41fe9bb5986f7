import { CELLS, type Cell, type Matrix, matrixOf, type Stretch, tileOf } from '#analysis/matrix/matrix.ts';
import { type AskedTraffic, readPort } from '#analysis/path/port.ts';
import { escapeControl } from '#base/escape.ts';
import type { Connection, EndpointEntry } from '#model/answers.ts';
import { ENDPOINT_FORM, pageOf } from './lists.ts';
import { mapAnswer } from './map-answer.ts';
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
  const size = entriesOf(material, question.level).length;
  const rows = stretchOf(question.rows, size);
  const columns = stretchOf(question.columns, size);
  const bytes =
    question.level === 'workload'
      ? tileOf(matrixOfWorkloads(material), rows, { columns, asked: askedPort(question.port) })
      : foldedTile(material, { rows, columns, port: question.port });
  return { kind: 'bytes', bytes, rows: rows.end - rows.first, columns: columns.end - columns.first };
}

/** What reaches over the edge is cut off; what begins behind it is refused. */
function stretchOf([first, end]: readonly [number, number], size: number): Stretch {
  if (first >= end || first >= size) throw new Refused('asked', `\`${first}-${end}\` is not a part of 0-${size}`);
  if (end - first > MOST_TILE) throw new Refused('asked', `a tile has at most ${MOST_TILE} rows and columns`);
  return { first, end: Math.min(end, size) };
}

function askedPort(text: string | undefined): AskedTraffic | undefined {
  if (text === undefined) return undefined;
  const asked = readPort(text);
  if (asked === undefined)
    throw new Refused('asked', `\`${escapeControl(text)}\` is not a port`, ['5432', '53/UDP', 'icmp']);
  return asked;
}

function matrixOfWorkloads(material: Material): Matrix {
  return once(material, 'matrix', () => matrixOf(material.analysis.engine));
}

function entriesOf(material: Material, level: Level): readonly EndpointEntry[] {
  return level === 'workload'
    ? matrixOfWorkloads(material).endpoints.map(({ entry }) => entry)
    : foldedMap(material).endpoints;
}

function foldedMap(material: Material) {
  return once(material, 'folded', () => {
    const asked = { namespaces: [], protocols: [], ingress: false, encryption: false } as const;
    return mapAnswer(material, { ...asked, fold: 'always' });
  });
}

interface FoldedAsked {
  readonly rows: Stretch;
  readonly columns: Stretch;
  readonly port: string | undefined;
}

/** The folded map as cells. It tells ports of pairs of namespaces as text, so one port is not asked for at this level. */
function foldedTile(material: Material, { rows, columns, port }: FoldedAsked): Uint8Array {
  if (port !== undefined) throw new Refused('asked', 'a port is asked for at the level `workload`', ['level=workload']);
  const { endpoints } = foldedMap(material);
  const cells = once(material, 'folded cells', () => cellsOfMap(material));
  const width = columns.end - columns.first;
  const tile = new Uint8Array((rows.end - rows.first) * width);
  for (let row = rows.first; row < rows.end; row++) {
    const start = row * endpoints.length;
    tile.set(cells.subarray(start + columns.first, start + columns.end), (row - rows.first) * width);
  }
  return tile;
}

function cellsOfMap(material: Material): Uint8Array {
  const { endpoints, connections } = foldedMap(material);
  const at = new Map(endpoints.map(({ id }, index) => [id, index]));
  const cells = new Uint8Array(endpoints.length ** 2);
  const isPods = (index: number) => endpoints[index]!.kind === 'namespace';
  for (const row of endpoints.keys())
    for (const column of endpoints.keys())
      if (!isPods(row) && !isPods(column)) cells[row * endpoints.length + column] = CELLS.indexOf('ungoverned');
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
