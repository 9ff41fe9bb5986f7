import type { AddressRange } from '#base/address.ts';
import type {
  Direction,
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
  PodPeer,
  UnreadPeer,
} from '#model/resource.ts';
import {
  ALL_PORTS,
  ALL_TRAFFIC,
  NO_TRAFFIC,
  PORTLESS_TRAFFIC,
  portTraffic,
  protocolTraffic,
  type TrafficSet,
} from '#model/traffic.ts';
import { type Box, exactTraffic, type PointSpan, type Policy, type Rule, type Span } from '../form.ts';
import { doubting, perhaps, unionOf, within } from '../spans.ts';
import { type Mentions, podsOfNamespace } from '../world.ts';
import { boxesOfPortName, boxesOfTraffic, uniteAll } from './boxes.ts';
import type { Compiling } from './context.ts';
import { withGapsFor } from './lacking.ts';

/** What NetworkPolicies can see of labels and addresses. */
export function networkPolicyMentions(policies: readonly NetworkPolicy[]): Mentions {
  const labelKeys = new Set<string>();
  const ranges: AddressRange[] = [];
  for (const policy of policies) {
    addKeys(labelKeys, policy.podSelector);
    for (const rule of [...policy.ingress, ...policy.egress]) {
      for (const peer of rule.peers) {
        if (peer.kind === 'pods') addKeys(labelKeys, peer.podSelector);
        if (peer.kind === 'ipBlock') ranges.push(peer.cidr, ...peer.except);
      }
    }
  }
  return { labelKeys, nodeLabelKeys: new Set(), ranges };
}

export function addKeys(keys: Set<string>, selector: LabelSelector | undefined): void {
  for (const requirement of selector?.requirements ?? []) keys.add(requirement.key);
}

/**
 * `networking.k8s.io/v1` NetworkPolicy: allow-only, all policies of a pod are united, and being selected isolates.
 * Undefined where the policy has no say in this direction.
 */
export function compileNetworkPolicy(
  compiling: Compiling,
  written: NetworkPolicy,
  direction: Direction,
): Policy | undefined {
  const policy = withGapsFor(compiling.profile.lacks, written);
  const unread = policy.gaps[0]?.reason;
  if (unread === undefined && !hasSay(compiling, policy, direction)) return undefined;
  const rules = policy[direction].map((rule) => compileRule(compiling, rule, { policy, direction }));
  if (unread !== undefined) rules.push(perhapsAnything(compiling, policy));
  if (compiling.profile.otherProtocols === 'undefined-by-api') rules.push(otherProtocols(compiling, policy));
  return {
    ref: { kind: policy.kind, namespace: policy.namespace, name: policy.name, origin: policy.origin },
    subject: subjectOf(compiling, policy),
    isolates: true,
    rules,
  };
}

function hasSay({ profile }: Compiling, policy: NetworkPolicy, direction: Direction): boolean {
  if (policy.policyTypes.includes(direction)) return true;
  return profile.unlistedRules === 'enforced' && policy[direction].length > 0;
}

/** Pods of its own namespace; host-network pods only as far as the profile says. */
function subjectOf(compiling: Compiling, policy: NetworkPolicy): PointSpan {
  const unread = policy.gaps[0];
  if (unread !== undefined) return perhaps(podsOfNamespace(compiling.world, policy.namespace), unread.reason);
  return podsAsPolicySees(compiling, compiling.selection.pods(policy));
}

function podsAsPolicySees({ world, profile, hasHosts }: Compiling, pods: PointSpan): PointSpan {
  if (!hasHosts) return pods;
  if (profile.hostNetworkPods === 'never') return within(pods, world.pods);
  return doubting(pods, world.hosts, 'host-network-undefined');
}

interface Place {
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
}

function compileRule(compiling: Compiling, rule: NetworkPolicyRule, place: Place): Rule {
  const gap = rule.gaps[0];
  const { path, origin } = rule;
  if (gap !== undefined) return { ...perhapsAnything(compiling, place.policy), path, origin };
  return { action: 'allow', boxes: boxesOf(compiling, rule, place), path, origin };
}

