import { spawn } from 'node:child_process';

export interface Run {
  readonly output: string;
  readonly errors: string;
  readonly code: number;
}

/** Runs the command line from its sources, in the root of the repository, without colours. */
export function run(args: readonly string[]): Promise<Run> {
  return runNode(['src/cli/bin.ts', ...args]);
}

/** Runs a program that imports `ringfence`, from the sources. */
export function runExample(code: string): Promise<Run> {
  return runNode(['--input-type=module-typescript', '--eval', code.replace("'ringfence'", "'./src/index.ts'")]);
}

function runNode(args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' };
    const child = spawn(process.execPath, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
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
