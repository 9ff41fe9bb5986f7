import { type Bits, difference, intersection, isEmpty } from '#base/bits.ts';
import { meet as meetTraffic, subtract, unite } from '#base/intervals.ts';
import type { CalicoPort, CalicoRule } from '#model/calico.ts';
import type { ReasonCode } from '#model/reason.ts';
import { NO_TRAFFIC, portTraffic, protocolTraffic, type TrafficSet } from '#model/traffic.ts';
import { exactly, type PointSpan, type Span } from '../../form.ts';
import { perhaps, within } from '../../spans.ts';
import { meetSpans } from '../span-sets.ts';
import type { Calico } from './context.ts';
import { addressesOfHosts, type EntityParts, podsWhere, pointsOf } from './entity.ts';
import { hostsWhere } from './hosts.ts';
import { numbersOf, protocolOfNames, protocolsOf } from './rule-traffic.ts';

/** A part of what a rule matches: these destinations (all, where undefined), this traffic. */
export interface Part {
  readonly destination: PointSpan | undefined;
  readonly traffic: Span<TrafficSet>;
  readonly doubt?: ReasonCode;
}

/** What a rule says of destinations and their ports, which a name makes another number on another endpoint. */
export function partsByPort(calico: Calico, rule: CalicoRule, entity: EntityParts): Part[] {
  const { ports, notPorts } = rule.destination;
  const base = protocolsOf(rule);
  const whole = pointsOf(calico, entity);
  if (ports.length === 0) return withoutPorts(calico, rule, [exactPart(whole, base)]);
  const parts: Part[] = [exactPart(whole, meetTraffic(numbersOf(ports, rule), base))];
  for (const { points, traffic, doubt } of namesOf(calico, ports, { rule, entity })) {
    const destination = both(entity.addresses, points);
    const may = meetTraffic(traffic, base);
    if (doubt === undefined) parts.push(exactPart(destination, may));
    else parts.push({ destination, traffic: { must: NO_TRAFFIC, may }, doubt });
  }
  return notPorts.length === 0 ? parts : withoutPorts(calico, rule, parts);
}

function exactPart(destination: PointSpan | undefined, traffic: TrafficSet): Part {
  return { destination, traffic: { must: traffic, may: traffic } };
}

function both(a: PointSpan | undefined, b: PointSpan): PointSpan {
  return a === undefined ? b : meetSpans(a, b);
}

interface Group {
  readonly points: Bits;
  readonly out: TrafficSet;
  /** Taken out perhaps. */
  readonly perhapsOut: TrafficSet;
}

/** Endpoints that agree on what the names of `notPorts` are to them are a part of their own. */
function withoutPorts(calico: Calico, rule: CalicoRule, parts: readonly Part[]): Part[] {
  const { notPorts } = rule.destination;
  if (notPorts.length === 0) return [...parts];
  const numbered = numbersOf(notPorts, rule);
  let groups: Group[] = [{ points: calico.world.everything, out: numbered, perhapsOut: numbered }];
  for (const { points, traffic, doubt } of namesOf(calico, notPorts, { rule, entity: {} })) {
    groups = groups
      .flatMap((group): Group[] => [
        {
          points: intersection(group.points, points.may),
          out: doubt === undefined ? unite(group.out, traffic) : group.out,
          perhapsOut: unite(group.perhapsOut, traffic),
        },
        { ...group, points: difference(group.points, points.may) },
      ])
      .filter((group) => !isEmpty(group.points));
  }
  return parts.flatMap((part) => groups.map((group) => lessGroup(part, group, groups.length === 1)));
}

function lessGroup({ destination, traffic, doubt }: Part, group: Group, whole: boolean): Part {
  const must = subtract(traffic.must, group.perhapsOut);
  const may = subtract(traffic.may, group.out);
  const unsure = doubt ?? (group.out === group.perhapsOut ? undefined : 'named-port-unknown');
  return {
    destination: whole ? destination : both(destination, exactly(group.points)),
    traffic: { must, may },
    ...(unsure !== undefined && { doubt: unsure }),
  };
}

interface Meaning {
  readonly points: PointSpan;
  readonly traffic: TrafficSet;
  readonly doubt?: ReasonCode;
}

interface Naming {
  readonly rule: CalicoRule;
  readonly entity: Pick<EntityParts, 'expression'>;
}

/**
 * A name is (address, port) of every endpoint that has it for the rule's protocol and meets the rule's selector by its
 * own labels (felix/calc/rule_scanner.go). A pod that is not in the input could have any number.
 */
function namesOf(calico: Calico, ports: readonly CalicoPort[], { rule, entity }: Naming): Meaning[] {
  const names = new Set(ports.flatMap((port) => ('name' in port ? [port.name] : [])));
  if (names.size === 0) return [];
  const protocol = protocolOfNames(rule);
  const pods = podsWhere(calico, entity.expression);
  const known = [...names].flatMap((name) => [
    ...(calico.compiling.namedPorts.get(name) ?? [])
      .filter((entry) => entry.protocol === protocol)
      .map(({ port, points }) => ({ points: within(pods, points), traffic: portTraffic(protocol, port) })),
    ...hostPorts(calico, name, { rule, entity }),
  ]);
  const unseen = intersection(pods.may, calico.compiling.potentials);
  if (isEmpty(unseen)) return known;
  const doubt = 'named-port-unknown' as const;
  return [...known, { points: perhaps(unseen, doubt), traffic: protocolTraffic(protocol), doubt }];
}

/** Host endpoints name ports too, of the addresses that they state. */
function hostPorts(calico: Calico, name: string, { rule, entity }: Naming): Meaning[] {
  const protocol = protocolOfNames(rule);
  return hostsWhere(calico, entity.expression ?? { kind: 'all' }).flatMap(({ ports, expectedIps }) =>
    ports
      .filter((port) => port.name === name && port.protocol === protocol)
      .flatMap(({ port }) =>
        addressesOfHosts(calico, expectedIps).map((points) => ({ points, traffic: portTraffic(protocol, port) })),
      ),
  );
}
