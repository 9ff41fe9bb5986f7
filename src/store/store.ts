import type { ChangeGroup, EngineEntry } from '#model/answers.ts';
import type { ControlSeverity, ControlState } from '#model/control.ts';
import type { Finding, ManualAnswer, ScanAnswer } from '#model/scan.ts';
import type { Bundle } from '#source/bundle.ts';
import type { Commit } from '#source/git-commit.ts';

/**
 * The history of one environment: what was read, what scans found, what could reach what, and what people decided. All
 * moments are RFC 3339 in UTC. Every function may throw `StoreError`; each writes all it has to write, or nothing.
 */
export interface Store {
  /** Keeps a snapshot. What holds the same as another one takes no further room. */
  readonly addSnapshot: (bundle: Bundle, circumstances?: Circumstances) => Promise<SnapshotEntry>;
  /** With its scans and its reachability. Whether it was there. */
  readonly removeSnapshot: (id: number) => Promise<boolean>;
  /** Newest first. */
  readonly snapshots: (filter?: SnapshotFilter) => Promise<readonly SnapshotEntry[]>;
  /** Undefined where there is none of that id. */
  readonly snapshot: (id: number) => Promise<StoredSnapshot | undefined>;
  /**
   * Keeps what a scan of a snapshot found, and so since when each finding is there and which are resolved. Scans are added
   * in the order in which their snapshots were taken; a snapshot may be scanned again.
   */
  readonly addScan: (snapshot: number, scan: ScanAnswer) => Promise<ScanEntry>;
  /** Those to close first come first. */
  readonly findings: (filter?: FindingFilter) => Promise<readonly FindingEntry[]>;
  /** Undefined where no scan had it. */
  readonly findingHistory: (fingerprint: string) => Promise<FindingHistory | undefined>;
  /** Of one control, oldest first: the state in each scan. */
  readonly controlHistory: (control: string) => Promise<readonly ControlMoment[]>;
  /** Keeps how much a snapshot connects, and what changed since the one before; replaces what was kept of it. */
  readonly addReachability: (snapshot: number, reachability: Reachability) => Promise<void>;
  readonly reachability: (snapshot: number) => Promise<Reachability | undefined>;
  /** Snapshots with the last scan of each and what changed, oldest first. */
  readonly timeline: (range?: TimeRange) => Promise<readonly TimelineEntry[]>;
  /** Accepts a finding; an acceptance that is in force ends by it. */
  readonly acceptFinding: (decision: FindingDecision) => Promise<void>;
  /** Whether one was in force. */
  readonly withdrawAcceptance: (fingerprint: string, at: string) => Promise<boolean>;
  /** In force, until a date that is passed or not. */
  readonly acceptances: () => Promise<readonly FindingDecision[]>;
  /** Answers the question of a control; earlier answers are kept and count no more. */
  readonly answerControl: (control: string, answer: ManualAnswer) => Promise<void>;
  /** The last answer to each, by id of the control. */
  readonly answers: () => Promise<ReadonlyMap<string, ManualAnswer>>;
  /** Deletes what is too old or too much. The newest snapshot, acceptances and answers stay. */
  readonly prune: (rules: RetentionRules) => Promise<Pruned>;
  readonly close: () => Promise<void>;
}

export interface TimeRange {
  /** Not before. */
  readonly from?: string;
  /** Not after. */
  readonly to?: string;
  /** How many at most, the newest of them; 100 unless told. */
  readonly limit?: number;
}

export interface SnapshotFilter extends TimeRange {
  readonly digest?: string;
}

/** What is known of a snapshot besides what it holds. */
export interface Circumstances {
  /** What a person called it. */
  readonly note?: string;
  /** Who took it; absent where it was taken by itself. */
  readonly by?: string;
  /** The commit that was checked out where it was read. */
  readonly commit?: Commit;
}

export interface SnapshotEntry extends Circumstances {
  readonly id: number;
  readonly taken: string;
  /** Version of Ringfence that took it. */
  readonly version: string;
  /** The paths or the cluster that it was read from. */
  readonly from: readonly string[];
  readonly resources: number;
  /** SHA-256 of what was read: equal for equal objects, whenever they were read. */
  readonly digest: string;
}

export interface StoredSnapshot extends SnapshotEntry {
  readonly bundle: Bundle;
}

export interface ScanEntry {
  readonly id: number;
  readonly snapshot: number;
  readonly taken: string;
  readonly version: string;
  readonly engine: EngineEntry;
  /** State by id of the control. */
  readonly controls: Readonly<Record<string, ControlState>>;
  /** Findings that count. */
  readonly open: number;
  /** Findings that somebody accepted. */
  readonly accepted: number;
  /** Findings that the scan before did not have, and those that only it had. */
  readonly opened: number;
  readonly resolved: number;
}

export interface FindingFilter {
  readonly state?: 'open' | 'resolved';
  readonly control?: string;
  /** 1000 unless told. */
  readonly limit?: number;
}

export interface FindingEntry {
  readonly fingerprint: string;
  readonly control: string;
  readonly severity: ControlSeverity;
  readonly priority: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** When a scan no longer had it; absent while it is there. */
  readonly resolved?: string;
}

export interface FindingHistory extends FindingEntry {
  /** As the last scan that had it tells it. */
  readonly finding: Finding;
  /** Oldest first; more than one where it came back. */
  readonly spans: readonly FindingSpan[];
  /** Oldest first. */
  readonly acceptances: readonly PastDecision[];
}

export interface FindingSpan {
  readonly opened: string;
  readonly lastSeen: string;
  readonly resolved?: string;
}

export interface ControlMoment {
  readonly taken: string;
  readonly state: ControlState;
}

export interface Reachability {
  readonly endpoints: number;
  /** Ordered pairs with something allowed, and with something unknown. */
  readonly connections: number;
  readonly unknown: number;
  /** When the snapshot was taken that it is compared with; absent for the first. */
  readonly since?: string;
  readonly groups: readonly ChangeGroup[];
}

/** How many groups of connections changed. */
export type ChangeCounts = Readonly<Record<ChangeGroup['change'], number>>;

export interface TimelineEntry {
  readonly snapshot: SnapshotEntry;
  readonly scan?: ScanEntry;
  readonly reachability?: Omit<Reachability, 'groups'> & { readonly changes: ChangeCounts };
}

/** Somebody accepts a finding: who, why, and until when. */
export interface FindingDecision {
  readonly fingerprint: string;
  readonly reason: string;
  readonly owner: string;
  /** RFC 3339 date; from the day after, the finding counts again. */
  readonly until?: string;
  /** Who wrote it down, where that is not the owner's own hand. */
  readonly by?: string;
  /** When it was accepted. */
  readonly at: string;
}

export interface PastDecision extends FindingDecision {
  readonly withdrawn?: string;
}

export interface RetentionRules {
  /** Snapshots that were taken before go. */
  readonly before?: string;
  /** Only so many of the newest stay. */
  readonly keep?: number;
  /** Whether those that a person gave a note stay whatever the other rules say. */
  readonly noted?: 'stay';
}

export interface Pruned {
  readonly snapshots: number;
  /** Findings that were resolved before anything that is left. */
  readonly findings: number;
}
