import type { Database, Limits } from './database.ts';
import { acceptancesInForce, acceptFinding, answerControl, lastAnswers, withdrawAcceptance } from './decisions.ts';
import { explained } from './explained.ts';
import { findingHistory, listFindings } from './findings.ts';
import { migrate } from './migrate.ts';
import { prune } from './prune.ts';
import { addReachability, readReachability } from './reachability.ts';
import { addScan, controlHistory } from './scans.ts';
import { addSnapshot, listSnapshots, readSnapshot, removeSnapshot } from './snapshots.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';
import { timeline } from './timeline.ts';

/** Where the history is kept. */
export type StorePlace =
  /** For the embedded database; made when it is not there. One process at a time. */
  | { readonly folder: string }
  /** `postgres://USER@HOST:5432/DATABASE`. Any number of processes. */
  | { readonly url: string };

export type StoreOptions = StorePlace & {
  /** Whose history it is, where one database keeps that of several; `default` unless told. */
  readonly environment?: string;
  readonly limits?: Partial<Limits>;
};

/** Opens a store, brings its tables up to date, and binds it to one environment. Throws `StoreError`. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const limits = { ...LIMITS, ...options.limits };
  const database = await explained(() => openDatabase(options, limits));
  try {
    await explained(() => migrate(database.db));
  } catch (error) {
    await database.close().catch(() => {});
    throw error;
  }
  return storeOf(database, options.environment ?? 'default');
}

/** Opening makes a database the first time, which takes five seconds on a machine that is not busy. */
const LIMITS: Limits = { statement: 30_000, open: 120_000 };

async function openDatabase(options: StorePlace, limits: Limits): Promise<Database> {
  // Each is a database of its own, of which one is used.
  if ('url' in options) {
    const { openUrl } = await import('./url-database.ts');
    return openUrl(options.url, limits);
  }
  const { openFolder } = await import('./folder-database.ts');
  return await openFolder(options.folder, limits);
}

function storeOf({ db, tidy, close }: Database, environment: string): Store {
  let closing: Promise<void> | undefined;
  function asked<T>(work: () => Promise<T>): Promise<T> {
    return closing === undefined ? explained(work) : Promise.reject(new StoreError('closed', 'the store is closed'));
  }
  return {
    addSnapshot: (bundle, circumstances = {}) =>
      asked(() => addSnapshot(db, environment, { ...circumstances, bundle })),
    removeSnapshot: (id) => asked(() => removeSnapshot(db, environment, id)),
    snapshots: (filter = {}) => asked(() => listSnapshots(db, environment, filter)),
    snapshot: (id) => asked(() => readSnapshot(db, environment, id)),
    addScan: (snapshot, scan) => asked(() => addScan(db, environment, { snapshot, scan })),
    findings: (filter = {}) => asked(() => listFindings(db, environment, filter)),
    findingHistory: (fingerprint) => asked(() => findingHistory(db, environment, fingerprint)),
    controlHistory: (control) => asked(() => controlHistory(db, environment, control)),
    addReachability: (snapshot, reached) => asked(() => addReachability(db, environment, { ...reached, snapshot })),
    reachability: (snapshot) => asked(() => readReachability(db, environment, snapshot)),
    timeline: (range = {}) => asked(() => timeline(db, environment, range)),
    acceptFinding: (decision) => asked(() => acceptFinding(db, environment, decision)),
    withdrawAcceptance: (fingerprint, at) => asked(() => withdrawAcceptance(db, environment, { fingerprint, at })),
    acceptances: () => asked(() => acceptancesInForce(db, environment)),
    answerControl: (control, answer) => asked(() => answerControl(db, environment, { ...answer, control })),
    answers: () => asked(() => lastAnswers(db, environment)),
    prune: (rules) =>
      asked(async () => {
        const pruned = await prune(db, environment, rules);
        if (pruned.snapshots > 0) await tidy();
        return pruned;
      }),
    close: async () => {
      closing ??= close();
      await closing;
    },
  };
}