/** What a policy with a field we do not know might admit. */
function perhapsAnything({ world }: Compiling, policy: NetworkPolicy): Rule {
  const peers = perhaps(world.everything, 'unread-field');
  return {
    action: 'allow',
    boxes: [{ peers, traffic: exactTraffic(ALL_TRAFFIC) }],
    path: 'spec',
    origin: policy.origin,
  };
}

/** "For all other protocols the behaviour may vary": deny-all does not promise to stop them, nor allow to admit them. */
function otherProtocols({ everyone }: Compiling, policy: NetworkPolicy): Rule {
  const traffic = { must: NO_TRAFFIC, may: PORTLESS_TRAFFIC };
  const box: Box = { peers: everyone, traffic, trafficDoubt: 'protocol-undefined' };
  return { action: 'allow', boxes: [box], path: 'spec', origin: policy.origin };
}

/** A missing or empty list is everybody, pods or not. */
function peersOf(compiling: Compiling, policy: NetworkPolicy, peers: readonly NetworkPolicyPeer[]): PointSpan {
  if (peers.length === 0) return compiling.everyone;
  const blocks = peers.filter((peer) => peer.kind === 'ipBlock');
  const spans = peers.filter((peer) => peer.kind !== 'ipBlock').map((peer) => peerOf(compiling, policy, peer));
  return unionOf(blocks.length === 0 ? spans : [...spans, compiling.ipBlocks.coveredByAny(blocks)]);
}

function peerOf(compiling: Compiling, policy: NetworkPolicy, peer: PodPeer | UnreadPeer): PointSpan {
  switch (peer.kind) {
    case 'pods':
      return podsAsPolicySees(compiling, compiling.selection.pods({ ...peer, namespace: policy.namespace }));
    case 'unread':
      return perhaps(compiling.world.everything, peer.gap.reason);
  }
}

function boxesOf(compiling: Compiling, rule: NetworkPolicyRule, { policy, direction }: Place): Box[] {
  const peers = peersOf(compiling, policy, rule.peers);
  if (rule.ports.length === 0) return [{ peers, traffic: anyTraffic(compiling), trafficDoubt: 'protocol-undefined' }];
  if (compiling.profile.portsWithoutNumber === 'nothing-or-whole-protocol') {
    return boxesOfTraffic(numbersOrWholeProtocols(rule.ports), peers);
  }
  const boxes = boxesOfTraffic(uniteAll(rule.ports.map(numberedPorts)), peers);
  const named = rule.ports.flatMap(({ port, protocol }) =>
    typeof port === 'string' ? [{ name: port, protocol }] : [],
  );
  for (const port of named) boxes.push(...boxesOfPortName(compiling, port, { direction, peers }));
  return boxes;
}

/** A rule without ports admits every port; of other protocols the API promises nothing. */
function anyTraffic({ profile }: Compiling): Span<TrafficSet> {
  if (profile.otherProtocols === 'by-rules-without-ports') return exactTraffic(ALL_TRAFFIC);
  return { must: ALL_PORTS, may: ALL_TRAFFIC };
}

/** Names are not resolved: a protocol with numbers has these, one without is open whole. */
function numbersOrWholeProtocols(ports: readonly NetworkPolicyPort[]): TrafficSet {
  const numbered = ports.filter(({ port }) => typeof port === 'number');
  const limited = new Set(numbered.map(({ protocol }) => protocol));
  const open = ports.filter(({ protocol }) => !limited.has(protocol));
  return uniteAll([...numbered.map(numberedPorts), ...open.map(({ protocol }) => protocolTraffic(protocol))]);
}

function numberedPorts({ protocol, port, endPort }: NetworkPolicyPort): TrafficSet {
  if (port === undefined) return protocolTraffic(protocol);
  return typeof port === 'number' ? portTraffic(protocol, port, endPort ?? port) : NO_TRAFFIC;
}
