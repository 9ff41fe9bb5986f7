import { meet as meetTraffic, subtract, unite } from '#base/intervals.ts';
import type { CalicoIcmp, CalicoPort, CalicoRule } from '#model/calico.ts';
import {
  ALL_TRAFFIC,
  icmpTraffic,
  isPortProtocol,
  NO_TRAFFIC,
  type PortProtocol,
  portTraffic,
  protocolTraffic,
  type TrafficSet,
} from '#model/traffic.ts';

/** What the protocol fields of a rule say. */
export function protocolsOf({ protocol, notProtocol, icmp, notIcmp }: CalicoRule): TrafficSet {
  let traffic = protocol === undefined ? ALL_TRAFFIC : protocolTraffic(protocol);
  if (notProtocol !== undefined) traffic = subtract(traffic, protocolTraffic(notProtocol));
  if (icmp?.type !== undefined) traffic = meetTraffic(traffic, icmpOf(icmp, protocol));
  if (notIcmp?.type !== undefined) traffic = subtract(traffic, icmpOf(notIcmp, protocol));
  return traffic;
}

function icmpOf({ type, code }: CalicoIcmp, protocol: CalicoRule['protocol']): TrafficSet {
  return icmpTraffic(protocol === 'ICMPv6' ? 'ICMPv6' : 'ICMP', type ?? 0, code);
}

/** The ports of a list that are given by number; they are of the rule's protocol. */
export function numbersOf(ports: readonly CalicoPort[], { protocol }: Pick<CalicoRule, 'protocol'>): TrafficSet {
  if (protocol === undefined || !isPortProtocol(protocol)) return NO_TRAFFIC;
  let traffic: TrafficSet = NO_TRAFFIC;
  for (const port of ports) if ('from' in port) traffic = unite(traffic, portTraffic(protocol, port.from, port.to));
  return traffic;
}

/** Without a protocol that has ports a name stands for TCP (felix/calc/rule_scanner.go). */
export function protocolOfNames({ protocol }: CalicoRule): PortProtocol {
  return protocol !== undefined && isPortProtocol(protocol) ? protocol : 'TCP';
}

/** Which connections meet what a rule says of the port of the sender. */
export function sourcePorts({ source }: CalicoRule): 'any' | 'some' | 'never' {
  if (coversAll(source.notPorts)) return 'never';
  if (source.notPorts.length > 0) return 'some';
  return source.ports.length === 0 || coversAll(source.ports) ? 'any' : 'some';
}

function coversAll(ports: readonly CalicoPort[]): boolean {
  return subtract(protocolTraffic('TCP'), numbersOf(ports, { protocol: 'TCP' })).length === 0;
}
