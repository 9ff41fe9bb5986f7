import type { Diagnostic, Severity } from './diagnostic.ts';
import type { Encryption, EncryptionHole } from './encryption.ts';
import type { Origin } from './origin.ts';
import type { PlainObject } from './plain.ts';
import type { ProfileId } from './profile.ts';
import type { ReasonCode } from './reason.ts';
import type { ChangedFindings } from './scan.ts';
import type { TranslationRefusal, TranslationTarget } from './translation.ts';
import type { PathVerdict, Verdict } from './verdict.ts';

/**
 * What the verbs answer: exactly the JSON that `-o json` prints. Every report format is a rendering of one of these.
 * Additions are free; a change of meaning is a new `schema`.
 */

/** Ports of one protocol as `80,443,8000-8999`. ICMP types as `8`; absent for protocols known by number only. */
export interface TrafficEntry {
  readonly protocol: string;
  readonly ports?: string;
}

/** `all`: every port of every protocol that the answer is about. */
export type TrafficList = 'all' | readonly TrafficEntry[];

export interface EngineEntry {
  readonly profile: ProfileId;
  /** From what it was concluded, or `chosen with --engine`. */
  readonly why: string;
}

/** Something the answer rests on that the input does not state. */
export interface Assumption {
  readonly code: string;
  readonly text: string;
}

export interface EndpointEntry {
  readonly id: string;
  readonly kind: 'workload' | 'node' | 'external' | 'domain' | 'namespace' | 'potential';
  readonly namespace?: string;
  readonly name?: string;
  /** The kind of workload: `Deployment`. */
  readonly workload?: string;
  /** Pods in the input; of a workload known by its template only, none. */
  readonly pods?: readonly string[];
  readonly hostNetwork?: boolean;
  readonly ranges?: readonly string[];
  /** Workloads that a folded namespace stands for. */
  readonly members?: number;
  readonly origin?: Origin;
}

export interface Connection {
  readonly from: string;
  readonly to: string;
  readonly allowed: TrafficList;
  readonly unknown: readonly (TrafficEntry & { readonly reasons: readonly ReasonCode[] })[];
  /** Allowed for some only: address families, pods on one node, or (folded) members of a namespace. Absent when none. */
  readonly mixed?: readonly (TrafficEntry & { readonly why: string })[];
  /** With `--encryption`: how what is allowed is protected on the wire. */
  readonly encryption?: readonly EncryptionEntry[];
  /** With `--ingress`: what enters through Ingress, Gateway, Route and Service, as `https://shop.example.com/cart`. */
  readonly through?: readonly string[];
}

/** Traffic that is protected in one way. */
export interface EncryptionEntry extends TrafficEntry {
  readonly encryption: Encryption;
  readonly why: string;
}

/** Connections that are less protected than they could be, for one reason. */
export interface HoleEntry {
  readonly kind: EncryptionHole['kind'];
  readonly encryption: Encryption;
  readonly why: string;
  /** What would close it. */
  readonly close: string;
  readonly connections: number;
  /** The first of them. */
  readonly examples: readonly { readonly from: string; readonly to: string; readonly traffic: TrafficList }[];
  readonly origin?: Origin;
}

export interface MapAnswer {
  readonly schema: 'ringfence.dev/map/v1';
  readonly engine: EngineEntry;
  /** The protocols that the answer is about. */
  readonly protocols: readonly string[];
  /** Whether endpoints are namespaces (big clusters, by default) or workloads. */
  readonly folded: boolean;
  readonly endpoints: readonly EndpointEntry[];
  readonly connections: readonly Connection[];
  /** With a filter: how many connections there are. A pair that is absent is then denied, or left out. */
  readonly unfiltered?: number;
  /** With `--encryption`: what is not protected by identity, by reason. */
  readonly holes?: readonly HoleEntry[];
  readonly assumptions: readonly Assumption[];
  readonly diagnostics: readonly Diagnostic[];
}

// ---------------------------------------------------------------- can

export interface RuleEntry {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** `spec.egress[1]` */
  readonly rule: string;
  readonly action: string;
  readonly decides: boolean;
  readonly matches: 'yes' | 'no' | 'perhaps';
  /** Where the rule looks into the request: which it means. */
  readonly request?: string;
  /** Of the network's security: which of its stages, as `security group of the subnet`; each of them must let it through. */
  readonly stage?: string;
  readonly why: string;
  readonly origin: Origin;
}

