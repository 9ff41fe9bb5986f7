import { isInRange } from '#base/address.ts';
import type {
  ClusterPeer,
  ClusterPodsPeer,
  ClusterPolicy,
  ClusterPolicyPort,
  ClusterPolicyRule,
  Direction,
} from '#model/resource.ts';
import { isNetworkedPod, isNodeTraffic, isPerhaps, isToPort, namedPorts, type Question, type Side } from './party.ts';
import { selects } from './selector.ts';
import { addressOf, namespaceLabels, nodeLabels } from './where.ts';

export type ClusterOutcome = 'allow' | 'deny' | 'pass' | 'none';

/**
 * What one tier of the cluster-wide kinds says about one direction in one world. Lower numbers are asked first; inside an
 * object the first rule that matches counts; an object without one is as good as absent. Of objects with the same
 * priority any that matches may be the one applied, so where they disagree each outcome has its worlds.
 */
export function clusterPolicyTier(
  question: Question,
  tier: ClusterPolicy['tier'],
  direction: Direction,
): ClusterOutcome {
  const { snapshot, profile, world } = question;
  const policies = snapshot.clusterPolicies.filter(
    (each) => each.tier === tier && profile.enforces.includes(each.kind),
  );
  const priorities = [...new Set(policies.map((policy) => policy.priority))].sort((a, b) => a - b);
  for (const priority of priorities) {
    const group = policies.filter((policy) => policy.priority === priority);
    const outcomes = new Set(group.map((policy) => policyOutcome(question, policy, direction)));
    outcomes.delete('none');
    if (outcomes.size > 0) return world.choose(`${tier} ${direction} priority ${priority} applies`, [...outcomes]);
  }
  return 'none';
}

function policyOutcome(question: Question, policy: ClusterPolicy, direction: Direction): ClusterOutcome {
  if (!isSubject(question, policy, direction)) return 'none';
  const peer: Side = direction === 'ingress' ? 'from' : 'to';
  for (const rule of policy[direction]) {
    const outcome = ruleOutcome(question, policy, { rule, peer });
    if (outcome !== 'none') return outcome;
  }
  return 'none';
}

/** Host-network pods are never among the subjects. */
function isSubject(question: Question, policy: ClusterPolicy, direction: Direction): boolean {
  const side: Side = direction === 'ingress' ? 'to' : 'from';
  if (policy.gaps.length > 0) {
    const fact = `${nameOf(policy)} has ${side} as its subject`;
    return isNetworkedPod(question.connection[side]) && isPerhaps(question, fact);
  }
  return isSelected(question, policy.subject, side);
}

/**
 * A peer that cannot be read makes the whole rule fail closed: one that allows matches nothing, one that denies or passes
 * denies all traffic of its direction.
 */
function ruleOutcome(
  question: Question,
  policy: ClusterPolicy,
  { rule, peer }: { readonly rule: ClusterPolicyRule; readonly peer: Side },
): ClusterOutcome {
  if (rule.peers.some((each) => each.kind === 'unread')) return rule.action === 'allow' ? 'none' : 'deny';
  if (rule.gaps.length > 0) return isPerhaps(question, `${nameOf(policy)} ${rule.path} matches`) ? rule.action : 'none';
  const matches =
    (rule.protocols.length === 0 || rule.protocols.some((each) => protocolMatches(question, each))) &&
    rule.peers.some((each) => peerMatches(question, each, peer));
  return matches ? rule.action : 'none';
}

/** A named port is the destination pod's, whatever protocol the pod gives it. */
function protocolMatches(question: Question, entry: ClusterPolicyPort): boolean {
  if (entry.kind === 'range') return isToPort(question, entry.protocol, [entry.from, entry.to]);
  const { to } = question.connection;
  return isNetworkedPod(to) && namedPorts(question, to, entry.name).length > 0;
}

function peerMatches(question: Question, peer: ClusterPeer, side: Side): boolean {
  const party = question.connection[side];
  switch (peer.kind) {
    case 'pods':
      return isSelected(question, peer, side);
    case 'networks': {
      // Meant for addresses outside, and holds for those of pods and nodes as well.
      const address = addressOf(question, side);
      return peer.cidrs.some((cidr) => isInRange(address, cidr));
    }
    case 'nodes':
      // By the addresses of the node, which its host-network pods share.
      return isNodeTraffic(party) && selects(peer.selector, nodeLabels(question, side));
    case 'domains':
      // Which addresses a name stands for is known at run time only: a node's may be among them, a pod's are not.
      return !isNetworkedPod(party) && peer.names.some((name) => isPerhaps(question, `${name} stands for ${side}`));
    case 'unread':
      return false;
  }
}

/** Pods by their namespace's labels and their own. Host-network pods are never among them. */
function isSelected(question: Question, selected: ClusterPodsPeer, side: Side): boolean {
  const party = question.connection[side];
  if (!isNetworkedPod(party)) return false;
  const { podSelector, namespaceSelector } = selected;
  if (podSelector !== undefined && !selects(podSelector, (key) => party.shape.labels.get(key))) return false;
  return selects(namespaceSelector, namespaceLabels(question, party.namespace));
}

function nameOf(policy: ClusterPolicy): string {
  return `${policy.kind} ${policy.name}`;
}
