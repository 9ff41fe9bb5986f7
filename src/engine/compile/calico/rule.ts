import { type Bits, difference, intersection, isEmpty } from '#base/bits.ts';
import { meet as meetTraffic, subtract, unite } from '#base/intervals.ts';
import type { CalicoEntity, CalicoIcmp, CalicoPolicy, CalicoPort, CalicoRule } from '#model/calico.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { Direction } from '#model/resource.ts';
import {
  ALL_TRAFFIC,
  icmpTraffic,
  isPortProtocol,
  NO_TRAFFIC,
  portTraffic,
  protocolTraffic,
  type TrafficSet,
} from '#model/traffic.ts';
import { type Box, exactly, exactTraffic, type PointSpan, type Rule } from '../../form.ts';
import { perhaps } from '../../spans.ts';
import { backendsOf } from '../backends.ts';
import { meetSpans } from '../span-sets.ts';
import type { Calico } from './context.ts';
import { pointsOfEntity, serviceFacts } from './entity.ts';

export interface RulePlace {
  readonly policy: CalicoPolicy;
  readonly direction: Direction;
}

export function compileRule(calico: Calico, rule: CalicoRule, place: RulePlace): Rule {
  return { action: rule.action, boxes: boxesOf(calico, rule, place), path: rule.path, origin: rule.origin };
}

/** A part of what a rule matches: these destinations (all, where undefined), this traffic. */
interface Part {
  readonly destination: PointSpan | undefined;
  readonly traffic: TrafficSet;
}

/** All fields of a rule must hold; entries of one field are alternatives (felix/rules, "rule rendering"). */
function boxesOf(calico: Calico, rule: CalicoRule, { policy, direction }: RulePlace): Box[] {
  const gap = rule.gaps[0];
  if (gap !== undefined) return [unread(calico, gap.reason)];
  const { source, destination } = rule;
  const senders = pointsOfEntity(calico, source, policy);
  const receivers = pointsOfEntity(calico, destination, policy);
  const parts = partsOf(calico, rule).map((part) => ({ ...part, destination: both(receivers, part.destination) }));
  const anySource = source.ports.length + source.notPorts.length > 0;
  return parts.flatMap((part): Box[] => {
    if (part.traffic.length === 0) return [];
    const [local, remote] = direction === 'ingress' ? [part.destination, senders] : [senders, part.destination];
    const peers = ofFamily(calico, remote ?? exactly(calico.world.everything), rule.ipVersion);
    const box: Box = { peers, traffic: exactTraffic(part.traffic), ...(local !== undefined && { on: local }) };
    if (!anySource) return [box];
    return [{ ...box, traffic: { must: NO_TRAFFIC, may: part.traffic }, trafficDoubt: 'source-port' }];
  });
}

function unread({ world }: Calico, reason: ReasonCode): Box {
  return {
    peers: perhaps(world.everything, reason),
    traffic: { must: NO_TRAFFIC, may: ALL_TRAFFIC },
    trafficDoubt: reason,
  };
}

function both(a: PointSpan | undefined, b: PointSpan | undefined): PointSpan | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return meetSpans(a, b);
}

/** A rule for one family matches packets of it: peers that cannot speak it are out, those that may be of it perhaps in. */
function ofFamily({ world }: Calico, peers: PointSpan, version: 4 | 6 | undefined): PointSpan {
  if (version === undefined) return peers;
  const speaking = world.speaks[version];
  const other = world.speaks[version === 4 ? 6 : 4];
  const within = meetSpans(peers, exactly(speaking));
  // One point for both families stands for IPv4 among pods: see `facetsOf` of the world.
  if (version === 4) return within;
  const ambiguous = intersection(within.must, other);
  if (isEmpty(ambiguous)) return within;
  const doubts = [...within.doubts, { reason: 'pod-address-unknown' as const, points: ambiguous }];
  return { must: difference(within.must, ambiguous), may: within.may, doubts };
}

