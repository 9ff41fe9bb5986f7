import type { Cidr } from '#base/address.ts';
import type { Origin } from './origin.ts';
import type { Gap, LabelSelector, Labels, Resource } from './resource.ts';

// ---------------------------------------------------------------- security.istio.io

export const MTLS_MODES = ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'] as const;
export type MtlsMode = (typeof MTLS_MODES)[number];

/** PeerAuthentication. A selector without labels is no selector, and is absent here. */
export interface PeerAuthentication extends Resource {
  readonly kind: 'PeerAuthentication';
  readonly selector?: LabelSelector;
  readonly mode: MtlsMode;
  /** By the port of the workload, never that of a Service. */
  readonly ports: ReadonlyMap<number, MtlsMode>;
  readonly gaps: readonly Gap[];
}

/** What a policy is attached to in place of a selector: enforced by a waypoint or a gateway only. */
export interface IstioTargetRef {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly path: string;
  readonly origin: Origin;
}

export const AUTHORIZATION_ACTIONS = ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'] as const;
export type AuthorizationAction = (typeof AUTHORIZATION_ACTIONS)[number];

/** AuthorizationPolicy of security.istio.io. Without selector and targets it is for its whole namespace. */
export interface IstioAuthorization extends Resource {
  readonly kind: 'AuthorizationPolicy';
  readonly selector?: LabelSelector;
  readonly targetRefs: readonly IstioTargetRef[];
  readonly action: AuthorizationAction;
  /** Of CUSTOM: the name in the mesh configuration. */
  readonly provider?: string;
  /** None matches nothing; `{}` matches everything. */
  readonly rules: readonly IstioRule[];
  /** Annotation `istio.io/dry-run`: not enforced. */
  readonly dryRun: boolean;
  readonly gaps: readonly Gap[];
}

/** Any source AND any operation AND all conditions; an empty list means any. */
export interface IstioRule {
  readonly sources: readonly IstioSource[];
  readonly operations: readonly IstioOperation[];
  readonly conditions: readonly IstioCondition[];
  /** `spec.rules[1]` */
  readonly path: string;
  readonly origin: Origin;
  readonly gaps: readonly Gap[];
}

export const SOURCE_FIELDS = [
  'principals',
  'requestPrincipals',
  'namespaces',
  'ipBlocks',
  'remoteIpBlocks',
  'serviceAccounts',
] as const;
export type SourceField = (typeof SOURCE_FIELDS)[number];

export const OPERATION_FIELDS = ['hosts', 'ports', 'methods', 'paths'] as const;
export type OperationField = (typeof OPERATION_FIELDS)[number];

/** `values`: one of them (empty: any). `not`: none of them. */
export interface IstioMatch {
  readonly values: readonly string[];
  readonly not: readonly string[];
}

/** Fields that are not set are absent; those that are set must all hold. */
export interface IstioSource {
  readonly fields: ReadonlyMap<SourceField, IstioMatch>;
  readonly path: string;
  readonly origin: Origin;
}

export interface IstioOperation {
  readonly fields: ReadonlyMap<OperationField, IstioMatch>;
  readonly path: string;
  readonly origin: Origin;
}

/** One entry of `when`. */
export interface IstioCondition extends IstioMatch {
  /** `source.ip`, `request.headers[X-Token]`, … */
  readonly key: string;
  readonly path: string;
  readonly origin: Origin;
}

/** RequestAuthentication: which tokens are valid. A request without a token passes it. */
export interface RequestAuthentication extends Resource {
  readonly kind: 'RequestAuthentication';
  readonly selector?: LabelSelector;
  readonly targetRefs: readonly IstioTargetRef[];
  readonly issuers: readonly string[];
  readonly gaps: readonly Gap[];
}

// ---------------------------------------------------------------- networking.istio.io

export const CLIENT_TLS_MODES = ['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'] as const;
export type ClientTlsMode = (typeof CLIENT_TLS_MODES)[number];

/** DestinationRule: how clients speak to a host. */
export interface DestinationRule extends Resource {
  readonly kind: 'DestinationRule';
  /** As written: a short name is one of the rule's own namespace. */
  readonly host: string;
  /** `.`, `*` or namespaces; empty: every namespace. */
  readonly exportTo: readonly string[];
  /** Of the clients, in the rule's own namespace. */
  readonly workloadSelector?: LabelSelector;
  readonly traffic?: DestinationTraffic;
  readonly subsets: readonly DestinationSubset[];
  readonly gaps: readonly Gap[];
}

export interface DestinationSubset {
  readonly name: string;
  readonly labels: Labels;
  readonly traffic?: DestinationTraffic;
  readonly origin: Origin;
}

/** The part of a traffic policy that says how a connection is protected. */
export interface DestinationTraffic {
  /** Absent: not given, which is not DISABLE. */
  readonly tls?: ClientTlsMode;
  /** Entries by Service port. One without `tls` takes the outer `tls` away. */
  readonly ports: readonly DestinationPort[];
  /** `loadBalancer.simple: PASSTHROUGH`: to the address that the client asked for. */
  readonly passthrough: boolean;
  readonly origin: Origin;
}

export interface DestinationPort {
  readonly port: number;
  readonly tls?: ClientTlsMode;
  readonly origin: Origin;
}

export type OutboundMode = 'REGISTRY_ONLY' | 'ALLOW_ANY';

/** Sidecar: what the proxies of a namespace, or of some of its workloads, know and listen to. */
export interface IstioSidecar extends Resource {
  readonly kind: 'Sidecar';
  readonly workloadSelector?: LabelSelector;
  readonly egress: readonly SidecarEgress[];
  readonly ingress: readonly SidecarIngress[];
  /** Absent: as the mesh configuration says. */
  readonly outboundMode?: OutboundMode;
  readonly gaps: readonly Gap[];
}

