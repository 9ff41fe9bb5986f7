import { gunzipSync, gzipSync } from 'node:zlib';
import type { ScanAnswer } from '#model/scan.ts';
import type { Commit } from '#source/git-commit.ts';
import type { FindingDecision, FindingSpan, PastDecision, Reachability } from '#store/store.ts';

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
  /** Who took it; absent where it was taken by itself. */
  readonly by?: string;
  readonly commit?: Commit;
  readonly findings?: FindingCounts;
  readonly reachability?: ReachabilityCounts;
}

/** `came` and `went`: since the snapshot before. */
export interface FindingCounts {
  /** That count, and that somebody accepted. */
  readonly open: number;
  readonly accepted: number;
  readonly came: number;
  readonly went: number;
}

/** `opened`, `closed`, `unsettled`: groups of connections, since the snapshot before. */
export interface ReachabilityCounts {
  readonly endpoints: number;
  readonly connections: number;
  readonly unknown: number;
  readonly opened: number;
  readonly closed: number;
  readonly unsettled: number;
}

/** What is kept of one moment. */
export interface NewSnapshot extends Pick<HistoryEntry, 'taken' | 'version' | 'from' | 'resources'> {
  /** Of a snapshot file. */
  readonly text: string;
  readonly note?: string;
  readonly by?: string;
  readonly commit?: Commit;
  readonly scan: ScanAnswer;
  readonly reachability: Reachability;
}

/** Since when a finding is there, and who accepted it. */
export interface FindingPast {
  /** Oldest first; more than one where it came back. */
  readonly spans: readonly FindingSpan[];
  readonly acceptances: readonly PastDecision[];
}

/** Where history is kept, and whether that works. */
export interface Keeping {
  readonly kind: 'memory' | 'folder' | 'server';
  /** The folder; the address without who asks. */
  readonly where?: string;
  /** `waiting`: nobody needed it yet. */
  readonly state: 'waiting' | 'opening' | 'open' | 'failed';
  readonly why?: string;
  readonly help?: string;
}

/** What the server needs of a store. Rejects with `StoreError`. */
export interface History {
  readonly keeping: () => Keeping;
  /** Newest first. */
  readonly list: (limit?: number) => Promise<readonly HistoryEntry[]>;
  readonly text: (id: string) => Promise<string | undefined>;
  readonly add: (snapshot: NewSnapshot) => Promise<HistoryEntry>;
  /** Whether it was there. */
  readonly remove: (id: string) => Promise<boolean>;
  readonly past: (fingerprint: string) => Promise<FindingPast>;
  /** In force, until a date that is passed or not. */
  readonly acceptances: () => Promise<readonly FindingDecision[]>;
  readonly accept: (decision: FindingDecision) => Promise<void>;
  /** Whether one was in force. */
  readonly withdraw: (fingerprint: string, at: string) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

export interface MemoryLimits {
  readonly snapshots: number;
  /** Bytes of their texts, compressed. */
  readonly bytes: number;
}

const LIMITS: MemoryLimits = { snapshots: 100, bytes: 64 * 1024 * 1024 };

interface Kept {
  readonly entry: HistoryEntry;
  readonly packed: Uint8Array;
  readonly fingerprints: ReadonlySet<string>;
}

/** As long as the process lives: the oldest snapshots go when there are too many, decisions stay. */
export function memoryHistory(limits: Partial<MemoryLimits> = {}): History {
  const most = { ...LIMITS, ...limits };
  const kept = new Map<string, Kept>();
  const decisions: PastDecision[] = [];
  let next = 1;
  const withdraw = (fingerprint: string, at: string): boolean => {
    const index = decisions.findIndex((each) => each.fingerprint === fingerprint && each.withdrawn === undefined);
    if (index < 0) return false;
    decisions[index] = { ...decisions[index]!, withdrawn: at };
    return true;
  };
  return {
    keeping: () => ({ kind: 'memory', state: 'open' }),
    list: async (limit = 100) =>
      [...kept.values()]
        .map(({ entry }) => entry)
        .reverse()
        .slice(0, limit),
    text: async (id) => {
      const found = kept.get(id);
      return found === undefined ? undefined : gunzipSync(found.packed).toString();
    },
    add: async (snapshot) => {
      const own = keptOf(`${next++}`, snapshot, [...kept.values()].at(-1)?.fingerprints);
      kept.set(own.entry.id, own);
      dropOldest(kept, most);
      return own.entry;
    },
    remove: async (id) => kept.delete(id),
    past: async (fingerprint) => ({
      spans: spansOf([...kept.values()], fingerprint),
      acceptances: decisions.filter((each) => each.fingerprint === fingerprint),
    }),
    acceptances: async () => decisions.filter(({ withdrawn }) => withdrawn === undefined),
    accept: async (decision) => {
      withdraw(decision.fingerprint, decision.at);
      decisions.push(decision);
    },
    withdraw: async (fingerprint, at) => withdraw(fingerprint, at),
    close: async () => undefined,
  };
}

function keptOf(id: string, { text, scan, reachability, ...facts }: NewSnapshot, given?: ReadonlySet<string>): Kept {
  const fingerprints = new Set(scan.findings.map(({ fingerprint }) => fingerprint));
  const before = given ?? fingerprints;
  const open = scan.findings.filter(({ suppressed }) => suppressed === null).length;
  const findings = {
    open,
    accepted: scan.findings.length - open,
    came: [...fingerprints].filter((each) => !before.has(each)).length,
    went: [...before].filter((each) => !fingerprints.has(each)).length,
  };
  const entry = { id, ...facts, findings, reachability: countsOf(reachability) };
  return { entry, packed: gzipSync(text), fingerprints };
}

function countsOf({ endpoints, connections, unknown, groups }: Reachability): ReachabilityCounts {
  const count = (change: string) => groups.filter((group) => group.change === change).length;
  const changes = { opened: count('opened'), closed: count('closed'), unsettled: count('unsettled') };
  return { endpoints, connections, unknown, ...changes };
}

/** The newest stays whatever it weighs. */
function dropOldest(kept: Map<string, Kept>, { snapshots, bytes }: MemoryLimits): void {
  let weight = 0;
  for (const { packed } of kept.values()) weight += packed.length;
  for (const [id, { packed }] of kept) {
    if (kept.size === 1 || (kept.size <= snapshots && weight <= bytes)) return;
    kept.delete(id);
    weight -= packed.length;
  }
}

function spansOf(all: readonly Kept[], fingerprint: string): readonly FindingSpan[] {
  const spans: FindingSpan[] = [];
  let isThere = false;
  for (const { entry, fingerprints } of all) {
    const last = spans.length - 1;
    if (fingerprints.has(fingerprint)) {
      if (isThere) spans[last] = { ...spans[last]!, lastSeen: entry.taken };
      else spans.push({ opened: entry.taken, lastSeen: entry.taken });
    } else if (isThere) spans[last] = { ...spans[last]!, resolved: entry.taken };
    isThere = fingerprints.has(fingerprint);
  }
  return spans;
}
