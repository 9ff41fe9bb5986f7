import type { Protocol } from '#model/traffic.ts';
import { quote } from '../kubernetes/draft.ts';
import type { Reader } from '../kubernetes/reader.ts';

const NAMES: Readonly<Record<string, Protocol>> = {
  tcp: 'TCP',
  udp: 'UDP',
  icmp: 'ICMP',
  icmpv6: 'ICMPv6',
  sctp: 'SCTP',
  udplite: '136',
};
const BY_NUMBER: Readonly<Record<number, Protocol>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6', 132: 'SCTP' };

/** A name, whatever its case, or a number from 1 to 255. */
export function readProtocol(rule: Reader, key: string): Protocol | undefined {
  const value = rule.integerOrText(key);
  if (value === undefined || value === '') return undefined;
  const number = typeof value === 'number' ? value : /^\d+$/.test(value) ? Number(value) : undefined;
  if (number !== undefined && number >= 1 && number <= 255) return BY_NUMBER[number] ?? `${number}`;
  const named = typeof value === 'string' ? NAMES[value.toLowerCase()] : undefined;
  if (named === undefined)
    rule.refuse('RF2004', key, `is ${quote(`${value}`)}; must be TCP, UDP, ICMP, ICMPv6, SCTP, UDPLite or 1 to 255`);
  return named;
}
