import { type Intervals, interval, intervalsOf, meet, NOTHING, subtract } from '#base/intervals.ts';

/**
 * Every kind of traffic as an integer on one axis, so that one interval algebra serves all protocols: five bands of
 * 65,536 (TCP, UDP and SCTP by destination port; ICMP and ICMPv6 by type × 256 + code), then one point for each other
 * IP protocol number. Port 0 is on no band: nothing listens there.
 */
export type TrafficSet = Intervals;

export type PortProtocol = 'TCP' | 'UDP' | 'SCTP';
export type IcmpProtocol = 'ICMP' | 'ICMPv6';
/** `TCP`, `UDP`, `SCTP`, `ICMP`, `ICMPv6`, or an IP protocol number from 0 to 255 as text. */
export type Protocol = PortProtocol | IcmpProtocol | `${number}`;

export const PORT_PROTOCOLS: readonly PortProtocol[] = ['TCP', 'UDP', 'SCTP'];

const BAND = 65536;
const BASE: Readonly<Record<PortProtocol | IcmpProtocol, number>> = {
  TCP: 0,
  UDP: BAND,
  SCTP: 2 * BAND,
  ICMP: 3 * BAND,
  ICMPv6: 4 * BAND,
};
const OTHER = 5 * BAND;
/** IANA numbers of the protocols that have a band of their own. */
const NUMBERS: Readonly<Record<number, PortProtocol | IcmpProtocol>> = {
  1: 'ICMP',
  6: 'TCP',
  17: 'UDP',
  58: 'ICMPv6',
  132: 'SCTP',
};

export const NO_TRAFFIC: TrafficSet = NOTHING;
/** Every port of TCP, UDP and SCTP: what the Kubernetes network policy APIs define. */
export const ALL_PORTS: TrafficSet = intervalsOf(PORT_PROTOCOLS.map((p) => [BASE[p] + 1, BASE[p] + BAND - 1] as const));
export const ALL_TRAFFIC: TrafficSet = buildAllTraffic();
/** Everything that has no ports: ICMP, ICMPv6 and the protocols known by number only. */
export const PORTLESS_TRAFFIC: TrafficSet = subtract(ALL_TRAFFIC, ALL_PORTS);

/** Ports `lo … hi` of one protocol. */
export function portTraffic(protocol: PortProtocol, lo: number, hi = lo): TrafficSet {
  return interval(BASE[protocol] + Math.max(lo, 1), BASE[protocol] + Math.min(hi, BAND - 1));
}

/** All of one protocol. */
export function protocolTraffic(protocol: Protocol): TrafficSet {
  const band = bandOf(protocol);
  if (band === undefined) return interval(OTHER + Number(protocol), OTHER + Number(protocol));
  return isPortProtocol(band) ? portTraffic(band, 1, BAND - 1) : interval(BASE[band], BASE[band] + BAND - 1);
}

/** ICMP of one type, and of one code where given. */
export function icmpTraffic(protocol: IcmpProtocol, type: number, code?: number): TrafficSet {
  const lo = BASE[protocol] + type * 256 + (code ?? 0);
  return interval(lo, code === undefined ? lo + 255 : lo);
}

export function isPortProtocol(protocol: string): protocol is PortProtocol {
  return protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP';
}

/** One kind of traffic as a point of the axis: a port, an ICMP type × 256 + code, or (for other protocols) nothing. */
export function trafficPoint(protocol: Protocol, detail = 0): number {
  const band = bandOf(protocol);
  return band === undefined ? OTHER + Number(protocol) : BASE[band] + detail;
}

/** One line of a rendered traffic set. `ports` is absent for protocols known by number only. */
export interface TrafficLine {
  readonly protocol: Protocol;
  /** Ports, or ICMP types × 256 + code, as sorted closed ranges. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Whether the line is the whole protocol. */
  readonly whole: boolean;
}

/** A traffic set by protocol, in the order TCP, UDP, SCTP, ICMP, ICMPv6, numbers. */
export function linesOf(traffic: TrafficSet): TrafficLine[] {
  const out: TrafficLine[] = [];
  for (const protocol of ['TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6'] as const) {
    const band = protocolTraffic(protocol);
    const part = meet(traffic, band);
    if (part.length === 0) continue;
    const ranges: [number, number][] = [];
    for (let i = 0; i < part.length; i += 2) ranges.push([part[i]! - BASE[protocol], part[i + 1]! - BASE[protocol]]);
    out.push({ protocol, ranges, whole: part.length === 2 && part[0] === band[0] && part[1] === band[1] });
  }
  for (let i = 0; i < traffic.length; i += 2) {
    for (let point = Math.max(traffic[i]!, OTHER); point <= traffic[i + 1]!; point++) {
      out.push({ protocol: `${point - OTHER}`, ranges: [], whole: true });
    }
  }
  return out;
}

function bandOf(protocol: Protocol): PortProtocol | IcmpProtocol | undefined {
  return protocol in BASE ? (protocol as PortProtocol | IcmpProtocol) : NUMBERS[Number(protocol)];
}

function buildAllTraffic(): TrafficSet {
  const pairs: [number, number][] = PORT_PROTOCOLS.map((p) => [BASE[p] + 1, BASE[p] + BAND - 1]);
  pairs.push([BASE.ICMP, BASE.ICMP + BAND - 1], [BASE.ICMPv6, BASE.ICMPv6 + BAND - 1]);
  for (let number = 0; number < 256; number++) {
    if (!(number in NUMBERS)) pairs.push([OTHER + number, OTHER + number]);
  }
  return intervalsOf(pairs);
}
