import { uniteTraffic } from '#engine/grants.ts';
import {
  ALL_PORTS,
  ALL_TRAFFIC,
  icmpTraffic,
  isPortProtocol,
  type Protocol,
  portTraffic,
  protocolTraffic,
  type TrafficSet,
} from '#model/traffic.ts';
import type { AskedTraffic } from './path/port.ts';

/** The protocols that an answer is about. The policy APIs define ports only, so the others are asked for by name. */
export interface Scope {
  readonly protocols: readonly string[];
  readonly traffic: TrafficSet;
}

export const PORT_SCOPE: Scope = { protocols: ['TCP', 'UDP', 'SCTP'], traffic: ALL_PORTS };

/** `all`, or names and numbers of protocols. Undefined where one is not a protocol. */
export function scopeOf(names: readonly string[]): Scope | undefined {
  if (names.length === 0) return PORT_SCOPE;
  if (names.includes('all')) return { protocols: ['all'], traffic: ALL_TRAFFIC };
  const protocols = names.map(protocolNamed);
  if (!protocols.every((protocol) => protocol !== undefined)) return undefined;
  return { protocols, traffic: uniteTraffic(protocols.map(protocolTraffic)) };
}

/** One port, or an echo request: the same points that a question about it asks for. */
export function scopeOfPort({ protocol, port }: AskedTraffic): Scope {
  return { protocols: [protocol], traffic: trafficOfPort(protocol, port) };
}

function trafficOfPort(protocol: Protocol, port: number | undefined): TrafficSet {
  if (protocol === 'ICMP' || protocol === 'ICMPv6')
    return uniteTraffic([icmpTraffic('ICMP', 8, 0), icmpTraffic('ICMPv6', 128, 0)]);
  return isPortProtocol(protocol) && port !== undefined ? portTraffic(protocol, port) : protocolTraffic(protocol);
}

const NAMES: ReadonlyMap<string, Protocol> = new Map([
  ['tcp', 'TCP'],
  ['udp', 'UDP'],
  ['sctp', 'SCTP'],
  ['icmp', 'ICMP'],
  ['icmpv6', 'ICMPv6'],
]);

/** A protocol by name, in any case, or by number. */
export function protocolNamed(text: string): Protocol | undefined {
  const named = NAMES.get(text.toLowerCase());
  if (named !== undefined) return named;
  return /^\d{1,3}$/.test(text) && Number(text) <= 255 ? `${Number(text)}` : undefined;
}
