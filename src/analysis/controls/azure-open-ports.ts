import { type AddressRange, mergeRanges, wholeFamily } from '#base/address.ts';
import { meet, subtract } from '#base/intervals.ts';
import { type AddressReader, PRIVATE } from '#engine/compile/azure/address-items.ts';
import { type RangeSpan, withoutRanges } from '#engine/compile/azure/ranges.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import { ruleTraffic } from '#engine/compile/azure/traffic.ts';
import { type AddressItem, isUnsettled } from '#model/azure/entity.ts';
import type { SecurityGroup, SecurityRule, Subnet } from '#model/azure/network.ts';
import type { Direction } from '#model/resource.ts';
import { ALL_PORTS, portTraffic, type TrafficSet } from '#model/traffic.ts';

/** What a security group lets through between the internet and some addresses. */
export interface OpenToInternet {
  /** By rule, in the order of their priority; what earlier rules deny is taken away. */
  readonly by: readonly OpenedBy[];
  /** A rule of which it is not known what it does. */
  readonly open?: SecurityRule;
  /** Whether the group as a whole could not be read. */
  readonly isUnread: boolean;
}

export interface OpenedBy {
  readonly rule: SecurityRule;
  readonly parts: readonly OpenPart[];
}

interface OpenPart {
  /** Addresses of the internet. */
  readonly peers: readonly AddressRange[];
  readonly traffic: TrafficSet;
}

export interface AskedGroup {
  readonly group: SecurityGroup;
  readonly direction: Direction;
  /** Where the group stands. */
  readonly subnet: Subnet;
  /** The addresses behind it; those of the subnet unless given. */
  readonly own?: readonly AddressRange[];
}

const PUBLIC = withoutRanges([wholeFamily(4), wholeFamily(6)], PRIVATE);

/** Rules that let the internet in, or let something out to it. Defaults of Azure (nothing in, all out) are not in it. */
export function openToInternet(reader: AddressReader, { group, direction, subnet, own }: AskedGroup): OpenToInternet {
  const ranges = mergeRanges(own ?? rangesOf(subnet.prefixes));
  const rules = group.rules.filter((rule) => isUnsettled(rule.direction) || rule.direction === direction);
  const denied: OpenPart[] = [];
  const by: OpenedBy[] = [];
  let open: SecurityRule | undefined;
  for (const rule of rules.toSorted((a, b) => Number(a.priority) - Number(b.priority))) {
    if (isUnsettled(rule.direction) || isUnsettled(rule.access) || isUnsettled(rule.priority)) {
      open ??= rule;
      continue;
    }
    const match = matchOf(reader, { rule, subnet, ranges });
    if (rule.access === 'allow' && match.isOpen) open ??= rule;
    if (match.peers.length === 0 || match.traffic.length === 0) continue;
    if (rule.access === 'deny') {
      if (match.ownAll) denied.push(match);
      continue;
    }
    if (!match.ownSome) continue;
    const parts = without({ peers: match.peers, traffic: match.traffic }, denied);
    if (parts.length > 0) by.push({ rule, parts });
  }
  return { by, ...(open !== undefined && { open }), isUnread: group.unsettled.length > 0 };
}

interface Match extends OpenPart {
  readonly ownAll: boolean;
  readonly ownSome: boolean;
  /** Whether an expression may make it mean more. */
  readonly isOpen: boolean;
}

function matchOf(
  reader: AddressReader,
  { rule, subnet, ranges }: { readonly rule: SecurityRule; readonly subnet: Subnet; readonly ranges: AddressRange[] },
): Match {
  const isIn = rule.direction === 'ingress';
  const peers = reader.ranges(isIn ? rule.sources : rule.destinations, subnet);
  const own = reader.ranges(isIn ? rule.destinations : rule.sources, subnet);
  const traffic = ruleTraffic(rule.protocol, rule.destinationPorts);
  const left = withoutRanges(ranges, own.must);
  const isUnclear = [...rule.sources, ...rule.destinations].some(isExpression) || traffic.doubt === 'cloud-expression';
  return {
    peers: common(PUBLIC, peers.must),
    traffic: meet(traffic.must, ALL_PORTS),
    ownAll: left.length === 0,
    ownSome: sizeOf(left) < sizeOf(ranges) || ranges.length === 0,
    isOpen: isUnclear && mayMean(peers),
  };
}

