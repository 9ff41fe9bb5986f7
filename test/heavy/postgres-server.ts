import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { installPackage } from './debian-package.ts';

/** A server that ends with the test. */
export interface PostgresServer {
  /** With a password in it. */
  readonly url: string;
  readonly version: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts PostgreSQL on a free port of the loopback interface, in a temporary folder, as a user without privileges; or
 * tells why it cannot. Installs Debian's package where it is missing and this process may.
 */
export async function startPostgres(): Promise<PostgresServer | { readonly obstacle: string }> {
  if (process.platform !== 'linux') return { obstacle: 'the server is started on Linux only' };
  const programs = findPrograms() ?? (installPackage('postgresql') ? findPrograms() : undefined);
  if (programs === undefined) {
    return { obstacle: 'the programs `initdb` and `postgres` are missing (Debian package postgresql)' };
  }
  const user = plainUser();
  if (user === undefined) return { obstacle: 'the server refuses to run as root, and there is no other user here' };
  return await start(programs, user);
}

interface User {
  readonly uid?: number;
  readonly gid?: number;
}

function findPrograms(): string | undefined {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(base, version, 'bin')), ...(process.env['PATH'] ?? '').split(':')];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** Ourselves, or of root the first of those who own nothing. */
function plainUser(): User | undefined {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  const line = ['postgres', 'nobody'].map((name) => users.find((each) => each.startsWith(`${name}:`))).find(Boolean);
  if (line === undefined) return undefined;
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

async function start(programs: string, user: User): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ringfence-postgres-'));
  const data = join(folder, 'data');
  const password = join(folder, 'password');
  writeFileSync(password, 'not-a-secret\n');
  for (const path of [folder, password]) if (user.uid !== undefined) chownSync(path, user.uid, user.gid ?? 0);
  const options = [
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--username=ringfence',
    `--pwfile=${password}`,
  ];
  execFileSync(join(programs, 'initdb'), ['-D', data, '--no-sync', ...options], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  });
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off'];
  const args = ['-D', data, '-p', `${port}`, ...settings.flatMap((each) => ['-c', each])];
  const server = spawn(join(programs, 'postgres'), args, { ...user, cwd: folder, stdio: 'ignore' });
  await untilReady(server, data);
  const stop = async (): Promise<void> => {
    // "Fast shutdown": ends connections and writes everything.
    if (server.exitCode === null && server.kill('SIGINT')) await once(server, 'exit');
    rmSync(folder, { recursive: true, force: true });
  };
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  return { url: `postgres://ringfence:not-a-secret@127.0.0.1:${port}/postgres`, version, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}

/** The last line of this file is `ready` once the server takes connections. */
async function untilReady(server: ChildProcess, data: string): Promise<void> {
  const path = join(data, 'postmaster.pid');
  while (!existsSync(path) || !/\bready\b/.test(readFileSync(path, 'utf8'))) {
    if (server.exitCode !== null) throw new Error(`postgres ended with code ${server.exitCode}`);
    await pause(50);
  }
}