export interface HopEntry {
  /**
   * `service`, `address`; `translation`, the address that a connection leaves with; `entrance`, where one from outside is
   * asked for, or sent on; `waf`, what looks at its requests; or a layer and a direction:
   * `pod-egress`, `mesh-ingress`, `host-egress`, `network-security-egress`, `route-egress`, `firewall-egress`,
   * `firewall-ingress`, `service-ingress`.
   */
  readonly layer: string;
  /** The endpoint whose policy it is. */
  readonly at: string;
  readonly verdict: Verdict;
  readonly rules: readonly RuleEntry[];
  readonly why: string;
  readonly reasons: readonly ReasonCode[];
  /** Where only some requests get through: which. */
  readonly conditions?: readonly string[];
  /** Requests that are refused on a connection that is allowed. */
  readonly exceptions?: readonly string[];
  /** What is seen here in place of what the ends send: `HBONE, TCP 15008`. */
  readonly seenAs?: string;
}

export interface NearMiss {
  readonly rule: string;
  readonly why: string;
  readonly origin: Origin;
}

/** An edit that would flip the verdict. */
export interface SmallestChange {
  /** For people: `add TCP 5432 to spec.ingress[0].ports of NetworkPolicy shop/db`. */
  readonly summary: string;
  readonly policy: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly origin: Origin;
  /** The text to add, as YAML, and where. */
  readonly patch: string;
  /** Ordered pairs of endpoints that it would also open or close. */
  readonly alsoOpens: number;
  readonly alsoCloses: number;
}

export interface PathBranch {
  readonly from: string;
  readonly to: string;
  readonly family: 'IPv4' | 'IPv6' | 'any';
  readonly protocol: string;
  readonly port?: number;
  readonly verdict: Verdict;
  /** How the connection is protected on the wire, where the input has anything that protects. */
  readonly encryption?: { readonly encryption: Encryption; readonly why: string; readonly close?: string };
  readonly hops: readonly HopEntry[];
  readonly nearMisses: readonly NearMiss[];
}

export interface PathAnswer {
  readonly schema: 'ringfence.dev/path/v1';
  readonly engine: EngineEntry;
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port?: number;
  /** The request that was asked about, as `GET /orders`; without one the answer is about the connection. */
  readonly request?: string;
  /** What was asked, when no port was: every port that is allowed. */
  readonly allowed?: TrafficList;
  readonly verdict: PathVerdict;
  readonly reasons: readonly ReasonCode[];
  /** Where only some requests get through: which, of all hops. */
  readonly conditions?: readonly string[];
  /** Requests that are refused on a connection that is allowed, of all hops. */
  readonly exceptions?: readonly string[];
  /** Of the only branch, or of the first that is not allowed. */
  readonly hops: readonly HopEntry[];
  readonly nearMisses: readonly NearMiss[];
  /** Where branches differ: all of them, equal ones once. */
  readonly branches: readonly PathBranch[];
  readonly changes: readonly SmallestChange[];
  readonly assumptions: readonly Assumption[];
  readonly diagnostics: readonly Diagnostic[];
}

// ---------------------------------------------------------------- expose

/** One way from the outside in. */
export interface Exposure {
  /** `internet`, `network` (reachable inside the virtual network), `cluster`, `node`, `none` (latent: no ready backend). */
  readonly scope: 'internet' | 'network' | 'cluster' | 'node' | 'none';
  /** `Service shop/web (LoadBalancer)`, `Ingress shop/shop`, `hostPort`, `hostNetwork`, … */
  readonly through: string;
  /** Where it is asked for: `https://shop.example.com/cart`, `203.0.113.10:443`, `*:30080`. */
  readonly at: string;
  readonly protocol: string;
  readonly port: number;
  readonly to: string;
  /** The pod's own port; absent where not known. */
  readonly targetPort?: number;
  /** What pod policy says to the traffic that arrives. */
  readonly verdict: PathVerdict;
  /** Who arrives, and conditions: `source ranges 203.0.113.0/24`, `client address is the node's`. */
  readonly notes: readonly string[];
  readonly reasons: readonly ReasonCode[];
  readonly origin: Origin;
}

