import { describe, expect, test } from 'vitest';
import { clusterOf, namespace, node, policy, workload } from '#engine/ask.test-support.ts';
import type { Connection } from '#model/answers.ts';
import { CELLS, type Cell } from '#model/matrix.ts';
import { type Analysis, analyseSnapshot } from '../analysis.ts';
import { mapOf } from '../map/map.ts';
import { readPort } from '../path/port.ts';
import { matrixOf, tileOf } from './matrix.ts';

const DOCUMENTS = [
  namespace('shop'),
  namespace('data'),
  workload('shop/web'),
  workload('shop/api'),
  workload('data/db'),
  node('n1'),
  policy(
    'data/db',
    'podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}], ports: [{port: 5432}]}]',
  ),
  policy('shop/lockup', 'podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]'),
];

function analysis(): Analysis {
  return analyseSnapshot(clusterOf(...DOCUMENTS), { engine: 'calico' });
}

function cells(given: Analysis, port?: string): Map<string, Cell> {
  const matrix = matrixOf(given.engine);
  const all = { first: 0, end: matrix.endpoints.length };
  const tile = tileOf(matrix, all, { columns: all, asked: port === undefined ? undefined : readPort(port) });
  const out = new Map<string, Cell>();
  for (const [row, from] of matrix.endpoints.entries())
    for (const [column, to] of matrix.endpoints.entries())
      out.set(`${from.entry.id} ${to.entry.id}`, CELLS[tile[row * all.end + column]!]!);
  return out;
}

describe('cells', () => {
  test.each([
    ['shop/Deployment/api data/Deployment/db', 'some', '5432', 'all'],
    ['shop/Deployment/api data/Deployment/db', 'some', '5433', 'denied'],
    ['shop/Deployment/web data/Deployment/db', 'denied', '5432', 'denied'],
    ['shop/Deployment/api shop/Deployment/web', 'all', '80', 'all'],
    ['data/Deployment/db shop/Deployment/api', 'denied', '80', 'denied'],
    ['shop/Deployment/api shop/Deployment/api', 'itself', '80', 'itself'],
    ['external:1 node:n1', 'ungoverned', '80', 'ungoverned'],
  ])('%s is %s, on %s %s', (pair, whole, port, one) => {
    expect(cells(analysis()).get(pair)).toBe(whole);
    expect(cells(analysis(), port).get(pair)).toBe(one);
  });

  test('outside, then nodes, then workloads by namespace', () => {
    const ids = matrixOf(analysis().engine).endpoints.map(({ entry }) => entry.id);
    expect(ids.filter((id) => !id.startsWith('external'))).toEqual([
      'node:n1',
      'data/Deployment/db',
      'shop/Deployment/api',
      'shop/Deployment/web',
    ]);
  });

  test('a pair is in the map exactly where its cell is not denied', () => {
    const given = analysis();
    const connections = new Map<string, Connection>(
      mapOf(given, { fold: 'never' }).connections.map((each) => [`${each.from} ${each.to}`, each]),
    );
    for (const [pair, cell] of cells(given)) {
      const isTold = cell !== 'denied' && cell !== 'itself' && cell !== 'ungoverned';
      expect([pair, connections.has(pair)]).toEqual([pair, isTold]);
      if (cell === 'all') expect(connections.get(pair)?.allowed).toBe('all');
    }
  });
});

test('tiles are parts of the whole', () => {
  const matrix = matrixOf(analysis().engine);
  const size = matrix.endpoints.length;
  const whole = tileOf(matrix, { first: 0, end: size }, { columns: { first: 0, end: size } });
  const part = tileOf(matrix, { first: 1, end: 3 }, { columns: { first: 2, end: size } });
  const rows = [1, 2].map((row) => [...whole.slice(row * size + 2, (row + 1) * size)]);
  expect([...part]).toEqual(rows.flat());
});
