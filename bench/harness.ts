import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Benchmark, Case, Round, Scale } from './benchmark.ts';
import { cacheFolder, runProcess } from './process.ts';

/** All rounds of one case as figures. */
export interface Result {
  readonly benchmark: string;
  readonly case: string;
  readonly notMeasured?: string;
  /** Milliseconds of every timed run, of all rounds. */
  readonly runs: readonly number[];
  readonly medianMs?: number;
  readonly minMs?: number;
  /** The highest resident set of any round's process. */
  readonly peakMb?: number;
  /** The resident set once the input was made and before the first run. */
  readonly inputMb?: number;
  readonly facts: Readonly<Record<string, number | string>>;
  readonly failures: readonly string[];
  /** How many times faster than the case it is compared with. */
  readonly ratio?: { readonly against: string; readonly faster: number };
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly system: string;
}

/** A round that takes longer than this is killed and reported as not measured. */
const ROUND_LIMIT_MS = 1_200_000;

export function machine(): Machine {
  return {
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.cpus().length,
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    node: process.version,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
  };
}

/** Runs the cases of one benchmark, round by round: the first round of all, then the second, so that a disturbance hits all alike. */
export async function runBenchmark(benchmark: Benchmark, scale: Scale): Promise<Result[]> {
  const cases = benchmark.cases(scale);
  const rounds = new Map<string, Round[]>(cases.map(({ name }) => [name, []]));
  const most = Math.max(...cases.map((one) => one.rounds));
  for (let round = 0; round < most; round++) {
    for (const one of cases) {
      const done = rounds.get(one.name)!;
      if (round >= one.rounds || done.some(({ state }) => state === 'not-measured')) continue;
      note(`${benchmark.name}: ${one.name}, round ${round + 1} of ${one.rounds}, load ${load()}`);
      done.push(await runRound(benchmark.name, one.name, scale));
    }
  }
  const results = cases.map((one) => resultOf(benchmark.name, one, rounds.get(one.name)!));
  return results.map((result, index) => withRatio(result, cases[index]!, results));
}

/** Writes all results beside each other into the cache folder and returns the file's name. */
export function saveResults(results: readonly Result[], scale: Scale): string {
  const file = path.join(cacheFolder(), scale === 'smoke' ? 'smoke.json' : 'results.json');
  const content = { date: new Date().toISOString(), scale, machine: machine(), loadAverage: os.loadavg(), results };
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  return file;
}

/** One line for each case. */
export function printResults(benchmark: Benchmark, results: readonly Result[]): string {
  const rows = results.map((result) => {
    const facts = Object.entries(result.facts).map(([name, value]) => `${name} ${value}`);
    if (result.notMeasured !== undefined) return [result.case, result.notMeasured];
    if (result.failures.length > 0) return [result.case, 'failed, no figure'];
    const ratio = result.ratio === undefined ? '' : `${figure(result.ratio.faster)}x vs ${result.ratio.against}`;
    const times = `${duration(result.medianMs)} median, ${duration(result.minMs)} min`;
    return [
      result.case,
      times,
      result.peakMb === undefined ? '' : `${Math.round(result.peakMb)} MB peak`,
      ratio,
      facts.join(', '),
    ];
  });
  const width = Math.max(...rows.map(([name]) => name!.length));
  const lines = rows.map(
    ([name, ...rest]) => `  ${name!.padEnd(width)}  ${rest.filter((text) => text !== '').join(' · ')}`,
  );
  const failures = results.flatMap((result) => result.failures.map((failure) => `  FAILED ${result.case}: ${failure}`));
  return [`${benchmark.name}: ${benchmark.title}`, ...lines, ...failures, ''].join('\n');
}

export function load(): string {
  return os
    .loadavg()
    .map((value) => value.toFixed(2))
    .join(' ');
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function runRound(benchmark: string, caseName: string, scale: Scale): Promise<Round> {
  const child = path.join(import.meta.dirname, 'child.ts');
  const args = ['--expose-gc', '--max-old-space-size=12288', child, benchmark, caseName, scale];
  const run = await runProcess(process.execPath, args, { timeLimitMs: ROUND_LIMIT_MS });
  if (run.exitCode !== 0) throw new Error(`${benchmark}: ${caseName} failed\n${run.errorText}`);
  return JSON.parse(run.text.trimEnd().split('\n').at(-1)!);
}

function resultOf(benchmark: string, one: Case, rounds: readonly Round[]): Result {
  const base = { benchmark, case: one.name, runs: [], facts: {}, failures: [] };
  const missing = rounds.find((round) => round.state === 'not-measured');
  if (missing !== undefined) return { ...base, notMeasured: missing.why };
  const measured = rounds.filter((round) => round.state === 'measured');
  const failures = [...new Set(measured.flatMap(({ outcome }) => outcome.failures ?? []))];
  // A time is of a right answer or of nothing: a program that refuses its input is quick.
  if (failures.length > 0) return { ...base, failures };
  const runs = measured.flatMap(({ milliseconds }) => milliseconds);
  const peaks = measured.map(({ peakMb }) => peakMb).filter((peak) => peak !== undefined);
  return {
    ...base,
    runs,
    medianMs: median(runs),
    minMs: Math.min(...runs),
    ...(peaks.length > 0 && { peakMb: Math.max(...peaks) }),
    inputMb: Math.max(...measured.map(({ inputMb }) => inputMb)),
    facts: measured.at(-1)?.outcome.facts ?? {},
    failures,
  };
}

function withRatio(result: Result, one: Case, results: readonly Result[]): Result {
  const other = results.find((candidate) => candidate.case === one.against);
  if (other?.medianMs === undefined || result.medianMs === undefined) return result;
  return { ...result, ratio: { against: other.case, faster: other.medianMs / result.medianMs } };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function duration(milliseconds = Number.NaN): string {
  if (milliseconds < 0.001) return `${figure(milliseconds * 1e6)} ns`;
  if (milliseconds < 1) return `${figure(milliseconds * 1e3)} µs`;
  return milliseconds < 1000 ? `${figure(milliseconds)} ms` : `${figure(milliseconds / 1000)} s`;
}

/** Three significant digits, without an exponent. */
function figure(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}
