import { intersection, isEmpty } from '#base/bits.ts';
import { subtract, unite } from '#base/intervals.ts';
import type { CiliumPort, CiliumPorts, CiliumRule } from '#model/cilium.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { RequestMatch } from '#model/request.ts';
import type { Direction } from '#model/resource.ts';
import {
  ALL_PORTS,
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
import { meetSpans, outsideOf } from '../span-sets.ts';
import type { Cilium } from './context.ts';
import type { Region } from './entities.ts';
import { type PeerPlace, regionsOf } from './peers.ts';
import { requestsOf } from './requests.ts';

export interface RulePlace extends PeerPlace {
  readonly direction: Direction;
  /** Whose entries with endpoints `fromRequires` or `toRequires` narrow, of this policy or another. */
  readonly narrowed: PointSpan;
}

/** Traffic of an entry, at these destinations (all, where undefined), with the requests that it lets through. */
interface Part {
  readonly traffic: Span<TrafficSet>;
  readonly trafficDoubt?: ReasonCode;
  readonly destination?: PointSpan;
  readonly requests?: readonly RequestMatch[];
  /** The protocol, where the rule names ports. */
  readonly named?: CiliumPort['protocol'];
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
  const parts = partsOf(cilium, rule, place);
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
  const narrowed =
    rule.peers?.kind === 'endpoints' ? boxes.flatMap((box) => perhapsNarrowed(cilium, box, place)) : boxes;
  return { boxes: authenticated(cilium, rule, narrowed), proxied };
}

/** What is narrowed matches perhaps; whom requirements are not for is sure of it. */
function perhapsNarrowed({ world, mode }: Cilium, box: Box, { narrowed }: RulePlace): Box[] {
  if (isEmpty(narrowed.may)) return [box];
  const others = outsideOf(world.everything, exactly(narrowed.may));
  const on = box.on ?? exactly(world.everything);
  const open = {
    ...box,
    on: meetSpans(on, exactly(narrowed.may)),
    traffic: { must: NO_TRAFFIC, may: box.traffic.may },
    trafficDoubt: mode.minor === undefined ? ('version-dependent' as const) : ('unsupported-field' as const),
  };
  return [{ ...box, on: meetSpans(on, others) }, open];
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
function partsOf(cilium: Cilium, { ports, icmps }: CiliumRule, place: RulePlace): Part[] {
  if (icmps !== undefined) {
    let traffic = NO_TRAFFIC;
    for (const { family, type } of icmps) traffic = unite(traffic, icmpTraffic(family, type));
    return [{ traffic: exactTraffic(traffic) }];
  }
  const all = { traffic: exactTraffic(ALL_TRAFFIC) };
  const parts = ports === undefined ? [all] : ports.flatMap((entry) => entryParts(cilium, entry, place));
  return place.deny ? parts : parts.map((part) => carried(cilium, part));
}

/** Where SCTP is off, none gets through; where nothing says, what names it is open. */
function carried({ mode }: Cilium, part: Part): Part {
  if (mode.sctp === true) return part;
  const { must, may } = part.traffic;
  if (mode.sctp === false) return { ...part, traffic: { must: subtract(must, SCTP), may: subtract(may, SCTP) } };
  const isNamed = part.named === 'SCTP';
  return isNamed ? { ...part, traffic: { must: subtract(must, SCTP), may }, trafficDoubt: 'engine-undefined' } : part;
}

const SCTP = protocolTraffic('SCTP');

function entryParts(cilium: Cilium, entry: CiliumPorts, place: RulePlace): Part[] {
  const requests = requestsOf(entry);
  const looks = requests === undefined ? {} : { requests };
  if (entry.ports.length === 0)
    return [{ traffic: { must: NO_TRAFFIC, may: ALL_PORTS }, trafficDoubt: 'engine-undefined', ...looks }];
  return entry.ports.flatMap((port) =>
    portParts(cilium, port, place).map((part) => ({ ...part, ...looks, named: port.protocol })),
  );
}

function portParts(cilium: Cilium, { port, endPort, protocol }: CiliumPort, place: RulePlace): Part[] {
  const protocols: readonly PortProtocol[] = protocol === 'ANY' ? PORT_PROTOCOLS : [protocol];
  if (typeof port === 'string') return protocols.flatMap((each) => namedParts(cilium, { port, protocol: each }, place));
  const { minor } = cilium.mode;
  const whole = (last: number | undefined): TrafficSet => {
    let traffic = NO_TRAFFIC;
    for (const each of protocols)
      traffic = unite(traffic, port === undefined ? protocolTraffic(each) : portTraffic(each, port, last ?? port));
    return traffic;
  };
  // Before 1.17 the end of a range is not looked at (release notes of 1.17).
  if (endPort === undefined || (minor !== undefined && minor >= 17)) return [{ traffic: exactTraffic(whole(endPort)) }];
  if (minor !== undefined) return [{ traffic: exactTraffic(whole(undefined)) }];
  return [{ traffic: { must: whole(undefined), may: whole(endPort) }, trafficDoubt: 'version-dependent' }];
}

/**
 * The way in a name is the number of the pod's own port. The way out it is one number for all peers (GetNamedPort of
 * pkg/endpoint): where pods give it several, older versions leave the rule out and newer ones ask the peers only.
 */
function namedParts({ compiling, world }: Cilium, { port, protocol }: NamedPort, { direction }: RulePlace): Part[] {
  const found = (compiling.namedPorts.get(port) ?? [])
    .map((named) => ({ ...named, points: intersection(named.points, world.pods) }))
    .filter((named) => named.protocol === protocol && !isEmpty(named.points));
  return found.flatMap((named): Part[] => {
    const traffic = portTraffic(protocol, named.port);
    const own = { destination: exactly(named.points), traffic: exactTraffic(traffic) };
    if (direction === 'ingress') return [own];
    const open = { traffic: { must: NO_TRAFFIC, may: traffic }, trafficDoubt: 'version-dependent' as const };
    return found.length === 1 ? [own, open] : [open];
  });
}

interface NamedPort {
  readonly port: string;
  readonly protocol: PortProtocol;
}

/** What the proxy refuses: a request that no rule for the port names. */
function otherRequests(named: readonly RequestMatch[]): RequestMatch {
  return { text: `requests other than ${named.map(({ text }) => text).join(', ')}`, matches: () => 'yes' };
}
