import { expect, test } from 'vitest';
import { seatsOf } from './axis.ts';
import { TileStore } from './tiles.ts';
import type { Matrix } from './use-matrix.ts';
import { csvOf, markdownOf, svgOf } from './visible-part.ts';

const HOSTILE = '=cmd|"<img src=x>"';

async function matrix(): Promise<Matrix> {
  const endpoints = ['web', HOSTILE].map((name, index) => ({
    id: `shop/Deployment/${name}`,
    kind: 'workload' as const,
    namespace: name === HOSTILE ? '=a' : 'shop',
    name,
    index,
  }));
  const seats = seatsOf({ level: 'workload', size: 2, cells: ['denied', 'all', 'itself'], endpoints });
  const store = new TileStore({
    rows: 2,
    columns: 2,
    load: async () => Uint8Array.of(2, 1, 0, 2),
    onCome: () => {},
    onProblem: () => {},
  });
  await store.cellWhenThere(0, 0);
  const line = { seats, places: [0, 1], groups: [] };
  const asked = { level: 'workload', port: '', base: '', filter: '' } as const;
  const cells = ['denied', 'all', 'itself'] as const;
  return { asked, level: 'workload', seats, rows: line, columns: line, cells, store, watch: () => () => {} };
}

const ALL = { rows: [0, 1], columns: [0, 1] };

test('for a spreadsheet no name is a formula', async () => {
  expect(csvOf(await matrix(), ALL).split('\n')).toEqual([
    'from,to,cell',
    'shop/web,shop/web,itself',
    `shop/web,"'=a/=cmd|""<img src=x>""",allowed`,
    `"'=a/=cmd|""<img src=x>""",shop/web,denied`,
    `"'=a/=cmd|""<img src=x>""","'=a/=cmd|""<img src=x>""",itself`,
    '',
  ]);
});

test('for a ticket marks stand in a table, and names cannot leave it', async () => {
  const text = markdownOf(await matrix(), ALL);
  expect(text).toContain('| shop/web | · | ✓ |');
  expect(text).toContain(String.raw`=a/=cmd\|"\<img src=x\>" | ✕ | · |`);
  expect(text).toContain('✕ denied');
});

test('a drawing holds names as text', async () => {
  const tones = { allowed: '#00f', denied: '#f00', unknown: '#aa0', mixed: '#a0a', quiet: '#777' };
  const palette = { ground: '#fff', island: '#eee', line: '#ccc', hair: '#ddd', ink: '#000', accent: '#00f', tones };
  const svg = svgOf(await matrix(), ALL, palette);
  expect(svg).not.toContain('<img');
  expect(svg.match(/<path /g)).toHaveLength(3);
});
