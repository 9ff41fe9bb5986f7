import type { PlainObject } from '#model/plain.ts';
import type {
  Direction,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
} from '#model/resource.ts';
import { cidrWords } from '../words.ts';
import { selectorManifest } from './selector.ts';

/** The manifest of a NetworkPolicy. Peers that could not be read are none of it: write no policy that has gaps. */
export function networkPolicyManifest(policy: NetworkPolicy): PlainObject {
  const { namespace, name, podSelector, policyTypes } = policy;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: {
      podSelector: selectorManifest(podSelector),
      policyTypes: policyTypes.map((type) => (type === 'ingress' ? 'Ingress' : 'Egress')),
      ...rulesManifest(policy, 'ingress'),
      ...rulesManifest(policy, 'egress'),
    },
  };
}

function rulesManifest(policy: NetworkPolicy, direction: Direction): PlainObject {
  const rules = policy[direction];
  return rules.length === 0 ? {} : { [direction]: rules.map((rule) => ruleManifest(rule, direction)) };
}

function ruleManifest({ peers, ports }: NetworkPolicyRule, direction: Direction): PlainObject {
  return {
    ...(peers.length > 0 && { [direction === 'ingress' ? 'from' : 'to']: peers.map(peerManifest) }),
    ...(ports.length > 0 && { ports: ports.map(portManifest) }),
  };
}

function peerManifest(peer: NetworkPolicyPeer): PlainObject {
  switch (peer.kind) {
    case 'ipBlock':
      return {
        ipBlock: {
          cidr: cidrWords(peer.cidr),
          ...(peer.except.length > 0 && { except: peer.except.map(cidrWords) }),
        },
      };
    case 'pods':
      return {
        ...(peer.namespaceSelector !== undefined && { namespaceSelector: selectorManifest(peer.namespaceSelector) }),
        ...(peer.podSelector !== undefined && { podSelector: selectorManifest(peer.podSelector) }),
      };
    case 'unread':
      return {};
  }
}

function portManifest({ protocol, port, endPort }: NetworkPolicyPort): PlainObject {
  return { protocol, ...(port !== undefined && { port }), ...(endPort !== undefined && { endPort }) };
}
