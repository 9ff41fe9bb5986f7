import { type AddressRange, HIGHEST, parseCidr, wholeFamily } from '#base/address.ts';
import { remembered } from '#base/remembered.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { Subnet } from '#model/azure/network.ts';
import type { ReasonCode } from '#model/reason.ts';
import {
  EVERYWHERE,
  exactRanges,
  NO_RANGES,
  perhapsRanges,
  type RangeSpan,
  uniteRanges,
  withoutRanges,
} from './ranges.ts';
import { rangesOf } from './siting.ts';
import { type AzureView, isKey } from './view.ts';

/** Turns what rules name into addresses, as it stands for one subnet. */
export interface AddressReader {
  /** `subnet` settles what `VirtualNetwork` and `Internet` mean there; undefined: anywhere in the cluster's networks. */
  ranges(items: readonly AddressItem[], subnet?: Subnet): RangeSpan;
}

export function addressReaderOf(view: AzureView): AddressReader {
  const tags = new Map<string, RangeSpan>();
  const groups = new Map<string, RangeSpan>();
  return { ranges };

  function ranges(items: readonly AddressItem[], subnet?: Subnet): RangeSpan {
    return items.length === 0 ? NO_RANGES : uniteRanges(items.map((item) => rangesOfItem(item, subnet)));
  }

  function rangesOfItem(item: AddressItem, subnet: Subnet | undefined): RangeSpan {
    switch (item.kind) {
      case 'any':
        return EVERYWHERE;
      case 'range':
        return exactRanges([item.range]);
      case 'tag':
        return remembered(tags, `${item.tag.toLowerCase()} ${subnet?.key ?? ''}`, () =>
          tagRanges(view, item.tag, subnet),
        );
      case 'asg':
        return remembered(groups, item.key, () => groupRanges(view, item.key));
      case 'ip-group':
        return remembered(groups, item.key, () => ipGroupRanges(view, item.key, ranges));
      case 'unsettled':
        return { ...EVERYWHERE, must: [], reasons: ['cloud-expression'] };
      case 'name':
      case 'pods':
      case 'invalid':
        return NO_RANGES;
    }
  }
}

/** Equal for items that stand for the same addresses. */
export function keyOfItem(item: AddressItem): string {
  switch (item.kind) {
    case 'range':
      return `${item.range.family}:${item.range.lo}-${item.range.hi}`;
    case 'tag':
      return `tag:${item.tag}`;
    case 'asg':
    case 'ip-group':
    case 'pods':
      return `${item.kind}:${item.key}`;
    case 'name':
      return `name:${item.name}`;
    case 'any':
    case 'unsettled':
    case 'invalid':
      return item.kind;
  }
}

function ipGroupRanges({ estate }: AzureView, key: string, ranges: AddressReader['ranges']): RangeSpan {
  const group = estate.ipGroups.find((each) => each.key === key);
  return group === undefined
    ? { ...EVERYWHERE, must: [], reasons: ['cloud-resource-missing'] }
    : ranges(group.addresses);
}

/**
 * Interfaces that are members of an application security group, or networks and subnets of a network group. Nodes of a
 * pool are members where the pool says so, with an address somewhere in its subnet.
 */
function groupRanges({ estate, networks, subnets, cluster }: AzureView, key: string): RangeSpan {
  const group = estate.networkGroups.find((each) => each.key === key);
  if (group !== undefined) {
    const members = group.members.filter(isKey);
    const prefixes = members.flatMap((member) =>
      rangesOf((networks.get(member) ?? subnets.get(member))?.prefixes ?? []),
    );
    const exact = exactRanges(prefixes);
    return group.isOpen || members.length < group.members.length
      ? { must: exact.must, may: EVERYWHERE.may, reasons: ['security-group-members'] }
      : exact;
  }
  const known = estate.interfaces.flatMap(({ configurations }) =>
    configurations.filter(({ groups }) => groups.includes(key)).flatMap(({ privateAddress }) => privateAddress ?? []),
  );
  const pools = cluster.pools.filter(({ groups }) => groups.includes(key));
  const perhaps = pools.flatMap(({ subnet }) => (isKey(subnet) ? rangesOf(subnets.get(subnet)?.prefixes ?? []) : []));
  const members = exactRanges(rangesOf(known));
  return perhaps.length === 0 ? members : uniteRanges([members, perhapsRanges(perhaps, 'security-group-members')]);
}

// ---------------------------------------------------------------- service tags

export const PLATFORM = range('168.63.129.16/32');
const METADATA = range('169.254.169.254/32');
/** What is no address of the internet (RFC 1918, 6598, 3927, 4193, 4291). */
export const PRIVATE: readonly AddressRange[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
].map(range);

