import { bundleText, readBundle } from '#source/bundle.ts';
import type { Store, TimelineEntry } from '#store/store.ts';
import { StoreError } from '#store/store-error.ts';
import type { History, HistoryEntry, Keeping, NewSnapshot } from './history.ts';

export interface StoreHistoryOptions {
  /** Called when history is first needed, and again after a failure. */
  readonly open: () => Promise<Store>;
  readonly place: Pick<Keeping, 'kind' | 'where'>;
  /** How many snapshots stay, besides those with a note. */
  readonly keep: number;
  /** Milliseconds before what failed is tried again. */
  readonly retryMs?: number;
  readonly now?: () => number;
  /** Before anything else is asked of it. */
  readonly onOpen?: (store: Store) => Promise<void>;
}

const RETRY_MS = 15_000;

/** History in a store, which is opened when somebody first needs it: no answer about the environment waits for it. */
export function storeHistory(options: StoreHistoryOptions): History {
  const door = newDoor(options);
  const within = <T>(work: (store: Store) => Promise<T>): Promise<T> => door.open().then(work);
  return {
    keeping: door.keeping,
    list: (limit = 100) => within(async (store) => (await store.timeline({ limit })).map(entryOf).reverse()),
    text: (id) => within(async (store) => textIn(store, id)),
    add: (snapshot) => within(async (store) => add(store, snapshot, options.keep)),
    remove: (id) => within(async (store) => isId(id) && (await store.removeSnapshot(Number(id)))),
    past: (fingerprint) =>
      within(async (store) => {
        const { spans = [], acceptances = [] } = (await store.findingHistory(fingerprint)) ?? {};
        return { spans, acceptances };
      }),
    acceptances: () => within((store) => store.acceptances()),
    accept: (decision) => within((store) => store.acceptFinding(decision)),
    withdraw: (fingerprint, at) => within((store) => store.withdrawAcceptance(fingerprint, at)),
    close: door.close,
  };
}

/** One store, opened once; a failure is told until it is time to try again. */
function newDoor({ open, place, retryMs = RETRY_MS, now = Date.now, onOpen }: StoreHistoryOptions) {
  let opening: Promise<Store> | undefined;
  let state: Keeping['state'] = 'waiting';
  let failure: { readonly error: StoreError; readonly at: number } | undefined;
  let closed = false;
  const opened = async (): Promise<Store> => {
    state = 'opening';
    try {
      const store = await open();
      await onOpen?.(store);
      state = 'open';
      failure = undefined;
      return store;
    } catch (error) {
      state = 'failed';
      opening = undefined;
      if (!(error instanceof StoreError)) throw error;
      failure = { error, at: now() };
      throw error;
    }
  };
  return {
    keeping: (): Keeping => ({
      ...place,
      state,
      ...(state === 'failed' && failure !== undefined && { why: failure.error.message }),
      ...(state === 'failed' && failure?.error.help !== undefined && { help: failure.error.help }),
    }),
    open: async (): Promise<Store> => {
      if (closed) throw new StoreError('closed', 'the store is closed');
      if (opening === undefined && failure !== undefined && now() - failure.at < retryMs) throw failure.error;
      opening ??= opened();
      return opening;
    },
    close: async (): Promise<void> => {
      closed = true;
      const store = await opening?.catch(() => undefined);
      await store?.close();
    },
  };
}

async function add(store: Store, snapshot: NewSnapshot, keep: number): Promise<HistoryEntry> {
  const { text, note, by, commit, scan, reachability } = snapshot;
  const reading = readBundle({ file: 'snapshot', text });
  if ('problem' in reading) throw new StoreError('refused', `the snapshot cannot be kept: ${reading.problem}`);
  const { id } = await store.addSnapshot(reading.bundle, {
    ...(note !== undefined && { note }),
    ...(by !== undefined && { by }),
    ...(commit !== undefined && { commit }),
  });
  await store.addReachability(id, reachability);
  await store.addScan(id, scan);
  await store.prune({ keep, noted: 'stay' });
  const [entry] = await store.timeline({ from: snapshot.taken, to: snapshot.taken, limit: 1 });
  if (entry === undefined) throw new StoreError('refused', 'the snapshot was removed while it was added');
  return entryOf(entry);
}

async function textIn(store: Store, id: string): Promise<string | undefined> {
  const found = isId(id) ? await store.snapshot(Number(id)) : undefined;
  return found === undefined ? undefined : [...bundleText(found.bundle)].join('');
}

function isId(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}

function entryOf({ snapshot, scan, reachability }: TimelineEntry): HistoryEntry {
  const { id, digest: _, ...facts } = snapshot;
  return {
    ...facts,
    id: `${id}`,
    ...(scan !== undefined && {
      findings: { open: scan.open, accepted: scan.accepted, ...changesIn(scan, reachability) },
    }),
    ...(reachability !== undefined && { reachability: flat(reachability) }),
  };
}

/** Of the first snapshot there is nothing that anything could have come since. */
function changesIn({ opened, resolved }: NonNullable<TimelineEntry['scan']>, reached: TimelineEntry['reachability']) {
  const isFirst = reached !== undefined && reached.since === undefined;
  return isFirst ? { came: 0, went: 0 } : { came: opened, went: resolved };
}

function flat({ since: _, changes, ...counts }: NonNullable<TimelineEntry['reachability']>) {
  return { ...counts, ...changes };
}
