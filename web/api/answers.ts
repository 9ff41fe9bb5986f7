import type { ConnectionsPreview, FindingsPreview } from '#analysis/preview/live-preview.ts';
import type { PreviewSettings } from '#analysis/preview/settings.ts';
import type { Assumption, DiffAnswer, EndpointEntry, EngineEntry, Exposure } from '#model/answers.ts';
import type { ControlState } from '#model/control.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Cell, ChangeCell } from '#model/matrix.ts';
import type { ProofEntry } from '#model/scan.ts';
import type { PathVerdict } from '#model/verdict.ts';

/** What the server answers beyond what the verbs do. All else is the JSON of the verbs, with the types of `model`. */

/** RFC 9457 */
export interface ProblemBody {
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** Names and values that come near. */
  readonly near?: readonly string[];
  /** Where a person can sign in. */
  readonly signIn?: string;
}

/** Who is asking. */
export interface SessionAnswer {
  readonly role: 'viewer' | 'editor' | 'admin';
  readonly name: string;
}

/** How current the answers are. */
export interface StatusAnswer {
  /** `stale`: answers are about the last input that could be taken; `failed`: there was none. */
  readonly state: 'loading' | 'fresh' | 'stale' | 'failed';
  /** Grows by one whenever the input changed and was analysed again; 0 before the first. */
  readonly revision: number;
  readonly taken?: string;
  readonly watching: 'files' | 'polling' | 'none';
  readonly why?: string;
  readonly help?: string;
  /** Of the input that could not be taken. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What every answer is about. */
export interface EnvironmentAnswer {
  readonly revision: number;
  readonly taken: string;
  readonly engine: EngineEntry;
  readonly versions: { readonly ringfence: string; readonly node: string };
  readonly input: readonly string[];
  /** Files that were read. */
  readonly total: number;
  readonly sources: readonly { readonly file: string; readonly objects: number }[];
  readonly counts: Readonly<Record<'namespaces' | 'workloads' | 'pods' | 'nodes' | 'services' | 'azure', number>>;
  readonly coverage: {
    readonly resources: number;
    /** Kinds that have no say about traffic. */
    readonly others: readonly { readonly kind: string; readonly count: number }[];
  };
  readonly assumptions: readonly Assumption[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Names that questions take. */
export interface NamesAnswer {
  readonly names: readonly { readonly name: string; readonly kind: string }[];
}

/** Lines of a file that was read. */
export interface SourceAnswer {
  readonly file: string;
  readonly lines: readonly { readonly number: number; readonly text: string; readonly hidden?: true }[];
}

/** Rows and columns of the matrix. With a snapshot to compare with, those that have a change. */
export interface MatrixAnswer {
  readonly level: 'namespace' | 'workload';
  readonly size: number;
  /** What each number in a tile means. */
  readonly cells: readonly (Cell | ChangeCell)[];
  readonly endpoints: readonly (EndpointEntry & {
    readonly index: number;
    readonly presence?: 'both' | 'base' | 'head';
  })[];
}

/** Where history is kept, and whether that works. */
export interface Keeping {
  readonly kind: 'memory' | 'folder' | 'server';
  readonly where?: string;
  readonly state: 'waiting' | 'opening' | 'open' | 'failed';
  readonly why?: string;
  readonly help?: string;
}

/** A snapshot that is kept, with what changed since the one before. */
export interface HistoryEntry {
  readonly id: string;
  readonly taken: string;
  readonly resources: number;
  readonly note?: string;
  /** Absent where it was taken by itself. */
  readonly by?: string;
  readonly commit?: { readonly id: string; readonly author: string; readonly at: string; readonly subject: string };
  readonly findings?: Readonly<Record<'open' | 'accepted' | 'came' | 'went', number>>;
  readonly reachability?: Readonly<
    Record<'endpoints' | 'connections' | 'unknown' | 'opened' | 'closed' | 'unsettled', number>
  >;
}

/** The snapshots that are kept, newest first. */
export interface HistoryAnswer {
  readonly keeping: Keeping;
  readonly snapshots: readonly HistoryEntry[];
}

/** All that changed between two moments. */
export interface DriftAnswer {
  readonly diff: DiffAnswer;
  readonly exposures: {
    readonly come: readonly Exposure[];
    readonly go: readonly Exposure[];
    readonly changed: readonly { readonly base: PathVerdict; readonly head: Exposure }[];
  };
  readonly controls: readonly {
    readonly id: string;
    readonly title: string;
    readonly base: ControlState;
    readonly head: ControlState;
  }[];
  readonly assumptions: { readonly come: readonly Assumption[]; readonly go: readonly Assumption[] };
}

/** Somebody accepted a finding in the console. */
export interface Decision {
  readonly reason: string;
  readonly owner: string;
  readonly until?: string;
  readonly by?: string;
  readonly at: string;
  readonly withdrawn?: string;
}

/** Since when a finding is there, and who accepted it. */
export interface FindingAnswer {
  readonly past?: {
    readonly spans: readonly { readonly opened: string; readonly lastSeen: string; readonly resolved?: string }[];
    readonly acceptances: readonly Decision[];
  };
  readonly keeping: Keeping;
}

export interface SessionAnswer {
  readonly role: 'viewer' | 'editor' | 'admin';
  readonly name: string;
}

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The map with a place for everything. */
export interface DrawingAnswer {
  /** Boxes are namespaces. */
  readonly folded: boolean;
  readonly counts: Readonly<Record<'endpoints' | 'connections' | 'islands' | 'left' | 'undrawn', number>>;
  readonly width: number;
  readonly height: number;
  readonly groups: readonly {
    readonly id: string;
    readonly label: string;
    readonly notes: readonly string[];
    readonly outside: boolean;
    readonly spot: Spot;
  }[];
  readonly nodes: readonly {
    readonly id: string;
    readonly group?: string;
    readonly label: string;
    readonly lines: readonly string[];
    readonly spot: Spot;
    /** As questions name it. */
    readonly ask?: string;
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly label: string;
    readonly tone: 'allowed' | 'mixed' | 'unknown';
    readonly path: string;
    readonly at?: { readonly x: number; readonly y: number };
  }[];
  readonly svg?: string;
}

/** Everything that was read, as texts to work on. */
export interface TextsAnswer {
  readonly revision: number;
  /** Whether the texts as they are given say all that was read; else only the server can tell what an edit does. */
  readonly whole: boolean;
  readonly why?: string;
  readonly files: readonly TextFile[];
  readonly settings: PreviewSettings;
}

export interface TextFile {
  readonly file: string;
  readonly readAs: 'files' | 'azure' | 'invariants' | 'settings';
  /** Absent where it cannot be told what in it may be a secret. */
  readonly text?: string;
  /** Lines of which something is hidden. */
  readonly hidden: readonly number[];
  /** Why it cannot be edited. */
  readonly fixed?: string;
}

/** What edited files would change. */
export interface PreviewAnswer extends ConnectionsPreview, FindingsPreview {
  readonly revision: number;
}

/** The fix of one finding, made on the model. */
export interface FixAnswer {
  readonly fingerprint: string;
  readonly made: boolean;
  readonly why?: string;
  readonly summary?: string;
  readonly proof?: ProofEntry;
  readonly files: readonly { readonly file: string; readonly text: string | null }[];
  readonly patch?: string;
  readonly withoutPatch?: string;
}
