import { type Answer, differencesOf } from './answers.ts';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { type ClusterOptions, describeCluster } from './cluster.ts';
import { type ClusterForm, clusterSnapshot } from './cluster-snapshot.ts';
import { allPairs, answersOf, compile } from './engine-adapter.ts';
import { naiveAnswers } from './naive.ts';

interface Size {
  readonly workloads: number;
  readonly rounds: number;
  readonly naive: boolean;
}

const FULL: readonly Size[] = [
  { workloads: 100, rounds: 5, naive: true },
  { workloads: 300, rounds: 5, naive: true },
  { workloads: 1000, rounds: 3, naive: true },
  { workloads: 10_000, rounds: 3, naive: false },
];
const SMOKE: readonly Size[] = [{ workloads: 40, rounds: 1, naive: true }];

/** From the model in memory to all pairs, on templates and on running pods. */
export const allPairsBenchmark: Benchmark = {
  name: 'all-pairs',
  title: 'from a snapshot in memory to who can reach whom (compile and all pairs)',
  cases: casesOf,
};

function casesOf(scale: Scale): Case[] {
  const sizes = scale === 'smoke' ? SMOKE : FULL;
  return [...sizes.flatMap(casesOfSize), ...(scale === 'smoke' ? [] : [mixedCase(1000), mixedCase(10_000)])];
}

function casesOfSize({ workloads, rounds, naive }: Size): Case[] {
  const options = { workloads, policies: workloads, plain: true };
  const naiveName = `naive ${workloads} workloads`;
  const out: Case[] = [
    engineCase(`ringfence ${workloads} workloads`, {
      options,
      rounds,
      ...(naive && { against: naiveName, checked: workloads <= 300 }),
    }),
  ];
  if (naive) out.push(naiveCase(naiveName, options, Math.min(rounds, 3)));
  return out;
}

/** The whole mixture with running pods: IPv6 blocks and private blocks that cut pods apart. */
function mixedCase(workloads: number): Case {
  const options = { workloads, policies: workloads };
  return engineCase(`ringfence ${workloads} workloads with ${workloads * 10} pods`, {
    options,
    rounds: 3,
    form: 'pods',
  });
}

interface EngineCase {
  readonly options: Partial<ClusterOptions>;
  readonly rounds: number;
  readonly form?: ClusterForm;
  readonly against?: string;
  /** Whether every answer is compared with the naive evaluator's. */
  readonly checked?: boolean;
}

function engineCase(name: string, { options, rounds, form = 'templates', against, checked = false }: EngineCase): Case {
  function prepare(): () => Outcome {
    const snapshot = clusterSnapshot(describeCluster(options), form);
    const failures = checked ? disagreements(answersOf(compile(snapshot)), naiveAnswers(snapshot)) : [];
    return () => {
      const { pairs, endpoints } = allPairs(compile(snapshot));
      return { facts: { pairs, endpoints }, failures };
    };
  }
  return { name, rounds, repeats: 3, prepare, ...(against !== undefined && { against }) };
}

function naiveCase(name: string, options: Partial<ClusterOptions>, rounds: number): Case {
  function prepare(): () => Outcome {
    const snapshot = clusterSnapshot(describeCluster(options), 'templates');
    return () => {
      let pairs = 0;
      for (const _ of naiveAnswers(snapshot)) pairs++;
      return { facts: { pairs } };
    };
  }
  return { name, rounds, repeats: 1, prepare };
}

/** One line that says how many answers differ and shows the first. */
export function disagreements(ours: Iterable<Answer>, theirs: Iterable<Answer>): string[] {
  const differences = differencesOf(ours, theirs);
  const first = differences[0];
  if (first === undefined) return [];
  return [
    `${differences.length} answers differ, the first: ${first.from} to ${first.to}: ${first.left}, but ${first.right}`,
  ];
}
