/** Who enforces policy, and so what ambiguous text means. Facts with sources: docs/profiles.md. */
export const PROFILE_IDS = ['upstream', 'kube-network-policies', 'ovn-kubernetes', 'azure-npm', 'none'] as const;
export type ProfileId = (typeof PROFILE_IDS)[number];

/** `undefined-by-api` makes the verdicts it touches unknown. */
export type HostNetworkMatch = 'never' | 'undefined-by-api';
export type PolicyKindName =
  | 'NetworkPolicy'
  | 'AdminNetworkPolicy'
  | 'BaselineAdminNetworkPolicy'
  | 'ClusterNetworkPolicy';

/**
 * The facts in which engines differ, as data. Compilers read them; the engine never sees a profile.
 */
export interface Profile {
  readonly id: ProfileId;
  readonly title: string;
  /** The kinds that have an effect. Objects of other kinds are reported as inert. */
  readonly enforces: readonly PolicyKindName[];
  /** Whether pod selectors match host-network pods, as subject and as peer. */
  readonly hostNetworkPods: HostNetworkMatch;
  /**
   * Whether an ipBlock covers the addresses of nodes and of host-network pods. Left open also where an engine sees other
   * addresses of nodes than the input tells.
   */
  readonly ipBlockCoversNodes: 'yes' | 'undefined-by-api';
  /**
   * ICMP and protocols other than TCP, UDP and SCTP at an isolated pod under NetworkPolicy: left open by the API, or
   * admitted by exactly the rules that have no `ports`.
   */
  readonly otherProtocols: 'undefined-by-api' | 'by-rules-without-ports';
  /** Whether a pod that is isolated for egress may always reach its own node. */
  readonly podToOwnNode: 'allowed' | 'policed';
  /**
   * What a NetworkPolicy port without a number (a name, or a protocol alone) stands for: what it says; or nothing beside
   * numbers of its protocol in the same rule, and the whole protocol where there are none.
   */
  readonly portsWithoutNumber: 'as-written' | 'nothing-or-whole-protocol';
}

const ALL_KINDS: readonly PolicyKindName[] = [
  'NetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
];

export const PROFILES: Readonly<Record<ProfileId, Profile>> = {
  upstream: {
    id: 'upstream',
    title: "the APIs' own text, engine not known",
    enforces: ALL_KINDS,
    hostNetworkPods: 'undefined-by-api',
    ipBlockCoversNodes: 'undefined-by-api',
    otherProtocols: 'undefined-by-api',
    podToOwnNode: 'allowed',
    portsWithoutNumber: 'as-written',
  },
  'kube-network-policies': {
    id: 'kube-network-policies',
    title: 'kubernetes-sigs/kube-network-policies',
    enforces: ALL_KINDS,
    hostNetworkPods: 'never',
    ipBlockCoversNodes: 'yes',
    otherProtocols: 'by-rules-without-ports',
    podToOwnNode: 'policed',
    portsWithoutNumber: 'as-written',
  },
  'ovn-kubernetes': {
    id: 'ovn-kubernetes',
    title: 'OVN-Kubernetes',
    enforces: ['NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'],
    hostNetworkPods: 'never',
    ipBlockCoversNodes: 'undefined-by-api',
    otherProtocols: 'by-rules-without-ports',
    podToOwnNode: 'policed',
    portsWithoutNumber: 'nothing-or-whole-protocol',
  },
  'azure-npm': {
    id: 'azure-npm',
    title: 'Azure Network Policy Manager',
    enforces: ['NetworkPolicy'],
    hostNetworkPods: 'never',
    ipBlockCoversNodes: 'yes',
    otherProtocols: 'by-rules-without-ports',
    podToOwnNode: 'allowed',
    portsWithoutNumber: 'as-written',
  },
  none: {
    id: 'none',
    title: 'no engine: policies exist and nothing enforces them',
    enforces: [],
    hostNetworkPods: 'never',
    ipBlockCoversNodes: 'yes',
    otherProtocols: 'by-rules-without-ports',
    podToOwnNode: 'allowed',
    portsWithoutNumber: 'as-written',
  },
};
