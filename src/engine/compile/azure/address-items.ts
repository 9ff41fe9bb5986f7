import { type AddressRange, HIGHEST, parseCidr, wholeFamily } from '#base/address.ts';
import { remembered } from '#base/remembered.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { Peering, Subnet } from '#model/azure/network.ts';
import type { ReasonCode } from '#model/reason.ts';
import { networkModeOf } from './network-mode.ts';
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
import { type AzureView, follow, isKey } from './view.ts';

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

/** Networks and subnets of a network group, or interfaces of an application security group. */
function groupRanges(view: AzureView, key: string): RangeSpan {
  const group = view.estate.networkGroups.find((each) => each.key === key);
  if (group === undefined) return interfaceRanges(view, key);
  const known = group.members.map((member) => (isKey(member) ? prefixesOf(view, member) : undefined));
  const exact = exactRanges(known.flatMap((ranges) => ranges ?? []));
  if (!group.isOpen && known.every((ranges) => ranges !== undefined)) return exact;
  return { must: exact.must, may: EVERYWHERE.may, reasons: ['security-group-members'] };
}

function prefixesOf({ networks, subnets }: AzureView, key: string): AddressRange[] | undefined {
  const found = networks.get(key) ?? subnets.get(key);
  return found === undefined ? undefined : rangesOf(found.prefixes);
}

/**
 * Members of unknown address, and nodes of pools that say so, have one somewhere in their subnet. A group of which the
 * input shows no member has some that the input lacks, anywhere in the networks.
 */
function interfaceRanges(view: AzureView, key: string): RangeSpan {
  const { estate, cluster, networks } = view;
  const own = estate.interfaces
    .flatMap(({ configurations }) => configurations)
    .filter((each) => each.groups.includes(key));
  const pools = cluster.pools.filter(({ groups }) => groups.includes(key));
  const unknown = own.filter(({ privateAddress }) => privateAddress?.kind !== 'range');
  const subnets = [...unknown, ...pools].flatMap(({ subnet }) =>
    isKey(subnet) ? (prefixesOf(view, subnet) ?? []) : [],
  );
  const known = exactRanges(rangesOf(own.flatMap(({ privateAddress }) => privateAddress ?? [])));
  const all =
    own.length + pools.length > 0 ? subnets : [...networks.values()].flatMap(({ prefixes }) => rangesOf(prefixes));
  return all.length === 0 ? known : uniteRanges([known, perhapsRanges(all, 'security-group-members')]);
}

// ---------------------------------------------------------------- service tags

export const PLATFORM = range('168.63.129.16/32');
const METADATA = range('169.254.169.254/32');
/** Where every host finds DHCP, DNS, health probes, and its metadata. */
export const PLATFORM_ADDRESSES: readonly AddressRange[] = [PLATFORM, METADATA];
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
      return internetRanges(view, subnet);
    case 'azureloadbalancer':
      return exactRanges([PLATFORM]);
    case 'azureplatformdns':
      return exactRanges([PLATFORM]);
    case 'azureplatformimds':
      return exactRanges([METADATA]);
    default:
      return publishedRanges(view, tag);
  }
}

/**
 * "The virtual network address space, all connected on-premises address spaces, peered virtual networks, the virtual IP
 * address of the host, and address prefixes used on user-defined routes" (service tags overview). Whether pods of an overlay
 * belong to it is not documented.
 */
export function virtualNetworkRanges(view: AzureView, subnet: Subnet | undefined): RangeSpan {
  const inside = networkRanges(view, subnet);
  const routed = routedRanges(view, subnet);
  return uniteRanges([inside, routed]);
}

function networkRanges(view: AzureView, subnet: Subnet | undefined): RangeSpan {
  const { estate, own, cluster } = view;
  const homes = subnet === undefined ? [...own] : [subnet.network];
  const peerings = estate.peerings.filter(({ network }) => homes.includes(network));
  const mode = networkModeOf(cluster);
  const local = rangesOf(estate.localNetworks.flatMap(({ prefixes }) => prefixes));
  return uniteRanges([
    exactRanges([PLATFORM]),
    ...homes.map((key) => spaceOf(view, key)),
    ...peerings.map((peering) => peeredRanges(view, peering)),
    ...(hasGateway(view, homes) ? [perhapsRanges([...PRIVATE, ...local], 'gateway-routes')] : []),
    ...(mode === 'overlay' || mode === 'kubenet' ? [perhapsRanges(rangesOf(cluster.podCidrs), 'cloud-group')] : []),
  ]);
}

