import { existsSync } from 'node:fs';
import path from 'node:path';
import { analyseSnapshot } from '#analysis/analysis.ts';
import { CONTROLS } from '#analysis/controls/controls.ts';
import { contextFor } from '#analysis/controls/make-context.ts';
import { scanOf } from '#analysis/scan/scan.ts';
import { NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { type Cluster, describeCluster } from './cluster.ts';
import { manifestsOf } from './cluster-manifests.ts';
import { writeCluster } from './generate.ts';
import { cacheFolder, NotMeasured, runProcess, unanswered } from './process.ts';

const PROGRAM = path.join(import.meta.dirname, '..', 'dist', 'bin.js');

/** All controls over what people have: a repository, and what a live cluster answers. */
export const scanBenchmark: Benchmark = {
  name: 'scan',
  title: 'all controls: a repository of manifests, whole process, and a live cluster after parsing',
  cases: casesOf,
};

function casesOf(scale: Scale): Case[] {
  const [repository, pods] = scale === 'smoke' ? [40, 400] : [2400, 100_000];
  const map = `ringfence map, ${repository} workloads`;
  const rounds = scale === 'smoke' ? 1 : 5;
  return [
    {
      name: `ringfence scan, ${repository} workloads`,
      against: map,
      rounds,
      repeats: 1,
      prepare: () => processRun('scan', repository),
    },
    { name: map, rounds, repeats: 1, prepare: () => processRun('map', repository) },
    { name: `${pods} pods after parsing`, rounds: Math.min(rounds, 3), repeats: 1, prepare: () => liveRun(pods) },
  ];
}

/** As a repository has them: workloads with their Services and policies, no pods. */
async function processRun(verb: 'scan' | 'map', workloads: number): Promise<() => Promise<Outcome>> {
  if (!existsSync(PROGRAM)) throw new NotMeasured('not measured: dist/bin.js is not built');
  const folder = cacheFolder(`scan-${workloads}`);
  const cluster = describeCluster({ workloads, policies: workloads });
  const objects = await writeCluster(cluster, { folder, format: 'yaml', form: 'templates' });
  return async () => {
    const run = await runProcess(process.execPath, [PROGRAM, verb, folder, '-o', 'json'], { timeLimitMs: 120_000 });
    const { milliseconds, peakMb } = run;
    return {
      facts: { objects },
      outside: { milliseconds, ...(peakMb !== undefined && { peakMb }) },
      failures: [0, 1, 3].includes(run.exitCode) ? [] : [unanswered(run)],
    };
  };
}

/** As `kubectl get -o json` answers, read beforehand. */
function liveRun(pods: number): () => Outcome {
  const workloads = Math.max(10, Math.round(pods / 10));
  const cluster = describeCluster({ workloads, podsPerWorkload: 10, policies: Math.round(workloads / 5) });
  const snapshot = snapshotOf(listsOf(cluster), { objects: true });
  return () => {
    const analysis = analyseSnapshot(snapshot, { waysIn: true });
    const context = contextFor({ analysis, settings: NO_CONTROL_SETTINGS, today: '2026-11-21', kind: 'live' });
    const answer = scanOf(context, { controls: CONTROLS, version: '0', taken: '2026-11-21T00:00:00Z' });
    return {
      facts: { objects: snapshot.objects.length, findings: answer.findings.length },
      failures: answer.internalErrors.map(({ control, message }) => `${control}: ${message}`),
    };
  };
}

/** One list for each kind, as the API server gives them. */
function listsOf(cluster: Cluster) {
  const byKind = Map.groupBy(manifestsOf(cluster, 'pods'), ({ kind }) => kind);
  return [...byKind].map(([kind, items]) => ({
    file: `${kind}.json`,
    text: JSON.stringify({ apiVersion: items[0]?.apiVersion, kind: `${kind}List`, items }),
  }));
}
