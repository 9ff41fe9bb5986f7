import { describe, expect, test } from 'vitest';
import type { SourceText } from './node.ts';
import { codeFrame, originAt } from './positions.ts';

const source: SourceText = { file: 'a.yaml', text: 'a: 1\nbb: 2\r\n\nc: 3' };

describe('originAt', () => {
  test.each([
    [0, 1, 1],
    [3, 1, 4],
    [5, 2, 1],
    [12, 3, 1],
    [13, 4, 1],
    [17, 4, 5],
    [999, 4, 5],
  ])('offset %i', (offset, line, column) => {
    expect(originAt(source, offset)).toEqual({ file: 'a.yaml', line, column });
  });
});

describe('codeFrame', () => {
  test('the line with its neighbours', () => {
    expect(codeFrame(source, 9, 1)).toBe(['  1 | a: 1', '> 2 | bb: 2', '    |     ^', '  3 |'].join('\n'));
  });

  test('numbers are aligned, the first and last line have one neighbour', () => {
    const text = Array.from({ length: 10 }, (_, i) => `k${i}: 1`).join('\n');
    expect(codeFrame({ file: 'a', text }, text.length - 1)).toBe(
      ['   9 | k8: 1', '> 10 | k9: 1', '     |     ^'].join('\n'),
    );
  });

  test('a tab is one column, control characters are escaped and marked whole', () => {
    expect(codeFrame({ file: 'a', text: '\ta\u001b[2J\u202eb' }, 2)).toBe(
      ['> 1 |  a\\u{1b}[2J\\u{202e}b', '    |   ^^^^^^'].join('\n'),
    );
  });

  test('a long line is clipped around the column', () => {
    const text = `${'x'.repeat(5000)}HERE${'y'.repeat(5000)}`;
    const [line, caret] = codeFrame({ file: 'a', text }, 5000, 4).split('\n');
    expect(line).toBe(`> 1 | …${'x'.repeat(60)}HERE${'y'.repeat(36)}…`);
    expect(caret!.indexOf('^')).toBe(line!.indexOf('HERE'));
    expect(caret).toMatch(/\^{4}$/);
  });

  test('an empty text', () => {
    expect(codeFrame({ file: 'a', text: '' }, 0)).toBe('> 1 |\n    | ^');
  });
});
