import type { Origin } from './origin.ts';
import type { Direction } from './resource.ts';
import type { TrafficSet } from './traffic.ts';

/**
 * A statement about reachability that must stay true. Names are those of the command line (`shop/web`, `ns:shop`,
 * `internet`). `traffic` absent: every port of TCP, UDP and SCTP.
 */
export type Invariant = NeverInvariant | AlwaysInvariant | OnlyTheseInvariant | IsolatedInvariant | InvalidInvariant;
export type InvariantKind = Invariant['kind'];

interface Statement {
  readonly name: string;
  readonly origin: Origin;
}

/** Nothing of the traffic may get from any of `from` to any of `to`. */
export interface NeverInvariant extends Statement {
  readonly kind: 'never';
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly traffic?: TrafficSet;
}

/** All of the traffic gets from each of `from` to each of `to`, in every address family that they share. */
export interface AlwaysInvariant extends Statement {
  readonly kind: 'always';
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly traffic?: TrafficSet;
}

/** Nobody but `from` may reach `to`; whether `from` itself may is left open. */
export interface OnlyTheseInvariant extends Statement {
  readonly kind: 'onlyThese';
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly traffic?: TrafficSet;
  /** Whether nodes, and pods on their nodes' network, count: no policy keeps a node from the pods that run on it. */
  readonly nodes: boolean;
}

/** A pod that nobody has thought of, without labels and in a namespace of its own, has no connection with `endpoints`. */
export interface IsolatedInvariant extends Statement {
  readonly kind: 'isolated';
  readonly endpoints: readonly string[];
  readonly directions: readonly Direction[];
}

/** An entry that cannot be read. It cannot hold, so the test of it fails. */
export interface InvalidInvariant extends Statement {
  readonly kind: 'invalid';
  readonly why: string;
}
