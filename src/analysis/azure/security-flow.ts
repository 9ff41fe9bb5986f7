import { type AddressRange, mergeRanges } from '#base/address.ts';
import { meet, subtract } from '#base/intervals.ts';
import type { AddressReader } from '#engine/compile/azure/address-items.ts';
import { type Cover, coverOf } from '#engine/compile/azure/ranges.ts';
import { ruleTraffic, withSourcePorts } from '#engine/compile/azure/traffic.ts';
import { type AddressItem, isUnsettled } from '#model/azure/entity.ts';
import type { SecurityGroup, SecurityRule, Subnet } from '#model/azure/network.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Direction } from '#model/resource.ts';
import type { TrafficSet } from '#model/traffic.ts';
import type { Verdict } from '#model/verdict.ts';

/** All connections between some addresses. `allowed` only where every one of them is. */
export interface Flow {
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly traffic: TrafficSet;
}

export interface FlowEnd {
  readonly ranges: readonly AddressRange[];
  /** Pods of an overlay: whether `VirtualNetwork` holds them is not documented. */
  readonly isOverlay?: boolean;
}

export interface FlowVerdict {
  readonly verdict: Verdict;
  /** The rule that denies, or that leaves it open. */
  readonly rule?: SecurityRule;
}

export interface FlowPlace {
  readonly group: SecurityGroup;
  readonly subnet: Subnet;
  readonly direction: Direction;
}

/**
 * What a security group says of a flow between whole ranges: where the engine asks about one connection, this asks whether
 * any of them is stopped. In doubt (rules that cover the ranges in part, one after another) it is unknown.
 */
export function flowVerdict(reader: AddressReader, place: FlowPlace, flow: Flow): FlowVerdict {
  const { group, direction } = place;
  if (group.unsettled.length > 0) return { verdict: 'unknown' };
  const own = group.rules.filter((rule) => isUnsettled(rule.direction) || rule.direction === direction);
  let left = flow.traffic;
  let partly = false;
  for (const rule of own.toSorted((a, b) => Number(a.priority) - Number(b.priority))) {
    if (isUnsettled(rule.direction) || isUnsettled(rule.access) || isUnsettled(rule.priority))
      return { verdict: 'unknown', rule };
    const match = matchOf(reader, { rule, subnet: place.subnet }, { ...flow, traffic: left });
    if (match === undefined) continue;
    if (rule.access === 'deny') return { verdict: match.hits && !partly ? 'denied' : 'unknown', rule };
    if (!match.ends) partly = true;
    else left = subtract(left, match.traffic);
    if (left.length === 0) return { verdict: 'allowed', rule };
  }
  return byDefault(reader, place, flow);
}

interface Match {
  /** Whether it means all addresses of both ends. */
  readonly ends: boolean;
  /** What it means for certain. */
  readonly traffic: TrafficSet;
  /** Whether it means some of the connections for certain. */
  readonly hits: boolean;
}

function matchOf(
  reader: AddressReader,
  { rule, subnet }: { readonly rule: SecurityRule; readonly subnet: Subnet },
  flow: Flow,
): Match | undefined {
  const span = withSourcePorts(ruleTraffic(rule.protocol, rule.destinationPorts), rule.sourcePorts);
  if (meet(span.may, flow.traffic).length === 0) return undefined;
  const from = coverOfItems(reader, { items: rule.sources, subnet }, flow.from);
  const to = coverOfItems(reader, { items: rule.destinations, subnet }, flow.to);
  if (from.cover === 'no' || to.cover === 'no') return undefined;
  const traffic = meet(span.must, flow.traffic);
  return {
    ends: from.cover === 'yes' && to.cover === 'yes',
    traffic,
    hits: from.touches && to.touches && traffic.length > 0,
  };
}

interface Listed {
  readonly items: readonly AddressItem[];
  readonly subnet: Subnet;
}

/** How much of an end a list covers, and whether it covers some of it for certain. */
function coverOfItems(
  reader: AddressReader,
  { items, subnet }: Listed,
  { ranges, isOverlay = false }: FlowEnd,
): { readonly cover: Cover; readonly touches: boolean } {
  const open = isOverlay && items.some(isVirtualNetwork);
  const span = reader.ranges(open ? items.filter((item) => !isVirtualNetwork(item)) : items, subnet);
  const cover = coverOf(ranges, span);
  const touches = cover === 'yes' || touch(ranges, span.must);
  return { cover: open && cover !== 'yes' ? 'perhaps' : cover, touches };
}

function isVirtualNetwork(item: AddressItem): boolean {
  return item.kind === 'tag' && item.tag.toLowerCase() === 'virtualnetwork';
}

function touch(a: readonly AddressRange[], b: readonly AddressRange[]): boolean {
  return a.some((x) => b.some((y) => x.family === y.family && x.lo <= y.hi && y.lo <= x.hi));
}

/** Default rules: inside of the virtual network, probes, and outward to the internet; clusters with overlay work by them. */
function byDefault(reader: AddressReader, { subnet, direction }: FlowPlace, { from, to }: Flow): FlowVerdict {
  const within = (end: FlowEnd, tag: string): Cover =>
    end.isOverlay === true && tag === 'VirtualNetwork'
      ? 'yes'
      : coverOf(mergeRanges(end.ranges), reader.ranges([{ kind: 'tag', tag, origin: NO_ORIGIN }], subnet));
  const inside = [within(from, 'VirtualNetwork'), within(to, 'VirtualNetwork')];
  const other = direction === 'egress' ? within(to, 'Internet') : within(from, 'AzureLoadBalancer');
  if (other === 'yes' || inside.every((cover) => cover === 'yes')) return { verdict: 'allowed' };
  return { verdict: other === 'no' && inside.includes('no') ? 'denied' : 'unknown' };
}
