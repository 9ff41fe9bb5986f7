/** Who enforces policy, and so what ambiguous text means. Facts with sources: docs/profiles.md. */
export const PROFILE_IDS = [
  'upstream',
  'kube-network-policies',
  'ovn-kubernetes',
  'calico',
  'cilium',
  'cilium-1.16',
  'cilium-1.17',
  'cilium-1.18',
  'cilium-1.19',
  'cilium-1.20',
  'cilium-aks',
  'azure-npm-linux',
  'azure-npm-windows',
  'kube-router',
  'antrea',
  'none',
] as const;
export type ProfileId = (typeof PROFILE_IDS)[number];

/** `undefined-by-api` makes the verdicts it touches unknown. */
export type HostNetworkMatch = 'never' | 'undefined-by-api';

/** Kinds whose name several API groups use have their group behind it, as kubectl writes them. */
export type PolicyKindName =
  | 'NetworkPolicy'
  | 'AdminNetworkPolicy'
  | 'BaselineAdminNetworkPolicy'
  | 'ClusterNetworkPolicy'
  | 'NetworkPolicy.projectcalico.org'
  | 'GlobalNetworkPolicy'
  | 'CiliumNetworkPolicy'
  | 'CiliumClusterwideNetworkPolicy';

/**
 * The facts in which engines differ, as data. Compilers read them; the engine never sees a profile.
 */
export interface Profile {
  readonly id: ProfileId;
  readonly title: string;
  /** The kinds that have an effect. Objects of other kinds are reported as inert. */
  readonly enforces: readonly PolicyKindName[];
  /**
   * How the kinds are put together: `kubernetes`, each API as its own text says (Admin, NetworkPolicy, Baseline);
   * `calico`, all of them as policies of Calico's tiers; `cilium`, all of them as rules between identities.
   */
  readonly model: 'kubernetes' | 'calico' | 'cilium';
  /** Facts of one line of Cilium; of the model `cilium` only. */
  readonly cilium?: CiliumFacts;
  /** Whether pod selectors match host-network pods, as subject and as peer. */
  readonly hostNetworkPods: HostNetworkMatch;
  /**
   * Whether an ipBlock covers the addresses of nodes and of host-network pods. Left open also where an engine sees other
   * addresses of nodes than the input tells.
   */
  readonly ipBlockCoversNodes: 'yes' | 'no' | 'undefined-by-api';
  /** Whether an ipBlock covers the addresses of pods: under Cilium pods are identities and never addresses. */
  readonly ipBlockCoversPods: 'yes' | 'no';
  /** Rules of a direction that `policyTypes` leaves out: without effect, or enforced, and isolating. */
  readonly unlistedRules: 'ignored' | 'enforced';
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
  /**
   * Traffic that a node forwards to a pod under `externalTrafficPolicy: Cluster`: what policy sees of it is left open by
   * the API ("it is not defined whether this happens before or after NetworkPolicy processing"), or it is not policed.
   */
  readonly forwardedTraffic: 'undefined-by-api' | 'not-policed';
  /** Parts of NetworkPolicy that the engine does not support; what it does with them is not documented. */
  readonly lacks: readonly PolicyFeature[];
}

export type PolicyFeature = 'named-ports' | 'sctp' | 'negative-selectors' | 'except';

/** What differs between the lines of Cilium, and what a managed installation sets. Settings in the input overrule them. */
export interface CiliumFacts {
  /** The minor version: 16 to 20; absent where not known, and what differs is then unknown. */
  readonly minor?: number;
  /** Settings that the installation fixes, by their key in `cilium-config`. */
  readonly settings: Readonly<Record<string, string>>;
}

const ALL_KINDS: readonly PolicyKindName[] = [
  'NetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
];

/** What most engines do: the pod network is policed, hosts are not pods, addresses are addresses. */
const USUAL = {
  model: 'kubernetes',
  hostNetworkPods: 'never',
  ipBlockCoversNodes: 'yes',
  ipBlockCoversPods: 'yes',
  unlistedRules: 'ignored',
  otherProtocols: 'by-rules-without-ports',
  podToOwnNode: 'allowed',
  portsWithoutNumber: 'as-written',
  forwardedTraffic: 'undefined-by-api',
  lacks: [],
} as const satisfies Partial<Profile>;

