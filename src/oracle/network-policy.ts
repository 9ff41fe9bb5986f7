import { isInRange } from '#base/address.ts';
import type {
  Direction,
  IpBlockPeer,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
  PodPeer,
} from '#model/resource.ts';
import {
  EVERY_PORT,
  hasPorts,
  isNodeTraffic,
  isPerhaps,
  isPolicyPod,
  isToPort,
  namedPorts,
  type Question,
  type Side,
} from './party.ts';
import { selects } from './selector.ts';
import { addressOf, namespaceLabels, onSameNode } from './where.ts';

/**
 * What NetworkPolicy says about one direction in one world. `none`: no policy isolates the pod in this direction, so the
 * API leaves the connection to what comes after. Otherwise it is final: allowed if any rule of any policy that isolates
 * the pod matches, else denied. Policies only add up; their order has no meaning.
 */
export function networkPolicyTier(question: Question, direction: Direction): 'allow' | 'deny' | 'none' {
  if (!question.profile.enforces.includes('NetworkPolicy')) return 'none';
  const { connection, profile, world, snapshot } = question;
  const subject = connection[direction === 'ingress' ? 'to' : 'from'];
  const isolating = snapshot.networkPolicies.filter((policy) => isolates(question, policy, direction));
  if (subject.kind !== 'pod' || isolating.length === 0) return 'none';
  if (isOwnNode(question, direction)) return 'allow';
  // The API defines TCP, UDP and SCTP; at an isolated pod everything else is the engine's choice, rules or no rules.
  if (!hasPorts(question) && profile.otherProtocols === 'undefined-by-api') {
    return world.choose(`other protocols at a pod isolated for ${direction}`, ['allow', 'deny']);
  }
  return isolating.some((policy) => admits(question, policy, direction)) ? 'allow' : 'deny';
}

/**
 * Traffic between a pod and the node it runs on, host-network pods of that node included, gets past isolation: into the
 * pod by the API's text, out of it by the text too, though engines differ.
 */
function isOwnNode(question: Question, direction: Direction): boolean {
  if (direction === 'egress' && question.profile.podToOwnNode === 'policed') return false;
  const peer = question.connection[direction === 'ingress' ? 'from' : 'to'];
  return isNodeTraffic(peer) && onSameNode(question);
}

/** A policy isolates the pods of its own namespace that it selects, in the directions of its policyTypes. */
export function isolates(question: Question, policy: NetworkPolicy, direction: Direction): boolean {
  const subject = question.connection[direction === 'ingress' ? 'to' : 'from'];
  if (subject.kind !== 'pod' || subject.namespace !== policy.namespace) return false;
  if (policy.gaps.length > 0 || hasNegative(question, policy.podSelector)) {
    return isPolicyPod(question, subject) && isPerhaps(question, `${nameOf(policy)} isolates for ${direction}`);
  }
  return (
    (policy.policyTypes.includes(direction) || isUnlistedButEnforced(question, policy, direction)) &&
    selects(policy.podSelector, (key) => subject.shape.labels.get(key)) &&
    isPolicyPod(question, subject)
  );
}

function isUnlistedButEnforced({ profile }: Question, policy: NetworkPolicy, direction: Direction): boolean {
  return profile.unlistedRules === 'enforced' && policy[direction].length > 0;
}

/** A policy that isolates the subject, and the side where its rules' peers are. */
interface Asked {
  readonly question: Question;
  readonly policy: NetworkPolicy;
  readonly side: Side;
}

/** Whether any rule of it matches. */
export function admits(question: Question, policy: NetworkPolicy, direction: Direction): boolean {
  const side: Side = direction === 'ingress' ? 'from' : 'to';
  return policy[direction].some((rule) => ruleMatches({ question, policy, side }, rule));
}

