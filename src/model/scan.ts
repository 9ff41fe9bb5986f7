import type { Assumption, EngineEntry } from './answers.ts';
import type { ControlSeverity, ControlState, Evidence, FrameworkId, Judged, Mapping, Place } from './control.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Origin } from './origin.ts';

/** One control with what it says of the input as a whole. */
export interface ControlEntry {
  readonly id: string;
  readonly title: string;
  readonly severity: ControlSeverity;
  readonly state: ControlState;
  readonly why: string;
  /** Why it matters. */
  readonly rationale: string;
  /** What a person does to close it. */
  readonly remedy: string;
  readonly frameworks: readonly Mapping[];
  /** How many places are in each state; absent ones are none. */
  readonly counts: Readonly<Partial<Record<Judged['state'], number>>>;
  /** What decided where no place did. */
  readonly evidence: readonly Evidence[];
  /** Of MANUAL: what a person is asked, and how they answered. */
  readonly question?: string;
  readonly answer?: ManualAnswer;
}

/** How a person answered the question of a control, as `ringfence.yaml` keeps it. */
export interface ManualAnswer {
  readonly answer: 'yes' | 'no';
  readonly by: string;
  /** RFC 3339 date. */
  readonly on: string;
  readonly note?: string;
}

/** What somebody who got into the place could do, by the reachability of the whole input. */
export interface BlastRadius {
  readonly fromInternet: boolean | 'unknown';
  /** Ways in from the internet, as `https://shop.example.com/`. */
  readonly entrances: readonly string[];
  /** How many workloads it can reach, itself not counted. */
  readonly reaches: number;
  /** Databases, queues, caches, storage, vaults among them. */
  readonly dataStores: readonly string[];
  /** Workloads on the way to those. */
  readonly through: readonly string[];
  /** Whether it can reach addresses on the internet. */
  readonly toInternet: boolean | 'unknown';
}

/** Why a finding does not count: it stays what it is and is shown as accepted. */
export interface Acceptance {
  readonly reason: string;
  readonly owner: string;
  /** RFC 3339 date; from the day after, the finding counts again. */
  readonly until?: string;
  /** `console`: in the store of a server, and not in what was read. */
  readonly from: 'configuration' | 'annotation' | 'baseline' | 'console';
  readonly origin?: Origin;
}

/** The fix of a finding, as far as it is told without being written. */
export interface FixEntry {
  readonly automatic: boolean;
  readonly summary: string;
  readonly patches: readonly PatchEntry[];
  readonly steps: readonly string[];
  /** Present once it was applied to the model and everything was assessed again. */
  readonly proof?: ProofEntry;
}

/** A change in one form that a user deploys. */
export interface PatchEntry {
  readonly form: 'kubernetes' | 'calico' | 'cilium' | 'bicep' | 'terraform' | 'az' | 'diff';
  /** The file it changes; absent for what is new. */
  readonly file?: string;
  readonly text: string;
}

export interface ProofEntry {
  /** Whether the control passes at the place afterwards. */
  readonly closes: boolean;
  /** Controls with more failing places than before, by id. */
  readonly worsens: readonly string[];
  /** Connections that the fix opens and closes. */
  readonly opened: number;
  readonly closed: number;
  /** The first of them, as `- TCP 80  shop/Deployment/web → shop/Deployment/api`. */
  readonly examples: readonly string[];
}

export interface Finding {
  readonly control: string;
  readonly title: string;
  readonly state: 'FAIL' | 'WARN';
  readonly severity: ControlSeverity;
  /** 0 to 100: what to close first. */
  readonly priority: number;
  /** The same for the same finding in every scan, whatever lines it stands on. */
  readonly fingerprint: string;
  readonly where: Place;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  /** The lines around what decided, numbered, without anything secret. */
  readonly frame?: string;
  readonly blastRadius?: BlastRadius;
  readonly fix?: FixEntry;
  /** Null: it counts. */
  readonly suppressed: Acceptance | null;
  /** With a baseline: whether it was there before. */
  readonly isNew?: boolean;
}

/** Where to look first: what decided stands nearer to the mistake than the object as a whole. Undefined where no file has it. */
export function decidingOrigin({ evidence, where }: Pick<Finding, 'evidence' | 'where'>): Origin | undefined {
  return [...evidence, where].map(({ origin }) => origin).find(isInFile);
}

function isInFile(origin: Origin | undefined): origin is Origin {
  return origin !== undefined && origin.file !== '' && origin.line > 0;
}

/** A place of which nothing can be said, or that a person has to judge. */
export interface OpenEntry {
  readonly control: string;
  readonly state: 'UNKNOWN' | 'MANUAL';
  readonly where: Place;
  readonly message: string;
  readonly evidence: readonly Evidence[];
}

/** One framework as a view: each of its entries with what the controls say of it. */
export interface FrameworkView {
  readonly framework: FrameworkId;
  readonly title: string;
  readonly version: string;
  readonly source: string;
  readonly entries: readonly FrameworkEntryView[];
}

export interface FrameworkEntryView {
  readonly id: string;
  readonly title: string;
  /** Of its controls the worst; absent where no control assesses it. */
  readonly state?: ControlState;
  readonly controls: readonly string[];
  /** Why nothing assesses it, where nothing does. */
  readonly why?: string;
}

export interface ScanAnswer {
  readonly schema: 'ringfence.dev/scan/v1';
  readonly engine: EngineEntry;
  /** RFC 3339, UTC. */
  readonly taken: string;
  readonly version: string;
  /** What was read: paths, names of clusters, subscriptions. */
  readonly input: readonly string[];
  readonly controls: readonly ControlEntry[];
  /** Those to close first come first. */
  readonly findings: readonly Finding[];
  readonly open: readonly OpenEntry[];
  readonly frameworks: readonly FrameworkView[];
  readonly coverage: {
    readonly resources: number;
    /** Kinds that no control looks at, with how many there are. */
    readonly unsupported: readonly { readonly kind: string; readonly count: number }[];
  };
  /** Controls that failed by a mistake of ours, by id, with the error's message. */
  readonly internalErrors: readonly { readonly control: string; readonly message: string }[];
  readonly assumptions: readonly Assumption[];
  readonly diagnostics: readonly Diagnostic[];
}

/** One control in full, as `controls` tells it. */
export interface ToldControl {
  readonly id: string;
  /** The group of controls that it is of: `network policy`. */
  readonly family: string;
  readonly title: string;
  readonly severity: ControlSeverity;
  /** Why it matters. */
  readonly rationale: string;
  /** What is looked at. */
  readonly evidence: string;
  readonly states: readonly { readonly state: ControlState; readonly when: string }[];
  /** What a person does to close it. */
  readonly remedy: string;
  /** Whether findings may come with changes that close them. */
  readonly fix: boolean;
  /** What a person is asked where no input decides. */
  readonly question?: string;
  readonly frameworks: readonly ToldMapping[];
}

/** An entry of a framework that asks for a control. */
export interface ToldMapping extends Mapping {
  /** In our own words. */
  readonly title: string;
}

/** How the findings of two scans differ. */
export interface ChangedFindings {
  readonly come: readonly Finding[];
  readonly go: readonly Finding[];
  /** On one side only, and the other could not judge the place. */
  readonly unsettled: readonly Finding[];
  /** How many there are afterwards. */
  readonly left: number;
}

export interface ControlsAnswer {
  readonly schema: 'ringfence.dev/controls/v1';
  readonly controls: readonly ToldControl[];
}
