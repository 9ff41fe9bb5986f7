import type { CiliumPeers, CiliumPorts, CiliumRule, CiliumSelector, CiliumSpec } from '#model/cilium.ts';
import type {
  Direction,
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyRule,
  PodPeer,
} from '#model/resource.ts';
import { NAMESPACE_LABELS } from './identities.ts';

/**
 * A NetworkPolicy as Cilium reads it (pkg/k8s/network_policy.go ParseNetworkPolicy): its selectors over identities, its
 * blocks as CIDRs, and rules of a direction that policyTypes leaves out enforced all the same.
 */
export function asSpec(policy: NetworkPolicy): CiliumSpec {
  return {
    endpointSelector: policy.podSelector,
    defaultDeny: { ingress: isolates(policy, 'ingress'), egress: isolates(policy, 'egress') },
    ingress: policy.ingress.flatMap(asEntries),
    ingressDeny: [],
    egress: policy.egress.flatMap(asEntries),
    egressDeny: [],
    path: 'spec',
    origin: policy.origin,
    gaps: policy.gaps,
  };
}

function isolates(policy: NetworkPolicy, direction: Direction): boolean {
  return policy.policyTypes.includes(direction) || policy[direction].length > 0;
}

/** Peers of one rule may be of several kinds; an entry of Cilium has one. */
function asEntries(rule: NetworkPolicyRule): CiliumRule[] {
  const base = { requires: false, path: rule.path, origin: rule.origin, gaps: gapsOf(rule) };
  const ports: CiliumPorts[] | undefined = rule.ports.length === 0 ? undefined : [portsOf(rule)];
  const entry = (peers: CiliumPeers): CiliumRule => ({ ...base, peers, ...(ports !== undefined && { ports }) });
  if (rule.peers.length === 0) return [entry({ kind: 'entities', names: ['all'] })];
  return rule.peers.map((peer) => entry(peersOf(peer)));
}

function gapsOf(rule: NetworkPolicyRule): CiliumRule['gaps'] {
  return [...rule.gaps, ...rule.peers.flatMap((peer) => (peer.kind === 'unread' ? [peer.gap] : []))];
}

function peersOf(peer: NetworkPolicyPeer): CiliumPeers {
  switch (peer.kind) {
    case 'ipBlock':
      return { kind: 'cidrs', blocks: [{ cidr: peer.cidr, except: peer.except }] };
    case 'pods':
      return { kind: 'endpoints', selectors: [podsOf(peer)] };
    case 'unread':
      return { kind: 'entities', names: ['none'] };
  }
}

/** A namespaceSelector that asks for nothing still means pods, of any namespace. */
function podsOf({ podSelector, namespaceSelector, origin }: PodPeer): CiliumSelector {
  const own = podSelector?.requirements ?? [];
  if (namespaceSelector === undefined) return { requirements: own, origin };
  const space = prefixed(namespaceSelector).requirements;
  const anywhere = { key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' as const, values: [] };
  return { requirements: [...own, ...(space.length > 0 ? space : [anywhere])], origin };
}

function prefixed({ requirements, origin }: LabelSelector): CiliumSelector {
  return { origin, requirements: requirements.map((each) => ({ ...each, key: `k8s:${NAMESPACE_LABELS}${each.key}` })) };
}

function portsOf({ ports }: NetworkPolicyRule): CiliumPorts {
  return {
    ports: ports.map(({ port, endPort, protocol }) => ({
      protocol,
      ...(port !== undefined && { port }),
      ...(endPort !== undefined && { endPort }),
    })),
    serverNames: [],
  };
}
