import { expect, test } from 'vitest';
import { TILE, TileStore } from './tiles.ts';

function storeOf(rows: number, columns: number, failing: ReadonlySet<string> = new Set()) {
  const asked: string[] = [];
  const problems: unknown[] = [];
  let come = () => {};
  const store = new TileStore({
    rows,
    columns,
    load: async (high, wide) => {
      const key = `${high.first}-${high.end} ${wide.first}-${wide.end}`;
      asked.push(key);
      if (failing.has(key)) throw new Error(key);
      const width = wide.end - wide.first;
      return Uint8Array.from({ length: (high.end - high.first) * width }, (_, at) => {
        return (high.first + Math.floor(at / width) + wide.first + (at % width)) % 7;
      });
    },
    onCome: () => come(),
    onProblem: (problem) => problems.push(problem),
  });
  const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 20));
  return { store, asked, problems, settled, onCome: (listener: () => void) => (come = listener) };
}

test('only what is looked at is asked for, once, and cut at the edge', async () => {
  const { store, asked, settled } = storeOf(10_000, 300);
  store.want({ first: 250, end: 260 }, { first: 0, end: 300 });
  store.want({ first: 250, end: 260 }, { first: 0, end: 300 });
  await settled();
  expect(asked).toEqual(['0-256 0-256', '0-256 256-300', '256-512 0-256', '256-512 256-300']);
  expect([store.cell(257, 299), store.cell(257, 2), store.cell(600, 0)]).toEqual([556 % 7, 259 % 7, undefined]);
});

test('a cell that is stepped to comes by itself', async () => {
  const { store, asked } = storeOf(1_000, 1_000);
  expect(await store.cellWhenThere(TILE * 2, 5)).toBe((TILE * 2 + 5) % 7);
  expect(asked).toEqual(['512-768 0-256']);
});

test('a tile that does not come is told, and not asked for without end', async () => {
  const { store, asked, problems, settled } = storeOf(100, 100, new Set(['0-100 0-100']));
  for (let turn = 0; turn < 5; turn++) {
    store.want({ first: 0, end: 9 }, { first: 0, end: 9 });
    await settled();
  }
  expect([asked.length, problems.length, store.cell(0, 0)]).toEqual([1, 1, undefined]);
});
