import type { Cidr } from '#base/address.ts';
import type { Origin } from './origin.ts';
import type { Gap, LabelSelector, Resource } from './resource.ts';

/** Keys of selectors keep the source that is written before them: `k8s:app`, `reserved:host`, `app` (any source). */
export type CiliumSelector = LabelSelector;

export interface CiliumPolicy extends Resource {
  readonly kind: 'CiliumNetworkPolicy' | 'CiliumClusterwideNetworkPolicy';
  /** `spec`, then the entries of `specs`: all count. */
  readonly specs: readonly CiliumSpec[];
}

export interface CiliumSpec {
  /** Whom it is for: one of the two. */
  readonly endpointSelector?: CiliumSelector;
  readonly nodeSelector?: CiliumSelector;
  /** Absent: by whether there are entries for the direction. */
  readonly defaultDeny: { readonly ingress?: boolean; readonly egress?: boolean };
  readonly ingress: readonly CiliumRule[];
  readonly ingressDeny: readonly CiliumRule[];
  readonly egress: readonly CiliumRule[];
  readonly egressDeny: readonly CiliumRule[];
  /** `spec`, `specs[0]` */
  readonly path: string;
  readonly origin: Origin;
  readonly gaps: readonly Gap[];
}

/** One entry. `peers` absent: everybody, where it limits the traffic; nobody, where it says nothing at all. */
export interface CiliumRule {
  readonly peers?: CiliumPeers;
  /** Whether it has `fromRequires` or `toRequires`, which narrow other rules too. */
  readonly requires: boolean;
  readonly ports?: readonly CiliumPorts[];
  readonly icmps?: readonly CiliumIcmp[];
  readonly authentication?: 'required' | 'disabled' | 'test-always-fail';
  readonly path: string;
  readonly origin: Origin;
  readonly gaps: readonly Gap[];
}

export type CiliumPeers =
  | { readonly kind: 'endpoints' | 'nodes'; readonly selectors: readonly CiliumSelector[] }
  | { readonly kind: 'cidrs'; readonly blocks: readonly CiliumBlock[] }
  | { readonly kind: 'entities'; readonly names: readonly CiliumEntity[] }
  | { readonly kind: 'services'; readonly services: readonly CiliumService[] }
  | { readonly kind: 'names'; readonly names: readonly CiliumName[] }
  | { readonly kind: 'groups' };

/** A block, a group by its name, or groups by their labels; without `except`, which is taken out of this entry only. */
export interface CiliumBlock {
  readonly cidr?: Cidr;
  readonly group?: string;
  readonly groupSelector?: CiliumSelector;
  readonly except: readonly Cidr[];
}

export const CILIUM_ENTITIES = [
  'all',
  'world',
  'world-ipv4',
  'world-ipv6',
  'cluster',
  'host',
  'remote-node',
  'kube-apiserver',
  'ingress',
  'init',
  'health',
  'unmanaged',
  'none',
] as const;
export type CiliumEntity = (typeof CILIUM_ENTITIES)[number];

export interface CiliumService {
  readonly namespace: string;
  readonly name?: string;
  readonly selector?: CiliumSelector;
}

/** A domain name, or a pattern with `*` and `**.`. */
export type CiliumName = { readonly name: string } | { readonly pattern: string };

export interface CiliumPorts {
  readonly ports: readonly CiliumPort[];
  readonly http?: readonly CiliumHttp[];
  readonly dns?: readonly CiliumName[];
  readonly kafka?: readonly CiliumKafka[];
  /** The protocol of a rule for a proxy plug-in. */
  readonly otherProtocol?: string;
  readonly serverNames: readonly string[];
}

/** `port` absent: all. A text is the name of a container port. */
export interface CiliumPort {
  readonly port?: number | string;
  readonly endPort?: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP' | 'ANY';
}

/** All that is set must hold. `method`, `path` and `host` are RE2 patterns for the whole text. */
export interface CiliumHttp {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly headers: readonly CiliumHeader[];
}

export interface CiliumHeader {
  readonly name: string;
  /** Absent: it must be there. */
  readonly value?: string;
  /** A value from a Secret, or one that is replaced and not refused: what matches is not known here. */
  readonly open: boolean;
}

export interface CiliumKafka {
  readonly topic?: string;
  /** For people: role, API key, client. */
  readonly text: string;
}

export interface CiliumIcmp {
  readonly family: 'ICMP' | 'ICMPv6';
  readonly type: number;
}

export interface CiliumCidrGroup extends Resource {
  readonly kind: 'CiliumCIDRGroup';
  readonly cidrs: readonly Cidr[];
}

export interface CiliumRedirect extends Resource {
  readonly kind: 'CiliumLocalRedirectPolicy';
  /** The address, or the Service, whose traffic is taken to pods of the own node. */
  readonly address?: string;
  readonly service?: { readonly namespace: string; readonly name: string };
  /** What is taken there; empty: all that the Service has. */
  readonly ports: readonly CiliumRedirectPort[];
  /** Pods of the policy's own namespace. */
  readonly backends: CiliumSelector;
  readonly backendPorts: readonly CiliumRedirectPort[];
  /** Whether what the backends send themselves is left alone. */
  readonly skipsBackends: boolean;
}

export interface CiliumRedirectPort {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

export interface CiliumEgressGateway extends Resource {
  readonly kind: 'CiliumEgressGatewayPolicy';
  readonly podSelectors: readonly { readonly pods?: CiliumSelector; readonly namespaces?: CiliumSelector }[];
  readonly destinations: readonly Cidr[];
  readonly excluded: readonly Cidr[];
  readonly egressIp?: string;
}