/** Who could come, that is not in the input. */
export interface PotentialExposure {
  readonly endpoint: string;
  readonly direction: 'ingress' | 'egress';
  /** `any pod of any namespace`, `pods with app=web in namespaces with team=a`, `any address`. */
  readonly peer: string;
  readonly allowed: TrafficList;
  readonly origin?: Origin;
}

export interface ExposeAnswer {
  readonly schema: 'ringfence.dev/expose/v1';
  readonly engine: EngineEntry;
  readonly exposures: readonly Exposure[];
  /** With a filter: how many exposures there are. */
  readonly unfiltered?: number;
  /** By endpoint: what addresses outside, nodes and the metadata endpoint can send it or get from it, by policy alone. */
  readonly reach: readonly {
    readonly from: string;
    readonly to: string;
    readonly allowed: TrafficList;
    readonly unknown: TrafficList;
  }[];
  readonly potential: readonly PotentialExposure[];
  readonly assumptions: readonly Assumption[];
  readonly diagnostics: readonly Diagnostic[];
}

// ---------------------------------------------------------------- diff, test, policies

export interface ChangedConnection {
  readonly from: string;
  readonly to: string;
  readonly opened: TrafficList;
  readonly closed: TrafficList;
  /** Known before, or known now, and unknown on the other side. */
  readonly unsettled: TrafficList;
}

/** Changed connections that say the same, told once. */
export interface ChangeGroup {
  readonly change: 'opened' | 'closed' | 'unsettled';
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly traffic: TrafficList;
}

export interface DiffAnswer {
  readonly schema: 'ringfence.dev/diff/v1';
  readonly engine: { readonly base: EngineEntry; readonly head: EngineEntry };
  readonly endpoints: { readonly added: readonly string[]; readonly removed: readonly string[] };
  /** The endpoints that changes name; external ones with their ranges, which differ from one input to another. */
  readonly about?: readonly EndpointEntry[];
  readonly policies: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
  };
  readonly groups: readonly ChangeGroup[];
  readonly changes: readonly ChangedConnection[];
  /** With a filter: how many connections changed. */
  readonly unfiltered?: number;
  readonly invariants: readonly {
    readonly name: string;
    readonly base: InvariantState;
    readonly head: InvariantState;
  }[];
  /** Absent where nobody asked for them. */
  readonly findings?: ChangedFindings;
  readonly diagnostics: readonly Diagnostic[];
}

export type InvariantState = 'holds' | 'broken' | 'unknown' | 'invalid';

export interface InvariantResult {
  readonly name: string;
  readonly kind: string;
  readonly state: InvariantState;
  readonly why: string;
  /** Connections that break it or leave it unknown: the first of them, as `a -> b TCP 80`. */
  readonly witnesses: readonly {
    readonly from: string;
    readonly to: string;
    readonly traffic: TrafficList;
    readonly verdict: Verdict;
  }[];
  readonly origin: Origin;
}

export interface TestAnswer {
  readonly schema: 'ringfence.dev/test/v1';
  readonly engine: EngineEntry;
  readonly invariants: readonly InvariantResult[];
  readonly assumptions: readonly Assumption[];
  readonly diagnostics: readonly Diagnostic[];
}

export type RuleProblem =
  | 'dead'
  | 'shadowed'
  | 'redundant'
  | 'contradictory'
  | 'unsupported'
  | 'selects-nothing'
  | 'inert';

/** A rule that does not do what it seems to, with the smallest set of rules that make it so. */
export interface PolicyProblem {
  readonly problem: RuleProblem;
  readonly rule: string;
  readonly why: string;
  readonly culprits: readonly { readonly rule: string; readonly origin: Origin }[];
  readonly origin: Origin;
}

export interface PolicyEntry {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly origin: Origin;
  readonly selects: readonly string[];
  readonly isolates: readonly ('ingress' | 'egress')[];
  readonly rules: readonly {
    readonly rule: string;
    readonly action: string;
    /** In words: `from pods app=web of namespaces team=a on TCP 80`. */
    readonly says: string;
    readonly peers: readonly string[];
    readonly origin: Origin;
  }[];
  readonly problems: readonly PolicyProblem[];
}

