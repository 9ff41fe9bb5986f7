import { describe, expect, test } from 'vitest';
import { parseSelector } from './selector-syntax.ts';

describe('parseSelector', () => {
  test.each([
    ['', { kind: 'all' }],
    [' \t', { kind: 'all' }],
    ['all()', { kind: 'all' }],
    ['global( )', { kind: 'global' }],
    ['has(a.b/c-d_e)', { kind: 'has', key: 'a.b/c-d_e' }],
    ["a == 'b'", { kind: 'compare', operator: '==', key: 'a', value: 'b' }],
    ['a=="b \' c"', { kind: 'compare', operator: '==', key: 'a', value: "b ' c" }],
    ["a != ''", { kind: 'compare', operator: '!=', key: 'a', value: '' }],
    ["a contains 'x'", { kind: 'compare', operator: 'contains', key: 'a', value: 'x' }],
    ["a starts with 'x'", { kind: 'compare', operator: 'starts with', key: 'a', value: 'x' }],
    ["a ends\twith 'x'", { kind: 'compare', operator: 'ends with', key: 'a', value: 'x' }],
    ["a in {'b', 'c',}", { kind: 'in', key: 'a', values: ['b', 'c'] }],
    ['a in {}', { kind: 'in', key: 'a', values: [] }],
    ["a not in {'b'}", { kind: 'not in', key: 'a', values: ['b'] }],
    ["a notin {'b'}", { kind: 'not in', key: 'a', values: ['b'] }],
    ["a startswith'x'", { kind: 'compare', operator: 'starts with', key: 'a', value: 'x' }],
    ["in in {'in'}", { kind: 'in', key: 'in', values: ['in'] }],
    ['!has(a)', { kind: 'not', inner: { kind: 'has', key: 'a' } }],
    ['!!has(a)', { kind: 'has', key: 'a' }],
    [
      'has(a) || has(b) && !has(c)',
      {
        kind: 'or',
        parts: [
          { kind: 'has', key: 'a' },
          {
            kind: 'and',
            parts: [
              { kind: 'has', key: 'b' },
              { kind: 'not', inner: { kind: 'has', key: 'c' } },
            ],
          },
        ],
      },
    ],
    [
      '(has(a) || has(b)) && all()',
      {
        kind: 'and',
        parts: [
          {
            kind: 'or',
            parts: [
              { kind: 'has', key: 'a' },
              { kind: 'has', key: 'b' },
            ],
          },
          { kind: 'all' },
        ],
      },
    ],
  ])('%s', (text, node) => {
    expect(parseSelector(text)).toEqual({ kind: 'ok', node });
  });

  test.each([
    ["a == 'b'\n", 8, /follows a whole expression/],
    ['a == b', 5, /in quotes/],
    ["a == 'b", 5, /closing quote/],
    ['a', 1, /operator/],
    ['has (a)', 3, /operator/],
    ['all ()', 3, /operator/],
    ["a not {'b'}", 5, /`in` is missing/],
    ['has(a', 5, /`\)` is missing/],
    ['any()', 0, /no function/],
    ['has(a) has(b)', 7, /follows/],
    ['has(a) &&', 9, /missing at the end/],
    ["a starts 'b'", 8, /`with`/],
    [`has(${'a'.repeat(513)})`, 4, /512/],
  ])('refuses %j', (text, at, message) => {
    expect(parseSelector(text)).toMatchObject({ kind: 'problem', message: expect.stringMatching(message) });
    expect(parseSelector(text)).toHaveProperty('at', at);
  });

  test('bounds how deep it goes, and not how long it is', () => {
    expect(parseSelector(`${'('.repeat(100_000)}`)).toMatchObject({
      kind: 'problem',
      message: expect.stringMatching(/deeper/),
    });
    expect(parseSelector(`${'!'.repeat(100_000)}has(a)`)).toMatchObject({ kind: 'ok' });
    expect(parseSelector(Array.from({ length: 20_000 }, () => "a == 'b'").join(' || '))).toMatchObject({ kind: 'ok' });
  });
});
