// Plants each mistake of `mutants.ts` in a copy of the code, one at a time, and runs the fast tests of the engine on it.
// A mistake that no test notices survives: a test is missing. `npm run ci:mutation`; with arguments, only mutants whose
// file or meaning contains one of them.

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { closingLine } from '../../scripts/tally.ts';
import { MUTANTS, type Mutant } from './mutants.ts';

type Fate = 'killed' | 'survived' | 'not planted';

/** Copies that are tested at a time, each on a core. */
const AT_ONCE = 2;
/** In rising order of cost: most mistakes are noticed by the first. */
const STAGES = [['src/engine'], ['test/property/engine.test.ts']] as const;
/** Mistakes may loop for ever. */
const LIMIT_MS = 120_000;
const PROPERTY_RUNS = '12';

const wanted = process.argv.slice(2);
const mutants = MUTANTS.filter(
  ({ file, what }) => wanted.length === 0 || wanted.some((text) => file.includes(text) || what.includes(text)),
);
const fates = new Map<Mutant, Fate>();
const began = performance.now();

if (await passes(prepareCopy('clean'))) {
  const queue = [...mutants];
  await Promise.all(Array.from({ length: AT_ONCE }, (_, number) => work(prepareCopy(`${number}`), queue)));
} else {
  console.log('the tests fail without any mistake');
}
rmSync(join('.cache', 'mutation'), { recursive: true, force: true });

const survivors = mutants.filter((mutant) => fates.get(mutant) !== 'killed');
for (const { file, what } of survivors) console.log(`NOT KILLED  ${file}: ${what}`);
console.log(`${mutants.length - survivors.length} of ${mutants.length} killed in ${seconds(began)} s`);
console.log(closingLine({ passed: mutants.length - survivors.length, failed: survivors.length, skipped: 0 }));
process.exitCode = survivors.length === 0 ? 0 : 1;

async function work(folder: string, queue: Mutant[]): Promise<void> {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const start = performance.now();
    const fate = await fateOf(folder, mutant);
    fates.set(mutant, fate);
    console.log(`${fate.padEnd(11)} ${seconds(start).padStart(3)} s  ${mutant.file}: ${mutant.what}`);
  }
}

function seconds(since: number): string {
  return `${Math.round((performance.now() - since) / 1000)}`;
}

async function fateOf(folder: string, { file, find, replace }: Mutant): Promise<Fate> {
  const path = join(folder, file);
  const original = readFileSync(path, 'utf8');
  if (original.split(find).length !== 2) return 'not planted';
  writeFileSync(
    path,
    original.replace(find, () => replace),
  );
  try {
    return (await passes(folder)) ? 'survived' : 'killed';
  } finally {
    writeFileSync(path, original);
  }
}

async function passes(folder: string): Promise<boolean> {
  for (const stage of STAGES) if (!(await vitest(folder, stage))) return false;
  return true;
}

/** A copy of the code inside the repository, so that imports by room and dependencies resolve as they do here. */
function prepareCopy(name: string): string {
  const folder = resolve('.cache', 'mutation', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of ['package.json', 'vitest.config.ts', 'tsconfig.json', 'src', 'test/property']) {
    cpSync(part, join(folder, part), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  return folder;
}

function vitest(folder: string, tests: readonly string[]): Promise<boolean> {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project=quick', '--bail=1', '--reporter=dot', ...tests];
  const env = { ...process.env, RINGFENCE_PROPERTY_RUNS: PROPERTY_RUNS };
  return new Promise((settle) => {
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore', timeout: LIMIT_MS });
    child.on('error', () => settle(false));
    child.on('close', (code) => settle(code === 0));
  });
}