export interface PoliciesAnswer {
  readonly schema: 'ringfence.dev/policies/v1';
  readonly engine: EngineEntry;
  readonly policies: readonly PolicyEntry[];
  readonly assumptions: readonly Assumption[];
  readonly diagnostics: readonly Diagnostic[];
}

// ---------------------------------------------------------------- translate

/** A policy of the input. */
export interface PolicyName {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly origin: Origin;
}

/** A connection that the result would decide otherwise. */
export interface TranslationWitness {
  /** Whether it is of the input, or of the world made up for the proof. */
  readonly world: 'input' | 'made-up';
  readonly from: string;
  readonly to: string;
  readonly traffic: TrafficList;
  readonly before: Verdict;
  readonly after: Verdict;
}

/** Ordered pairs of endpoints (those that no policy tells apart are one) that were asked before and after, all alike. */
export interface ComparedPairs {
  readonly pairs: number;
  /** Of them, those with traffic that is unknown before and after alike. */
  readonly unknown: number;
}

/** By what a translation is proven. */
export interface TranslationProof {
  /** The engine profile under which the source was asked, and that of the result. */
  readonly source: ProfileId;
  readonly result: ProfileId;
  readonly input: ComparedPairs;
  /** The made-up world: pods and namespaces with the combinations of labels that the policies mention. */
  readonly madeUp: ComparedPairs & {
    readonly namespaces: number;
    readonly pods: number;
    /** Of so many combinations of the labels of pods … */
    readonly combinations: number;
    /** … there is a pod for so many. */
    readonly tried: number;
  };
}

/** Source policies with what says the same in the other form. */
export interface TranslatedEntry {
  readonly from: readonly PolicyName[];
  readonly documents: readonly PlainObject[];
  /** What somebody who deploys the result must know. */
  readonly notes: readonly string[];
  readonly proof: TranslationProof;
}

/** A policy that cannot be translated; once for each field that stands against it. */
export interface RefusedEntry extends PolicyName {
  /** `spec.ingress[0].from[1]`; `spec` where it is the whole. */
  readonly path: string;
  readonly reason: TranslationRefusal;
  readonly why: string;
  readonly witness?: TranslationWitness;
}

export interface TranslateAnswer {
  readonly schema: 'ringfence.dev/translate/v1';
  readonly to: TranslationTarget;
  /** Under which the results are proven, for each API of the source that the input has. */
  readonly engines: readonly { readonly of: string; readonly source: EngineEntry; readonly result: EngineEntry }[];
  readonly translated: readonly TranslatedEntry[];
  readonly refused: readonly RefusedEntry[];
  /** Policies that stay as they are: of the other form already, or of a kind that nobody asked to move. */
  readonly kept: readonly (PolicyName & { readonly why: string })[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface DoctorAnswer {
  readonly schema: 'ringfence.dev/doctor/v1';
  readonly checks: readonly {
    readonly name: string;
    readonly state: 'ok' | 'missing' | 'failed';
    readonly detail: string;
  }[];
}

// ---------------------------------------------------------------- explain, snapshot list

/** What a code means: of a diagnostic, or of the reason why a verdict is unknown. */
export interface Explanation {
  readonly code: string;
  readonly kind: 'diagnostic' | 'reason';
  readonly title: string;
  /** Of diagnostics: how bad it is, why it matters, and what to do. */
  readonly severity?: Severity;
  readonly why?: string;
  readonly fix?: string;
}

export interface ExplainAnswer {
  readonly schema: 'ringfence.dev/explain/v1';
  readonly codes: readonly Explanation[];
}

export interface SnapshotEntry {
  readonly file: string;
  /** ISO 8601 */
  readonly taken: string;
  readonly from: readonly string[];
  readonly objects: number;
  /** Of those, how many are policies. */
  readonly policies: number;
  /** Resources of Azure, where it holds any. */
  readonly azure?: number;
  /** Version of Ringfence that wrote it. */
  readonly ringfence: string;
}

export interface SnapshotsAnswer {
  readonly schema: 'ringfence.dev/snapshots/v1';
  readonly snapshots: readonly SnapshotEntry[];
}
