import { spawn } from 'node:child_process';

export interface Run {
  readonly output: string;
  readonly errors: string;
  readonly code: number;
}

/** Runs the command line from its sources, in the root of the repository, without colours. */
export function run(args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' };
    const child = spawn(process.execPath, ['src/cli/bin.ts', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on('error', (error) => resolve({ output, errors: error.message, code: 1 }));
    child.on('close', (code) => resolve({ output, errors, code: code ?? 1 }));
  });
}
