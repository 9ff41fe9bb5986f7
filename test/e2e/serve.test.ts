import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { BIN, folderWith, removeFolders, runCli, TWO_PODS } from './run-cli.ts';

afterAll(removeFolders);

const LIMIT = { timeout: 60_000 };

interface Served {
  readonly child: ChildProcess;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

/** Until the first revision is told. */
async function serve(args: readonly string[], cwd: string): Promise<Served> {
  const child = spawn(process.execPath, [BIN, 'serve', ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await vi.waitFor(() => expect(err).toContain('revision 1'), { timeout: 30_000 });
  const url = new URL(out.trim());
  const headers = { authorization: `Bearer ${url.searchParams.get('token')}` };
  return { child, url, headers, said: () => err, ended };
}

describe('serve', LIMIT, () => {
  test('answers, follows edits, keeps the last good answer, and ends cleanly', async () => {
    const cwd = folderWith({ 'a.yaml': TWO_PODS });
    const { child, url, headers, said, ended } = await serve([], cwd);
    const path = new URL('/api/v1/path?from=shop/web&to=shop/db&port=5432', url);
    const verdict = async () => ((await (await fetch(path, { headers })).json()) as { verdict: string }).verdict;
    expect(await verdict()).toBe('allowed');
    const printed = await runCli(['can', 'shop/web', 'shop/db', '5432', '-o', 'json'], { cwd });
    expect(await (await fetch(path, { headers })).text()).toBe(printed.out);
    const scan = await fetch(new URL('/api/v1/scan', url), { headers });
    expect(scan.status).toBe(200);
    writeFileSync(join(cwd, 'a.yaml'), 'a: [');
    await vi.waitFor(() => expect(said()).toContain('the last good answer is kept'), { timeout: 20_000 });
    expect(await verdict()).toBe('allowed');
    writeFileSync(join(cwd, 'a.yaml'), TWO_PODS.replace('5432', '80'));
    await vi.waitFor(async () => expect(await verdict()).toBe('denied'), { timeout: 20_000, interval: 100 });
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  test('a folder of a blueprint: the designed cluster with its Azure network, and its settings', async () => {
    const cwd = folderWith({});
    await runCli(['blueprint', 'init', 'shop', '--example'], { cwd });
    const { child, url, headers, ended } = await serve(['shop'], cwd);
    const told = async (path: string) =>
      (await (await fetch(new URL(`/api/v1/${path}`, url), { headers })).json()) as never;
    const scan: { findings: { suppressed: unknown }[]; controls: { id: string; state: string }[] } = await told('scan');
    expect(scan.findings.filter(({ suppressed }) => suppressed === null)).toEqual([]);
    expect(scan.controls.find(({ id }) => id === 'AZN-EGR-001')?.state).toBe('PASS');
    const map: { endpoints: { id: string; origin?: { file: string } }[] } = await told('map?fold=never');
    const standIn = map.endpoints.find(({ id }) => id === 'shop-frontend/Deployment/stand-in');
    expect(standIn?.origin?.file).toBe('shop/proof/stand-ins.yaml');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  test('a port that is taken', async () => {
    const cwd = folderWith({ 'a.yaml': TWO_PODS });
    const { child, url, ended } = await serve([], cwd);
    const second = await runCli(['serve', '--port', url.port], { cwd });
    expect(second).toMatchObject({ code: 2, out: '' });
    expect(second.err).toContain('is taken');
    const port = Number(url.port);
    const next = await serve(['--port', `${port}-${Math.min(port + 20, 65_535)}`], cwd);
    expect(Number(next.url.port)).toBeGreaterThan(port);
    next.child.kill('SIGINT');
    expect(await next.ended).toBe(0);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  test.each([
    [['--host', '0.0.0.0'], '--token-file'],
    [['--host', '0.0.0.0', '--token-file', 'tokens'], '--tls-cert'],
    [['--port', 'http'], 'not a port'],
    [['--port', '8700-8600'], 'not a port'],
    [['--port', '0-9'], 'not a port'],
    [['--public-url', 'ringfence.example.com'], 'not an address'],
    [['--oidc-issuer', 'https://login.example.com'], '--oidc-client-id'],
    [['--oidc-client-id', 'ringfence'], 'needs --oidc-issuer'],
    [['--oidc-issuer', 'http://login.example.com', '--oidc-client-id', 'a'], 'not the address of an issuer'],
    [
      ['--oidc-issuer', 'https://login.example.com', '--oidc-client-id', 'a', '--oidc-role', 'owner=x'],
      'gives no role',
    ],
    [['--oidc-issuer', 'https://a.example', '--oidc-client-id', 'a', '--oidc-scope', 'profile'], 'lacks `openid`'],
    [
      ['--oidc-issuer', 'https://a.example', '--oidc-client-id', 'a', '--oidc-client-secret-file', 'open-tokens'],
      'chmod 600',
    ],
    [['--token-file', 'open-tokens'], 'chmod 600'],
    [['--token-file', 'none'], 'cannot be read'],
    [['--tls-cert', 'tokens'], 'go together'],
    [['nowhere'], 'does not exist'],
  ])('serve %j is refused', async (args, said) => {
    const tokens = 'viewer a-token-that-is-long-enough Vera\n';
    const cwd = folderWith({ 'a.yaml': TWO_PODS, tokens, 'open-tokens': tokens });
    chmodSync(join(cwd, 'tokens'), 0o600);
    const run = await runCli(['serve', ...args], { cwd });
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toContain(said);
  });
});
