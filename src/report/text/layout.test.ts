import { describe, expect, test } from 'vitest';
import { NO_PAINT, TERMINAL_PAINT } from '../paint.ts';
import { paragraphLines, tableLines, widthOf } from './layout.ts';

describe('tableLines', () => {
  const rows = [
    ['a', 'bb', 'one two three four five six seven eight'],
    ['aaaa', 'b', 'x'],
  ];
  test('aligns columns and breaks nothing without a width', () => {
    expect(tableLines(rows, { indent: 2 }, { paint: NO_PAINT })).toEqual([
      '  a     bb  one two three four five six seven eight',
      '  aaaa  b   x',
    ]);
  });
  test('breaks the last column at spaces, under itself', () => {
    expect(tableLines(rows, { indent: 0 }, { paint: NO_PAINT, width: 40 })).toEqual([
      'a     bb  one two three four five six',
      '          seven eight',
      'aaaa  b   x',
    ]);
  });
  test('puts the last column under its row where nothing is left beside it', () => {
    const lines = tableLines(
      [['a'.repeat(30), 'one two three four five six']],
      { indent: 0 },
      { paint: NO_PAINT, width: 40 },
    );
    expect(lines).toEqual(['a'.repeat(30), '    one two three four five six']);
  });
  test('colours take no room', () => {
    const colored = [
      [{ text: 'a', tone: 'good' } as const, 'x'],
      ['bbb', 'y'],
    ];
    expect(tableLines(colored, { indent: 0 }, { paint: TERMINAL_PAINT })).toEqual([
      '\u001b[32ma\u001b[39m    x',
      'bbb  y',
    ]);
  });
});

describe('paragraphLines', () => {
  test('never breaks inside a word', () => {
    const word = 'x'.repeat(60);
    expect(paragraphLines(`a ${word} b`, 2, { paint: NO_PAINT, width: 40 })).toEqual(['  a', `  ${word}`, '  b']);
  });
});

describe('widthOf', () => {
  const table: readonly (readonly [text: string, width: number])[] = [
    ['abc', 3],
    ['名前', 4],
    ['e\u0301', 1],
    ['🙂', 2],
    ['\u001b[31mred\u001b[39m', 3],
  ];
  test.each(table)('%j is %i wide', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});
