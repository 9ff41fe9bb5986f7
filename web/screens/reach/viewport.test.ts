import { describe, expect, test } from 'vitest';
import {
  cellAt,
  fittingSize,
  scrollForZoom,
  scrollTo,
  type Viewport,
  visibleColumns,
  visibleRows,
  zoomed,
} from './viewport.ts';

const VIEW: Viewport = {
  cell: 10,
  width: 300,
  height: 200,
  left: 100,
  top: 50,
  scrollX: 1000,
  scrollY: 35,
  rows: 10_000,
  columns: 105,
};

describe('what is visible', () => {
  test('is what reaches into the frame, and no more than there is', () => {
    expect(visibleRows(VIEW)).toEqual({ first: 3, end: 19 });
    expect(visibleColumns(VIEW)).toEqual({ first: 100, end: 105 });
  });

  test.each([
    [100, 50, { row: 3, column: 100 }],
    [99, 60, undefined],
    [160, 60, undefined],
    [149, 199, { row: 18, column: 104 }],
  ])('at %i, %i is %j', (x, y, place) => expect(cellAt(VIEW, x, y)).toEqual(place));
});

describe('the scroll', () => {
  test('that shows a cell is the nearest, with one beside it', () => {
    expect(scrollTo(VIEW, { row: 10, column: 102 })).toEqual({ x: 1000, y: 35 });
    expect(scrollTo(VIEW, { row: 100, column: 0 })).toEqual({ x: 0, y: 870 });
  });

  test('of a zoom keeps what is under the pointer there', () => {
    const at = { x: 125, y: 93 };
    const before = cellAt(VIEW, at.x, at.y)!;
    const { x, y } = scrollForZoom(VIEW, 20, at);
    expect(cellAt({ ...VIEW, cell: 20, scrollX: x, scrollY: y }, at.x, at.y)).toEqual(before);
  });
});

test('sizes have two ends', () => {
  expect([zoomed(3, -1), zoomed(3, 1), zoomed(32, 1), zoomed(16, -1)]).toEqual([undefined, 4, undefined, 12]);
  expect([fittingSize(560, 10_000), fittingSize(560, 22), fittingSize(560, 2)]).toEqual([8, 24, 24]);
});
