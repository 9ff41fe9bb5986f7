import { parseArgs } from 'node:util';
import { BENCHMARKS } from './all.ts';
import { load, machine, note, printResults, type Result, runBenchmark, saveResults } from './harness.ts';

/** `run.ts [--smoke] [NAME...]`: exits 1 when answers disagree, 2 for a name that no benchmark has. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { smoke: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const known = BENCHMARKS.map(({ name }) => name);
  const strangers = positionals.filter((name) => !known.includes(name));
  if (strangers.length > 0) {
    note(`no benchmark \`${strangers.join('`, `')}\`; there are ${known.join(', ')}`);
    return 2;
  }
  const scale = values.smoke ? 'smoke' : 'full';
  const { cpu, cores, memoryGb, node, system } = machine();
  process.stdout.write(
    `${cpu}, ${cores} cores, ${memoryGb} GB · ${system} · Node ${node} · load ${load()} · ${scale}\n\n`,
  );
  const all: Result[] = [];
  for (const benchmark of BENCHMARKS) {
    if (positionals.length > 0 && !positionals.includes(benchmark.name)) continue;
    const results = await runBenchmark(benchmark, scale);
    process.stdout.write(`${printResults(benchmark, results)}\n`);
    all.push(...results);
  }
  process.stdout.write(`load ${load()} · ${saveResults(all, scale)}\n`);
  return all.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

process.exitCode = await main();
