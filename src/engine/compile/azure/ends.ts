import { bitsOf, difference, isEmpty, union } from '#base/bits.ts';
import type { AddressItem, PortItem, Settled } from '#model/azure/entity.ts';
import type { NetworkProtocol, Subnet } from '#model/azure/network.ts';
import type { Origin } from '#model/origin.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { Direction } from '#model/resource.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import type { RuleAction } from '#model/verdict.ts';
import { type Box, exactly, exactTraffic, type PointSpan, type Rule } from '../../form.ts';
import { perhaps, within } from '../../spans.ts';
import { externalPoint } from '../../world.ts';
import { PLATFORM_ADDRESSES } from './address-items.ts';
import { type Azure, peersIn } from './context.ts';
import { DESTINATIONS } from './network-mode.ts';
import { EVERYWHERE, type RangeSpan } from './ranges.ts';
import { ruleTraffic, withSourcePorts } from './traffic.ts';

/** What rules of security groups and of network managers have in common. */
export interface FlowRule {
  readonly protocol: Settled<NetworkProtocol>;
  readonly sources: readonly AddressItem[];
  readonly sourcePorts: readonly PortItem[];
  readonly destinations: readonly AddressItem[];
  readonly destinationPorts: readonly PortItem[];
}

/** Where a rule applies. */
export interface Place {
  readonly direction: Direction;
  /** Undefined: at any subnet of the cluster. */
  readonly subnet?: Subnet | undefined;
}

export function boxesOfRule(azure: Azure, rule: FlowRule, { direction, subnet }: Place): Box[] {
  const { reader } = azure;
  const { doubt, ...traffic } = withSourcePorts(ruleTraffic(rule.protocol, rule.destinationPorts), rule.sourcePorts);
  const named = rule.destinations.filter(namesPlatform);
  const ends: Ends = {
    sources: reader.ranges(rule.sources, subnet),
    destinations: reader.ranges(rule.destinations, subnet),
    platform: reader.ranges(named, subnet),
  };
  return boxesOf(azure, ends, direction).map(
    (box): Box => ({ ...box, traffic, ...(doubt !== undefined && { trafficDoubt: doubt }) }),
  );
}

/** Whom a rule is about. */
export interface Ends {
  readonly sources: RangeSpan;
  readonly destinations: RangeSpan;
  /** What of the platform is meant by a tag of its own. "Not filtered by ordinary rules" (network security groups). */
  readonly platform: RangeSpan;
}

/** Whether an item is the tag by which the virtual network itself is named. */
export function isVirtualNetwork(item: AddressItem): boolean {
  return item.kind === 'tag' && item.tag.toLowerCase() === 'virtualnetwork';
}

function namesPlatform(item: AddressItem): boolean {
  return item.kind === 'unsettled' || (item.kind === 'tag' && item.tag.toLowerCase().startsWith('azureplatform'));
}

/** For each sort of destination, because the address that a connection leaves with depends on it. */
export function boxesOf(azure: Azure, ends: Ends, direction: Direction): Pick<Box, 'on' | 'peers'>[] {
  const { world, wire, destinations } = azure;
  const to = targetsOf(azure, ends, direction);
  if (isEmpty(to.may)) return [];
  if (ends.sources === EVERYWHERE)
    return direction === 'egress' ? [{ peers: to }] : [{ on: to, peers: exactly(world.everything) }];
  return DESTINATIONS.flatMap((sort) => {
    const targets = within(to, destinations[sort]);
    if (isEmpty(targets.may)) return [];
    const from = wire.sendingFrom(ends.sources, sort);
    if (isEmpty(from.may)) return [];
    return [direction === 'egress' ? { on: from, peers: targets } : { on: targets, peers: from }];
  });
}

function targetsOf(azure: Azure, { destinations, platform }: Ends, direction: Direction): PointSpan {
  if (direction === 'ingress') return holdersOf(azure, destinations);
  const own = platformPoints(azure);
  const others = within(holdersOf(azure, destinations), difference(azure.world.everything, own));
  return platform.may.length === 0 ? others : joined(others, within(holdersOf(azure, platform), own));
}

/** Points whose own addresses are in a span, or whose names lead there. */
function holdersOf(azure: Azure, span: RangeSpan): PointSpan {
  const { world, wire } = azure;
  if (span === EVERYWHERE) return exactly(world.everything);
  const cluster = union(world.pods, world.hosts);
  const outside = within(peersIn(azure, span), difference(world.everything, cluster));
  return joined(outside, wire.ownedIn(span));
}

function joined(a: PointSpan, b: PointSpan): PointSpan {
  const must = union(a.must, b.must);
  if (a.must === a.may && b.must === b.may) return exactly(must);
  return { must, may: union(a.may, b.may), doubts: [...a.doubts, ...b.doubts] };
}

/** Outside points that are the platform of every host. */
export function platformPoints({ world }: Azure) {
  const points = PLATFORM_ADDRESSES.map(({ family, lo }) => externalPoint(world, { family, value: lo }));
  return bitsOf(world.size, points);
}

/** Each of these actions perhaps, whatever it is. */
export function anyOf(
  { world }: Azure,
  actions: readonly RuleAction[],
  { origin, reason, path = '' }: { readonly origin: Origin; readonly reason: ReasonCode; readonly path?: string },
): Rule[] {
  const boxes: Box[] = [{ peers: perhaps(world.everything, reason), traffic: exactTraffic(ALL_TRAFFIC) }];
  return actions.map((action) => ({ action, boxes, path, origin }));
}

/** The same boxes, none of which is certain. */
export function doubtedBoxes({ world }: Azure, boxes: readonly Box[], reason: ReasonCode): Box[] {
  return boxes.map((box) => ({
    ...box,
    peers: { must: world.nothing, may: box.peers.may, doubts: [...box.peers.doubts, { reason }] },
  }));
}

/** Everything there is. */
export function everythingBox({ world }: Azure): Box {
  return { peers: exactly(world.everything), traffic: exactTraffic(ALL_TRAFFIC) };
}
