import type { Address } from '#base/address.ts';
import type { Service, ServicePort } from '#model/exposure.ts';

/** Where a Service leads. Ports are what the client asks for; backends are what the packet reaches. */
export interface ServiceBackends {
  readonly service: Service;
  /**
   * `translated`: each port to its backends. `headless`: the name gives pod addresses and the client chooses the port.
   * `domain`: a DNS alias, no traffic of its own.
   */
  readonly kind: 'translated' | 'headless' | 'domain';
  /** Of kind `domain`: the name that it stands for. */
  readonly domain?: string;
  /** Concluded from selector and templates, because the input has no EndpointSlice of the Service. */
  readonly predicted: boolean;
  /** False: no selector and no EndpointSlice. The Service may lead anywhere. */
  readonly known: boolean;
  /** Of kind `translated`, in the order of the Service. */
  readonly ports: readonly PortBackends[];
  /** Of kind `headless`: what the name resolves to. Their `port` is absent: it is the port that the client chose. */
  readonly addresses: readonly Backend[];
}

export interface PortBackends {
  readonly port: ServicePort;
  /** Nothing here: connections are refused, the Service is latent. */
  readonly backends: readonly Backend[];
  /** Not ready now; they would be backends if they became so. */
  readonly waiting: readonly Backend[];
}

/** One place that a connection to a Service may end at. */
export type Backend = PodBackend | NodeBackend | OutsideBackend | UnseenBackend;

interface BackendPort {
  /** The port at the place itself, after translation. Absent for a headless Service. */
  readonly port?: number;
  readonly nodeName?: string;
}

/** A pod of the input, or the pod that a template would make. */
export interface PodBackend extends BackendPort {
  readonly kind: 'pod';
  /** Index into `World.units`. */
  readonly unit: number;
  /** Index into `World.owners`. */
  readonly owner: number;
  /** The points of the unit that are meant: those of the address family. */
  readonly points: readonly number[];
  readonly hostNetwork: boolean;
}

/** An address of a node itself. */
export interface NodeBackend extends BackendPort {
  readonly kind: 'node';
  readonly points: readonly number[];
  readonly address: Address;
}

/** An address that nothing of the input owns. */
export interface OutsideBackend extends BackendPort {
  readonly kind: 'outside';
  readonly point: number;
  readonly address: Address;
}

/** A pod that an EndpointSlice names and that is not in the input: policy for it is unknown. */
export interface UnseenBackend extends BackendPort {
  readonly kind: 'unseen';
  readonly pod: string;
  readonly address: Address;
}
