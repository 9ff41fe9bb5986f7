import { expect, test } from 'vitest';
import { shellWord } from './shell-word.ts';

test.each([
  ['shop/web', 'shop/web'],
  ['', "''"],
  ['from:shop/* -kind:external', "'from:shop/* -kind:external'"],
  ["it's $HOME `id`", String.raw`'it'\''s $HOME ${'`'}id${'`'}'`],
  ['a\u001b[31m', String.raw`$'a\U0000001b[31m'`],
  ["\u202e'\\u{1b}", String.raw`$'\U0000202e\'\\u{1b}'`],
])('%j', (word, told) => {
  expect(shellWord(word)).toBe(told);
});
