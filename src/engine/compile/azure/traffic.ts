import { covers, intervalsOf, unite } from '#base/intervals.ts';
import { isUnsettled, type PortItem, type Settled } from '#model/azure/entity.ts';
import type { NetworkProtocol } from '#model/azure/network.ts';
import type { ReasonCode } from '#model/reason.ts';
import {
  ALL_TRAFFIC,
  NO_TRAFFIC,
  PORT_PROTOCOLS,
  type PortProtocol,
  portTraffic,
  protocolTraffic,
  type TrafficSet,
} from '#model/traffic.ts';
import type { Span } from '../../form.ts';

/** What a rule says of protocols and ports. */
export interface TrafficSpan extends Span<TrafficSet> {
  readonly doubt?: ReasonCode;
}

const HIGHEST = 65_535;

/** ICMP, ESP and AH have no ports: the API expects `*` there, and numbers mean nothing. */
export function ruleTraffic(protocol: Settled<NetworkProtocol>, ports: readonly PortItem[]): TrafficSpan {
  if (isUnsettled(protocol)) return { must: NO_TRAFFIC, may: ALL_TRAFFIC, doubt: 'cloud-expression' };
  switch (protocol) {
    case 'icmp':
      return exact(unite(protocolTraffic('ICMP'), protocolTraffic('ICMPv6')));
    case 'esp':
      return exact(protocolTraffic('50'));
    case 'ah':
      return exact(protocolTraffic('51'));
    case 'tcp':
      return portsOf(['TCP'], ports);
    case 'udp':
      return portsOf(['UDP'], ports);
    case 'any':
      // Any protocol at all where no port is asked for; with ports, protocols that have some.
      return ports.length === 0 || isEveryPort(ports) ? exact(ALL_TRAFFIC) : portsOf(PORT_PROTOCOLS, ports);
  }
}

/** However it is written: `*`, `0-65535`, or ranges that add up to that. */
export function isEveryPort(ports: readonly PortItem[]): boolean {
  const pairs = ports.flatMap((port) => (port.kind === 'range' ? [[port.from, port.to] as const] : []));
  return covers(intervalsOf(pairs), [1, HIGHEST]);
}

function portsOf(protocols: readonly PortProtocol[], ports: readonly PortItem[]): TrafficSpan {
  let must: TrafficSet = NO_TRAFFIC;
  for (const protocol of protocols) {
    if (ports.length === 0) must = unite(must, protocolTraffic(protocol));
    for (const port of ports)
      if (port.kind === 'range' && port.to > 0)
        must = unite(must, portTraffic(protocol, Math.max(port.from, 1), port.to));
  }
  if (!ports.some(({ kind }) => kind === 'unsettled')) return exact(must);
  let may = must;
  for (const protocol of protocols) may = unite(may, protocolTraffic(protocol));
  return { must, may, doubt: 'cloud-expression' };
}

function exact(traffic: TrafficSet): TrafficSpan {
  return { must: traffic, may: traffic };
}

/** A rule that limits the sender's port matches perhaps: any connection may come from there. */
export function withSourcePorts(traffic: TrafficSpan, ports: readonly PortItem[]): TrafficSpan {
  if (ports.length === 0 || isEveryPort(ports)) return traffic;
  return { must: NO_TRAFFIC, may: traffic.may, doubt: 'source-port' };
}
