import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { BIN, folderWith, pod, ROOT, removeFolders, runCli, TWO_PODS } from './run-cli.ts';

afterAll(removeFolders);

describe('input', () => {
  test('standard input', async () => {
    expect(await runCli(['can', 'shop/web', 'shop/db', '5432', '-'], { input: TWO_PODS })).toMatchObject({ code: 0 });
  });

  test('the current folder, where no path is given', async () => {
    const cwd = folderWith({ 'a.yaml': TWO_PODS });
    expect(await runCli(['can', 'shop/web', 'shop/db', '80'], { cwd })).toMatchObject({ code: 1 });
  });

  test('an empty folder holds nothing to answer about', async () => {
    const run = await runCli(['map'], { cwd: folderWith({}) });
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toMatch(/nothing that decides about traffic was read from the current folder/);
  });

  test('an empty folder holds nothing to judge', async () => {
    const run = await runCli(['scan'], { cwd: folderWith({}) });
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toMatch(/no object that can be looked at was read from the current folder/);
  });

  test('a binary file beside a good one is a warning', async () => {
    const cwd = folderWith({ 'a.yaml': TWO_PODS, 'b.yaml': new Uint8Array([0, 1, 2, 0]) });
    const run = await runCli(['map'], { cwd });
    expect(run.code).toBe(0);
    expect(run.err).toMatch(/warning\[RF1008\]/);
  });

  test.skipIf(process.getuid?.() === 0)('a file that may not be read makes the answer incomplete', async () => {
    const cwd = folderWith({ 'a.yaml': TWO_PODS, 'b.yaml': TWO_PODS });
    chmodSync(join(cwd, 'b.yaml'), 0);
    expect(await runCli(['map'], { cwd })).toMatchObject({ code: 3 });
  });

  test('only what cannot be read: nothing to answer about', async () => {
    const cwd = folderWith({ 'a.yaml': 'a: [' });
    const run = await runCli(['map'], { cwd });
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toMatch(/RF1001/);
  });

  test('names with escapes are made harmless on both streams, in every format', async () => {
    const evil = 'x\u001b[31m\u202e';
    const cwd = folderWith({ [`${evil}.yaml`]: TWO_PODS, 'bad\u0007.yaml': 'a: [' });
    for (const format of ['text', 'json', 'csv', 'markdown', 'html', 'svg', 'dot']) {
      const { out, err } = await runCli(['map', '-o', format, '-v'], { cwd });
      expect(`${out}${err}`, format).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202e]/);
    }
    const typed = await runCli(['can', evil, 'shop/db'], { cwd });
    expect(typed.err).not.toMatch(/\u001b|\u202e/);
    expect((await runCli([evil], { cwd })).err).not.toMatch(/\u001b|\u202e/);
    expect((await runCli(['map', `--${evil}`], { cwd })).err).not.toMatch(/\u001b|\u202e/);
  }, 30_000);
});

describe('ringfence.yaml', () => {
  const base = { 'in/a.yaml': TWO_PODS, 'in/test/b.yaml': pod('other', 'b') };

  test('gives defaults that options override', async () => {
    const cwd = folderWith({ ...base, 'ringfence.yaml': 'engine: azure-npm-linux\nexclude: [in/test]\n' });
    const run = await runCli(['map', 'in', '-o', 'json'], { cwd });
    expect(JSON.parse(run.out)).toMatchObject({ engine: { profile: 'azure-npm-linux' } });
    expect(run.out).not.toMatch('other/Pod/b');
    const chosen = await runCli(['map', 'in', '-o', 'json', '--engine', 'none'], { cwd });
    expect(JSON.parse(chosen.out)).toMatchObject({ engine: { profile: 'none' } });
  });

  test('of the only folder that is read, where the current one has none', async () => {
    const cwd = folderWith({ ...base, 'in/ringfence.yaml': 'engine: azure-npm-linux\nexclude: [test]\n' });
    const run = await runCli(['map', 'in', '-o', 'json'], { cwd });
    expect(JSON.parse(run.out)).toMatchObject({ engine: { profile: 'azure-npm-linux' } });
    expect(run.out).not.toMatch('other/Pod/b');
    const both = await runCli(['map', 'in/a.yaml', 'in', '-o', 'json'], { cwd });
    expect(JSON.parse(both.out)).not.toMatchObject({ engine: { profile: 'azure-npm-linux' } });
  }, 30_000);

  test.each([
    [
      'engin: none\n',
      /ringfence\.yaml:1:1[\s\S]*`engin` is not a setting; did you mean `engine`\?|`engin` is not a setting; did you mean `engine`\?[\s\S]*ringfence\.yaml:1:1/,
    ],
    ['engine: flannel\n', /`engine` must be `upstream`/],
    ['podCidrs: [10.0]\n', /`podCidrs` must be a list of CIDRs/],
    ['a: [\n', /RF1001/],
    ['- list\n', /a configuration is a mapping/],
  ])('%j is refused, with its place', async (text, message) => {
    const run = await runCli(['map', 'in'], { cwd: folderWith({ ...base, 'ringfence.yaml': text }) });
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toMatch(message);
  });
});