export const PROFILES: Readonly<Record<ProfileId, Profile>> = {
  upstream: {
    id: 'upstream',
    title: "the APIs' own text, engine not known",
    enforces: ALL_KINDS,
    model: 'kubernetes',
    hostNetworkPods: 'undefined-by-api',
    ipBlockCoversNodes: 'undefined-by-api',
    ipBlockCoversPods: 'yes',
    unlistedRules: 'ignored',
    otherProtocols: 'undefined-by-api',
    podToOwnNode: 'allowed',
    portsWithoutNumber: 'as-written',
    forwardedTraffic: 'undefined-by-api',
    lacks: [],
  },
  'kube-network-policies': {
    ...USUAL,
    id: 'kube-network-policies',
    title: 'kubernetes-sigs/kube-network-policies',
    enforces: ALL_KINDS,
    podToOwnNode: 'policed',
  },
  'ovn-kubernetes': {
    ...USUAL,
    id: 'ovn-kubernetes',
    title: 'OVN-Kubernetes',
    enforces: ['NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'],
    ipBlockCoversNodes: 'undefined-by-api',
    podToOwnNode: 'policed',
    portsWithoutNumber: 'nothing-or-whole-protocol',
  },
  calico: {
    ...USUAL,
    id: 'calico',
    title: 'Calico',
    enforces: [...ALL_KINDS, 'NetworkPolicy.projectcalico.org', 'GlobalNetworkPolicy'],
    model: 'calico',
    podToOwnNode: 'policed',
  },
  cilium: ciliumProfile('cilium', { title: 'Cilium', facts: { settings: {} } }),
  'cilium-1.16': ciliumProfile('cilium-1.16', { title: 'Cilium 1.16', facts: { minor: 16, settings: {} } }),
  'cilium-1.17': ciliumProfile('cilium-1.17', { title: 'Cilium 1.17', facts: { minor: 17, settings: {} } }),
  'cilium-1.18': ciliumProfile('cilium-1.18', { title: 'Cilium 1.18', facts: { minor: 18, settings: {} } }),
  'cilium-1.19': ciliumProfile('cilium-1.19', { title: 'Cilium 1.19', facts: { minor: 19, settings: {} } }),
  'cilium-1.20': ciliumProfile('cilium-1.20', { title: 'Cilium 1.20', facts: { minor: 20, settings: {} } }),
  'cilium-aks': ciliumProfile('cilium-aks', { title: 'Azure CNI powered by Cilium', facts: { settings: {} } }),
  'azure-npm-linux': {
    ...USUAL,
    id: 'azure-npm-linux',
    title: 'Azure Network Policy Manager, Linux',
    enforces: ['NetworkPolicy'],
    forwardedTraffic: 'not-policed',
  },
  'azure-npm-windows': {
    ...USUAL,
    id: 'azure-npm-windows',
    title: 'Azure Network Policy Manager, Windows',
    enforces: ['NetworkPolicy'],
    forwardedTraffic: 'not-policed',
    lacks: ['named-ports', 'sctp', 'negative-selectors', 'except'],
  },
  'kube-router': {
    ...USUAL,
    id: 'kube-router',
    title: 'kube-router',
    enforces: ['NetworkPolicy'],
    podToOwnNode: 'policed',
  },
  antrea: {
    ...USUAL,
    id: 'antrea',
    title: 'Antrea (Kubernetes policy only)',
    enforces: ['NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'],
    ipBlockCoversNodes: 'undefined-by-api',
    podToOwnNode: 'policed',
  },
  none: {
    ...USUAL,
    id: 'none',
    title: 'no engine: policies exist and nothing enforces them',
    enforces: [],
    forwardedTraffic: 'not-policed',
  },
};

interface CiliumLine {
  readonly title: string;
  readonly facts: CiliumFacts;
}

function ciliumProfile(id: ProfileId, { title, facts }: CiliumLine): Profile {
  return {
    ...USUAL,
    id,
    title,
    enforces: ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'],
    model: 'cilium',
    cilium: facts,
    ipBlockCoversNodes: 'no',
    ipBlockCoversPods: 'no',
    unlistedRules: 'enforced',
    podToOwnNode: 'policed',
  };
}
