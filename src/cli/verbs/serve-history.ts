import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { escapeControl } from '#base/escape.ts';
import type { Environment } from '#server/environment.ts';
import { type History, memoryHistory } from '#server/history.ts';
import type { Plan } from '#server/plan.ts';
import { newRecorder, type Recorder } from '#server/recorder.ts';
import { storeHistory } from '#server/store-history.ts';
import { commitAt } from '#source/git-commit.ts';
import type { ServeFlags } from '../commands/serve.ts';
import type { CliContext } from '../context.ts';
import { Refusal } from '../refusal.ts';
import { VERSION } from '../version.ts';

/** Where history is kept, what keeps it, and how that is told. */
export interface Kept {
  readonly history: History;
  readonly recorder: Recorder;
  readonly words: string;
  readonly close: () => Promise<void>;
}

interface Served {
  readonly environment: Environment;
  readonly plan: Plan;
}

/** In memory unless a store is named: a database takes half a gigabyte, and writes what the manifests say to a disk. */
export function historyFor(context: CliContext, place: HistoryPlace, { environment, plan }: Served): Kept {
  const { err } = context.surroundings;
  const { history, words } = openedAt(place, environment);
  const recorder = newRecorder({
    environment,
    history,
    version: VERSION,
    commit: async () => commitOf(plan),
    onProblem: (message) => err.say(`the history lacks a moment: ${escapeControl(message.slice(0, 2_000))}\n`),
  });
  const close = async () => {
    recorder.close();
    await recorder.idle();
    await history.close();
  };
  return { history, recorder, words, close };
}

export interface HistoryPlace {
  readonly keep: number;
  /** Absent: in memory. */
  readonly store?: { readonly url: string } | { readonly folder: string };
  /** For people. */
  readonly where: string;
  readonly whose: { readonly environment?: string };
}

/** Throws `Refusal` for what cannot be meant. */
export function historyPlace({ surroundings }: CliContext, flags: ServeFlags): HistoryPlace {
  const { store, environmentName, keep = `${KEEP}` } = flags;
  if (!/^[1-9]\d{0,6}$/.test(keep)) throw new Refusal(`\`${escapeControl(keep)}\` is no number of snapshots`);
  const rest = { keep: Number(keep), whose: environmentName === undefined ? {} : { environment: environmentName } };
  if (store === undefined) return { ...rest, where: '' };
  if (/^postgres(?:ql)?:\/\//.test(store)) return { ...rest, store: { url: store }, where: addressOf(store) };
  const folder = resolve(surroundings.folder, store);
  return { ...rest, store: { folder }, where: folder };
}

function openedAt(
  { keep, store, where, whose }: HistoryPlace,
  environment: Environment,
): Pick<Kept, 'history' | 'words'> {
  if (store === undefined)
    return {
      history: memoryHistory({ snapshots: Math.min(keep, MOST_IN_MEMORY) }),
      words: 'history is kept in memory and ends with this server; --store FOLDER keeps it',
    };
  const history = storeHistory({
    open: async () => {
      // Nobody pays for a database who does not keep history.
      const { openStore } = await import('#store/open-store.ts');
      return openStore({ ...store, ...whose });
    },
    place: { kind: 'url' in store ? 'server' : 'folder', where },
    keep,
    onOpen: async (opened) => environment.decide(await opened.acceptances()),
  });
  const after = 'url' in store ? '' : '; delete the folder to delete it';
  return { history, words: `history is kept in \`${escapeControl(where)}\`${after}` };
}

const KEEP = 500;
const MOST_IN_MEMORY = 100;

/** Without who asks, and without a password. */
function addressOf(store: string): string {
  const url = URL.parse(store);
  if (url === null || url.hostname === '')
    throw new Refusal('the address of --store cannot be read', 'as postgres://USER@HOST:5432/DATABASE');
  return `postgres://${url.host}${url.pathname}`;
}

async function commitOf({ folder, paths, live }: Plan) {
  const [first] = paths;
  if (live !== undefined || first === undefined) return undefined;
  const path = resolve(folder, first);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  return commitAt({ cwd: found.isDirectory() ? path : dirname(path) });
}
