import type { Cidr } from '#base/address.ts';
import type { Origin } from '#model/origin.ts';
import type { Direction, LabelRequirement, Resource } from '#model/resource.ts';
import type { PortProtocol } from '#model/traffic.ts';
import type { TranslationRefusal } from '#model/translation.ts';

/** What every API here can mean, in the words of label selectors: what a source says, and what a document is made of. */
export interface PlainPolicy {
  readonly source: Resource;
  /** Of the result; empty for the whole cluster. */
  readonly namespace: string;
  readonly name: string;
  readonly subject: PlainPods;
  readonly isolates: readonly Direction[];
  /** In the order of the source, where order means something there. */
  readonly rules: readonly PlainRule[];
  /** Of the cluster-wide kinds: where it stands. Absent: with NetworkPolicy. */
  readonly place?: { readonly tier: 'Admin' | 'Baseline'; readonly priority: number };
  readonly notes: readonly string[];
}

export interface PlainRule {
  readonly direction: Direction;
  readonly action: 'allow' | 'deny' | 'pass';
  readonly peers: readonly PlainPeer[];
  /** Absent: all traffic, of protocols without ports too. */
  readonly ports?: readonly PlainPort[];
  readonly path: string;
  readonly origin: Origin;
}

export type PlainPeer =
  | (PlainPods & { readonly kind: 'pods' })
  | { readonly kind: 'block'; readonly cidr: Cidr; readonly except: readonly Cidr[] }
  | { readonly kind: 'everybody' };

/** All requirements must hold. `namespaces` absent: the policy's own. `pods` absent: whatever is in the namespaces. */
export interface PlainPods {
  readonly namespaces?: readonly LabelRequirement[];
  readonly pods?: readonly LabelRequirement[];
}

/** `any`: of a named port, whatever protocol it has. */
export type PlainPort =
  | { readonly protocol: PortProtocol; readonly from: number; readonly to: number }
  | { readonly protocol: PortProtocol | 'any'; readonly name: string }
  | { readonly protocol: PortProtocol };

/** Why one field of a policy cannot be said. */
export interface Objection {
  readonly reason: TranslationRefusal;
  readonly path: string;
  /** In plain words, what stands there. */
  readonly why: string;
  readonly origin: Origin;
}

/** What came of a policy: its meaning, or what stands against it. */
export interface Reading {
  readonly policies: readonly PlainPolicy[];
  readonly objections: readonly Objection[];
}

/** Takes down what stands against a policy while it is read or written. */
export interface Objecting {
  readonly objections: Objection[];
  readonly origin: Origin;
}

/** A place in a policy. */
export interface Spot {
  readonly path: string;
  readonly origin: Origin;
}

/** `[reason, what stands there in plain words]` */
export type Complaint = readonly [reason: TranslationRefusal, why: string];

export function object(to: Objecting, { path, origin }: Spot, [reason, why]: Complaint): void {
  to.objections.push({ reason, path, why, origin: origin.line > 0 ? origin : to.origin });
}
