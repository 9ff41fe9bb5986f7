import type { Cidr } from '#base/address.ts';
import type { Origin } from './origin.ts';
import type { Direction, Gap, NetworkPolicy, Resource } from './resource.ts';
import type { Protocol } from './traffic.ts';

/** An expression of Calico's selector language, as its parser understood it. */
export interface CalicoSelector {
  readonly text: string;
  readonly node: CalicoSelectorNode;
  readonly origin: Origin;
}

export type CalicoSelectorNode =
  | { readonly kind: 'all' }
  | { readonly kind: 'global' }
  | { readonly kind: 'has'; readonly key: string }
  | {
      readonly kind: 'compare';
      readonly operator: '==' | '!=' | 'contains' | 'starts with' | 'ends with';
      readonly key: string;
      readonly value: string;
    }
  | { readonly kind: 'in' | 'not in'; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: 'not'; readonly inner: CalicoSelectorNode }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly CalicoSelectorNode[] };

export type CalicoPolicyKind =
  | 'NetworkPolicy'
  | 'GlobalNetworkPolicy'
  | 'StagedNetworkPolicy'
  | 'StagedGlobalNetworkPolicy'
  | 'StagedKubernetesNetworkPolicy';

/** NetworkPolicy, GlobalNetworkPolicy and the three Staged kinds. `name` is without the tier. */
export interface CalicoPolicy extends Resource {
  readonly kind: CalicoPolicyKind;
  readonly tier: string;
  /** Absent: last. */
  readonly order?: number;
  readonly selector: CalicoSelector;
  /** Of cluster-scoped kinds: on labels of the endpoint's namespace. */
  readonly namespaceSelector?: CalicoSelector;
  readonly serviceAccountSelector?: CalicoSelector;
  /** After defaulting, which differs between the two API forms. */
  readonly types: readonly Direction[];
  readonly ingress: readonly CalicoRule[];
  readonly egress: readonly CalicoRule[];
  readonly preDnat: boolean;
  readonly doNotTrack: boolean;
  readonly applyOnForward: boolean;
  /** Of staged kinds: to be set, or to be taken away. */
  readonly stagedAction?: 'Set' | 'Delete';
  /** Of StagedKubernetesNetworkPolicy: what it would be. */
  readonly kubernetes?: NetworkPolicy;
  readonly gaps: readonly Gap[];
}

export interface CalicoRule {
  readonly action: 'allow' | 'deny' | 'pass' | 'log';
  readonly ipVersion?: 4 | 6;
  readonly protocol?: Protocol;
  readonly notProtocol?: Protocol;
  readonly icmp?: CalicoIcmp;
  readonly notIcmp?: CalicoIcmp;
  readonly source: CalicoEntity;
  readonly destination: CalicoEntity;
  /** Whether it looks into HTTP requests, which only the application layer add-on does. */
  readonly http: boolean;
  readonly path: string;
  readonly origin: Origin;
  readonly gaps: readonly Gap[];
}

export interface CalicoIcmp {
  readonly type?: number;
  readonly code?: number;
}

/** One end of a rule. What is absent or empty does not restrict. */
export interface CalicoEntity {
  readonly nets: readonly Cidr[];
  readonly notNets: readonly Cidr[];
  readonly ports: readonly CalicoPort[];
  readonly notPorts: readonly CalicoPort[];
  readonly selector?: CalicoSelector;
  readonly notSelector?: CalicoSelector;
  readonly namespaceSelector?: CalicoSelector;
  readonly serviceAccounts?: { readonly names: readonly string[]; readonly selector?: CalicoSelector };
  readonly service?: { readonly name: string; readonly namespace: string };
}

/** A range of numbers, or the name of a container port. */
export type CalicoPort = { readonly from: number; readonly to: number } | { readonly name: string };

export interface CalicoTier extends Resource {
  readonly kind: 'Tier';
  readonly order?: number;
  readonly defaultAction: 'deny' | 'pass';
}

/** A named set of addresses; `namespace` is empty for GlobalNetworkSet. */
export interface CalicoNetworkSet extends Resource {
  readonly kind: 'NetworkSet' | 'GlobalNetworkSet';
  readonly nets: readonly Cidr[];
}

export interface CalicoHostEndpoint extends Resource {
  readonly kind: 'HostEndpoint';
  readonly node: string;
  /** `*`: all interfaces. Empty: found by its addresses. */
  readonly interfaceName: string;
  readonly expectedIps: readonly Cidr[];
  readonly profiles: readonly string[];
  /** Ports that rules may name. */
  readonly ports: readonly CalicoEndpointPort[];
}

export interface CalicoEndpointPort {
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
}

/** FelixConfiguration: what bears on verdicts. What is absent is not set. */
export interface CalicoSettings extends Resource {
  readonly kind: 'FelixConfiguration';
  readonly endpointToHostAction?: 'Accept' | 'Drop' | 'Return';
  readonly failsafeInbound?: readonly CalicoFailsafe[];
  readonly failsafeOutbound?: readonly CalicoFailsafe[];
  readonly wireguard?: boolean;
  readonly wireguardV6?: boolean;
  readonly wireguardHosts?: boolean;
  /** Whether the data path is eBPF. */
  readonly bpf?: boolean;
}

/** What else says how Calico runs: KubeControllersConfiguration, and the operator's Installation. */
export interface CalicoControllers extends Resource {
  readonly kind: 'KubeControllersConfiguration' | 'Installation';
  /** Whether every node gets a host endpoint for all its interfaces. */
  readonly autoHostEndpoints: boolean;
  /** Whether the data path is eBPF. */
  readonly bpf: boolean;
}

export interface CalicoFailsafe {
  readonly protocol: Protocol;
  readonly port: number;
  readonly net?: Cidr;
}
