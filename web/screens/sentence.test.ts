import { describe, expect, test } from 'vitest';
import { questionOf, sentenceOf, slotOf } from './sentence.ts';

describe('a sentence', () => {
  test.each([
    ['', { from: '', to: '', port: '' }],
    ['shop/web', { from: 'shop/web', to: '', port: '' }],
    ['shop/web shop/db 5432', { from: 'shop/web', to: 'shop/db', port: '5432' }],
    ['can shop/web reach shop/db on 5432/TCP?', { from: 'shop/web', to: 'shop/db', port: '5432/TCP' }],
    ['internet → svc:shop/web port 80', { from: 'internet', to: 'svc:shop/web', port: '80' }],
  ])('%s', (sentence, question) => {
    expect(questionOf(sentence)).toEqual(question);
    expect(questionOf(sentenceOf(question))).toEqual(question);
  });
});

describe('the word at the caret', () => {
  test.each([
    ['', { kind: 'from', word: '', start: 0 }],
    ['sho', { kind: 'from', word: 'sho', start: 0 }],
    ['shop/web ', { kind: 'to', word: '', start: 9 }],
    ['shop/web to ', { kind: 'to', word: '', start: 12 }],
    ['can a reach sh', { kind: 'to', word: 'sh', start: 12 }],
    ['a to b on 54', { kind: 'port', word: '54', start: 10 }],
  ])('%s', (before, slot) => {
    expect(slotOf(before)).toEqual(slot);
  });
});
