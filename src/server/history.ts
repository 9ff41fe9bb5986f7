/** A snapshot that is kept. */
export interface HistoryEntry {
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly taken: string;
  /** Of Ringfence. */
  readonly version: string;
  /** What it was taken from. */
  readonly from: readonly string[];
  readonly resources: number;
  /** What a person called it. */
  readonly note?: string;
}

/** What the server needs of a store: snapshots by id, as the text of a snapshot file. Rejects with what the store throws. */
export interface History {
  /** Newest first. */
  readonly list: () => Promise<readonly HistoryEntry[]>;
  readonly text: (id: string) => Promise<string | undefined>;
  readonly add: (text: string, facts: Omit<HistoryEntry, 'id'>) => Promise<HistoryEntry>;
  /** Whether it was there. */
  readonly remove: (id: string) => Promise<boolean>;
}

/** As long as the process lives: the oldest go when there are too many. */
export function memoryHistory(most = 32): History {
  const kept = new Map<string, { readonly entry: HistoryEntry; readonly text: string }>();
  let next = 1;
  return {
    list: async () => [...kept.values()].map(({ entry }) => entry).reverse(),
    text: async (id) => kept.get(id)?.text,
    add: async (text, facts) => {
      const entry = { id: `${next++}`, ...facts };
      kept.set(entry.id, { entry, text });
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
      return entry;
    },
    remove: async (id) => kept.delete(id),
  };
}
