import type { Origin } from '#model/origin.ts';
import type { PortProtocol } from '#model/traffic.ts';

/** One end of a connection that something in the input shows to be needed. */
export type NeedEnd =
  | WorkloadEnd
  | PodsEnd
  | HostEnd
  | AddressEnd
  | { readonly kind: 'api-server' }
  /** Who it is cannot be said: clients of a load balancer, a controller that is not in the input. */
  | { readonly kind: 'anyone' };

export interface WorkloadEnd {
  readonly kind: 'workload';
  /** `shop/Deployment/web` */
  readonly id: string;
}

/** Pods that the input does not have, as they are known to be labelled. */
export interface PodsEnd {
  readonly kind: 'pods';
  /** Absent: in any namespace. */
  readonly namespace?: string;
  /** None: all of them. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A name that no Service of the input has. */
export interface HostEnd {
  readonly kind: 'host';
  readonly name: string;
}

export interface AddressEnd {
  readonly kind: 'address';
  /** `203.0.113.7/32` */
  readonly cidr: string;
}

export interface NeededPort {
  readonly protocol: PortProtocol;
  readonly port: number;
}

/** From what a need was concluded. */
export type NeedCause =
  | 'configuration'
  | 'route'
  | 'service'
  | 'load-balancer'
  | 'host-port'
  | 'webhook'
  | 'metrics'
  | 'peers'
  | 'api-access'
  | 'identity'
  | 'mesh';

/** A connection that the input shows to be needed. */
export interface NeededEdge {
  readonly from: NeedEnd;
  readonly to: NeedEnd;
  /** At the destination itself, after translation by a Service. Empty: which ports is not known, so any. */
  readonly ports: readonly NeededPort[];
  readonly cause: NeedCause;
  /** For people: `env DATABASE_URL of Deployment shop/api names Service shop/db`. Control characters escaped. */
  readonly why: string;
  readonly origin: Origin;
}

/** Something that may stand for a need and whose value is not in the input. */
export interface OpenNeed {
  /** `shop/Deployment/api` */
  readonly workload: string;
  readonly why: string;
  readonly origin: Origin;
}

/** What the input itself shows that its workloads need of each other and of the outside. */
export interface Needs {
  readonly edges: readonly NeededEdge[];
  readonly open: readonly OpenNeed[];
}
