import { describe, expect, test } from 'vitest';
import { escapeControl } from './escape.ts';

describe('escapeControl', () => {
  const table: readonly (readonly [why: string, text: string, want: string])[] = [
    ['plain text', 'shop/web-1', 'shop/web-1'],
    ['letters of any script', 'größe 名前 🙂 é', 'größe 名前 🙂 é'],
    ['terminal escape', '\u001b[31mred', '\\u{1b}[31mred'],
    ['line breaks and tabs', 'a\r\n\tb', 'a\\u{d}\\u{a}\\u{9}b'],
    ['NUL and DEL', '\u0000\u007f', '\\u{0}\\u{7f}'],
    ['C1 control sequence introducer', '\u009b2J', '\\u{9b}2J'],
    ['bidi override', 'a\u202egnp.exe', 'a\\u{202e}gnp.exe'],
    ['bidi isolates', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['zero width space, joiners and marks', 'a\u200bb\u200dc\u200fd\ufeff', 'a\\u{200b}b\\u{200d}c\\u{200f}d\\u{feff}'],
    ['line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['tag characters', 'a\u{e0041}', 'a\\u{e0041}'],
    ['a surrogate without its partner', 'a\ud83d', 'a\\u{d83d}'],
  ];
  test.each(table)('%s', (_why, text, want) => {
    expect(escapeControl(text)).toBe(want);
  });
});
