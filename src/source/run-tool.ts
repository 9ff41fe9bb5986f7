import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { escapeControl } from '#base/escape.ts';
import type { Session } from './session.ts';

/** A program on the search path and how to call it. */
export interface Tool {
  readonly path: string;
  readonly args: readonly string[];
}

export type ToolResult = { readonly ok: true; readonly output: Buffer } | { readonly ok: false; readonly why: string };

export interface ToolRun {
  readonly cwd: string;
  readonly input?: string;
  readonly maxOutput?: number;
}

/** The full path of a program, or undefined; only folders of the session's search path are looked at. */
export async function findTool(session: Session, name: string): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of session.searchPath.split(delimiter)) {
    // An empty or relative entry would run what the scanned repository brings along.
    if (!/^(?:\/|[A-Za-z]:[\\/])/.test(folder)) continue;
    const path = join(folder, file);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

/** Runs a program without a shell, with a time limit and bounded output. Failures are values. */
export function runTool(session: Session, tool: Tool, run: ToolRun): Promise<ToolResult> {
  return new Promise((resolve) => {
    const options = {
      cwd: run.cwd,
      encoding: 'buffer',
      timeout: session.toolTimeout,
      killSignal: 'SIGKILL',
      maxBuffer: run.maxOutput ?? session.maxFileSize,
      env: { ...process.env, PATH: session.searchPath, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    } as const;
    const child = execFile(tool.path, [...tool.args], options, (error, output, stderr) => {
      if (error === null) resolve({ ok: true, output });
      else resolve({ ok: false, why: reasonOf(session, error, stderr) });
    });
    // A program that ends before it has read everything closes the pipe; its exit tells the story.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(run.input ?? '');
  });
}

/** A command line that a person can paste. */
export function commandText(words: readonly string[]): string {
  return words
    .map((word) => escapeControl(/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

const MAX_REASON = 400;

function reasonOf(session: Session, error: Error & { killed?: boolean; code?: unknown }, stderr: Buffer): string {
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'it wrote more than the limit for one file';
  if (error.killed === true) return `it took longer than ${Math.round(session.toolTimeout / 1000)} seconds`;
  const text = stderr.toString('utf8').trim().split('\n').slice(-3).join(' ');
  const reason = text === '' ? `it ended with ${String(error.code)}` : text;
  return escapeControl(reason.length > MAX_REASON ? `${reason.slice(0, MAX_REASON)}…` : reason);
}
