import type { Cidr } from '#base/address.ts';
import type { LinkerdRouteMatch } from './linkerd.ts';
import type { Origin } from './origin.ts';
import type { LabelSelector, Resource } from './resource.ts';
import type { PortProtocol } from './traffic.ts';

export interface ServicePort {
  readonly name?: string;
  readonly protocol: PortProtocol;
  readonly port: number;
  /** A number, or the name of a container port, resolved on each pod. Defaults to `port`. */
  readonly targetPort: number | string;
  readonly nodePort?: number;
  readonly appProtocol?: string;
  readonly origin: Origin;
}

export interface Service extends Resource {
  readonly kind: 'Service';
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  readonly ports: readonly ServicePort[];
  /** Absent: the endpoints are managed by hand. An empty selector is absent too (the API server treats it so). */
  readonly selector?: LabelSelector;
  readonly headless: boolean;
  /** Canonical text; `None` is never here. */
  readonly clusterIPs: readonly string[];
  readonly externalIPs: readonly string[];
  readonly externalName?: string;
  readonly ipFamilies: readonly ('IPv4' | 'IPv6')[];
  readonly ipFamilyPolicy?: string;
  readonly externalTrafficPolicy: 'Cluster' | 'Local';
  readonly internalTrafficPolicy: 'Cluster' | 'Local';
  readonly allocateLoadBalancerNodePorts: boolean;
  readonly loadBalancerClass?: string;
  /** Well-formed entries; refused ones are diagnostics. */
  readonly sourceRanges: readonly Cidr[];
  readonly publishNotReadyAddresses: boolean;
  /** `status.loadBalancer.ingress`, as text: addresses and hostnames. */
  readonly loadBalancerAddresses: readonly string[];
}

export interface EndpointAddress {
  readonly address: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** The pod behind it, where `targetRef` says so. */
  readonly pod?: { readonly namespace: string; readonly name: string };
  readonly nodeName?: string;
}

/** An EndpointSlice, or an Endpoints object read as slices. */
export interface EndpointSlice extends Resource {
  readonly kind: 'EndpointSlice' | 'Endpoints';
  /** The Service it belongs to: the label `kubernetes.io/service-name`, or the Endpoints' own name. */
  readonly service: string;
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN';
  readonly endpoints: readonly EndpointAddress[];
  readonly ports: readonly { readonly name?: string; readonly protocol: PortProtocol; readonly port: number }[];
}

export interface IngressPath {
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix' | 'ImplementationSpecific';
  readonly backend: IngressBackend;
  readonly origin: Origin;
}

export interface IngressBackend {
  readonly service?: { readonly name: string; readonly port: number | string };
  /** Another kind of backend, as `group/kind/name`. */
  readonly resource?: string;
  readonly origin: Origin;
}

export interface Ingress extends Resource {
  readonly kind: 'Ingress';
  readonly className?: string;
  readonly rules: readonly {
    readonly host?: string;
    readonly paths: readonly IngressPath[];
    readonly origin: Origin;
  }[];
  readonly defaultBackend?: IngressBackend;
  readonly tlsHosts: readonly string[];
  readonly hasTls: boolean;
  readonly addresses: readonly string[];
}

export interface IngressClass extends Resource {
  readonly kind: 'IngressClass';
  readonly controller: string;
  readonly isDefault: boolean;
}

// ---------------------------------------------------------------- Gateway API

export interface GatewayClass extends Resource {
  readonly kind: 'GatewayClass';
  readonly controller: string;
}

export interface Listener {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly hostname?: string;
  readonly tlsMode?: 'Terminate' | 'Passthrough';
  readonly allowedNamespaces: 'Same' | 'All' | 'None' | LabelSelector;
  /** Route kinds as `group/Kind`; empty: those that fit the protocol. */
  readonly allowedKinds: readonly string[];
  readonly origin: Origin;
}

export interface Gateway extends Resource {
  readonly kind: 'Gateway';
  readonly className: string;
  readonly listeners: readonly Listener[];
  readonly addresses: readonly string[];
  readonly statusAddresses: readonly string[];
  /** Who may add listeners by ListenerSet. Defaults to nobody. */
  readonly allowedListenerNamespaces: 'Same' | 'All' | 'None' | LabelSelector;
}

export interface ListenerSet extends Resource {
  readonly kind: 'ListenerSet' | 'XListenerSet';
  readonly parent: ParentRef;
  readonly listeners: readonly Listener[];
  readonly creationTimestamp: string;
}

export interface ParentRef {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
  readonly origin: Origin;
}

export interface BackendRef {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly port?: number;
  /** 0 sends nothing. Defaults to 1. */
  readonly weight: number;
  /** A request-mirror filter's target: it gets traffic too. */
  readonly mirror: boolean;
  readonly origin: Origin;
}

export const ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'] as const;
export type GatewayRouteKind = (typeof ROUTE_KINDS)[number];

export interface GatewayRoute extends Resource {
  readonly kind: GatewayRouteKind;
  readonly parents: readonly ParentRef[];
  readonly hostnames: readonly string[];
  readonly rules: readonly {
    /** What the rule matches, as text for people: `GET /orders/*`; empty: everything. */
    readonly matches: readonly string[];
    readonly backends: readonly BackendRef[];
    readonly origin: Origin;
  }[];
  /** Which requests it means, as data: where a Server of Linkerd is among its parents. */
  readonly requests?: readonly LinkerdRouteMatch[];
  /** Whether each parent accepted it, by parent index, where status says so. */
  readonly accepted: ReadonlyMap<string, boolean>;
}

export interface ReferenceGrant extends Resource {
  readonly kind: 'ReferenceGrant';
  readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
  readonly to: readonly { readonly group: string; readonly kind: string; readonly name?: string }[];
}

// ---------------------------------------------------------------- OpenShift

/** `route.openshift.io/v1` Route. */
export interface OpenShiftRoute extends Resource {
  readonly kind: 'Route';
  readonly host?: string;
  readonly path?: string;
  readonly backends: readonly { readonly service: string; readonly weight: number; readonly origin: Origin }[];
  readonly targetPort?: number | string;
  readonly termination?: 'edge' | 'reencrypt' | 'passthrough';
  readonly insecurePolicy: 'None' | 'Allow' | 'Redirect';
  readonly wildcard: boolean;
  /** Whether a router admitted it; absent in a manifest. */
  readonly admitted?: boolean;
}
