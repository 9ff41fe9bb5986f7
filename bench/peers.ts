import { existsSync } from 'node:fs';
import path from 'node:path';
import { disagreements } from './all-pairs.ts';
import type { Answer } from './answers.ts';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { type Cluster, describeCluster } from './cluster.ts';
import { clusterSnapshot } from './cluster-snapshot.ts';
import { writeCluster } from './generate.ts';
import { readMapAnswers } from './map-answers.ts';
import { naiveAnswers } from './naive.ts';
import { PEER, peerProgram, runPeer } from './peer.ts';
import { cacheFolder, NotMeasured, type ProcessRun, runProcess, unanswered } from './process.ts';

const PROGRAM = path.join(import.meta.dirname, '..', 'dist', 'bin.js');
const TIME_LIMIT_MS = 900_000;

interface Size {
  readonly workloads: number;
  readonly rounds: number;
}

const FULL: readonly Size[] = [
  { workloads: 100, rounds: 5 },
  { workloads: 300, rounds: 3 },
  { workloads: 1000, rounds: 1 },
];
const SMOKE: readonly Size[] = [{ workloads: 40, rounds: 1 }];

/** Two programs, the same folder of YAML, the same question. Their answers must be the same too. */
export const peersBenchmark: Benchmark = {
  name: 'peers',
  title: `whole process, a folder of YAML to all pairs as JSON, against ${PEER.module} ${PEER.version}`,
  cases: casesOf,
};

function casesOf(scale: Scale): Case[] {
  return (scale === 'smoke' ? SMOKE : FULL).flatMap(({ workloads, rounds }) => {
    const peer = `netpolicy list, ${workloads} workloads`;
    return [
      {
        name: `ringfence map, ${workloads} workloads`,
        against: peer,
        rounds,
        repeats: 1,
        prepare: () => prepareOurs(workloads),
      },
      { name: peer, rounds, repeats: 1, prepare: () => preparePeer(workloads, scale) },
    ];
  });
}

async function prepareOurs(workloads: number): Promise<() => Promise<Outcome>> {
  if (!existsSync(PROGRAM)) throw new NotMeasured('not measured: dist/bin.js is not built');
  const { cluster, folder } = await writtenCluster(workloads);
  const expected = expectedAnswers(cluster);
  const args = [PROGRAM, 'map', folder, '-o', 'json', '--layer', 'policy', '--engine', 'upstream'];
  return async () => {
    const run = await runProcess(process.execPath, args, { timeLimitMs: TIME_LIMIT_MS });
    if (run.exitCode !== 0 && run.exitCode !== 3) return { facts: {}, failures: [unanswered(run)] };
    return outcomeOf(run, readMapAnswers(run.text), expected);
  };
}

async function preparePeer(workloads: number, scale: Scale): Promise<() => Promise<Outcome>> {
  const program = await peerProgram(scale);
  const { cluster, folder } = await writtenCluster(workloads);
  const expected = expectedAnswers(cluster);
  return async () => {
    const { run, answers } = await runPeer(program, folder, TIME_LIMIT_MS);
    return outcomeOf(run, answers, expected);
  };
}

function outcomeOf(run: ProcessRun, answers: readonly Answer[], expected: readonly Answer[] | undefined): Outcome {
  const { milliseconds, peakMb } = run;
  return {
    facts: { pairs: answers.length, checked: expected === undefined ? 'no' : 'yes' },
    outside: { milliseconds, ...(peakMb !== undefined && { peakMb }) },
    failures: expected === undefined ? [] : disagreements(answers, expected),
  };
}

/** The naive evaluator stands between the programs: both are held to it. */
function expectedAnswers(cluster: Cluster): readonly Answer[] | undefined {
  if (cluster.options.workloads > 300) return undefined;
  return [...naiveAnswers(clusterSnapshot(cluster, 'templates'))];
}

async function writtenCluster(workloads: number): Promise<{ cluster: Cluster; folder: string }> {
  const cluster = describeCluster({ workloads, policies: workloads, plain: true });
  const folder = cacheFolder(`plain-${workloads}`);
  await writeCluster(cluster, { folder, format: 'yaml', form: 'templates' });
  return { cluster, folder };
}
