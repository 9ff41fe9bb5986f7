import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commitAt } from './git-commit.ts';

const root = mkdtempSync(join(tmpdir(), 'ringfence-commit-'));
const tree = join(root, 'tree');

function git(...args: readonly string[]): void {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...who, ...args], { cwd: tree, stdio: 'ignore' });
}

beforeAll(() => {
  mkdirSync(join(tree, 'deploy'), { recursive: true });
  git('init', '-q');
  writeFileSync(join(tree, 'deploy', 'a.yaml'), 'kind: A\n');
  git('add', '.');
  git('commit', '-q', '-m', 'Open the shop\n\nand more');
});
afterAll(() => rmSync(root, { recursive: true }));

test('who made the commit that is checked out, from a folder in its tree', async () => {
  const commit = await commitAt({ cwd: join(tree, 'deploy') });
  expect(commit).toMatchObject({ author: 'Ada', subject: 'Open the shop' });
  expect(commit?.id).toMatch(/^[0-9a-f]{40}/);
  expect(commit?.at).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test('there is none outside of a work tree', async () => {
  expect(await commitAt({ cwd: root })).toBeUndefined();
});
