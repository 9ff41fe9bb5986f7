import type { Commit } from '#source/git-commit.ts';
import { StoreError } from '#store/store-error.ts';
import { type Environment, Unanswered } from './environment.ts';
import type { History, HistoryEntry } from './history.ts';

export interface RecorderOptions {
  readonly environment: Environment;
  readonly history: History;
  readonly version: string;
  readonly now?: () => number;
  /** How long a revision must have stood before it is looked at. */
  readonly quietMs?: number;
  /** The commit that is checked out where the input is. */
  readonly commit?: () => Promise<Commit | undefined>;
  /** Whether a revision that differs in meaning is kept by itself. */
  readonly automatic?: boolean;
  /** What could not be kept, and why, for the log. */
  readonly onProblem?: (message: string) => void;
  /** Something was kept. */
  readonly onKept?: (entry: HistoryEntry) => void;
}

export interface Taker {
  readonly by: string;
  readonly note?: string;
}

/** Keeps moments of an environment, one after the other. */
export interface Recorder {
  /** Now, whatever changed. Rejects with `StoreError` or `Unanswered`. */
  readonly take: (taker: Taker) => Promise<HistoryEntry>;
  /** Resolves when nothing is being kept. */
  readonly idle: () => Promise<void>;
  readonly close: () => void;
}

/** First answers are not to wait: whoever opens the console asks a lot in the first seconds. */
const QUIET_MS = 3_000;

export function newRecorder(options: RecorderOptions): Recorder {
  const { environment, quietMs = QUIET_MS, automatic = true, onProblem = () => undefined } = options;
  let tail: Promise<unknown> = Promise.resolve();
  let seen = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = tail.then(work);
    tail = turn.catch(() => undefined);
    return turn;
  };
  const look = (): void => {
    inTurn(() => keep(options, undefined)).catch((error: unknown) => {
      if (!closed) onProblem(reasonOf(error));
    });
  };
  const onRevision = (): void => {
    const { state, revision } = environment.status();
    if (!automatic || state !== 'fresh' || revision === seen) return;
    seen = revision;
    clearTimeout(timer);
    timer = setTimeout(look, quietMs);
    timer.unref();
  };
  const unsubscribe = environment.subscribe(onRevision);
  onRevision();
  return {
    take: async (taker) => {
      const entry = await inTurn(() => keep(options, taker));
      // What a person asks for is kept in any case.
      if (entry === undefined) throw new Error('a snapshot that was asked for was not kept');
      return entry;
    },
    idle: async () => {
      await tail;
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      unsubscribe();
    },
  };
}

async function keep(options: RecorderOptions, taker: Taker | undefined): Promise<HistoryEntry | undefined> {
  const { environment, history, version, now = Date.now, commit } = options;
  const [last] = await history.list(1);
  const base = last === undefined ? undefined : await history.text(last.id);
  const taken = new Date(now()).toISOString();
  const { differs, ...moment } = await environment.moment({
    taken,
    today: taken.slice(0, 10),
    ...(last !== undefined && base !== undefined && { base: { id: last.id, taken: last.taken, text: base } }),
  });
  if (!differs && taker === undefined) return undefined;
  const at = await commit?.();
  const entry = await history.add({
    ...moment,
    taken,
    version,
    ...(at !== undefined && { commit: at }),
    ...taker,
  });
  options.onKept?.(entry);
  return entry;
}

function reasonOf(error: unknown): string {
  if (error instanceof StoreError) return error.help === undefined ? error.message : `${error.message}: ${error.help}`;
  if (error instanceof Unanswered) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : `${error}`;
}
