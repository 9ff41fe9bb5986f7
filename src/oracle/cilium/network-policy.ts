import { isInRange } from '#base/address.ts';
import type { Direction, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyRule, PodPeer } from '#model/resource.ts';
import { isNetworkedPod, isPerhaps, type Question, type Side } from '../party.ts';
import { selects } from '../selector.ts';
import { addressOf } from '../where.ts';
import { isSelected, NAMESPACE_LABELS, podLabel } from './identity.ts';
import { hasAddressIdentity } from './peers.ts';
import { isPort } from './rule.ts';

/** A direction that has rules counts even where `policyTypes` does not have it. */
export function kubernetesGoverns(question: Question, policy: NetworkPolicy, direction: Direction): boolean {
  const party = question.connection[direction === 'ingress' ? 'to' : 'from'];
  if (!isNetworkedPod(party) || party.namespace !== policy.namespace) return false;
  if (policy.gaps.length > 0) return isPerhaps(question, `${nameOf(policy)} isolates for ${direction}`);
  if (!policy.policyTypes.includes(direction) && policy[direction].length === 0) return false;
  return selects(policy.podSelector, (key) => podLabel(question, party, key));
}

interface PlacedRule {
  readonly policy: NetworkPolicy;
  readonly rule: NetworkPolicyRule;
  readonly side: Side;
}

/** Empty lists are everybody, outside and nodes included, and all traffic. */
export function kubernetesRuleMatches(question: Question, { policy, rule, side }: PlacedRule): boolean {
  if (rule.gaps.length > 0) return isPerhaps(question, `${nameOf(policy)} ${rule.path} matches`);
  return (
    (rule.ports.length === 0 || rule.ports.some((port) => isPort(question, port))) &&
    (rule.peers.length === 0 || rule.peers.some((peer) => isPeer(question, { policy, peer, side })))
  );
}

interface PlacedPeer {
  readonly policy: NetworkPolicy;
  readonly peer: NetworkPolicyPeer;
  readonly side: Side;
}

function isPeer(question: Question, { policy, peer, side }: PlacedPeer): boolean {
  switch (peer.kind) {
    case 'unread':
      return isPerhaps(question, `${nameOf(policy)} ${peer.path} matches`);
    case 'ipBlock': {
      if (!hasAddressIdentity(question, side)) return false;
      const address = addressOf(question, side);
      return isInRange(address, peer.cidr) && !peer.except.some((hole) => isInRange(address, hole));
    }
    case 'pods':
      return isPodPeer(question, { policy, peer, side });
  }
}

/** Without a selector of namespaces, pods of the own one. */
function isPodPeer(question: Question, { policy, peer, side }: PlacedPeer & { readonly peer: PodPeer }): boolean {
  const { podSelector, namespaceSelector } = peer;
  const party = question.connection[side];
  if (namespaceSelector === undefined || namespaceSelector.requirements.length === 0) {
    if (!isNetworkedPod(party)) return false;
    if (namespaceSelector === undefined && party.namespace !== policy.namespace) return false;
  } else if (!isSelected(question, side, prefixed(namespaceSelector, `k8s:${NAMESPACE_LABELS}`))) return false;
  return podSelector === undefined || isSelected(question, side, prefixed(podSelector, 'k8s:'));
}

function prefixed(selector: NetworkPolicy['podSelector'], prefix: string): NetworkPolicy['podSelector'] {
  return { ...selector, requirements: selector.requirements.map((each) => ({ ...each, key: prefix + each.key })) };
}

function nameOf({ namespace, name }: NetworkPolicy): string {
  return `NetworkPolicy ${namespace}/${name}`;
}
