import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { NotMeasured, runProcess, unanswered } from './process.ts';

const ROOT = path.join(import.meta.dirname, '..');
const EMPTY = 'node that does nothing';

/** What a person waits for: the whole process, from the shell to the answer. */
export const canProcessBenchmark: Benchmark = {
  name: 'can-process',
  title: 'the whole process of one question about examples/shop, against a Node that does nothing',
  cases: casesOf,
};

function casesOf(scale: Scale): Case[] {
  const rounds = scale === 'smoke' ? 1 : 11;
  return [
    {
      name: 'ringfence can',
      against: EMPTY,
      rounds,
      repeats: 1,
      prepare: () => programRun(['can', 'shop-frontend/web', 'shop-backend/api', '8080', 'examples/shop']),
    },
    { name: 'ringfence --version', against: EMPTY, rounds, repeats: 1, prepare: () => programRun(['--version']) },
    { name: EMPTY, rounds, repeats: 1, prepare: () => () => wholeProcess(['-e', '0']) },
  ];
}

function programRun(args: readonly string[]): () => Promise<Outcome> {
  const program = path.join(ROOT, 'dist', 'bin.js');
  if (!existsSync(program)) throw new NotMeasured('not measured: dist/bin.js is not built');
  if (args.includes('examples/shop') && !existsSync(path.join(ROOT, 'examples', 'shop'))) {
    throw new NotMeasured('not measured: examples/shop is missing');
  }
  return () => wholeProcess([program, ...args]);
}

/** Exit codes 0, 1 and 3 are answers; any other means that the question was not answered. */
async function wholeProcess(args: readonly string[]): Promise<Outcome> {
  const run = await runProcess(process.execPath, args, { timeLimitMs: 60_000, folder: ROOT });
  const failures = [0, 1, 3].includes(run.exitCode) ? [] : [unanswered(run)];
  const { milliseconds, peakMb } = run;
  return {
    facts: { exit: run.exitCode },
    outside: { milliseconds, ...(peakMb !== undefined && { peakMb }) },
    failures,
  };
}
