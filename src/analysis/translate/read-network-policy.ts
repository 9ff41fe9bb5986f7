import type {
  Direction,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
} from '#model/resource.ts';
import { type Objecting, object, type PlainPeer, type PlainPort, type PlainRule, type Reading } from './plain.ts';

export interface KubernetesReading {
  /** Cilium enforces rules of a direction that `policyTypes` leaves out, and isolates by them. */
  readonly asCilium: boolean;
}

/** A NetworkPolicy says all that it can say in plain words. */
export function readNetworkPolicy(policy: NetworkPolicy, { asCilium }: KubernetesReading): Reading {
  const to: Objecting = { objections: [], origin: policy.origin };
  for (const gap of policy.gaps) object(to, gap, ['not-read', `\`${gap.path}\` is not read`]);
  const isolates = (['ingress', 'egress'] as const).filter(
    (direction) => policy.policyTypes.includes(direction) || (asCilium && policy[direction].length > 0),
  );
  const rules = isolates.flatMap((direction) => policy[direction].flatMap((rule) => ruleOf(to, rule, direction)));
  const { namespace, name } = policy;
  const subject = { pods: policy.podSelector.requirements };
  const hidden = asCilium && isolates.length > policy.policyTypes.length;
  const notes = hidden
    ? ['Cilium enforces the rules of the direction that `policyTypes` leaves out, and so does this']
    : [];
  return {
    policies: [{ source: policy, namespace, name, subject, isolates, rules, notes }],
    objections: to.objections,
  };
}

function ruleOf(to: Objecting, rule: NetworkPolicyRule, direction: Direction): PlainRule[] {
  for (const gap of rule.gaps) object(to, gap, ['not-read', `\`${gap.path}\` is not read`]);
  const peers = rule.peers.flatMap((peer) => peerOf(to, peer));
  const { path, origin } = rule;
  const ports = rule.ports.map(portOf);
  return [
    {
      direction,
      action: 'allow',
      peers: rule.peers.length === 0 ? [{ kind: 'everybody' }] : peers,
      ...(ports.length > 0 && { ports }),
      path,
      origin,
    },
  ];
}

function peerOf(to: Objecting, peer: NetworkPolicyPeer): PlainPeer[] {
  switch (peer.kind) {
    case 'ipBlock':
      return [{ kind: 'block', cidr: peer.cidr, except: peer.except }];
    case 'pods': {
      const { namespaceSelector, podSelector } = peer;
      const pods = podSelector?.requirements ?? [];
      return [
        { kind: 'pods', pods, ...(namespaceSelector !== undefined && { namespaces: namespaceSelector.requirements }) },
      ];
    }
    case 'unread':
      object(to, peer, ['not-read', `\`${peer.gap.path}\` is not read`]);
      return [];
  }
}

export function portOf({ protocol, port, endPort }: Omit<NetworkPolicyPort, 'path' | 'origin'>): PlainPort {
  if (typeof port === 'string') return { protocol, name: port };
  return port === undefined ? { protocol } : { protocol, from: port, to: endPort ?? port };
}
