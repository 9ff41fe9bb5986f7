import { covers, meet } from '#base/intervals.ts';
import type { TrafficEntry, TrafficList } from '#model/answers.ts';
import { isPortProtocol, linesOf, type TrafficLine, type TrafficSet } from '#model/traffic.ts';

/** A traffic set as answers write it, within the traffic that the answer is about. */
export function trafficList(traffic: TrafficSet, scope: TrafficSet): TrafficList {
  if (covers(traffic, scope)) return 'all';
  return trafficEntries(meet(traffic, scope));
}

export function trafficEntries(traffic: TrafficSet): TrafficEntry[] {
  return linesOf(traffic).map(entryOf);
}

function entryOf(line: TrafficLine): TrafficEntry {
  const { protocol, ranges, whole } = line;
  if (isPortProtocol(protocol))
    return { protocol, ports: ranges.map(([lo, hi]) => (lo === hi ? `${lo}` : `${lo}-${hi}`)).join() };
  return whole ? { protocol } : { protocol, ports: ranges.map(icmpText).join() };
}

/** ICMP types as `8`, or `3/4` with a code; a range of types as `8-10`. */
function icmpText([lo, hi]: readonly [number, number]): string {
  const from = lo >>> 8;
  const to = hi >>> 8;
  const wholeTypes = (lo & 255) === 0 && (hi & 255) === 255;
  if (wholeTypes) return from === to ? `${from}` : `${from}-${to}`;
  return lo === hi ? `${from}/${lo & 255}` : `${from}/${lo & 255}-${to}/${hi & 255}`;
}

/** For people, on one line: `TCP 80,443; UDP 53`, or `all`. */
export function trafficText(list: TrafficList): string {
  if (list === 'all') return 'all';
  return list.map(({ protocol, ports }) => (ports === undefined ? protocol : `${protocol} ${ports}`)).join('; ');
}
