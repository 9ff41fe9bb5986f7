import type { Bits } from '#base/bits.ts';
import type { Origin } from '#model/origin.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { RequestMatch } from '#model/request.ts';
import type { TrafficSet } from '#model/traffic.ts';
import type { PolicyRef, RuleAction } from '#model/verdict.ts';

/**
 * The one form into which every policy API is compiled. Sets of points are `Bits` over the points of one World.
 *
 * What the API leaves open, or the input does not settle, makes `may` wider than `must`: nothing else in the engine
 * knows about "unknown". Exact sets have `must === may`.
 */
export interface Span<T> {
  readonly must: T;
  readonly may: T;
}

/** Why a span is not exact, and for which points (all, where absent). For explanations; verdicts do not read it. */
export interface Doubt {
  readonly reason: ReasonCode;
  readonly points?: Bits;
}

/** A set of points that may be uncertain. */
export interface PointSpan extends Span<Bits> {
  readonly doubts: readonly Doubt[];
}

/**
 * One region of connections: these peers, this traffic, and (where `on` is present) only for these subjects: a named
 * port is another number on another pod, so one rule becomes one box for each number.
 */
export interface Box {
  readonly on?: PointSpan;
  readonly peers: PointSpan;
  readonly traffic: Span<TrafficSet>;
  /** Why `traffic` is not exact. */
  readonly trafficDoubt?: ReasonCode;
  /**
   * Where the rule looks into the request: which of them it means. Never set where all requests match. Before the fold
   * the question settles it (`requests.ts`): without a request in the question an allow lets the connection pass, and
   * a deny stops no connection.
   */
  readonly request?: RequestMatch;
}

/** Matches where any of its boxes does. */
export interface Rule {
  readonly action: RuleAction;
  readonly boxes: readonly Box[];
  /** Set aside by `settleRequests`: boxes of a deny that stop some requests and no connection. */
  readonly except?: readonly Box[];
  /** Set aside by `settleRequests`: boxes that mean other requests than the one that is asked about. */
  readonly otherRequests?: readonly Box[];
  /** `spec.egress[1]`; text for people where no document has it. */
  readonly path: string;
  readonly origin: Origin;
}

/** One policy object in one direction. */
export interface Policy {
  readonly ref: PolicyRef;
  /** Whom it protects. */
  readonly subject: PointSpan;
  /** Whether selecting a subject makes the end of the tier apply to it. */
  readonly isolates: boolean;
  readonly rules: readonly Rule[];
}

/**
 * Policies of one precedence. They are asked side by side, each by its own first matching rule; where two that match
 * disagree the API has left the order open. One policy per level is plain first match; all of an allow-only API in one
 * level is a union; denies in a level before allows is deny-over-allow.
 */
export type Level = readonly Policy[];

export interface Tier {
  readonly name: string;
  readonly levels: readonly Level[];
  /** What the end of the tier means for a subject that a policy of the tier isolates. `pass`: the next tier decides. */
  readonly onEnd: 'deny' | 'pass';
  /** Why it is open which of two policies of one level counts; absent: the API leaves it open (`equal-priority`). */
  readonly openOrder?: ReasonCode;
}

/** The tiers of one direction in the order in which they are asked. What no tier decides is allowed. */
export type Stack = readonly Tier[];

/**
 * Both directions of one enforcement point: `pod`, the network policy engine at the pod's own interface; `host`, that of
 * the node; `mesh`, the proxy. A connection passes when every layer lets it.
 */
export interface Layer {
  readonly name: LayerName;
  readonly ingress: Stack;
  readonly egress: Stack;
  /**
   * What this layer sees in place of what the ends send each other. The first that a connection is under is the one for
   * it; one that it is under only perhaps leaves the next open too.
   */
  readonly rewrites?: readonly Rewrite[];
}

export type LayerName = (typeof LAYER_NAMES)[number];

/** From the inside of an endpoint outward: `network-security` and what follows stand in the network around the cluster. */
export const LAYER_NAMES = ['mesh', 'pod', 'host', 'network-security', 'route', 'firewall', 'service'] as const;

/**
 * Traffic that crosses a layer inside other traffic: of these sources to these destinations, as a tunnel to one port.
 * INVARIANT: that port is in the traffic of no rewrite.
 */
export interface Rewrite {
  readonly from: PointSpan;
  readonly to: PointSpan;
  readonly traffic: TrafficSet;
  /** The point of the traffic axis that the layer sees. */
  readonly as: number;
  /** For people: `HBONE, TCP 15008`. */
  readonly name: string;
  /** Why it is not certain, where a span is not exact. */
  readonly reason: ReasonCode;
  /** Where the tunnel ends on the way; absent: at the destination. */
  readonly via?: Via;
}

/**
 * Points on the way: each connection ends at one of them, which makes another to the destination. A layer sees two legs,
 * and neither is between the ends.
 */
export interface Via {
  /** None: they are not in the input. */
  readonly points: readonly number[];
  /** What the layer sees of the second leg, as a point of the traffic axis; absent: what the ends send. */
  readonly onward?: number;
  /** Why the second leg may also be what the ends send. */
  readonly onwardDoubt?: ReasonCode;
  /** Why it is not certain which way a connection takes, where there is no point or several that differ. */
  readonly reason: ReasonCode;
}

/** An exact span: it is known which points are in. */
export function exactly(bits: Bits): PointSpan {
  return { must: bits, may: bits, doubts: [] };
}

/** An exact span of traffic. */
export function exactTraffic(traffic: TrafficSet): Span<TrafficSet> {
  return { must: traffic, may: traffic };
}