function partsOf(calico: Calico, rule: CalicoRule): Part[] {
  const { destination } = rule;
  if (destination.service !== undefined) {
    const facts = serviceFacts(calico, `${destination.service.namespace}/${destination.service.name}`);
    const base = protocolsOf(rule);
    return backendsOf(calico.compiling, facts).map(({ points, traffic }) => ({
      destination: points,
      traffic: meetTraffic(traffic, base),
    }));
  }
  return withoutPorts(calico, destination, rule, withPorts(calico, destination, rule));
}

function withPorts(calico: Calico, { ports }: CalicoEntity, rule: CalicoRule): Part[] {
  const base = protocolsOf(rule);
  if (ports.length === 0) return [{ destination: undefined, traffic: base }];
  const numbered = ports.reduce((all, port) => unite(all, numbersOf(port, rule)), NO_TRAFFIC);
  const parts: Part[] = [{ destination: undefined, traffic: meetTraffic(numbered, base) }];
  for (const { points, traffic } of named(calico, ports))
    parts.push({ destination: exactly(points), traffic: meetTraffic(traffic, base) });
  return parts;
}

/** What a name takes out is another number on another pod: each group of pods that agree is a part of its own. */
// biome-ignore lint/complexity/useMaxParams: one step of the pipeline above
function withoutPorts(calico: Calico, { notPorts }: CalicoEntity, rule: CalicoRule, parts: readonly Part[]): Part[] {
  if (notPorts.length === 0) return [...parts];
  const numbered = notPorts.reduce((all, port) => unite(all, numbersOf(port, rule)), NO_TRAFFIC);
  let groups: { readonly points: Bits; readonly out: TrafficSet }[] = [
    { points: calico.world.everything, out: numbered },
  ];
  for (const { points, traffic } of named(calico, notPorts)) {
    groups = groups
      .flatMap((group) => [
        { points: intersection(group.points, points), out: unite(group.out, traffic) },
        { points: difference(group.points, points), out: group.out },
      ])
      .filter((group) => !isEmpty(group.points));
  }
  const whole = groups.length === 1;
  return parts.flatMap(({ destination, traffic }) =>
    groups.map(({ points, out }) => ({
      destination: whole ? destination : both(destination, exactly(points)),
      traffic: subtract(traffic, out),
    })),
  );
}

/** Numbered ports are of the rule's protocol; without one the validator lets only names through. */
function numbersOf(port: CalicoPort, { protocol }: CalicoRule): TrafficSet {
  if (!('from' in port) || protocol === undefined || !isPortProtocol(protocol)) return NO_TRAFFIC;
  return portTraffic(protocol, port.from, port.to);
}

/** A name is (address, protocol, port) of every endpoint that has it: the container port says its protocol itself. */
function named({ compiling, world }: Calico, ports: readonly CalicoPort[]): { points: Bits; traffic: TrafficSet }[] {
  const names = new Set(ports.flatMap((port) => ('name' in port ? [port.name] : [])));
  return [...names].flatMap((name) =>
    (compiling.namedPorts.get(name) ?? []).map(({ protocol, port, points }) => ({
      points: intersection(points, world.pods),
      traffic: portTraffic(protocol, port),
    })),
  );
}

function protocolsOf({ protocol, notProtocol, icmp, notIcmp }: CalicoRule): TrafficSet {
  let traffic = protocol === undefined ? ALL_TRAFFIC : protocolTraffic(protocol);
  if (notProtocol !== undefined) traffic = subtract(traffic, protocolTraffic(notProtocol));
  if (icmp?.type !== undefined) traffic = meetTraffic(traffic, icmpOf(icmp, protocol));
  if (notIcmp?.type !== undefined) traffic = subtract(traffic, icmpOf(notIcmp, protocol));
  return traffic;
}

function icmpOf({ type, code }: CalicoIcmp, protocol: CalicoRule['protocol']): TrafficSet {
  return icmpTraffic(protocol === 'ICMPv6' ? 'ICMPv6' : 'ICMP', type ?? 0, code);
}
