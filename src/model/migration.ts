import type { ChangeGroup, EndpointEntry, EngineEntry } from './answers.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Origin } from './origin.ts';
import type { PlainObject } from './plain.ts';
import type { PathVerdict } from './verdict.ts';

/** In which two engines differ. Each is one fact that can be changed alone, so that a change is proven to be its doing. */
export const MIGRATION_CAUSES = {
  'kind-not-enforced': 'the new engine does not enforce policies of this kind',
  'kind-newly-enforced': 'the new engine enforces policies of this kind, which had no effect before',
  'ip-block-and-pods': 'an ipBlock covers the addresses of pods under one engine and not under the other',
  'ip-block-and-nodes': 'an ipBlock covers the addresses of nodes under one engine and not under the other',
  'host-network-pods': 'the engines see pods on the network of their node differently',
  'own-node': 'whether a pod always reaches its own node differs',
  'rules-outside-policy-types': 'rules of a direction that policyTypes leaves out count under one engine only',
  'end-port': 'one engine does not read endPort, and only the first port of a range counts',
  'named-ports': 'ports without a number mean something else',
  'excluded-labels': 'a selector asks for a label that is not part of an identity, so it never matches',
  'other-protocols': 'ICMP and protocols without ports are treated differently',
  'not-supported': 'one engine does not support what the policy uses',
  'forwarded-traffic': 'one engine does not filter NodePort and LoadBalancer traffic that a node forwards',
  'engine-line': 'versions of the same engine differ',
  'engine-model': 'how the engine puts its policies together',
} as const;
export type MigrationCauseId = keyof typeof MIGRATION_CAUSES;

/** A part of a policy, as `NetworkPolicy shop/web spec.egress[1]`. */
export interface PolicyPlace {
  readonly policy: string;
  /** Empty for what the policy does by selecting. */
  readonly path: string;
  readonly origin: Origin;
}

/** Connections whose verdict changes for one reason, or for several that only together make the change. */
export interface MigrationChange {
  readonly causes: readonly MigrationCauseId[];
  readonly groups: readonly ChangeGroup[];
  /** Pairs of endpoints. */
  readonly connections: number;
  /** The policies and lines behind them. */
  readonly places: readonly PolicyPlace[];
}

/** A way in from outside whose verdict changes. */
export interface MigrationEntry {
  readonly through: string;
  readonly at: string;
  readonly to: string;
  readonly before: PathVerdict;
  readonly after: PathVerdict;
  readonly causes: readonly MigrationCauseId[];
  readonly origin: Origin;
}

/** One object to write in place of, or beside, one of the input. */
export interface Rewrite {
  readonly action: 'replace' | 'add';
  /** The policy of the input that it keeps the meaning of. */
  readonly for: PolicyPlace;
  readonly causes: readonly MigrationCauseId[];
  /** The whole manifest. */
  readonly object: PlainObject;
}

/** What cannot be kept, and why. */
export interface NotKept {
  readonly cause: MigrationCauseId;
  readonly places: readonly PolicyPlace[];
  readonly why: string;
  /** What a person could do. */
  readonly help: string;
}

export interface MigrateAnswer {
  readonly schema: 'ringfence.dev/migrate/v1';
  readonly engine: { readonly from: EngineEntry; readonly to: EngineEntry };
  readonly about: readonly EndpointEntry[];
  readonly changes: readonly MigrationChange[];
  readonly entries: readonly MigrationEntry[];
  readonly rewrites: readonly Rewrite[];
  readonly notKept: readonly NotKept[];
  /** Whether the new engine with the rewritten policies answers as the old one does: every pair was compared. */
  readonly proof: {
    readonly equal: boolean;
    readonly left: readonly ChangeGroup[];
    /** Pairs of endpoints that still differ. */
    readonly connections: number;
  };
  readonly diagnostics: readonly Diagnostic[];
}