/** One of the peers and one of the ports; an empty or missing list is any. */
function ruleMatches({ question, policy, side }: Asked, rule: NetworkPolicyRule): boolean {
  if (rule.gaps.length > 0 || isNotSupported(question, rule))
    return isPerhaps(question, `${nameOf(policy)} ${rule.path} matches`);
  return (
    (rule.ports.length === 0 || rule.ports.some((port) => portMatches(question, rule, port))) &&
    (rule.peers.length === 0 || rule.peers.some((peer) => peerMatches({ question, policy, side }, peer)))
  );
}

/** What an engine does with a part that it does not support is not documented. */
function isNotSupported(question: Question, { ports, peers }: NetworkPolicyRule): boolean {
  const { lacks } = question.profile;
  if (lacks.includes('named-ports') && ports.some(({ port }) => typeof port === 'string')) return true;
  if (lacks.includes('sctp') && ports.some(({ protocol }) => protocol === 'SCTP')) return true;
  return peers.some((peer) => {
    if (peer.kind === 'ipBlock') return lacks.includes('except') && peer.except.length > 0;
    if (peer.kind === 'unread') return false;
    return hasNegative(question, peer.podSelector) || hasNegative(question, peer.namespaceSelector);
  });
}

function hasNegative({ profile }: Question, selector: PodPeer['podSelector']): boolean {
  const negative = selector?.requirements.some(({ operator }) => operator === 'NotIn' || operator === 'DoesNotExist');
  return negative === true && profile.lacks.includes('negative-selectors');
}

/** Ports are the destination's in both directions. A name is the destination pod's, and for nothing else stands for any. */
function portMatches(question: Question, rule: NetworkPolicyRule, entry: NetworkPolicyPort): boolean {
  const { port, protocol } = entry;
  if (typeof port === 'number') return isToPort(question, protocol, [port, entry.endPort ?? port]);
  if (question.profile.portsWithoutNumber === 'nothing-or-whole-protocol') {
    const isLimited = rule.ports.some((other) => other.protocol === protocol && typeof other.port === 'number');
    return !isLimited && isToPort(question, protocol, EVERY_PORT);
  }
  if (port === undefined) return isToPort(question, protocol, EVERY_PORT);
  const { to } = question.connection;
  return isPolicyPod(question, to) && namedPorts(question, to, port).some((named) => named.protocol === protocol);
}

function peerMatches({ question, policy, side }: Asked, peer: NetworkPolicyPeer): boolean {
  switch (peer.kind) {
    case 'pods':
      return isSelectedPeer({ question, policy, side }, peer);
    case 'ipBlock':
      return isInBlock(question, peer, side);
    case 'unread':
      return isPerhaps(question, `${nameOf(policy)} ${peer.path} matches`);
  }
}

/** Never an outside address or a node. Without a namespace selector: pods of the policy's own namespace. */
function isSelectedPeer({ question, policy, side }: Asked, peer: PodPeer): boolean {
  const party = question.connection[side];
  if (party.kind !== 'pod') return false;
  const { podSelector, namespaceSelector } = peer;
  if (podSelector !== undefined && !selects(podSelector, (key) => party.shape.labels.get(key))) return false;
  const namespaceMatches =
    namespaceSelector === undefined
      ? party.namespace === policy.namespace
      : selects(namespaceSelector, namespaceLabels(question, party.namespace));
  return namespaceMatches && isPolicyPod(question, party);
}

/** In the block and in none of its exceptions, which are holes in this peer and deny nothing. An address is an address. */
function isInBlock(question: Question, peer: IpBlockPeer, side: Side): boolean {
  const address = addressOf(question, side);
  if (!isInRange(address, peer.cidr) || peer.except.some((hole) => isInRange(address, hole))) return false;
  const { ipBlockCoversNodes, ipBlockCoversPods } = question.profile;
  const party = question.connection[side];
  if (!isNodeTraffic(party)) return party.kind !== 'pod' || ipBlockCoversPods === 'yes';
  if (ipBlockCoversNodes !== 'undefined-by-api') return ipBlockCoversNodes === 'yes';
  return isPerhaps(question, 'ipBlock covers nodes');
}

function nameOf(policy: NetworkPolicy): string {
  return `NetworkPolicy ${policy.namespace}/${policy.name}`;
}
