import type { AddressRange } from '#base/address.ts';
import { addBit, copyBits, difference, emptyBits, hasBit, union } from '#base/bits.ts';
import type {
  ClusterPodsPeer,
  ClusterPolicy,
  ClusterPolicyRule,
  Direction,
  DomainsPeer,
  LabelSelector,
  NetworksPeer,
  NodesPeer,
} from '#model/resource.ts';
import { ALL_TRAFFIC, portTraffic } from '#model/traffic.ts';
import type { RuleAction } from '#model/verdict.ts';
import { type Box, exactly, exactTraffic, type PointSpan, type Policy, type Rule } from '../form.ts';
import { orPerhaps, perhaps, unionOf, within } from '../spans.ts';
import type { Mentions } from '../world.ts';
import { boxesOfPortName, boxesOfTraffic, type Side, uniteAll } from './boxes.ts';
import type { Compiling } from './context.ts';
import { addKeys } from './network-policy.ts';

export function clusterPolicyMentions(policies: readonly ClusterPolicy[]): Mentions {
  const labelKeys = new Set<string>();
  const nodeLabelKeys = new Set<string>();
  const ranges: AddressRange[] = [];
  for (const policy of policies) {
    addKeys(labelKeys, policy.subject.podSelector);
    for (const peer of [...policy.ingress, ...policy.egress].flatMap((rule) => rule.peers)) {
      if (peer.kind === 'pods') addKeys(labelKeys, peer.podSelector);
      if (peer.kind === 'nodes') addKeys(nodeLabelKeys, peer.selector);
      if (peer.kind === 'networks') ranges.push(...peer.cidrs);
    }
  }
  return { labelKeys, nodeLabelKeys, ranges };
}

/**
 * AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy: first match decides, no match falls through
 * (network-policy-api, "Accept/Deny/Pass"). Undefined where the policy has no rule in this direction.
 */
export function compileClusterPolicy(
  compiling: Compiling,
  policy: ClusterPolicy,
  direction: Direction,
): Policy | undefined {
  const unread = policy.gaps[0];
  if (policy[direction].length === 0 && unread === undefined) return undefined;
  const rules = policy[direction].map((rule) => compileRule(compiling, rule, direction));
  return {
    ref: { kind: policy.kind, namespace: '', name: policy.name, origin: policy.origin },
    subject: unread === undefined ? podsOf(compiling, policy.subject) : perhaps(compiling.world.pods, unread.reason),
    isolates: false,
    rules: unread === undefined ? rules : [...perhapsEveryAction(compiling, policy), ...rules],
  };
}

/** Host-network pods are never subjects and never match `pods` and `namespaces` peers. */
function podsOf({ world, selection }: Compiling, peer: ClusterPodsPeer): PointSpan {
  return within(selection.pods(peer), world.pods);
}

function compileRule(compiling: Compiling, rule: ClusterPolicyRule, direction: Direction): Rule {
  const { path, origin, action } = rule;
  const unread = rule.peers.some((peer) => peer.kind === 'unread');
  // "An implementation that sees an unknown peer must fail closed": a Deny or Pass rule then denies the whole direction.
  if (unread && action !== 'allow') return denyAll(compiling, rule);
  const gap = rule.gaps[0];
  if (gap !== undefined) {
    const peers = perhaps(compiling.world.everything, gap.reason);
    return { action, boxes: [{ peers, traffic: exactTraffic(ALL_TRAFFIC) }], path, origin };
  }
  const known = rule.peers.filter((peer) => peer.kind !== 'unread');
  const spans = known.map((peer) => peerOf(compiling, peer));
  const peers = spans.length === 0 ? exactly(compiling.world.nothing) : unionOf(spans);
  return { action, boxes: boxesOf(compiling, rule, { direction, peers }), path, origin };
}

function denyAll({ everyone }: Compiling, { path, origin }: ClusterPolicyRule): Rule {
  return { action: 'deny', boxes: [{ peers: everyone, traffic: exactTraffic(ALL_TRAFFIC) }], path, origin };
}

/** A field of `spec` that we do not know may change whom it selects and what it says. */
function perhapsEveryAction({ world }: Compiling, { origin }: ClusterPolicy): Rule[] {
  const peers = perhaps(world.everything, 'unread-field');
  const actions: readonly RuleAction[] = ['allow', 'deny', 'pass'];
  return actions.map((action) => ({
    action,
    boxes: [{ peers, traffic: exactTraffic(ALL_TRAFFIC) }],
    path: 'spec',
    origin,
  }));
}

type KnownPeer = ClusterPodsPeer | NetworksPeer | NodesPeer | DomainsPeer;

function peerOf(compiling: Compiling, peer: KnownPeer): PointSpan {
  switch (peer.kind) {
    case 'pods':
      return podsOf(compiling, peer);
    case 'networks':
      return compiling.networks.coveredByAny(peer.cidrs.map((cidr) => ({ cidr, except: [] })));
    case 'nodes':
      return nodesOf(compiling, peer.selector);
    case 'domains':
      return domainsOf(compiling, peer.names);
  }
}

/** Nodes by label, with the host-network pods that are reached through their addresses. */
function nodesOf({ world, selection }: Compiling, selector: LabelSelector): PointSpan {
  const nodes = selection.nodes(selector);
  if (world.nodes.length === 0) return perhaps(union(world.externals, world.hosts), 'nodes-unknown');
  const isSelected = new Map<string, boolean>();
  for (const [index, node] of world.nodes.entries()) {
    isSelected.set(
      node.name,
      world.pointsOfNode[index]!.some((point) => hasBit(nodes, point)),
    );
  }
  const must = copyBits(nodes);
  const unsure = emptyBits(world.size);
  for (const [index, point] of world.points.entries()) {
    if (!point.hostNetwork) continue;
    const answers = [...point.nodeNames].map((name) => isSelected.get(name));
    if (point.placed && answers.every((answer) => answer === true)) addBit(must, index);
    else if (!point.placed || answers.some((answer) => answer !== false)) addBit(unsure, index);
  }
  return orPerhaps(exactly(must), unsure, 'own-node');
}

/** The addresses behind a name are learnt at run time: any address but a pod's matches perhaps, the name itself for certain. */
function domainsOf({ world }: Compiling, names: readonly string[]): PointSpan {
  const certain = emptyBits(world.size);
  for (const [domain, points] of world.domains) {
    if (!names.some((name) => matchesDomain(name, domain))) continue;
    for (const point of points) addBit(certain, point);
  }
  return orPerhaps(exactly(certain), difference(union(world.externals, world.hosts), certain), 'domain-name');
}

/** `*.x` stands for one or more labels in front of x, never for x itself; a trailing dot and case do not matter. */
export function matchesDomain(pattern: string, domain: string): boolean {
  const wanted = normalDomain(pattern);
  const asked = normalDomain(domain);
  return wanted.startsWith('*.')
    ? asked.endsWith(wanted.slice(1)) && asked.length > wanted.length - 1
    : asked === wanted;
}

function normalDomain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function boxesOf(compiling: Compiling, rule: ClusterPolicyRule, side: Side): Box[] {
  const { peers } = side;
  if (rule.protocols.length === 0) return boxesOfTraffic(ALL_TRAFFIC, peers);
  const numbered = rule.protocols.flatMap((entry) =>
    entry.kind === 'range' ? [portTraffic(entry.protocol, entry.from, entry.to)] : [],
  );
  const boxes = boxesOfTraffic(uniteAll(numbered), peers);
  for (const entry of rule.protocols) {
    if (entry.kind === 'named') boxes.push(...boxesOfPortName(compiling, entry, side));
  }
  return boxes;
}
