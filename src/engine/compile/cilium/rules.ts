import { intersection } from '#base/bits.ts';
import { unite } from '#base/intervals.ts';
import type { CiliumPort, CiliumPorts, CiliumRule } from '#model/cilium.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { RequestMatch } from '#model/request.ts';
import type { Direction } from '#model/resource.ts';
import {
  ALL_TRAFFIC,
  icmpTraffic,
  NO_TRAFFIC,
  PORT_PROTOCOLS,
  type PortProtocol,
  portTraffic,
  protocolTraffic,
  type TrafficSet,
} from '#model/traffic.ts';
import { type Box, exactly, exactTraffic, type PointSpan, type Span } from '../../form.ts';
import { perhaps } from '../../spans.ts';
import { meetSpans } from '../span-sets.ts';
import type { Cilium } from './context.ts';
import { type PeerPlace, type Region, regionsOf } from './peers.ts';
import { requestsOf } from './requests.ts';

export interface RulePlace extends PeerPlace {
  readonly direction: Direction;
}

/** Traffic of an entry, at these destinations (all, where undefined), with the requests that it lets through. */
interface Part {
  readonly traffic: Span<TrafficSet>;
  readonly trafficDoubt?: ReasonCode;
  readonly destination?: PointSpan;
  readonly requests?: readonly RequestMatch[];
}

export interface CompiledRule {
  readonly boxes: readonly Box[];
  /** What is sent through a proxy: of it, only the requests named get through. */
  readonly proxied: readonly Box[];
}

/**
 * The boxes of one entry. Peers that are absent mean everybody where the entry limits traffic, and nobody where it says
 * nothing at all: such an entry only switches default deny on.
 */
export function compileEntry(cilium: Cilium, rule: CiliumRule, place: RulePlace): CompiledRule {
  const gap = rule.gaps[0];
  if (gap !== undefined) return { boxes: [anything(cilium, gap.reason)], proxied: [] };
  if (rule.authentication === 'test-always-fail') return { boxes: [], proxied: [] };
  const regions = regionsFor(cilium, rule, place);
  const parts = partsOf(cilium, rule);
  const boxes: Box[] = [];
  const proxied: Box[] = [];
  for (const region of regions) {
    for (const part of parts) {
      const base = boxOf(region, part, place.direction);
      if (part.requests === undefined) boxes.push(base);
      else {
        boxes.push(...part.requests.map((request) => ({ ...base, request })));
        proxied.push({ ...base, request: otherRequests(part.requests) });
      }
    }
  }
  return { boxes: authenticated(cilium, rule, boxes), proxied };
}

function regionsFor(cilium: Cilium, rule: CiliumRule, place: RulePlace): Region[] {
  if (rule.peers !== undefined) return regionsOf(cilium, rule.peers, place);
  if (rule.ports === undefined && rule.icmps === undefined) return [];
  return [{ peers: exactly(cilium.world.everything) }];
}

function anything({ world }: Cilium, reason: ReasonCode): Box {
  return {
    peers: perhaps(world.everything, reason),
    traffic: { must: NO_TRAFFIC, may: ALL_TRAFFIC },
    trafficDoubt: reason,
  };
}

/** A handshake that is asked for and not set up never completes; where nothing says, it may. */
function authenticated({ mode }: Cilium, { authentication }: CiliumRule, boxes: readonly Box[]): readonly Box[] {
  if (authentication !== 'required' || mode.authentication === true) return boxes;
  return boxes.map(({ traffic, ...box }) => ({
    ...box,
    traffic: { must: NO_TRAFFIC, may: traffic.may },
    trafficDoubt: 'engine-undefined',
  }));
}

function boxOf({ on, peers }: Region, part: Part, direction: Direction): Box {
  const { destination, traffic, trafficDoubt } = part;
  const doubt = trafficDoubt === undefined ? {} : { trafficDoubt };
  if (destination === undefined) return { peers, traffic, ...doubt, ...(on !== undefined && { on }) };
  if (direction === 'ingress')
    return { peers, traffic, ...doubt, on: on === undefined ? destination : meetSpans(on, destination) };
  return { peers: meetSpans(peers, destination), traffic, ...doubt, ...(on !== undefined && { on }) };
}

/** Entries of `toPorts` are alternatives; without them and without `icmps` every protocol is meant, ICMP included. */
function partsOf(cilium: Cilium, { ports, icmps }: CiliumRule): Part[] {
  if (icmps !== undefined) {
    let traffic = NO_TRAFFIC;
    for (const { family, type } of icmps) traffic = unite(traffic, icmpTraffic(family, type));
    return [{ traffic: exactTraffic(traffic) }];
  }
  if (ports === undefined) return [{ traffic: exactTraffic(ALL_TRAFFIC) }];
  return ports.flatMap((entry) => entryParts(cilium, entry));
}

function entryParts(cilium: Cilium, entry: CiliumPorts): Part[] {
  const requests = requestsOf(entry);
  const looks = requests === undefined ? {} : { requests };
  if (entry.ports.length === 0) {
    let traffic = NO_TRAFFIC;
    for (const protocol of PORT_PROTOCOLS) traffic = unite(traffic, protocolTraffic(protocol));
    return [{ traffic: exactTraffic(traffic), ...looks }];
  }
  return entry.ports.flatMap((port) => portParts(cilium, port).map((part) => ({ ...part, ...looks })));
}

function portParts({ compiling, world, mode }: Cilium, { port, endPort, protocol }: CiliumPort): Part[] {
  const protocols: readonly PortProtocol[] = protocol === 'ANY' ? PORT_PROTOCOLS : [protocol];
  if (typeof port === 'string') {
    return (compiling.namedPorts.get(port) ?? [])
      .filter((named) => protocols.includes(named.protocol))
      .map((named) => ({
        destination: exactly(intersection(named.points, world.pods)),
        traffic: exactTraffic(portTraffic(named.protocol, named.port)),
      }));
  }
  const whole = (last: number | undefined): TrafficSet => {
    let traffic = NO_TRAFFIC;
    for (const each of protocols)
      traffic = unite(traffic, port === undefined ? protocolTraffic(each) : portTraffic(each, port, last ?? port));
    return traffic;
  };
  // Before 1.17 the end of a range is not looked at (release notes of 1.17).
  if (endPort === undefined || (mode.minor !== undefined && mode.minor >= 17))
    return [{ traffic: exactTraffic(whole(endPort)) }];
  if (mode.minor !== undefined) return [{ traffic: exactTraffic(whole(undefined)) }];
  return [{ traffic: { must: whole(undefined), may: whole(endPort) }, trafficDoubt: 'version-dependent' }];
}

/** What the proxy refuses: a request that no rule for the port names. */
function otherRequests(named: readonly RequestMatch[]): RequestMatch {
  return { text: `requests other than ${named.map(({ text }) => text).join(', ')}`, matches: () => 'yes' };
}
