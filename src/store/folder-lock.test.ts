import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockFolder } from './folder-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const host = hostname().replaceAll(/[^\w.]/g, '_');

describe('a folder', () => {
  test('is taken once, and again after it was given back', () => {
    const release = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ problem: 'busy' }));
    release();
    release();
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('that an ended process left locked is free', () => {
    // No process has the first number; ours has the second, and began at another moment.
    for (const left of ['2147483646-5', `${process.pid}-1`]) writeFileSync(join(folder, `lock-${host}-${left}`), '');
    const release = lockFolder(folder);
    expect(readdirSync(folder)).toHaveLength(1);
    release();
  });

  test('that another machine has locked is not free, and says what to delete', () => {
    const name = 'lock-elsewhere-1-5';
    writeFileSync(join(folder, name), '');
    expect(() => lockFolder(folder)).toThrow(
      expect.objectContaining({ problem: 'busy', help: expect.stringContaining(join(folder, name)) }),
    );
    expect(readdirSync(folder)).toEqual([name]);
  });
});
