import { VERSION } from './version.ts';

/** Answers `--version`; anything else is a usage error (exit code 2). */
export async function main(args: readonly string[]): Promise<void> {
  if (args[0] === '--version') {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  process.stderr.write('usage: ringfence --version\n');
  process.exitCode = 2;
}
