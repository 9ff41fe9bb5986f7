import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openStore } from './open-store.ts';
import { bundleNamed, findingOf, hour, scanWith } from './store.test-support.ts';

// The whole of it, and that it survives, is in test/heavy/store.test.ts.

const root = mkdtempSync(join(tmpdir(), 'ringfence-store-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

test('what was added is there when the folder is opened again', { timeout: 120_000 }, async () => {
  const folder = join(root, 'deep', 'store');
  const store = await openStore({ folder });
  const { id } = await store.addSnapshot(bundleNamed('a', hour(1)));
  await store.addScan(id, scanWith([findingOf('a')], hour(1)));
  await expect(openStore({ folder })).rejects.toMatchObject({ problem: 'busy' });
  await store.close();
  expect(readdirSync(folder)).toEqual(['data']);
  const again = await openStore({ folder });
  expect((await again.snapshot(id))?.bundle).toEqual(bundleNamed('a', hour(1)));
  expect(await again.findings()).toMatchObject([{ fingerprint: 'a', firstSeen: hour(1), lastSeen: hour(1) }]);
  await again.close();
});

describe('is refused, and nothing is touched', () => {
  test.each([
    { name: 'a folder of other things', files: ['notes.txt'], problem: 'not-a-store' },
    { name: 'a folder whose data is none of ours', files: ['data/notes.txt'], problem: 'damaged' },
    { name: 'data without a version', files: ['data/global/pg_control'], problem: 'damaged' },
    { name: 'data of another version', files: ['data/PG_VERSION'], problem: 'newer' },
  ])('$name', async ({ name, files, problem }) => {
    const folder = join(root, name);
    for (const file of files) {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), '17\n');
    }
    const before = readdirSync(folder, { recursive: true }).sort();
    await expect(openStore({ folder })).rejects.toMatchObject({ name: 'StoreError', problem });
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
  });

  test('a file', async () => {
    const folder = join(root, 'file');
    writeFileSync(folder, '');
    await expect(openStore({ folder })).rejects.toMatchObject({ problem: 'not-a-store' });
    await expect(openStore({ folder: join(folder, 'below') })).rejects.toMatchObject({ problem: 'not-a-store' });
  });

  test.each(['mysql://ops:terrible@db/x', 'terrible'])('the address %s, without repeating it', async (url) => {
    const error: unknown = await openStore({ url }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'StoreError', problem: 'refused' });
    expect(`${error}`).not.toContain('terrible');
  });

  test('an address where nobody answers', async () => {
    await expect(openStore({ url: 'postgres://ops:terrible@127.0.0.1:1/x' })).rejects.toMatchObject({
      problem: 'unreachable',
      message: expect.not.stringContaining('terrible'),
    });
  });
});
