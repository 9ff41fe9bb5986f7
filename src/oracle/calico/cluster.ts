import { isInRange } from '#base/address.ts';
import type {
  ClusterPeer,
  ClusterPodsPeer,
  ClusterPolicy,
  ClusterPolicyPort,
  ClusterPolicyRule,
  Direction,
} from '#model/resource.ts';
import { isPerhaps, isToPort, type Question, type Side } from '../party.ts';
import { type LabelOf, selects } from '../selector.ts';
import { addressOf } from '../where.ts';
import { NAMESPACE, namespaceLabelOf, ORCHESTRATOR, type Owner, ownersOf } from './labels.ts';
import type { Outcome, Stanza, Subject } from './tiers.ts';

/**
 * The cluster-wide kinds of Kubernetes, as Calico rewrites them: policies of two tiers of their own, by priority, of one
 * priority by name. Selectors of namespaces without one of pods name network sets too.
 */
export function clusterStanzas(question: Question, { pod, labelOf }: Subject, direction: Direction): Stanza[] {
  if (pod === undefined) return [];
  const { snapshot, profile } = question;
  return snapshot.clusterPolicies
    .filter((policy) => profile.enforces.includes(policy.kind) && governs(question, { policy, labelOf, direction }))
    .map((policy) => ({
      tier: policy.tier === 'Admin' ? 'kube-admin' : 'kube-baseline',
      order: policy.priority,
      name: `${policy.name}//${policy.kind}`,
      outcome: () => rulesOutcome(question, policy, direction),
    }));
}

interface Governing {
  readonly policy: ClusterPolicy;
  readonly labelOf: LabelOf;
  readonly direction: Direction;
}

function governs(question: Question, { policy, labelOf, direction }: Governing): boolean {
  const side = direction === 'ingress' ? 'to' : 'from';
  if (policy.gaps.length > 0) return isPerhaps(question, `${nameOf(policy)} has ${side} as its subject`);
  return isPods(policy.subject, { labelOf });
}

function rulesOutcome(question: Question, policy: ClusterPolicy, direction: Direction): Outcome {
  const side: Side = direction === 'ingress' ? 'from' : 'to';
  for (const rule of policy[direction]) {
    const outcome = ruleOutcome(question, policy, { rule, side });
    if (outcome !== 'none') return outcome;
  }
  return 'none';
}

interface Placed {
  readonly rule: ClusterPolicyRule;
  readonly side: Side;
}

/** A rule with anything that Calico cannot rewrite is left out where it allows, and else denies everything. */
function ruleOutcome(question: Question, policy: ClusterPolicy, { rule, side }: Placed): Outcome {
  if (!isSupported(rule)) return rule.action === 'allow' ? 'none' : 'deny';
  if (rule.gaps.length > 0) return isPerhaps(question, `${nameOf(policy)} ${rule.path} matches`) ? rule.action : 'none';
  const matches =
    (rule.protocols.length === 0 || rule.protocols.some((entry) => portMatches(question, entry))) &&
    rule.peers.some((peer) => peerMatches(question, peer, side));
  return matches ? rule.action : 'none';
}

function isSupported({ peers, protocols }: ClusterPolicyRule): boolean {
  return (
    peers.every(({ kind }) => kind === 'pods' || kind === 'networks') && protocols.every(({ kind }) => kind === 'range')
  );
}

function portMatches(question: Question, entry: ClusterPolicyPort): boolean {
  return entry.kind === 'range' && isToPort(question, entry.protocol, [entry.from, entry.to]);
}

function peerMatches(question: Question, peer: ClusterPeer, side: Side): boolean {
  if (peer.kind === 'networks') return peer.cidrs.some((cidr) => isInRange(addressOf(question, side), cidr));
  if (peer.kind !== 'pods') return false;
  return ownersOf(question, side).some((owner) =>
    peer.podSelector === undefined ? isIn(peer, owner) : isPods(peer, owner),
  );
}

function isPods(peer: ClusterPodsPeer, owner: Owner): boolean {
  const { podSelector } = peer;
  return (
    isIn(peer, owner) &&
    owner.labelOf(ORCHESTRATOR) === 'k8s' &&
    (podSelector === undefined || selects(podSelector, owner.labelOf))
  );
}

/** An empty selector wants a namespace; any other is met by what lacks the label, where it only asks for that. */
function isIn({ namespaceSelector }: ClusterPodsPeer, { labelOf }: Owner): boolean {
  if (namespaceSelector.requirements.length === 0) return labelOf(NAMESPACE) !== undefined;
  return selects(namespaceSelector, namespaceLabelOf(labelOf));
}

function nameOf({ kind, name }: ClusterPolicy): string {
  return `${kind} ${name}`;
}
