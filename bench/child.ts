import { BENCHMARKS } from './all.ts';
import type { Benchmark, Case, Outcome, Round, Scale } from './benchmark.ts';
import { NotMeasured } from './process.ts';

/** One round of one case: `child.ts BENCHMARK CASE SCALE`, with `--expose-gc`. Prints the round as one line of JSON. */
async function main(): Promise<void> {
  const [benchmarkName, caseName, scaleName] = process.argv.slice(2);
  const scale: Scale = scaleName === 'smoke' ? 'smoke' : 'full';
  const found = caseOf(BENCHMARKS, { benchmarkName, caseName, scale });
  const round = await measure(found).catch((error: unknown): Round => {
    if (error instanceof NotMeasured) return { state: 'not-measured', why: error.message };
    throw error;
  });
  process.stdout.write(`${JSON.stringify(round)}\n`);
}

interface CaseName {
  readonly benchmarkName: string | undefined;
  readonly caseName: string | undefined;
  readonly scale: Scale;
}

function caseOf(benchmarks: readonly Benchmark[], { benchmarkName, caseName, scale }: CaseName): Case {
  const benchmark = benchmarks.find(({ name }) => name === benchmarkName);
  const found = benchmark?.cases(scale).find(({ name }) => name === caseName);
  if (found === undefined) throw new Error(`no case ${caseName} in benchmark ${benchmarkName}`);
  return found;
}

async function measure({ prepare, repeats }: Case): Promise<Round> {
  const run = await prepare();
  globalThis.gc?.();
  const inputMb = process.memoryUsage().rss / 2 ** 20;
  if (repeats > 1) await run();
  const milliseconds: number[] = [];
  let outcome: Outcome = { facts: {} };
  for (let left = repeats; left > 0; left--) {
    globalThis.gc?.();
    const start = performance.now();
    outcome = await run();
    const spent = outcome.outside?.milliseconds ?? performance.now() - start;
    milliseconds.push(spent / (outcome.operations ?? 1));
  }
  const { outside, ...rest } = outcome;
  const peakMb = outside === undefined ? process.resourceUsage().maxRSS / 1024 : outside.peakMb;
  return { state: 'measured', milliseconds, inputMb, outcome: rest, ...(peakMb !== undefined && { peakMb }) };
}

await main();
