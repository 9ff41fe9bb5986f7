import { type ChangeMatrix, changeMatrixOf } from '#analysis/matrix/changes.ts';
import { PORT_SCOPE, scopeOfPort } from '#analysis/scope.ts';
import { CHANGE_CELLS } from '#model/matrix.ts';
import { sideOf } from './comparison.ts';
import { ENDPOINT_FORM, pageOf } from './lists.ts';
import { type Material, once } from './material.ts';
import { askedPort, narrowedOrRefused, placesOf } from './matrix-answers.ts';
import { type ChangesAsked, Refused, type Reply } from './question.ts';
import { told } from './reply.ts';

/** What changed since a snapshot, as a matrix of the endpoints with a change. */
export function changesReply(material: Material, question: ChangesAsked): Reply {
  const matrix = changeMatrix(material, question);
  return question.tile === undefined ? axisOf(matrix, question) : tileOf(matrix, question.tile);
}

function changeMatrix(material: Material, { id, text, port = '' }: ChangesAsked): ChangeMatrix {
  const asked = askedPort(port === '' ? undefined : port);
  const name = `changes:${id}:${port}`;
  if (text === undefined && !material.made.has(name)) throw new Refused('wanting', 'the text of the snapshot');
  return once(material, name, () => {
    const base = sideOf(material, { kind: 'snapshot', id, text: text ?? '' });
    return changeMatrixOf(base.analysis, material.analysis, asked === undefined ? PORT_SCOPE : scopeOfPort(asked));
  });
}

function axisOf({ engine, endpoints, folded }: ChangeMatrix, { page }: ChangesAsked): Reply {
  const numbered = endpoints.map((entry, index) => ({ ...entry, index }));
  const { list, total } = pageOf(numbered, page, ENDPOINT_FORM);
  const level = folded ? 'namespace' : 'workload';
  const size = endpoints.length;
  const answer = { schema: 'ringfence.dev/matrix/v1', engine, level, size, cells: CHANGE_CELLS, total };
  return told({ ...answer, endpoints: list }, total);
}

function tileOf({ endpoints, rows: cells }: ChangeMatrix, tile: NonNullable<ChangesAsked['tile']>): Reply {
  const left = narrowedOrRefused(endpoints, tile.filter ?? '');
  const rows = placesOf(tile.rows, left.rows);
  const columns = placesOf(tile.columns, left.columns);
  const bytes = new Uint8Array(rows.length * columns.length);
  for (const [at, row] of rows.entries()) {
    const own = cells.get(row);
    if (own !== undefined) for (const [to, column] of columns.entries()) bytes[at * columns.length + to] = own[column]!;
  }
  return { kind: 'bytes', bytes, rows: rows.length, columns: columns.length };
}
