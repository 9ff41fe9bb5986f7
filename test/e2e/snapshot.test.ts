import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { folderWith, pod, ROOT, removeFolders, runCli, TWO_PODS } from './run-cli.ts';

afterAll(removeFolders);

describe('snapshot', () => {
  test('is read like the files that it was taken from, with their places', async () => {
    const folder = folderWith({});
    const file = join(folder, 'shop.json.gz');
    const take = await runCli(['snapshot', 'take', 'examples/shop', '--out', file]);
    expect(take).toMatchObject({ code: 0, out: '' });
    expect(take.err).toMatch(/\d+ objects/);
    const [whole, kept] = await Promise.all([
      runCli(['map', 'examples/shop', '-o', 'json', '-q']),
      runCli(['map', file, '-o', 'json', '-q']),
    ]);
    expect(kept.out).toBe(whole.out);
    expect(await runCli(['diff', 'examples/shop', file])).toMatchObject({ code: 0 });
    expect(await runCli(['snapshot', 'compare', file, 'examples/shop'])).toMatchObject({ code: 0 });
    const list = await runCli(['snapshot', 'list', folder, '-o', 'json']);
    expect(JSON.parse(list.out)).toMatchObject({ snapshots: [{ from: ['examples/shop'], file }] });
    const exported = await runCli(['snapshot', 'export', file]);
    expect(exported.out).toMatch(/^apiVersion: v1\nkind: List\nitems:\n {2}- apiVersion: /);
    const again = await runCli(['can', 'shop-frontend/web', 'shop-backend/api', '8080', '-'], { input: exported.out });
    expect(again.code).toBe(0);
  }, 30_000);

  test('holds no secret, no environment variable, no argument and no applied manifest', async () => {
    const secret = 'hunter2';
    const text = `apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {password: ${secret}}
---
apiVersion: v1
kind: Pod
metadata:
  name: p
  namespace: shop
  annotations: {kubectl.kubernetes.io/last-applied-configuration: '${secret}'}
spec:
  containers:
    - {name: c, image: i, args: [${secret}], command: [${secret}], env: [{name: P, value: ${secret}}]}
`;
    const cwd = folderWith({ 'in/a.yaml': text });
    await runCli(['snapshot', 'take', 'in', '--out', 'out.json.gz'], { cwd });
    const written = gunzipSync(readFileSync(join(cwd, 'out.json.gz'))).toString();
    expect(written).toContain('"kind":"Pod"');
    expect(written).not.toContain(secret);
    expect(written).toContain('"stringData":{"password":"[dropped]"}');
  });

  test('without values leaves open what they decide, and its files are never written', async () => {
    const text = TWO_PODS.replace(/image: [^,}]*/, "$&, env: [{name: CACHE, value: 'redis://cache:6379'}]");
    expect(text).not.toBe(TWO_PODS);
    const cwd = folderWith({ 'a.yaml': text });
    await runCli(['snapshot', 'take', 'a.yaml', '--out', 'without.json'], { cwd });
    await runCli(['snapshot', 'take', 'a.yaml', '--out', 'with.json', '--values'], { cwd });
    const stateIn = async (file: string) => {
      const { out } = await runCli(['scan', file, '--control', 'TLS-WL-001', '-o', 'json'], { cwd });
      return JSON.parse(out).controls[0].state;
    };
    expect(await Promise.all([stateIn('a.yaml'), stateIn('with.json'), stateIn('without.json')])).toEqual([
      'FAIL',
      'FAIL',
      'UNKNOWN',
    ]);
    const fixed = await runCli(['scan', 'without.json', '--control', 'NET-POL-00', '--fix'], { cwd });
    expect(fixed).toMatchObject({ code: 2, out: '' });
    expect(fixed.err).toMatch(/--fix writes files, and a snapshot has none/);
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(text);
    const patch = await runCli(['scan', 'without.json', '--control', 'NET-POL-00', '--fix=diff'], { cwd });
    expect(patch.out).toBe('');
    expect(patch.err).toMatch(/not made, what .* is told was not kept/);
  }, 30_000);

  test('never replaces a file unless told to', async () => {
    const cwd = folderWith({ 'a.yaml': TWO_PODS, 'out.json': 'mine' });
    const run = await runCli(['snapshot', 'take', 'a.yaml', '--out', 'out.json'], { cwd });
    expect(run.code).toBe(2);
    expect(run.err).toMatch(/`out\.json` exists\nhint: --force/);
    expect(readFileSync(join(cwd, 'out.json'), 'utf8')).toBe('mine');
    expect(await runCli(['snapshot', 'take', 'a.yaml', '--out', 'out.json', '--force'], { cwd })).toMatchObject({
      code: 0,
    });
    expect(await runCli(['can', 'shop/web', 'shop/db', '5432', 'out.json'], { cwd })).toMatchObject({ code: 0 });
  });

  test('keeps what was wrong with the files', async () => {
    const cwd = folderWith({ 'in/a.yaml': TWO_PODS, 'in/b.yaml': 'a: [' });
    await runCli(['snapshot', 'take', 'in', '--out', 'out.json'], { cwd });
    const run = await runCli(['map', 'out.json'], { cwd });
    expect(run.code).toBe(3);
    expect(run.err).toMatch(/error\[RF1001\][\s\S]*in\/b\.yaml/);
  });

  test('that is damaged is said', async () => {
    const head = '{"apiVersion": "ringfence.dev/v1", "kind": "Snapshot", ';
    const cwd = folderWith({ 'a.json': `${head}"items": 5}`, 'b.json': `${head}` });
    for (const file of ['a.json', 'b.json']) {
      const run = await runCli(['map', file], { cwd });
      expect(run.code).toBe(2);
      expect(run.err).toMatch(/is a snapshot that cannot be read/);
    }
  });
});

describe('diff of git revisions', () => {
  test('main and a folder of the working tree', async () => {
    const cwd = folderWith({ 'deploy/a.yaml': TWO_PODS });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd, stdio: 'pipe' });
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    writeFileSync(join(cwd, 'deploy', 'b.yaml'), pod('shop', 'new'));
    const inside = join(cwd, 'deploy');
    expect(await runCli(['diff', 'main', 'HEAD'], { cwd: inside })).toMatchObject({ code: 0 });
    const run = await runCli(['diff', 'HEAD', '.', '-o', 'json'], { cwd: inside });
    expect(run.code).toBe(1);
    expect(JSON.parse(run.out)).toMatchObject({ endpoints: { added: ['shop/Pod/new'], removed: [] } });
    const typo = await runCli(['diff', 'mian', '.'], { cwd: inside });
    expect(typo).toMatchObject({ code: 2, out: '' });
    expect(typo.err).toMatch(/no such revision/);
  }, 30_000);
});

describe('completion', () => {
  test.concurrent.each([
    [[''], /^map\twho can reach whom$/m],
    [['ex'], /^explain\t/m],
    [['map', '-o', 's'], /^svg\t/m],
    [['map', '--engine', 'az'], /^azure-npm-linux\t/m],
    [['map', '--fo'], /^--fold\t/m],
    [['can', 'shop-fr'], /^shop-frontend\/web\t/m],
    [['can', 'shop-frontend/web', 'ns:shop-d'], /^ns:shop-data\t/m],
    [['explain', 'RF200'], /^RF2008\t/m],
    [['completion', 'z'], /^zsh\t/m],
    [['snapshot', 't'], /^take\t/m],
  ] as const)('%j', async (words, expected) => {
    const run = await runCli(['__complete', ...words], { cwd: join(ROOT, 'examples', 'shop') });
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out).toMatch(expected);
  });
});