/** A network that the input does not have holds its known subnets, and perhaps other private addresses. */
function spaceOf({ networks, subnets }: AzureView, key: string): RangeSpan {
  const network = networks.get(key);
  if (network !== undefined) return exactRanges(rangesOf(network.prefixes));
  const known = [...subnets.values()]
    .filter((each) => each.network === key)
    .flatMap(({ prefixes }) => rangesOf(prefixes));
  return {
    must: exactRanges(known).must,
    may: exactRanges([...known, ...PRIVATE]).must,
    reasons: ['cloud-resource-missing'],
  };
}

/** Without access a peered network leaves the tag; one that is not connected was never in it. */
function peeredRanges(view: AzureView, peering: Peering): RangeSpan {
  const { allowAccess, remote, remotePrefixes } = peering;
  const state = view.peeringStates.get(peering) ?? 'down';
  if (allowAccess === false || state === 'down') return NO_RANGES;
  const ranges =
    remotePrefixes.length > 0
      ? exactRanges(rangesOf(remotePrefixes))
      : isKey(remote)
        ? spaceOf(view, remote)
        : perhapsRanges(PRIVATE, 'cloud-expression');
  if (allowAccess === true && state === 'up') return ranges;
  return { must: [], may: ranges.may, reasons: [state === 'up' ? 'cloud-expression' : state] };
}

/** "This tag might also contain default routes." */
function routedRanges(view: AzureView, subnet: Subnet | undefined): RangeSpan {
  if (subnet?.routeTable === undefined) return NO_RANGES;
  const table = follow(subnet.routeTable, view.routeTables);
  if (table === 'missing') return perhapsRanges(EVERYWHERE.may, 'cloud-resource-missing');
  if (table === 'open' || table.unsettled.length > 0) return perhapsRanges(EVERYWHERE.may, 'cloud-expression');
  const prefixes = table.routes.map(({ prefix }) => prefix);
  const ranges = rangesOf(prefixes);
  const tags = prefixes
    .filter(({ kind }) => kind === 'tag')
    .map((item) => publishedRanges(view, item.kind === 'tag' ? item.tag : ''));
  return uniteRanges([
    exactRanges(ranges.filter((each) => !isDefaultRoute(each))),
    ...ranges.filter(isDefaultRoute).map((each) => perhapsRanges([each], 'default-route-tag')),
    ...tags.map(({ may }) => perhapsRanges(may, 'service-tag')),
    ...(prefixes.some(({ kind }) => kind === 'unsettled') ? [perhapsRanges(EVERYWHERE.may, 'cloud-expression')] : []),
  ]);
}

function isDefaultRoute({ family, lo, hi }: AddressRange): boolean {
  return lo === 0n && hi === HIGHEST[family];
}

/** Whether one of these networks has a gateway, or uses that of a network that it is peered with. */
export function hasGateway({ estate, subnets }: AzureView, homes: readonly string[]): boolean {
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

/**
 * "Outside the virtual network and reachable by the public internet". Whether public addresses that routes name count is
 * not documented; default routes do not change it.
 */
function internetRanges(view: AzureView, subnet: Subnet | undefined): RangeSpan {
  const inside = networkRanges(view, subnet);
  const routed = routedRanges(view, subnet);
  const whole = [wholeFamily(4), wholeFamily(6)];
  return {
    must: withoutRanges(whole, [...inside.may, ...routed.must, ...PRIVATE]),
    may: withoutRanges(whole, [...inside.must, ...PRIVATE]),
    reasons: [
      ...new Set<ReasonCode>([...inside.reasons, ...(routed.must.length > 0 ? (['cloud-group'] as const) : [])]),
    ],
  };
}

/** By the list that Azure publishes, where the input has it; public addresses, some of them, where not. */
function publishedRanges({ estate }: AzureView, tag: string): RangeSpan {
  const known = estate.serviceTags.get(tag.toLowerCase());
  if (known !== undefined) return exactRanges(known);
  return perhapsRanges(withoutRanges([wholeFamily(4), wholeFamily(6)], [...PRIVATE, PLATFORM]), 'service-tag');
}

function range(text: string): AddressRange {
  const cidr = parseCidr(text)?.cidr;
  if (cidr === undefined) throw new Error(`${text} is no CIDR`);
  return cidr;
}
