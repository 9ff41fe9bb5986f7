import type { FrameworkId } from '#model/control.ts';

/** What of a long list is wanted. */
export interface Page {
  /** See `readFilter` in analysis. */
  readonly filter?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** Forms in which evidence leaves the console. */
export const REPORT_FORMATS = ['html', 'oscal', 'csv', 'sarif', 'markdown', 'junit', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Forms in which one path leaves the console. */
export const PATH_FORMATS = ['svg', 'markdown', 'html', 'csv'] as const;
export type PathFormat = (typeof PATH_FORMATS)[number];

export type Level = 'namespace' | 'workload';

export interface PathAsked {
  readonly from: string;
  readonly to: string;
  readonly port?: string | undefined;
  readonly request?: string | undefined;
  readonly changes?: 'none' | undefined;
}

export interface MapAsked {
  readonly namespaces: readonly string[];
  readonly protocols: readonly string[];
  readonly fold: 'auto' | 'always' | 'never';
  readonly layer?: 'policy' | undefined;
  readonly ingress: boolean;
  readonly encryption: boolean;
}

export interface DrawingAsked {
  readonly kind: 'drawing';
  /** One namespace (`ns:shop`) or workload, and its neighbours. */
  readonly focus?: string | undefined;
  /** Absent: workloads where they can be taken in at one look. Of many workloads namespaces are drawn whatever is asked. */
  readonly level?: Level | undefined;
  /** Of connections; what has none left is not drawn. */
  readonly filter?: string | undefined;
  readonly layer?: 'policy' | undefined;
  readonly ingress: boolean;
  readonly encryption: boolean;
  /** Also as a file of its own. */
  readonly svg: boolean;
}

/** One side of a comparison: what is analysed now, or the text of a snapshot file. */
export type Side =
  | { readonly kind: 'current' }
  | { readonly kind: 'snapshot'; readonly id: string; readonly text: string };

/** A matrix of what changed since a snapshot: its endpoints, or with `rows` and `columns` a part of its cells. */
export interface ChangesAsked {
  readonly kind: 'changes';
  readonly id: string;
  /** Of the snapshot; without it only a lane that compared it before can answer. */
  readonly text?: string | undefined;
  readonly port?: string | undefined;
  readonly page: Page;
  readonly tile?: {
    readonly rows: readonly [number, number];
    readonly columns: readonly [number, number];
    readonly filter?: string | undefined;
  };
}

/** All that changed between two moments. Without the texts of snapshots first: it may have been compared before. */
export interface DriftAsked {
  readonly kind: 'drift';
  readonly base: DriftSide;
  readonly head: DriftSide;
  readonly today: string;
}

/** `current`, or the id of a snapshot. */
export interface DriftSide {
  readonly id: string;
  readonly text?: string;
}

/** What history is to keep of now, compared with the last that it kept. */
export interface MomentAsked {
  readonly taken: string;
  readonly today: string;
  readonly base?: { readonly id: string; readonly taken: string; readonly text: string };
}

/** A file as it would be; null takes it away. */
export interface EditedFile {
  readonly file: string;
  readonly text: string | null;
}

/** What can be asked of one revision as it is. Plain data. */
export type AnalysisAsked =
  | { readonly kind: 'environment'; readonly page: Page }
  | { readonly kind: 'endpoints'; readonly page: Page }
  | { readonly kind: 'names'; readonly text: string; readonly limit: number }
  | { readonly kind: 'map'; readonly asked: MapAsked; readonly page: Page }
  | { readonly kind: 'axis'; readonly level: Level; readonly page: Page }
  | {
      readonly kind: 'tile';
      readonly level: Level;
      readonly rows: readonly [number, number];
      readonly columns: readonly [number, number];
      readonly port?: string | undefined;
      /** See `narrowed` in analysis: rows and columns then count in what it leaves. */
      readonly filter?: string | undefined;
    }
  | ChangesAsked
  | DrawingAsked
  | { readonly kind: 'path'; readonly asked: PathAsked }
  | { readonly kind: 'path-report'; readonly asked: PathAsked; readonly format: PathFormat }
  | { readonly kind: 'azure-path'; readonly asked: PathAsked }
  | { readonly kind: 'expose'; readonly namespaces: readonly string[]; readonly page: Page }
  | { readonly kind: 'workload'; readonly id: string; readonly today: string }
  | { readonly kind: 'policies'; readonly namespaces: readonly string[]; readonly page: Page }
  | {
      readonly kind: 'scan';
      readonly namespaces: readonly string[];
      readonly frameworks: readonly FrameworkId[];
      readonly controls: readonly string[];
      readonly page: Page;
      readonly today: string;
    }
  | {
      readonly kind: 'report';
      readonly format: ReportFormat;
      readonly namespaces: readonly string[];
      readonly frameworks: readonly FrameworkId[];
      readonly today: string;
    }
  | {
      readonly kind: 'rulebook';
      readonly namespaces: readonly string[];
      readonly workload?: string | undefined;
      readonly page: Page;
      readonly today: string;
    }
  | {
      readonly kind: 'baselines';
      readonly framework?: FrameworkId | undefined;
      readonly scope: string;
      readonly today: string;
    }
  | { readonly kind: 'isolation'; readonly id: string }
  | { readonly kind: 'controls'; readonly id?: string | undefined }
  | { readonly kind: 'egress'; readonly namespaces: readonly string[] }
  | { readonly kind: 'invariants' }
  | {
      readonly kind: 'diff';
      readonly base: Side;
      readonly head: Side;
      /** Of changed connections. */
      readonly filter?: string | undefined;
      readonly today: string;
    }
  | DriftAsked
  | { readonly kind: 'finding'; readonly fingerprint: string; readonly today: string }
  | { readonly kind: 'source'; readonly file: string; readonly line: number; readonly around: number }
  | { readonly kind: 'snapshot'; readonly taken: string };

/** A finding to be accepted in the settings. */
export interface AcceptanceAsked {
  readonly kind: 'acceptance';
  readonly fingerprint: string;
  readonly reason: string;
  readonly owner: string;
  readonly until: string;
  readonly today: string;
}

/** What somebody who edits asks. */
export type EditingAsked =
  | { readonly kind: 'preview'; readonly files: readonly EditedFile[]; readonly today: string }
  | { readonly kind: 'texts'; readonly today: string }
  | { readonly kind: 'try'; readonly asked: PathAsked; readonly at: number }
  | { readonly kind: 'fix'; readonly fingerprint: string; readonly today: string }
  | AcceptanceAsked;

/** Everything that can be asked of one revision. */
export type Question = AnalysisAsked | EditingAsked;

/** An answer, ready to send; or why there is none, which is the asker's business. */
export type Reply =
  | {
      readonly kind: 'json';
      readonly text: string;
      /** Entries of the list that is paged; of a snapshot, its resources. */
      readonly total?: number;
      /** Of a snapshot: what it was taken from. */
      readonly from?: readonly string[];
    }
  | { readonly kind: 'text'; readonly text: string; readonly type: string; readonly name: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly rows: number; readonly columns: number }
  | Problem;

export interface Problem {
  readonly kind: 'problem';
  /** `asked`: the question makes no sense; `missing`: what it is about is not there; `wanting`: it needs the snapshot's text. */
  readonly problem: 'asked' | 'missing' | 'wanting';
  readonly message: string;
  readonly near: readonly string[];
}

/** Thrown inside of the room only, and caught where questions are answered. */
export class Refused extends Error {
  readonly problem: Problem['problem'];
  readonly near: readonly string[];

  constructor(problem: Problem['problem'], message: string, near: readonly string[] = []) {
    super(message);
    this.name = 'Refused';
    this.problem = problem;
    this.near = near;
  }
}
