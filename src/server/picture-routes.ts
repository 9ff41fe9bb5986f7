import { z } from 'zod';
import { choice, flag, optionalChoice, optionalText, PAGE, stretch } from './parameters.ts';
import { type Asked, type Route, reply, route } from './route.ts';
import { textOf } from './snapshot-of.ts';
import type { ChangesAsked, Reply } from './worker/question.ts';

const LEVEL = choice(['namespace', 'workload'], 'namespace');
const PORT = optionalText(50).describe('As `5432`, `53/UDP`, `icmp`; absent: every port');
const BASE = optionalText(200).describe('Id of a snapshot: the matrix of what changed since, whatever the level');

/** The pictures: the map with a place for everything; what rows and columns of the matrix are, and its cells in parts. */
export const PICTURE_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/map/drawing',
    id: 'mapDrawing',
    summary: 'The map laid out: boxes, islands and lines with their places; folded where it is too large to read',
    role: 'viewer',
    answer: 'drawing',
    ofRevision: true,
    query: z.object({
      focus: optionalText().describe('`ns:NAMESPACE`, or the id of a workload: it and its neighbours'),
      level: optionalChoice(['namespace', 'workload']).describe(
        'What a box is; absent: what can be taken in at one look',
      ),
      filter: optionalText().describe('Of connections: see docs/api.md'),
      layer: optionalChoice(['policy']),
      ingress: flag(),
      encryption: flag(),
      svg: flag().describe('Also as a file of its own'),
    }),
    run: async ({ environment, query }) => reply(await environment.ask({ kind: 'drawing', ...query })),
  }),
  route({
    method: 'get',
    path: '/matrix',
    id: 'matrix',
    summary: 'Rows and columns of the matrix, and what its cells mean',
    role: 'viewer',
    answer: 'matrix',
    ofRevision: true,
    pages: 'endpoints',
    query: z.object({ level: LEVEL, base: BASE, port: PORT, ...PAGE }),
    run: async (asked) => {
      const { level, base, port, ...page } = asked.query;
      if (base === undefined) return reply(await asked.environment.ask({ kind: 'axis', level, page }));
      return reply(await changes(asked, { kind: 'changes', id: base, port, page }));
    },
  }),
  route({
    method: 'get',
    path: '/matrix/tile',
    id: 'matrixTile',
    summary: 'A part of the matrix: one byte for each cell, row by row; who sends is the row',
    role: 'viewer',
    answer: 'tile',
    ofRevision: true,
    query: z.object({
      level: LEVEL,
      base: BASE,
      rows: stretch(),
      columns: stretch(),
      port: PORT,
      filter: optionalText().describe('Rows and columns are then counted in what it leaves: see docs/api.md'),
    }),
    run: async (asked) => {
      const { level, base, port, filter } = asked.query;
      const part = { rows: stretchIn(asked.query.rows), columns: stretchIn(asked.query.columns), filter };
      if (base === undefined) return reply(await asked.environment.ask({ kind: 'tile', level, port, ...part }));
      const page = { limit: 1, offset: 0 };
      return reply(await changes(asked, { kind: 'changes', id: base, port, page, tile: part }));
    },
  }),
];

/** The text of a snapshot may be many megabytes: it is sent where it was not compared yet, and not with each tile. */
async function changes(
  { environment, history }: Pick<Asked<unknown, unknown>, 'environment' | 'history'>,
  question: ChangesAsked,
): Promise<Reply> {
  const first = await environment.ask(question);
  if (first.kind !== 'problem' || first.problem !== 'wanting') return first;
  return environment.ask({ ...question, text: await textOf(history, question.id) });
}

function stretchIn(given: string): readonly [number, number] {
  const [first = '0', end = '0'] = given.split('-');
  return [Number(first), Number(end)];
}