function isExpression(item: AddressItem): boolean {
  return item.kind === 'unsettled';
}

function mayMean({ may }: RangeSpan): boolean {
  return sizeOf(common(PUBLIC, may)) >= WIDE;
}

/** What is left of a part after all that is denied. */
function without(part: OpenPart, denied: readonly OpenPart[]): OpenPart[] {
  let parts: OpenPart[] = [part];
  for (const { peers, traffic } of denied) {
    parts = parts.flatMap((each): OpenPart[] => [
      { peers: withoutRanges(each.peers, peers), traffic: each.traffic },
      { peers: common(each.peers, peers), traffic: subtract(each.traffic, traffic) },
    ]);
    parts = parts.filter((each) => each.peers.length > 0 && each.traffic.length > 0);
  }
  return parts;
}

function common(a: readonly AddressRange[], b: readonly AddressRange[]): AddressRange[] {
  return withoutRanges(a, withoutRanges(a, b));
}

function sizeOf(ranges: readonly AddressRange[]): bigint {
  return ranges.reduce((sum, { lo, hi }) => sum + (hi - lo + 1n), 0n);
}

// ---------------------------------------------------------------- how far, and what

/** More addresses than one organisation has: a /16, a /32 of IPv6. */
const WIDE = 1n << 16n;
/** As good as the internet: a /8, a /16 of IPv6. */
const INTERNET = 1n << 24n;

/** How much of the internet may use some traffic by what a rule opens. */
export function widthOf({ parts }: OpenedBy, traffic: TrafficSet): 'internet' | 'wide' | 'narrow' | 'none' {
  const peers = mergeRanges(
    parts.filter((part) => meet(part.traffic, traffic).length > 0).flatMap((part) => part.peers),
  );
  if (peers.length === 0) return 'none';
  const size = peers.reduce((sum, range) => sum + weightOf(range), 0n);
  if (size >= INTERNET) return 'internet';
  return size >= WIDE ? 'wide' : 'narrow';
}

/** Addresses of IPv6 count by their networks of 64 bits, in proportion: a /32 as a /16 of IPv4. */
function weightOf({ family, lo, hi }: AddressRange): bigint {
  return family === 4 ? hi - lo + 1n : (hi - lo + 1n) >> 80n;
}

/** Ports by which nodes and machines are administered, or that nodes serve Services on, with what listens there. */
export const GUARDED_PORTS: readonly GuardedPort[] = [
  { name: 'TCP 22 (SSH)', traffic: portTraffic('TCP', 22), of: 'machine' },
  { name: 'TCP 3389 (RDP)', traffic: portTraffic('TCP', 3389), of: 'machine' },
  { name: 'TCP 5985-5986 (WinRM)', traffic: portTraffic('TCP', 5985, 5986), of: 'machine' },
  { name: 'TCP 2379-2380 (etcd)', traffic: portTraffic('TCP', 2379, 2380), of: 'node' },
  { name: 'TCP 10250 (kubelet)', traffic: portTraffic('TCP', 10250), of: 'node' },
  { name: 'TCP 10255 (kubelet, read only)', traffic: portTraffic('TCP', 10255), of: 'node' },
  { name: 'TCP 30000-32767 (node ports)', traffic: portTraffic('TCP', 30000, 32767), of: 'node' },
];

export interface GuardedPort {
  readonly name: string;
  readonly traffic: TrafficSet;
  readonly of: 'machine' | 'node';
}

/** The guarded ports that a rule opens to the internet, and how far. */
export function guardedPortsOf(opened: OpenedBy, ports: readonly GuardedPort[]): { names: string[]; isWhole: boolean } {
  const wide = ports.map((port) => ({ port, width: widthOf(opened, port.traffic) }));
  const hit = wide.filter(({ width }) => width === 'internet' || width === 'wide');
  return { names: hit.map(({ port }) => port.name), isWhole: hit.some(({ width }) => width === 'internet') };
}
