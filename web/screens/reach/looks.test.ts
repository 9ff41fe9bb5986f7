import { describe, expect, test } from 'vitest';
import { CELLS, CHANGE_CELLS } from '#model/matrix.ts';
import { LOOKS, placedPath } from './looks.ts';

describe('every state of a cell', () => {
  test.each([[CELLS], [CHANGE_CELLS]])('has a form and a word that no other has: %#', (cells) => {
    const forms = cells.map((cell) => LOOKS[cell].parts.map(({ how, path }) => `${how} ${path}`).join());
    expect(new Set(forms).size).toBe(cells.length);
    expect(new Set(cells.map((cell) => LOOKS[cell].word)).size).toBe(cells.length);
  });
});

test('a form is moved and made larger, places by both and ways by size alone', () => {
  expect(placedPath('M1 2l7 -7h3z', { x: 100, y: 200, size: 32 })).toBe('M102 204l14 -14h6z');
});