describe('colour', () => {
  const ask = ['can', 'shop/web', 'shop/db', '5432', '-'];
  const ESCAPE = '\u001b[';

  test.concurrent.each([
    [[], {}, false],
    [['--color', 'always'], {}, true],
    [[], { FORCE_COLOR: '1' }, true],
    [[], { FORCE_COLOR: '0' }, false],
    [[], { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    [['--color=always'], { NO_COLOR: '1' }, true],
    [['--color', 'never'], { FORCE_COLOR: '1' }, false],
  ] as const)('%j %j → %s', async (flags, env, colored) => {
    const run = await runCli([...ask, ...flags], { input: TWO_PODS, env });
    expect(run.out.includes(ESCAPE)).toBe(colored);
  });
});

describe('endings', () => {
  const many = Array.from({ length: 60 }, (_, i) => pod(`ns${i}`, `pod-${i}`)).join('');

  test('a reader that goes away is no error', async () => {
    const cwd = folderWith({ 'a.yaml': many });
    const { code, err } = await new Promise<{ code: number | null; err: string }>((resolve) => {
      const child = spawn(process.execPath, [BIN, 'map', '-o', 'json', '--fold', 'never'], {
        cwd,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let text = '';
      child.stderr.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      child.stdout.once('data', () => child.stdout.destroy());
      child.on('close', (exit) => resolve({ code: exit, err: text }));
    });
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  test('an output that cannot be written is said', async () => {
    const { code, err } = await new Promise<{ code: number | null; err: string }>((resolve) => {
      const child = spawn(
        'sh',
        ['-c', `"${process.execPath}" "${BIN}" map "${join(ROOT, 'examples', 'shop')}" -q > /dev/full`],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      );
      let text = '';
      child.stderr.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      child.on('close', (exit) => resolve({ code: exit, err: text }));
    });
    expect(err).toMatch(/the output cannot be written: ENOSPC/);
    expect(code).toBe(2);
  });

  test('Ctrl-C while reading ends with 130', async () => {
    const code = await new Promise<number | null>((resolve) => {
      const child = spawn(process.execPath, [BIN, 'map', '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
      child.stdin.write(TWO_PODS);
      const timer = setInterval(() => child.kill('SIGINT'), 100);
      child.on('close', (exit, signal) => {
        clearInterval(timer);
        // Before the handler is there the system ends the process itself, which a shell calls 130 too.
        resolve(signal === 'SIGINT' ? 130 : exit);
      });
    });
    expect(code).toBe(130);
  });
});

describe('as a plug-in of kubectl', () => {
  test('says how it was called', async () => {
    const bin = join(folderWith({}), 'kubectl-ringfence');
    symlinkSync(BIN, bin);
    const run = await runCli(['--help'], { bin });
    expect(run.out).toMatch(/usage: kubectl ringfence VERB/);
  });
});

describe('a live cluster', () => {
  const SCRIPT = `#!/bin/sh
case "$1" in
api-resources) [ "$FAKE" = down ] && { echo "Unable to connect to the server" >&2; exit 1; }
  printf 'pods\\nnamespaces\\nnetworkpolicies.networking.k8s.io\\nsecrets\\n';;
get) case "$2" in
  pods) echo '{"apiVersion":"v1","kind":"List","items":[${jsonPod('web')},${jsonPod('db')}]}';;
  namespaces) echo '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}]}';;
  networkpolicies.networking.k8s.io) [ "$FAKE" = forbidden ] && { echo "Error from server (Forbidden): no" >&2; exit 1; }
    echo '{"apiVersion":"v1","kind":"List","items":[]}';;
  *) echo "unexpected $2" >&2; exit 1;;
  esac;;
esac
`;
  const tools = folderWith({});
  mkdirSync(join(tools, 'bin'));
  writeFileSync(join(tools, 'bin', 'kubectl'), SCRIPT, { mode: 0o755 });
  const PATH = `${join(tools, 'bin')}:/usr/bin:/bin`;
  const ask = ['can', 'shop/web', 'shop/db', '80', '--context', 'prod'];

  test.concurrent.each([
    ['answers', {}, 0, /^$/],
    [
      'a kind that may not be listed is an error of the input',
      { FAKE: 'forbidden' },
      3,
      /error\[RF4006\][\s\S]*auth can-i list networkpolicies/,
    ],
    [
      'a cluster out of reach',
      { FAKE: 'down' },
      4,
      /cannot be reached: Unable to connect[\s\S]*hint: check with `kubectl auth whoami --context=prod`/,
    ],
  ] as const)('%s', async (_title, env, code, err) => {
    const run = await runCli(ask, { env: { PATH, ...env } });
    expect(run.err).toMatch(err);
    expect(run.code).toBe(code);
  });

  test('no kubectl', async () => {
    const run = await runCli(ask, { env: { PATH: '/nowhere' } });
    expect(run).toMatchObject({ code: 4, out: '' });
    expect(run.err).toMatch(/needs kubectl/);
  });

  test('a cluster and a path exclude each other', async () => {
    expect(await runCli([...ask, 'examples/shop'])).toMatchObject({ code: 2 });
  });
});

function jsonPod(name: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop' },
    status: { phase: 'Running' },
  });
}
