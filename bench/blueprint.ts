import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { cacheFolder, NotMeasured, runProcess, unanswered } from './process.ts';

const PROGRAM = path.join(import.meta.dirname, '..', 'dist', 'bin.js');
const ONE_BY_ONE = 'the same asked one by one';

/** A whole environment, from choices to proof. */
export const blueprintBenchmark: Benchmark = {
  name: 'blueprint',
  title: 'an environment built and proven, whole process, against asking the same of its files verb by verb',
  cases: casesOf,
};

function casesOf(scale: Scale): Case[] {
  const rounds = scale === 'smoke' ? 1 : 5;
  const common = { rounds, repeats: 1 };
  return [
    { ...common, name: 'ringfence blueprint build', against: ONE_BY_ONE, prepare: () => prepared('build', [BUILD]) },
    {
      ...common,
      name: ONE_BY_ONE,
      prepare: () =>
        prepared(
          'verbs',
          VERBS.map((verb) => [verb]),
        ),
    },
  ];
}

/** Builds and proves, and writes nothing. */
const BUILD = ['blueprint', 'build', '--check'];
/** What a proof asks. */
const VERBS = ['scan', 'test', 'expose', 'egress', 'map'];

async function prepared(name: string, commands: readonly (readonly string[])[]): Promise<() => Promise<Outcome>> {
  if (!existsSync(PROGRAM)) throw new NotMeasured('not measured: dist/bin.js is not built');
  const folder = path.join(cacheFolder('blueprint'), name);
  rmSync(folder, { recursive: true, force: true });
  const made = await runProcess(process.execPath, [PROGRAM, 'blueprint', 'init', folder, '--example'], LIMIT);
  if (made.exitCode !== 0) throw new Error(unanswered(made));
  return async () => {
    let [milliseconds, peakMb] = [0, 0];
    const failures: string[] = [];
    for (const command of commands) {
      const run = await runProcess(process.execPath, [PROGRAM, ...command, '-o', 'json'], { ...LIMIT, folder });
      milliseconds += run.milliseconds;
      peakMb = Math.max(peakMb, run.peakMb ?? 0);
      if (![0, 3].includes(run.exitCode)) failures.push(unanswered(run));
    }
    return { facts: { processes: commands.length }, outside: { milliseconds, peakMb }, failures };
  };
}

const LIMIT = { timeLimitMs: 120_000 };
