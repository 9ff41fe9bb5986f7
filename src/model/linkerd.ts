import type { Cidr } from '#base/address.ts';
import type { Origin } from './origin.ts';
import type { Gap, LabelSelector, Resource } from './resource.ts';

/** Addresses of clients: blocks with what is taken out of each. */
export interface LinkerdBlock {
  readonly cidr: Cidr;
  readonly except: readonly Cidr[];
}

/** `unknown`: the proxy finds out. */
export type ProxyProtocol = 'unknown' | 'HTTP/1' | 'HTTP/2' | 'gRPC' | 'opaque' | 'TLS';

/** One port of some pods. */
export interface LinkerdServer extends Resource {
  readonly kind: 'Server';
  /** Absent: it is for machines outside, by `externalWorkloadSelector`. */
  readonly podSelector?: LabelSelector;
  /** A number, or the name of a container port. */
  readonly port: number | string;
  /** `proxyProtocol`: how the proxy reads connections, and so which kind of route counts. */
  readonly protocol: ProxyProtocol;
  /** Who may come without any authorization: a default policy by its name; `deny` unless given. */
  readonly accessPolicy: string;
  readonly gaps: readonly Gap[];
}

export interface LinkerdRef {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** Empty: the namespace of the object that refers. */
  readonly namespace: string;
}

/** AuthorizationPolicy of policy.linkerd.io. */
export interface LinkerdAuthorization extends Resource {
  readonly kind: 'AuthorizationPolicy';
  readonly target: LinkerdRef;
  /** All must hold; none lets everybody in. */
  readonly required: readonly LinkerdRef[];
  readonly gaps: readonly Gap[];
}

export interface LinkerdServerAuthorization extends Resource {
  readonly kind: 'ServerAuthorization';
  readonly server: { readonly name: string } | { readonly selector: LabelSelector };
  readonly client: LinkerdClient;
  readonly gaps: readonly Gap[];
}

export interface LinkerdClient {
  readonly unauthenticated: boolean;
  /** Clients with TLS of the mesh but without a checked identity. */
  readonly unauthenticatedTls: boolean;
  readonly identities: readonly string[];
  readonly accounts: readonly { readonly name: string; readonly namespace: string }[];
  /** Absent: the networks of the cluster. */
  readonly networks?: readonly LinkerdBlock[];
}

/** MeshTLSAuthentication. */
export interface LinkerdIdentity extends Resource {
  readonly kind: 'MeshTLSAuthentication';
  /** `*`, `*.suffix`, or a whole identity. */
  readonly identities: readonly string[];
  /** ServiceAccount, or Namespace for all of its accounts. */
  readonly refs: readonly LinkerdRef[];
  readonly gaps: readonly Gap[];
}

/** NetworkAuthentication. */
export interface LinkerdNetwork extends Resource {
  readonly kind: 'NetworkAuthentication';
  readonly networks: readonly LinkerdBlock[];
  readonly gaps: readonly Gap[];
}

export interface LinkerdEgressNetwork extends Resource {
  readonly kind: 'EgressNetwork';
  /** Absent: everything but the networks of the cluster. */
  readonly networks?: readonly LinkerdBlock[];
  readonly action: 'allow' | 'deny';
  readonly gaps: readonly Gap[];
}

/** HTTPRoute of policy.linkerd.io; HTTPRoute and GRPCRoute of gateway.networking.k8s.io as Linkerd reads them. */
export interface LinkerdRoute extends Resource {
  readonly kind: 'HTTPRoute' | 'GRPCRoute';
  readonly parents: readonly LinkerdRef[];
  readonly hostnames: readonly string[];
  readonly matches: readonly LinkerdRouteMatch[];
  readonly gaps: readonly Gap[];
}

/** One alternative; what is absent does not restrict. */
export interface LinkerdRouteMatch {
  readonly method?: string;
  readonly path?: { readonly type: 'Exact' | 'PathPrefix' | 'RegularExpression'; readonly value: string };
  readonly headers: readonly { readonly name: string; readonly value: string; readonly regex: boolean }[];
  /** Query parameters are no part of a question. */
  readonly queryParams: boolean;
  readonly origin: Origin;
}
