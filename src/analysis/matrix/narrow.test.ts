import { describe, expect, test } from 'vitest';
import type { EndpointEntry } from '#model/answers.ts';
import { narrowed } from './narrow.ts';

const ENTRIES: readonly EndpointEntry[] = [
  { id: 'external:1', kind: 'external', ranges: ['10.0.0.0/8'] },
  { id: 'shop/Deployment/web', kind: 'workload', namespace: 'shop', name: 'web', workload: 'Deployment' },
  { id: 'shop/Deployment/db', kind: 'workload', namespace: 'shop', name: 'db', workload: 'Deployment' },
  { id: 'data/StatefulSet/db', kind: 'workload', namespace: 'data', name: 'db', workload: 'StatefulSet' },
  { id: 'ns:shop', kind: 'namespace', name: 'shop', members: 2 },
];

describe('a filter leaves', () => {
  test.each([
    ['', [0, 1, 2, 3, 4], [0, 1, 2, 3, 4]],
    ['namespace:shop', [1, 2, 4], [1, 2, 4]],
    ['from:shop/web', [1], [0, 1, 2, 3, 4]],
    ['from:shop to:db', [1, 2, 4], [2, 3]],
    ['-kind:external from:web', [1], [1, 2, 3, 4]],
    ['workload:StatefulSet', [3], [3]],
    ['10.0', [0], [0]],
    ['to:nothing', [0, 1, 2, 3, 4], []],
  ])('of %s', (text, rows, columns) => {
    expect(narrowed(ENTRIES, text)).toEqual({ kind: 'ok', rows, columns });
  });

  test('nothing of a field that there is not, and says what comes near', () => {
    expect(narrowed(ENTRIES, 'namspace:shop')).toMatchObject({ kind: 'problem', near: ['namespace'] });
  });
});
