import { describe, expect, test } from 'vitest';
import { clusterOf, namespace, policy, workload } from '#engine/ask.test-support.ts';
import { CHANGE_CELLS } from '#model/matrix.ts';
import { type Analysis, analyseSnapshot } from '../analysis.ts';
import { diffOf } from '../diff/diff.ts';
import { readPort } from '../path/port.ts';
import { scopeOfPort } from '../scope.ts';
import { changeMatrixOf } from './changes.ts';

const CLUSTER = [namespace('shop'), workload('shop/web'), workload('shop/api'), workload('shop/db')];
const WEB = 'podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]';
const API =
  'podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 5432}]}]';

function analysis(...policies: readonly string[]): Analysis {
  const documents = policies.map((spec, index) => policy(`shop/p${index}`, spec));
  return analyseSnapshot(clusterOf(...CLUSTER, ...documents), { engine: 'calico' });
}

function cells({ endpoints, rows }: ReturnType<typeof changeMatrixOf>): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [row, from] of endpoints.entries())
    for (const [column, to] of endpoints.entries()) {
      const cell = CHANGE_CELLS[rows.get(row)?.[column] ?? 0]!;
      if (cell !== 'same') out[`${from.id} ${to.id}`] = cell;
    }
  return out;
}

describe('cells of a comparison', () => {
  test('are what diff tells', () => {
    const [base, head] = [analysis(WEB), analysis(API)];
    const told = diffOf(base, head).changes.map(({ from, to, opened, closed }) => [
      `${from} ${to}`,
      opened.length > 0 ? (closed.length > 0 ? 'both' : 'opened') : 'closed',
    ]);
    const found = cells(changeMatrixOf(base, head));
    expect(found).toEqual(Object.fromEntries(told));
    expect(found['shop/Deployment/web shop/Deployment/db']).toBe('closed');
    expect(found['shop/Deployment/api shop/Deployment/db']).toBe('opened');
  });

  test('of one port are about that port alone', () => {
    const scope = (port: string) => scopeOfPort(readPort(port)!);
    const [base, head] = [analysis(WEB), analysis(API)];
    expect(Object.keys(cells(changeMatrixOf(base, head, scope('80'))))).not.toContain(
      'shop/Deployment/api shop/Deployment/db',
    );
    expect(Object.keys(cells(changeMatrixOf(base, head, scope('5432'))))).toContain(
      'shop/Deployment/api shop/Deployment/db',
    );
  });

  test('of the same twice are none', () => {
    expect(changeMatrixOf(analysis(WEB), analysis(WEB))).toMatchObject({ endpoints: [], folded: false });
  });
});
