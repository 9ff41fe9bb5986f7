import { type Address, isInRange, parseAddress } from '#base/address.ts';
import { includes, intervalsOf } from '#base/intervals.ts';
import type {
  ContainerPort,
  Direction,
  IpBlockPeer,
  LabelRequirement,
  LabelSelector,
  Labels,
  NetworkPolicy,
  NetworkPolicyPort,
  NetworkPolicyRule,
  PodPeer,
} from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { NO_TRAFFIC, PORT_PROTOCOLS, portTraffic, type TrafficSet, trafficPoint } from '#model/traffic.ts';
import { type Answer, connsOf } from './answers.ts';

/** One that sends or receives: a pod where the snapshot has pods, else a workload by its template. */
export interface Party {
  readonly id: string;
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
  readonly ports: readonly ContainerPort[];
  readonly addresses: readonly Address[];
}

/**
 * The baseline: for every ordered pair of parties it walks all policies, then for every port at which the policies of
 * the pair could change their mind it walks their rules. No index and nothing kept between pairs, and no waste beyond
 * that. It knows NetworkPolicy only, and takes an ipBlock not to match a party without an address: run it on plain
 * clusters, where that is so.
 */
export function* naiveAnswers(snapshot: Snapshot): Generator<Answer> {
  const parties = partiesOf(snapshot);
  for (const from of parties) {
    for (const to of parties) {
      if (from === to) continue;
      const conns = connsOf(trafficBetween(snapshot.networkPolicies, from, to));
      if (conns !== '') yield { from: from.id, to: to.id, conns };
    }
  }
}

export function partiesOf(snapshot: Snapshot): Party[] {
  const namespaces = new Map(snapshot.namespaces.map((namespace) => [namespace.name, namespace.labels]));
  const none: Labels = new Map();
  const shapes =
    snapshot.pods.length > 0
      ? snapshot.pods.map((pod) => ({ resource: pod, shape: pod.shape, addresses: pod.addresses }))
      : snapshot.workloads.map((workload) => ({ resource: workload, shape: workload.template, addresses: [] }));
  return shapes.map(({ resource: { namespace, name }, shape, addresses }) => ({
    id: `${namespace}/${name}`,
    namespace,
    namespaceLabels: namespaces.get(namespace) ?? none,
    labels: shape.labels,
    ports: shape.ports,
    addresses: addresses.map((text) => parseAddress(text)).filter((address) => address !== undefined),
  }));
}

/** The ports of TCP, UDP and SCTP on which `from` may reach `to`. */
export function trafficBetween(policies: readonly NetworkPolicy[], from: Party, to: Party): TrafficSet {
  const egress = policies.filter((policy) => protects(policy, 'egress', from));
  const ingress = policies.filter((policy) => protects(policy, 'ingress', to));
  const starts = startsOf([...egress, ...ingress], to);
  const pairs: [number, number][] = [];
  for (const [index, start] of starts.entries()) {
    if (!isPort(start)) continue;
    const allowed =
      admits({ policies: egress, direction: 'egress', peer: to, to }, start) &&
      admits({ policies: ingress, direction: 'ingress', peer: from, to }, start);
    if (allowed) pairs.push([start, starts[index + 1]! - 1]);
  }
  return pairs.length === 0 ? NO_TRAFFIC : intervalsOf(pairs);
}

/** One side of a connection: the policies that protect the subject and whom it speaks with. */
interface Side {
  readonly policies: readonly NetworkPolicy[];
  readonly direction: Direction;
  readonly peer: Party;
  /** The destination, whose container ports give names their numbers. */
  readonly to: Party;
}

function admits({ policies, direction, peer, to }: Side, point: number): boolean {
  if (policies.length === 0) return true;
  return policies.some((policy) =>
    policy[direction].some((rule) => portsMatch(rule, to, point) && peersMatch(rule, policy.namespace, peer)),
  );
}

function protects(policy: NetworkPolicy, direction: Direction, subject: Party): boolean {
  return (
    policy.namespace === subject.namespace &&
    policy.policyTypes.includes(direction) &&
    selects(policy.podSelector, subject.labels)
  );
}

/** Where an interval of ports begins on which all rules say the same, each protocol's first port and end among them. */
function startsOf(policies: readonly NetworkPolicy[], to: Party): number[] {
  const starts = new Set<number>();
  for (const protocol of PORT_PROTOCOLS) starts.add(trafficPoint(protocol, 1)).add(trafficPoint(protocol, 65535) + 1);
  for (const policy of policies) {
    for (const rule of [...policy.ingress, ...policy.egress]) {
      for (const port of rule.ports) {
        for (const [lo, hi] of pairsOf(port, to)) starts.add(lo).add(hi + 1);
      }
    }
  }
  return [...starts].sort((a, b) => a - b);
}

/** Whether the point begins an interval of ports and not the gap of port 0 between two protocols. */
function isPort(start: number): boolean {
  return PORT_PROTOCOLS.some((protocol) => includes(portTraffic(protocol, 1, 65535), start));
}

function portsMatch(rule: NetworkPolicyRule, to: Party, point: number): boolean {
  if (rule.ports.length === 0) return true;
  return rule.ports.some((port) => pairsOf(port, to).some(([lo, hi]) => point >= lo && point <= hi));
}

/** The traffic of one entry of `ports` at a destination. */
function pairsOf({ protocol, port, endPort }: NetworkPolicyPort, to: Party): (readonly [number, number])[] {
  if (port === undefined) return [[trafficPoint(protocol, 1), trafficPoint(protocol, 65535)]];
  if (typeof port === 'number') return [[trafficPoint(protocol, port), trafficPoint(protocol, endPort ?? port)]];
  const named = to.ports.filter((candidate) => candidate.name === port && candidate.protocol === protocol);
  return named.map((candidate) => [trafficPoint(protocol, candidate.port), trafficPoint(protocol, candidate.port)]);
}

function peersMatch(rule: NetworkPolicyRule, namespace: string, peer: Party): boolean {
  if (rule.peers.length === 0) return true;
  return rule.peers.some((candidate) => {
    switch (candidate.kind) {
      case 'pods':
        return isPodPeer(candidate, namespace, peer);
      case 'ipBlock':
        return isInBlock(candidate, peer);
      case 'unread':
        throw new Error('the naive evaluator knows no gaps');
    }
  });
}

function isPodPeer({ podSelector, namespaceSelector }: PodPeer, namespace: string, peer: Party): boolean {
  const inNamespace =
    namespaceSelector === undefined ? peer.namespace === namespace : selects(namespaceSelector, peer.namespaceLabels);
  return inNamespace && (podSelector === undefined || selects(podSelector, peer.labels));
}

function isInBlock({ cidr, except }: IpBlockPeer, { addresses }: Party): boolean {
  return addresses.some((address) => isInRange(address, cidr) && !except.some((hole) => isInRange(address, hole)));
}

function selects({ requirements }: LabelSelector, labels: Labels): boolean {
  return requirements.every((requirement) => holds(requirement, labels.get(requirement.key)));
}

function holds({ operator, values }: LabelRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}
