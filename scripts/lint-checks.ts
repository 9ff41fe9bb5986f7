import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { run } from './run.ts';
import { NONE, sum, type Tally } from './tally.ts';

interface Check {
  readonly title: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Why it cannot run on this machine, if so. */
  readonly missing?: string | undefined;
}

const FOLDERS = ['src', 'web', 'test', 'bench', 'scripts'].filter((folder) => existsSync(folder));

/** Format and rules, the walls between rooms, types, and words. Prints what fails; one check each in the tally. */
export async function lint(): Promise<Tally> {
  let tally = NONE;
  const running = checks().map(async (check) => ({ check, result: await outcomeOf(check) }));
  for await (const { check, result } of running) {
    tally = sum(tally, result.tally);
    console.log(`${result.word.padEnd(7)} ${check.title}`);
    if (result.output !== '') console.log(result.output.trimEnd());
  }
  return tally;
}

function checks(): Check[] {
  return [
    {
      title: 'format and rules (biome)',
      file: 'node_modules/@biomejs/biome/bin/biome',
      args: ['check', '--error-on-warnings', '--max-diagnostics=50', ...colorFlag()],
      missing: biomeIsMissing(),
    },
    {
      title: 'walls between rooms (dependency-cruiser)',
      file: 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      args: ['--config', '.dependency-cruiser.mjs', '--output-type', 'err-long', ...FOLDERS],
    },
    { title: 'types (tsc)', file: 'node_modules/typescript/bin/tsc', args: ['--project', '.', '--pretty', 'false'] },
    {
      title: 'types of the console (tsc)',
      file: 'node_modules/typescript/bin/tsc',
      args: ['--project', 'web', '--pretty', 'false'],
    },
    { title: 'words (spelling)', file: 'scripts/spelling.ts', args: [] },
  ];
}

async function outcomeOf(check: Check): Promise<{ word: string; output: string; tally: Tally }> {
  if (check.missing !== undefined) return { word: 'skipped', output: check.missing, tally: { ...NONE, skipped: 1 } };
  const { code, output } = await run(check.file, check.args);
  if (code === 0) return { word: 'ok', output: '', tally: { ...NONE, passed: 1 } };
  return { word: 'FAILED', output, tally: { ...NONE, failed: 1 } };
}

/** Biome is a native program in a package of its own for each platform, and not every registry holds them all. */
function biomeIsMissing(): string | undefined {
  const { resolve } = createRequire(import.meta.url);
  const name = `@biomejs/cli-${process.platform}-${process.arch}`;
  for (const candidate of [name, `${name}-musl`]) {
    try {
      resolve(`${candidate}/biome${process.platform === 'win32' ? '.exe' : ''}`);
      return undefined;
    } catch {
      // Looked for under the next name.
    }
  }
  return `        ${name} is not installed: format and rules are not checked here`;
}

function colorFlag(): string[] {
  return process.stdout.isTTY ? ['--colors=force'] : ['--colors=off'];
}
