import { includes } from '#base/intervals.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { trafficPoint } from '#model/traffic.ts';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { type Cluster, describeCluster } from './cluster.ts';
import { clusterSnapshot } from './cluster-snapshot.ts';
import { compile, type PointQuery, point } from './engine-adapter.ts';
import { type Party, partiesOf, trafficBetween } from './naive.ts';
import { chance, pick, randomOf } from './random.ts';

const QUERIES = 20_000;
const NAIVE_QUERIES = 500;

/** One pair and one port in a compiled world. */
export const pointBenchmark: Benchmark = {
  name: 'point',
  title: 'one pair on one port in a compiled world (mean of many; the naive evaluator walks all policies for each)',
  cases: casesOf,
};

function casesOf(scale: Scale): Case[] {
  const sizes = scale === 'smoke' ? [40] : [1000, 10_000];
  return sizes.flatMap((workloads) => {
    const naive = `naive ${workloads} workloads`;
    return [
      {
        name: `ringfence ${workloads} workloads`,
        against: naive,
        rounds: 3,
        repeats: 3,
        prepare: () => engineRun(workloads),
      },
      { name: naive, rounds: 3, repeats: 3, prepare: () => naiveRun(workloads) },
    ];
  });
}

function engineRun(workloads: number): () => Outcome {
  const { cluster, snapshot } = world(workloads);
  const queries = queriesOf(cluster, QUERIES);
  const compiled = compile(snapshot);
  const checked = queries.slice(0, NAIVE_QUERIES);
  const expected = countNaive(snapshot, checked);
  const got = checked.filter((query) => point(compiled, query) === 'allowed').length;
  const failures =
    got === expected ? [] : [`${got} of ${checked.length} are allowed, but ${expected} by the naive evaluator`];
  return () => {
    let allowed = 0;
    for (const query of queries) if (point(compiled, query) === 'allowed') allowed++;
    return { facts: { allowed, queries: queries.length }, operations: queries.length, failures };
  };
}

function naiveRun(workloads: number): () => Outcome {
  const { cluster, snapshot } = world(workloads);
  const queries = queriesOf(cluster, NAIVE_QUERIES);
  return () => {
    const allowed = countNaive(snapshot, queries);
    return { facts: { allowed, queries: queries.length }, operations: queries.length };
  };
}

function world(workloads: number): { cluster: Cluster; snapshot: Snapshot } {
  const cluster = describeCluster({ workloads, policies: workloads, plain: true });
  return { cluster, snapshot: clusterSnapshot(cluster, 'templates') };
}

/** Half of the queries stay inside a namespace, as most traffic does; the port is one that the destination opens. */
function queriesOf({ workloads }: Cluster, count: number): PointQuery[] {
  const random = randomOf(11);
  const byNamespace = Map.groupBy(workloads, ({ namespace }) => namespace);
  const out: PointQuery[] = [];
  while (out.length < count) {
    const from = pick(random, workloads);
    const to = pick(random, chance(random, 0.5) ? byNamespace.get(from.namespace)! : workloads);
    const port = to.ports[0] ?? { protocol: 'TCP', port: 8080 };
    if (from === to) continue;
    const traffic = trafficPoint(port.protocol, port.port);
    out.push({ from: `${from.namespace}/${from.name}`, to: `${to.namespace}/${to.name}`, traffic });
  }
  return out;
}

function countNaive(snapshot: Snapshot, queries: readonly PointQuery[]): number {
  const parties = new Map<string, Party>(partiesOf(snapshot).map((party) => [party.id, party]));
  let allowed = 0;
  for (const { from, to, traffic } of queries) {
    if (includes(trafficBetween(snapshot.networkPolicies, parties.get(from)!, parties.get(to)!), traffic)) allowed++;
  }
  return allowed;
}