function tagRanges(view: AzureView, tag: string, subnet: Subnet | undefined): RangeSpan {
  switch (tag.toLowerCase()) {
    case 'virtualnetwork':
      return virtualNetworkRanges(view, subnet);
    case 'internet':
      return internetRanges(virtualNetworkRanges(view, subnet));
    case 'azureloadbalancer':
      return exactRanges([PLATFORM]);
    case 'azureplatformdns':
    case 'azureplatformlkm':
      return exactRanges([PLATFORM]);
    case 'azureplatformimds':
      return exactRanges([METADATA]);
    default:
      return publishedRanges(view, tag);
  }
}

/**
 * "The virtual network address space, all connected on-premises address spaces, peered virtual networks, virtual networks
 * connected to a virtual network gateway, the virtual IP address of the host, and address prefixes used on user-defined
 * routes" (service tags overview). What a gateway learned is not in any input: with a gateway more may belong.
 */
export function virtualNetworkRanges(view: AzureView, subnet: Subnet | undefined): RangeSpan {
  const { networks, estate, own } = view;
  const homes = subnet === undefined ? [...own] : [subnet.network];
  const peerings = estate.peerings.filter(
    ({ network, allowAccess }) => homes.includes(network) && allowAccess === true,
  );
  const unsure = estate.peerings.some(
    ({ network, allowAccess }) => homes.includes(network) && typeof allowAccess !== 'boolean',
  );
  const table = isKey(subnet?.routeTable) ? view.routeTables.get(subnet.routeTable) : undefined;
  const routed = rangesOf(table?.routes.map(({ prefix }) => prefix) ?? []);
  const gateways = hasGateway(view, homes);
  const exact = exactRanges([
    PLATFORM,
    ...homes.flatMap((key) => rangesOf(networks.get(key)?.prefixes ?? [])),
    ...peerings.flatMap(({ remote, remotePrefixes }) =>
      remotePrefixes.length > 0
        ? rangesOf(remotePrefixes)
        : isKey(remote)
          ? rangesOf(networks.get(remote)?.prefixes ?? [])
          : [],
    ),
    ...(gateways ? estate.localNetworks.flatMap(({ prefixes }) => rangesOf(prefixes)) : []),
    ...routed.filter((range) => !isDefaultRoute(range)),
  ]);
  const missing = homes.some((key) => !networks.has(key));
  const reasons: ReasonCode[] = [];
  if (gateways) reasons.push('gateway-routes');
  if (missing) reasons.push('cloud-resource-missing');
  if (unsure) reasons.push('cloud-expression');
  const more = reasons.length > 0 ? PRIVATE : [];
  const defaults = routed.filter(isDefaultRoute);
  if (defaults.length > 0) reasons.push('default-route-tag');
  if (reasons.length === 0) return exact;
  return { must: exact.must, may: exactRanges([...exact.must, ...more, ...defaults]).may, reasons };
}

/** "This tag might also contain default routes" (service tags overview). */
function isDefaultRoute({ family, lo, hi }: AddressRange): boolean {
  return lo === 0n && hi === HIGHEST[family];
}

function hasGateway({ estate, subnets }: AzureView, homes: readonly string[]): boolean {
  const used = new Set([
    ...homes,
    ...estate.peerings
      .filter(({ network, useRemoteGateways }) => homes.includes(network) && useRemoteGateways !== false)
      .map(({ remote }) => remote)
      .filter(isKey),
  ]);
  return estate.gateways.some(
    ({ subnet }) => isKey(subnet) && used.has(subnets.get(subnet)?.network ?? subnet.split('/subnets/')[0]!),
  );
}

/** The tag that Azure publishes for "outside the virtual network and reachable by the public internet". */
function internetRanges(inside: RangeSpan): RangeSpan {
  const whole = [wholeFamily(4), wholeFamily(6)];
  return {
    must: withoutRanges(whole, [...inside.may, ...PRIVATE]),
    may: withoutRanges(whole, [...inside.must, ...PRIVATE]),
    reasons: inside.reasons,
  };
}

/** By the list that Azure publishes, where the input has it; public addresses, some of them, where not. */
function publishedRanges({ estate }: AzureView, tag: string): RangeSpan {
  const known = estate.serviceTags.get(tag.toLowerCase());
  if (known !== undefined) return exactRanges(known);
  return perhapsRanges(withoutRanges([wholeFamily(4), wholeFamily(6)], PRIVATE), 'service-tag');
}

function range(text: string): AddressRange {
  const cidr = parseCidr(text)?.cidr;
  if (cidr === undefined) throw new Error(`${text} is no CIDR`);
  return cidr;
}
