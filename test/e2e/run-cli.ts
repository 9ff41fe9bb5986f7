import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

export const ROOT = join(import.meta.dirname, '..', '..');
const BUILDS = join(ROOT, '.cache', 'e2e');
/** A build of its own for each process of the tests: never one that is behind the sources, and twice as fast to start. */
const BUILT = join(BUILDS, `${process.pid}`);
export const BIN = join(BUILT, 'bin.js');

// Test files of one process share the build, so none of them may remove it: those that are left over go when others come.
mkdirSync(BUILDS, { recursive: true });
for (const name of readdirSync(BUILDS)) {
  if (!isRunning(Number(name))) rmSync(join(BUILDS, name), { recursive: true, force: true });
}

await build({
  absWorkingDir: ROOT,
  entryPoints: { bin: 'src/cli/bin.ts', 'server-worker': 'src/server/worker/worker.ts' },
  outdir: BUILT,
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node24',
  external: ['elkjs', '@azure/identity'],
  logLevel: 'error',
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export interface CliRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly bin?: string;
}

/** The whole program as a person runs it. Colours and the runner's own environment are left out. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [options.bin ?? BIN, ...args], {
      cwd: options.cwd ?? ROOT,
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

const folders: string[] = [];

/** A temporary folder with these files. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringfence-e2e-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function pod(namespace: string, name: string): string {
  return `{apiVersion: v1, kind: Pod, metadata: {namespace: ${namespace}, name: ${name}, labels: {app: ${name}}}, spec: {containers: [{name: c, image: i}]}}\n---\n`;
}

export function denyAll(namespace: string): string {
  return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: ${namespace}, name: deny}, spec: {podSelector: {}}}\n---\n`;
}

/** Web may reach db on 5432 and nothing else may. */
export const TWO_PODS = `${pod('shop', 'web')}${pod('shop', 'db')}apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: shop, name: db}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
`;
