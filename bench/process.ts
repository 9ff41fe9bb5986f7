import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Thrown where a figure cannot be taken here; the reason is printed in its place, and no run fails for it. */
export class NotMeasured extends Error {}

export interface ProcessRun {
  readonly text: string;
  readonly errorText: string;
  /** 127 where the program does not exist. */
  readonly exitCode: number;
  /** From before the start to after the end of the process. */
  readonly milliseconds: number;
  /** The highest resident set that was seen, in MB; undefined where the system has no /proc. */
  readonly peakMb?: number;
}

export interface ProcessOptions {
  readonly timeLimitMs: number;
  readonly folder?: string;
}

/** A folder below `.cache/bench`, made when it is missing. */
export function cacheFolder(name = ''): string {
  const folder = path.join(import.meta.dirname, '..', '.cache', 'bench', name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Runs a program to its end and measures the whole process. Throws `NotMeasured` when the time limit passes. */
export async function runProcess(
  program: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<ProcessRun> {
  const start = performance.now();
  const child = spawn(program, args, { cwd: options.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const watch = watchMemory(child.pid);
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, options.timeLimitMs);
  const exitCode = await new Promise<number>((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 128));
  });
  const milliseconds = performance.now() - start;
  clearTimeout(limit);
  const peakMb = watch.end();
  if (late) throw new NotMeasured(`not done after ${options.timeLimitMs / 1000} s`);
  const text = Buffer.concat(out).toString('utf8');
  const errorText = Buffer.concat(errors).toString('utf8');
  return { text, errorText, exitCode, milliseconds, ...(peakMb !== undefined && { peakMb }) };
}

/** What to say of a program that did not answer. */
export function unanswered({ exitCode, errorText }: ProcessRun): string {
  return `no answer: exit code ${exitCode}: ${errorText.trim().split('\n')[0] ?? ''}`;
}

/** The kernel keeps the high-water mark (VmHWM), so a poll misses only what grows after its last look. */
function watchMemory(pid: number | undefined): { end: () => number | undefined } {
  let peak: number | undefined;
  function look(): void {
    try {
      const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      if (kilobytes !== undefined) peak = Number(kilobytes) / 1024;
    } catch {
      // The process is gone, or the system has no /proc: the last look stands.
    }
  }
  const timer = setInterval(look, 5);
  function end(): number | undefined {
    clearInterval(timer);
    return peak;
  }
  return { end };
}
