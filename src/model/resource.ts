import type { Cidr } from '#base/address.ts';
import type { Origin } from './origin.ts';
import type { ReasonCode } from './reason.ts';
import type { PortProtocol } from './traffic.ts';

/** Maps and not objects, so that a label named `__proto__` is a label like any other. */
export type Labels = ReadonlyMap<string, string>;

/** What every object of every API has. `namespace` is empty for cluster-scoped kinds. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** `metadata.creationTimestamp`, RFC 3339: where an API lets the oldest object win. Absent in manifests. */
  readonly created?: string;
  readonly origin: Origin;
}

export type SelectorOperator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

/** One condition on one label. `values` is empty for Exists and DoesNotExist and never empty for In and NotIn. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

/** All requirements must hold; none means everything. `matchLabels` arrive here as In with one value. */
export interface LabelSelector {
  readonly requirements: readonly LabelRequirement[];
  readonly origin: Origin;
}

/**
 * Something in the input that matters and that we do not model: the verdicts it touches become unknown.
 * `path` is the field, as `spec.ingress[0].from[1].foo`.
 */
export interface Gap {
  readonly path: string;
  readonly reason: ReasonCode;
  readonly origin: Origin;
}

// ---------------------------------------------------------------- cluster

export type Namespace = Resource & { readonly kind: 'Namespace' };

export interface Node extends Resource {
  readonly kind: 'Node';
  /** `status.addresses` of the types InternalIP and ExternalIP, canonical text. */
  readonly addresses: readonly string[];
  readonly podCidrs: readonly Cidr[];
}

export interface ServiceAccount extends Resource {
  readonly kind: 'ServiceAccount';
}

export interface ConfigMap extends Resource {
  readonly kind: 'ConfigMap';
  readonly data: Labels;
}

/** `sidecar`: an init container that stays (`restartPolicy: Always`). */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly role: 'container' | 'init' | 'sidecar';
  /** What the kubelet asks by HTTP; absent: nothing. */
  readonly probes?: readonly HttpProbe[];
}

export interface HttpProbe {
  /** A number, or the name of a port of the container. */
  readonly port: number | string;
  readonly path: string;
}

export interface ContainerPort {
  readonly name?: string;
  readonly protocol: PortProtocol;
  readonly port: number;
  readonly hostPort?: number;
  readonly hostIP?: string;
  readonly container: string;
  readonly origin: Origin;
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** What a pod is, or will be when its controller makes it. */
export interface PodShape {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  readonly nodeName?: string;
  /** Init containers first. Empty for what only looks like a pod (virtual machines). */
  readonly containers: readonly Container[];
  /** Of all containers and init containers, in document order. */
  readonly ports: readonly ContainerPort[];
  readonly origin: Origin;
}

export interface Pod extends Resource {
  readonly kind: 'Pod';
  readonly shape: PodShape;
  /** `status.podIPs`, canonical text; empty while none is assigned (or in a manifest). */
  readonly addresses: readonly string[];
  /** Succeeded and Failed pods no longer own an address and take no part. */
  readonly phase: string;
  /** The owner reference with `controller: true`. */
  readonly controller?: OwnerReference;
}

export const WORKLOAD_KINDS = [
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ReplicationController',
  'DeploymentConfig',
  'Rollout',
  'VirtualMachine',
  'VirtualMachineInstance',
] as const;
export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];

/** A controller of pods. */
export interface Workload extends Resource {
  readonly kind: WorkloadKind;
  readonly template: PodShape;
  /** Absent where the kind has none, or where it is not stated. */
  readonly replicas?: number;
  readonly controller?: OwnerReference;
}

// ---------------------------------------------------------------- policies

export type Direction = 'ingress' | 'egress';

/** `networking.k8s.io/v1` NetworkPolicy after the API server's defaulting. */
export interface NetworkPolicy extends Resource {
  readonly kind: 'NetworkPolicy';
  readonly podSelector: LabelSelector;
  /** After defaulting: what the server would store. */
  readonly policyTypes: readonly Direction[];
  readonly ingress: readonly NetworkPolicyRule[];
  readonly egress: readonly NetworkPolicyRule[];
  /** Gaps of `spec` itself: whom it selects and isolates is uncertain. */
  readonly gaps: readonly Gap[];
}

/** An empty list of peers or ports means any (the API makes no difference between empty and missing). */
export interface NetworkPolicyRule {
  readonly peers: readonly NetworkPolicyPeer[];
  readonly ports: readonly NetworkPolicyPort[];
  /** `spec.ingress[1]` */
  readonly path: string;
  readonly origin: Origin;
  readonly gaps: readonly Gap[];
}

