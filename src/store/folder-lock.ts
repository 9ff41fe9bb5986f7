import { closeSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { codeOf, StoreError } from './store-error.ts';

/**
 * Takes the folder for this process, or throws `busy`. Returns what gives it back.
 *
 * Whoever wants the folder first puts a file there that names its process, and then looks for others. So of two that come
 * at the same moment each sees the other, and at most one goes on. A file whose process has ended, by whatever way, does
 * not count and is removed.
 */
export function lockFolder(folder: string): () => void {
  const own = lockName(process.pid);
  if (own === undefined) throw new Error('the process that runs this has no name');
  const path = join(folder, own);
  createLock(path, folder);
  const release = (): void => rmSync(path, { force: true });
  try {
    for (const name of readdirSync(folder).filter(isLock)) {
      if (name !== own) removeStale(folder, name);
    }
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

export function isLock(name: string): boolean {
  return LOCK.test(name);
}

const LOCK = /^lock-(?<host>[^/]*)-(?<pid>\d+)-(?<started>\d+)$/;

function createLock(path: string, folder: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    // The name holds process and moment of its start: it was this very process.
    if (codeOf(error) === 'EEXIST') throw busy(folder, path);
    throw error;
  }
}

function removeStale(folder: string, name: string): void {
  const { host, pid } = LOCK.exec(name)?.groups ?? {};
  // Of a process on another machine nothing can be known.
  if (host !== thisHost() || lockName(Number(pid)) === name) throw busy(folder, join(folder, name));
  rmSync(join(folder, name), { force: true });
}

function busy(folder: string, lock: string): StoreError {
  return new StoreError('busy', `another process has the store in \`${folder}\` open`, {
    help: `stop that process, or name another folder; when it ran on a machine that is gone, delete \`${lock}\``,
  });
}

/** The name that a process gives its lock; undefined when no such process runs. */
function lockName(pid: number): string | undefined {
  const started = startOf(pid);
  return started === undefined ? undefined : `lock-${thisHost()}-${pid}-${started}`;
}

/** Numbers of processes are used again; with the moment of the start they are not. Where the system does not tell: 0. */
function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return isRunning(pid) ? '0' : undefined;
  try {
    // proc_pid_stat(5): the name, in parentheses, may hold anything. After it `state` is field 3 and `starttime` 22.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function thisHost(): string {
  return hostname().replaceAll(/[^\w.]/g, '_');
}
