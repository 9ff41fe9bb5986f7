import type { ClusterPeer, ClusterPodsPeer, ClusterPolicy, ClusterPolicyRule, Direction } from '#model/resource.ts';
import {
  type Objecting,
  object,
  type PlainPeer,
  type PlainPods,
  type PlainPort,
  type PlainRule,
  type Reading,
} from './plain.ts';

/** AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy. */
export function readClusterPolicy(policy: ClusterPolicy): Reading {
  const to: Objecting = { objections: [], origin: policy.origin };
  for (const gap of policy.gaps) object(to, gap, ['not-read', `\`${gap.path}\` is not read`]);
  // A direction without rules is none that it says anything about.
  const isolates = (['ingress', 'egress'] as const).filter((direction) => policy[direction].length > 0);
  const rules = isolates.flatMap((direction) => policy[direction].map((rule) => ruleOf(to, rule, direction)));
  const { name, tier, priority } = policy;
  const subject = podsOf(policy.subject);
  return {
    policies: [{ source: policy, namespace: '', name, subject, isolates, rules, place: { tier, priority }, notes: [] }],
    objections: to.objections,
  };
}

function ruleOf(to: Objecting, rule: ClusterPolicyRule, direction: Direction): PlainRule {
  for (const gap of rule.gaps) object(to, gap, ['not-read', `\`${gap.path}\` is not read`]);
  const { action, path, origin } = rule;
  const ports = rule.protocols.map((port): PlainPort => {
    if (port.kind === 'named') return { protocol: 'any', name: port.name };
    return { protocol: port.protocol, from: port.from, to: port.to };
  });
  const peers = rule.peers.flatMap((peer) => peersOf(to, peer));
  return { direction, action, peers, ...(ports.length > 0 && { ports }), path, origin };
}

function peersOf(to: Objecting, peer: ClusterPeer): PlainPeer[] {
  switch (peer.kind) {
    case 'pods':
      return [{ kind: 'pods', ...podsOf(peer) }];
    case 'networks':
      return peer.cidrs.map((cidr): PlainPeer => ({ kind: 'block', cidr, except: [] }));
    case 'nodes':
      object(to, peer, ['nodes', 'it names nodes by their labels']);
      return [];
    case 'domains':
      object(to, peer, ['domain-names', `it names domains: ${peer.names.join(', ')}`]);
      return [];
    case 'unread':
      object(to, peer, ['not-read', `\`${peer.gap.path}\` is not read`]);
      return [];
  }
}

function podsOf({ namespaceSelector, podSelector }: ClusterPodsPeer): PlainPods {
  return {
    namespaces: namespaceSelector.requirements,
    ...(podSelector !== undefined && { pods: podSelector.requirements }),
  };
}
