import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeWhole } from './write-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-write-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('writeWhole', () => {
  test('leaves nothing but the file', async () => {
    expect(await writeWhole(join(folder, 'a'), Buffer.from('x'), false)).toBe('written');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test.each([
    [false, 'exists', 'old'],
    [true, 'written', 'new'],
  ] as const)('force %s', async (force, result, text) => {
    writeFileSync(join(folder, 'a'), 'old');
    expect(await writeWhole(join(folder, 'a'), Buffer.from('new'), force)).toBe(result);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe(text);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test('of two at the same time one wins', async () => {
    const results = await Promise.all(
      ['1', '2'].map((text) => writeWhole(join(folder, 'a'), Buffer.from(text), false)),
    );
    expect(results.sort()).toEqual(['exists', 'written']);
  });
});
