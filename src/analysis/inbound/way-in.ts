import type { AddressRange } from '#base/address.ts';
import type { HopEntry } from '#model/answers.ts';
import type { Service } from '#model/exposure.ts';
import type { Origin } from '#model/origin.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { PortProtocol, TrafficSet } from '#model/traffic.ts';
import type { Arrival } from '../exposure/arrival.ts';
import type { Target } from '../exposure/targets.ts';

/** One way from outside to pods: entrances, and what stands behind each. */
export interface WayIn {
  readonly scope: 'internet' | 'network';
  /** `Service shop/web (LoadBalancer)`, `Application Gateway agw, listener https`. */
  readonly through: string;
  /** Where it is asked for: `203.0.113.10:443`. */
  readonly at: string;
  /** The port that is asked for there. */
  readonly port: number;
  readonly protocol: PortProtocol;
  readonly to: Target;
  /** The Service that it leads through. */
  readonly service?: Service;
  /** Connections, one after the other: the first is the client's, the others are made by who stands between. */
  readonly legs: readonly Leg[];
  readonly notes: readonly string[];
  readonly origin: Origin;
}

export interface Leg {
  /** Who makes the connection; of the first leg, whoever asks. */
  readonly from?: Sender;
  readonly steps: readonly Step[];
}

export interface Sender {
  readonly id: string;
  readonly points: readonly number[];
  /** A service tag that all its addresses belong to. */
  readonly tag?: string;
}

/** Something that has a say on the way, or that is told of. */
export type Step =
  /** What does not depend on who comes. */
  | { readonly kind: 'told'; readonly entry: HopEntry }
  /** Security groups as they see it at a front of the engine; of several ports, any. */
  | { readonly kind: 'security'; readonly id: string; readonly domain: string; readonly traffic: TrafficSet }
  /** How answers leave the subnets of a front: where they go by a firewall that knows nothing of it, no connection comes about. */
  | { readonly kind: 'return'; readonly id: string; readonly domain: string; readonly protocol: PortProtocol }
  /** A list of sources: `must` get through, others of `may` perhaps. */
  | {
      readonly kind: 'sources';
      readonly layer: string;
      readonly at: string;
      readonly list: string;
      readonly must: readonly AddressRange[];
      readonly may: readonly AddressRange[];
    }
  /** Policy at the pods, for what a node passes on. */
  | {
      readonly kind: 'arrival';
      readonly to: Target;
      readonly protocol: PortProtocol;
      readonly seenAs: Arrival['seenAs'];
    }
  /** A connection to the pods themselves, with every layer between. */
  | { readonly kind: 'connection'; readonly to: Target; readonly protocol: PortProtocol };

export function told(layer: string, at: string, why: string): Step {
  return { kind: 'told', entry: { layer, at, verdict: 'allowed', rules: [], why, reasons: [] } };
}

export function toldUnknown(
  layer: string,
  at: string,
  { why, reason }: { readonly why: string; readonly reason: ReasonCode },
): Step {
  return { kind: 'told', entry: { layer, at, verdict: 'unknown', rules: [], why, reasons: [reason] } };
}