export type NetworkPolicyPeer = PodPeer | IpBlockPeer | UnreadPeer;

/** Pods of the policy's own namespace where `namespaceSelector` is absent. */
export interface PodPeer {
  readonly kind: 'pods';
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly path: string;
  readonly origin: Origin;
}

export interface IpBlockPeer {
  readonly kind: 'ipBlock';
  readonly cidr: Cidr;
  readonly except: readonly Cidr[];
  readonly path: string;
  readonly origin: Origin;
}

/** A peer with a field that we do not know: whom it names is uncertain. */
export interface UnreadPeer {
  readonly kind: 'unread';
  readonly gap: Gap;
  readonly path: string;
  readonly origin: Origin;
}

/** `port` absent: every port of the protocol. A text port is the name of a container port of the destination. */
export interface NetworkPolicyPort {
  readonly protocol: PortProtocol;
  readonly port?: number | string;
  readonly endPort?: number;
  readonly path: string;
  readonly origin: Origin;
}

export type ClusterPolicyKind = 'AdminNetworkPolicy' | 'BaselineAdminNetworkPolicy' | 'ClusterNetworkPolicy';

/** The three cluster-wide kinds of `policy.networking.k8s.io`, read into one shape. */
export interface ClusterPolicy extends Resource {
  readonly kind: ClusterPolicyKind;
  readonly tier: 'Admin' | 'Baseline';
  /** 0 to 1000, lower first; 0 for BaselineAdminNetworkPolicy, which has none. */
  readonly priority: number;
  readonly subject: ClusterPodsPeer;
  readonly ingress: readonly ClusterPolicyRule[];
  readonly egress: readonly ClusterPolicyRule[];
  readonly gaps: readonly Gap[];
}

export interface ClusterPolicyRule {
  readonly name?: string;
  readonly action: 'allow' | 'deny' | 'pass';
  readonly peers: readonly ClusterPeer[];
  /** Empty: all traffic, ICMP and unknown protocols included. */
  readonly protocols: readonly ClusterPolicyPort[];
  readonly path: string;
  readonly origin: Origin;
  readonly gaps: readonly Gap[];
}

export type ClusterPeer = ClusterPodsPeer | NetworksPeer | NodesPeer | DomainsPeer | UnreadPeer;

/** Pods that are not host-network, by namespace and, where `podSelector` is present, by their own labels. */
export interface ClusterPodsPeer {
  readonly kind: 'pods';
  readonly namespaceSelector: LabelSelector;
  readonly podSelector?: LabelSelector;
  readonly path: string;
  readonly origin: Origin;
}

export interface NetworksPeer {
  readonly kind: 'networks';
  readonly cidrs: readonly Cidr[];
  readonly path: string;
  readonly origin: Origin;
}

export interface NodesPeer {
  readonly kind: 'nodes';
  readonly selector: LabelSelector;
  readonly path: string;
  readonly origin: Origin;
}

/** `*.x` matches one or more labels below x and never x itself. */
export interface DomainsPeer {
  readonly kind: 'domains';
  readonly names: readonly string[];
  readonly path: string;
  readonly origin: Origin;
}

/** A range of ports of one protocol, or a named container port of the destination, whatever its protocol. */
export type ClusterPolicyPort = ClusterPortRange | ClusterNamedPort;

export interface ClusterPortRange {
  readonly kind: 'range';
  readonly protocol: PortProtocol;
  readonly from: number;
  readonly to: number;
  readonly path: string;
  readonly origin: Origin;
}

export interface ClusterNamedPort {
  readonly kind: 'named';
  readonly name: string;
  readonly path: string;
  readonly origin: Origin;
}

/** Recognised and reported: a policy on secondary networks, which have no say on the cluster's own pod network. */
export interface MultiNetworkPolicy extends Resource {
  readonly kind: 'MultiNetworkPolicy';
  /** The annotation `k8s.v1.cni.cncf.io/policy-for`: the networks it is for. */
  readonly networks: readonly string[];
}

/** NetworkAttachmentDefinition, UserDefinedNetwork, ClusterUserDefinedNetwork. */
export interface SecondaryNetwork extends Resource {
  readonly kind: 'NetworkAttachmentDefinition' | 'UserDefinedNetwork' | 'ClusterUserDefinedNetwork';
  /** A primary user-defined network replaces the default pod network of its namespaces. */
  readonly primary: boolean;
  /** The namespaces it is for: its own, or those that the selector matches; undefined for attachments. */
  readonly namespaceSelector?: LabelSelector;
}
