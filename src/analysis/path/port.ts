import type { Family } from '#base/address.ts';
import { isPortProtocol, type Protocol, trafficPoint } from '#model/traffic.ts';
import { protocolNamed } from '../scope.ts';

/** What a question asks for: a port, an echo request, or a protocol that has neither. */
export interface AskedTraffic {
  readonly protocol: Protocol;
  readonly port?: number;
}

/** `5432`, `53/UDP`, `icmp`, `47`-style numbers as `proto/47`. Undefined where it is none of these. */
export function readPort(text: string): AskedTraffic | undefined {
  const [first, second, ...rest] = text.split('/');
  if (rest.length > 0 || first === undefined) return undefined;
  if (/^\d+$/.test(first)) return portOf(first, second ?? 'TCP');
  const protocol = first.toLowerCase() === 'proto' ? protocolNamed(second ?? '') : protocolNamed(first);
  return protocol === undefined || isPortProtocol(protocol) ? undefined : { protocol };
}

function portOf(number: string, name: string): AskedTraffic | undefined {
  const protocol = protocolNamed(name);
  const port = Number(number);
  if (protocol === undefined || !isPortProtocol(protocol) || port < 1 || port > 65535) return undefined;
  return { protocol, port };
}

/** The point of the traffic axis in one family: an echo request is type 8 in ICMP and type 128 in ICMPv6. */
export function pointOf({ protocol, port }: AskedTraffic, family: Family): number {
  if (protocol !== 'ICMP' && protocol !== 'ICMPv6') return trafficPoint(protocol, port ?? 0);
  return family === 4 ? trafficPoint('ICMP', 8 * 256) : trafficPoint('ICMPv6', 128 * 256);
}

export function askedText({ protocol, port }: AskedTraffic): string {
  return port === undefined ? protocol : `${protocol} ${port}`;
}
