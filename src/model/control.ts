import type { ClusterObject, FieldPath } from './object.ts';
import type { Origin } from './origin.ts';
import type { PlainObject, PlainValue } from './plain.ts';

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
/** How bad it is where a control fails. */
export type ControlSeverity = (typeof SEVERITIES)[number];

/**
 * - `PASS`: evidence proves it; `PASS-PLATFORM`: the provider meets it by default, and says so;
 * - `FAIL`: evidence proves the violation; `PARTIAL`: for some places;
 * - `WARN`: met by one layer only, or close to a date, or wide;
 * - `MANUAL`: a person has to answer one closed question;
 * - `UNKNOWN`: the evidence is not in the input;
 * - `NA`: what it is about is not there; `NA-PROVIDER`: the provider runs it and the user cannot set it.
 *
 * The worst first: of several, the first speaks for all. What is open comes before a warning, for it may be a failure; what
 * does not apply says nothing beside what does.
 */
export const CONTROL_STATES = [
  'FAIL',
  'PARTIAL',
  'UNKNOWN',
  'MANUAL',
  'WARN',
  'PASS',
  'PASS-PLATFORM',
  'NA-PROVIDER',
  'NA',
] as const;
export type ControlState = (typeof CONTROL_STATES)[number];

/** Published lists of recommendations that controls are mapped to, and views of a report. */
export const FRAMEWORK_IDS = [
  'cis-kubernetes',
  'cis-aks',
  'nist-800-190',
  'nsa-cisa',
  'owasp-top-ten',
  'owasp-cheat-sheet',
  'mcsb',
  'azure-policy',
  'pss',
  'attack',
  'azure-security-book',
  'azure-security-book-2024',
  'aks-network-baseline',
  'kubernetes-network-practices',
  'securing-kubernetes-in-azure',
] as const;
export type FrameworkId = (typeof FRAMEWORK_IDS)[number];

/** One entry of a framework: `{ framework: 'cis-kubernetes', id: '5.3.2' }`. */
export interface Mapping {
  readonly framework: FrameworkId;
  readonly id: string;
}

/** A recommendation made checkable: what is said of it everywhere. */
export interface ControlData {
  /** `NET-POL-001` */
  readonly id: string;
  /** What holds where it passes: `Every workload namespace denies ingress by default`. */
  readonly title: string;
  readonly severity: ControlSeverity;
  /** Why it matters: one to three sentences. */
  readonly rationale: string;
  /** What is looked at. */
  readonly evidence: string;
  /** In which case which state is given. */
  readonly states: readonly { readonly state: ControlState; readonly when: string }[];
  /** What a person does to close it. */
  readonly remedy: string;
  readonly mappings: readonly Mapping[];
  /** What a person is asked where no input decides: it is answered by yes (passes) or no (fails). */
  readonly question?: string;
}

/** Where a control is judged. */
export interface Place {
  /** `Namespace`, `Deployment`, `Microsoft.Network/networkSecurityGroups`, `cluster` … */
  readonly kind: string;
  /** Empty where there is none. */
  readonly namespace: string;
  readonly name: string;
  /** The same for the same thing in every scan: `apps/Deployment/shop/web`, or the resource id. */
  readonly id: string;
  readonly origin?: Origin;
}

/** Something that was seen, or asked for and not seen. */
export interface Evidence {
  /** `Deployment shop/web`, a resource id, `the input`. */
  readonly object: string;
  /** `spec.template.spec.containers[0].securityContext` */
  readonly field?: string;
  /** What stood there, where it is worth showing. */
  readonly value?: PlainValue;
  /** Whether nothing stood there. */
  readonly absent?: true;
  /** What it means, where that is not plain to see. */
  readonly why?: string;
  readonly origin?: Origin;
}

/** What a control says of one place. */
export interface Judged {
  readonly where: Place;
  readonly state: 'PASS' | 'FAIL' | 'WARN' | 'MANUAL' | 'UNKNOWN';
  /** One sentence, lower case, no full stop: `no policy isolates a new pod for ingress`. */
  readonly message: string;
  readonly evidence: readonly Evidence[];
  /** Where it is another one than the control's. */
  readonly severity?: ControlSeverity;
  /** Ids of the workloads that it puts at risk: the blast radius is reckoned from them. Absent: those of its place. */
  readonly endpoints?: readonly string[];
  /** Tells findings of one place apart: `ingress`, `container web`, a name of a rule. Never a line number. */
  readonly detail?: string;
  /** Workloads of one namespace that are alike in this are told as one finding: that is how they are mended. */
  readonly together?: Together;
}

/** How several places of one namespace are told as one: `no policy covers egress of 9 workloads of namespace x`. */
export interface Together {
  /** What they have in common, told apart from what else the control finds: `egress is open`. */
  readonly key: string;
  /** What stands before and after `9 workloads of namespace x`. */
  readonly before: string;
  readonly after: string;
  /** What is done to all of them, before and after the same. */
  readonly fix: readonly [before: string, after: string];
}

/** What a control says of a snapshot. */
export interface Assessment {
  readonly state: ControlState;
  /** Why it is in this state: one sentence, lower case, no full stop. */
  readonly why: string;
  readonly places: readonly Judged[];
  /** What decided where no place did: what the control is about is absent, or the evidence for it. */
  readonly evidence: readonly Evidence[];
}

// ---------------------------------------------------------------- changes

/** An edit to one field. `set` makes parents that are missing; `append` adds to a list, making it where it is missing. */
export type FieldEdit =
  | { readonly op: 'set' | 'append'; readonly path: FieldPath; readonly value: PlainValue }
  | { readonly op: 'remove'; readonly path: FieldPath };

/** An edit to a resource, in a form that can be written for the user. */
export type Change = NewObject | EditedObject | EditedAzure;

/** A Kubernetes object to add. */
export interface NewObject {
  readonly kind: 'new-object';
  readonly object: PlainObject;
}

export interface EditedObject {
  readonly kind: 'edit-object';
  readonly object: ClusterObject;
  readonly edits: readonly FieldEdit[];
}

/** Paths as ARM has them, from the top of the resource: `['properties', 'disableLocalAccounts']`. */
export interface EditedAzure {
  readonly kind: 'edit-azure';
  /** The resource id. */
  readonly resource: string;
  readonly edits: readonly FieldEdit[];
  /** The az command that does the same, without the program's name; absent where there is none. */
  readonly command?: string;
}

/** How a finding is closed. */
export interface Fix {
  /** What is done, in one sentence: `deny ingress by default in namespace shop`. */
  readonly summary: string;
  /** Whether the changes close it by themselves; else they are a start, and `steps` say what a person does. */
  readonly automatic: boolean;
  readonly changes: readonly Change[];
  /** What a person does, and what the changes could not know. */
  readonly steps: readonly string[];
  /** Why it is not made by itself although it could be with more of the input: it is told of apart from what people do. */
  readonly refused?: string;
}