export interface SidecarEgress {
  /** `namespace/host`; the namespace may be `.`, `*` or `~` (none). */
  readonly hosts: readonly string[];
  readonly port?: number;
  readonly origin: Origin;
}

export interface SidecarIngress {
  readonly port: number;
  readonly protocol: string;
  /** `127.0.0.1:8080`, `0.0.0.0:8080`, `unix:///path`. */
  readonly defaultEndpoint?: string;
  /** TLS that the proxy terminates for clients outside of the mesh. */
  readonly tls?: ServerTlsMode;
  readonly origin: Origin;
}

/** ServiceEntry: hosts that proxies know beside the Services of the cluster. */
export interface ServiceEntry extends Resource {
  readonly kind: 'ServiceEntry';
  readonly hosts: readonly string[];
  readonly addresses: readonly Cidr[];
  readonly location: 'MESH_EXTERNAL' | 'MESH_INTERNAL';
  readonly resolution: 'NONE' | 'STATIC' | 'DNS' | 'DNS_ROUND_ROBIN';
  readonly ports: readonly ServiceEntryPort[];
  readonly endpoints: readonly ServiceEntryEndpoint[];
  readonly workloadSelector?: LabelSelector;
  readonly exportTo: readonly string[];
  readonly gaps: readonly Gap[];
}

export interface ServiceEntryPort {
  readonly number: number;
  readonly name: string;
  readonly protocol: string;
  readonly targetPort: number;
  readonly origin: Origin;
}

export interface ServiceEntryEndpoint {
  /** Canonical where it is an address; a host name with DNS; `unix:///…`. */
  readonly address: string;
  readonly ports: ReadonlyMap<string, number>;
  readonly origin: Origin;
}

/** VirtualService: where a request to a host goes. */
export interface VirtualService extends Resource {
  readonly kind: 'VirtualService';
  readonly hosts: readonly string[];
  /** `mesh` for sidecars; empty means that too. */
  readonly gateways: readonly string[];
  readonly exportTo: readonly string[];
  readonly routes: readonly VirtualRoute[];
  readonly gaps: readonly Gap[];
}

export interface VirtualRoute {
  readonly protocol: 'http' | 'tls' | 'tcp';
  /** What it matches, as text for people; empty: everything. */
  readonly matches: readonly string[];
  readonly destinations: readonly RouteDestination[];
  /** Routes of another VirtualService that stand here. */
  readonly delegate?: { readonly namespace: string; readonly name: string };
  readonly origin: Origin;
}

export interface RouteDestination {
  /** As written: a short name is one of the VirtualService's own namespace. */
  readonly host: string;
  readonly subset?: string;
  readonly port?: number;
  readonly weight: number;
  /** Gets a copy of the traffic. */
  readonly mirror: boolean;
  readonly origin: Origin;
}

export const SERVER_TLS_MODES = [
  'PASSTHROUGH',
  'SIMPLE',
  'MUTUAL',
  'AUTO_PASSTHROUGH',
  'ISTIO_MUTUAL',
  'OPTIONAL_MUTUAL',
] as const;
export type ServerTlsMode = (typeof SERVER_TLS_MODES)[number];

/** Gateway of networking.istio.io: what the proxies that it selects listen to. */
export interface IstioGateway extends Resource {
  readonly kind: 'Gateway';
  /** Pods of every namespace, unless Istio is told to keep to the Gateway's own. */
  readonly selector: Labels;
  readonly servers: readonly IstioServer[];
  readonly gaps: readonly Gap[];
}

export interface IstioServer {
  readonly name: string;
  readonly port: number;
  /** Upper case: `HTTP`, `HTTPS`, `GRPC`, `HTTP2`, `MONGO`, `TCP`, `TLS`. */
  readonly protocol: string;
  /** `host` or `namespace/host`, with `*` in front allowed. */
  readonly hosts: readonly string[];
  readonly tls?: ServerTlsMode;
  readonly httpsRedirect: boolean;
  readonly origin: Origin;
}

// ---------------------------------------------------------------- settings

export const PATH_NORMALIZATIONS = ['NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES'] as const;
export type PathNormalization = (typeof PATH_NORMALIZATIONS)[number];

/** What the ConfigMap `istio` says, with Istio's defaults for what it leaves out. */
/** `data.config` of the injector's ConfigMap: `never` goes before `always`, and both before `isEnabled`. */
export interface InjectionPolicy {
  readonly isEnabled: boolean;
  readonly always: readonly LabelSelector[];
  readonly never: readonly LabelSelector[];
}

export interface MeshConfig {
  readonly rootNamespace: string;
  readonly outboundMode: OutboundMode;
  readonly autoMtls: boolean;
  readonly trustDomain: string;
  readonly trustDomainAliases: readonly string[];
  /** Those of `extensionProviders` that authorize: what CUSTOM policies may name. `http` ones are for HTTP ports only. */
  readonly authorizers: ReadonlyMap<string, 'http' | 'grpc'>;
  /** Where DestinationRules without `exportTo` are seen; empty: everywhere. */
  readonly defaultDestinationRuleExportTo: readonly string[];
  readonly pathNormalization: PathNormalization;
  /** Whether sidecars speak HBONE; undefined where the input does not say. */
  readonly sidecarsSpeakHbone: boolean | undefined;
  /** Which pods the injector takes where the namespace does not say. */
  readonly injectsByDefault: boolean;
  /** What the injector does of pods that do not say, where its ConfigMap is in the input. */
  readonly injection?: InjectionPolicy;
  /** What could not be read: complete words. */
  readonly problems: readonly string[];
  /** Whether a ConfigMap of the input says so; otherwise all of it is Istio's default. */
  readonly given: boolean;
  readonly origin: Origin;
}
