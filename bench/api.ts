import { mkdirSync } from 'node:fs';
import { analyseSnapshot } from '#analysis/analysis.ts';
import { pathOf } from '#analysis/path/path.ts';
import { NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { newApp } from '#server/app.ts';
import { type Environment, openEnvironment } from '#server/environment.ts';
import { memoryHistory } from '#server/history.ts';
import { localLane, type OpenLane, workerLane } from '#server/lane.ts';
import type { Plan } from '#server/plan.ts';
import { allowedOnLoopback } from '#server/security/origins.ts';
import { readPaths } from '#source/read-paths.ts';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { type Cluster, describeCluster } from './cluster.ts';
import { writeCluster } from './generate.ts';
import { cacheFolder } from './process.ts';
import { pick, randomOf } from './random.ts';

/** As many as a browser has open at once, and more. */
const TOGETHER = 16;

/** `can` over the API: what HTTP, JSON and the way to the thread add to the function that answers. */
export const apiBenchmark: Benchmark = {
  name: 'api',
  title: '`can` through the application, each question another one, without the search for changes',
  cases: casesOf,
};

function casesOf(scale: Scale): Case[] {
  const workloads = scale === 'smoke' ? 40 : 1_000;
  const questions = scale === 'smoke' ? 40 : 2_000;
  const rounds = scale === 'smoke' ? 1 : 3;
  const against = 'in the process';
  const asked = { workloads, questions };
  return [
    { name: 'through the application', against, rounds, repeats: 3, prepare: () => appRun(asked, localLane) },
    { name: 'with the thread', against, rounds, repeats: 3, prepare: () => appRun(asked, workerLane) },
    { name: 'asked again', against, rounds, repeats: 3, prepare: () => appRun({ ...asked, again: true }, workerLane) },
    { name: against, rounds, repeats: 3, prepare: () => processRun(asked) },
  ];
}

interface Asked {
  readonly workloads: number;
  readonly questions: number;
  /** The same questions in each run, so that they are answered from memory. */
  readonly again?: boolean;
}

interface Question {
  readonly from: string;
  readonly to: string;
  readonly port: string;
}

async function written({ workloads }: Asked): Promise<{ readonly cluster: Cluster; readonly folder: string }> {
  const folder = cacheFolder(`api-${workloads}`);
  mkdirSync(folder, { recursive: true });
  const cluster = describeCluster({ workloads, policies: workloads, plain: true });
  await writeCluster(cluster, { folder, format: 'yaml', form: 'templates' });
  return { cluster, folder };
}

/** Each run has questions of its own, so that nothing is answered from memory. */
function questionsOf({ workloads }: Cluster, { questions, again = false }: Asked, run: number): readonly Question[] {
  const random = randomOf(again ? 5 : 5 + run);
  return Array.from({ length: questions }, () => {
    const [from, to] = [pick(random, workloads), pick(random, workloads)];
    const { port } = to.ports[0] ?? { port: 8080 };
    return { from: `${from.namespace}/${from.name}`, to: `${to.namespace}/${to.name}`, port: `${port}` };
  });
}

async function processRun(asked: Asked): Promise<() => Promise<Outcome>> {
  const { cluster, folder } = await written(asked);
  const { files } = await readPaths([folder], { kustomize: 'never' });
  const analysis = analyseSnapshot(snapshotOf(files), { engine: 'calico' });
  let run = 0;
  return async () => {
    let answered = 0;
    for (const question of questionsOf(cluster, asked, run++))
      if (pathOf(analysis, { ...question, changes: 'none' }).kind === 'ok') answered++;
    return outcome(asked, answered);
  };
}

async function appRun(asked: Asked, openLane: OpenLane): Promise<() => Promise<Outcome>> {
  const { cluster, folder } = await written(asked);
  const environment = openEnvironment(planOf(folder), { openLane, watch: 'never' });
  await environment.refresh();
  const app = appOver(environment);
  let run = 0;
  return async () => {
    const left = [...questionsOf(cluster, asked, run++)];
    let answered = 0;
    const askAll = async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const query = new URLSearchParams({ ...next, changes: 'none' });
        const response = await app.request(`http://127.0.0.1:8700/api/v1/path?${query}`, { headers: HEADERS });
        const text = await response.text();
        if (response.status === 200 && text.length > 0) answered++;
      }
    };
    await Promise.all(Array.from({ length: TOGETHER }, askAll));
    return outcome(asked, answered);
  };
}

function outcome({ questions }: Asked, answered: number): Outcome {
  const failures = answered === questions ? [] : [`${answered} of ${questions} were answered`];
  return { facts: { questions }, operations: questions, failures };
}

const TOKEN = 'a-token-for-the-benchmark';
const HEADERS = { authorization: `Bearer ${TOKEN}` };

function appOver(environment: Environment) {
  const unbounded = { perSecond: 1e9, burst: 1e9 };
  return newApp({
    environment,
    history: memoryHistory(),
    version: 'bench',
    tokens: [{ name: 'bench', role: 'viewer', token: TOKEN }],
    allowed: () => allowedOnLoopback(8700, false),
    secure: false,
    rate: unbounded,
  });
}

function planOf(folder: string): Plan {
  return {
    folder,
    paths: [folder],
    kustomize: 'never',
    exclude: { folder, patterns: [] },
    azure: [],
    azureCloud: 'public',
    engine: 'calico',
    podRanges: [],
    staged: false,
    controls: NO_CONTROL_SETTINGS,
    invariants: [],
    version: 'bench',
  };
}
