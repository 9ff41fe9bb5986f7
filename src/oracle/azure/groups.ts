import { type Address, isInRange } from '#base/address.ts';
import type { AddressItem, AzureRef } from '#model/azure/entity.ts';
import type { Peering, Subnet } from '#model/azure/network.ts';
import { type AzureQuestion, isInAny, isPerhaps, rangesIn } from './question.ts';
import { isConnected, isOverlaid, isPublic, METADATA, ownNetworks, PLATFORM, PRIVATE } from './where.ts';

/** Whether what a rule names holds an address. `subnet`: where the rule applies; undefined: at any of the cluster. */
export function holds(question: AzureQuestion, item: AddressItem, at: At): boolean {
  const { address } = at;
  switch (item.kind) {
    case 'any':
      return true;
    case 'range':
      return isInRange(address, item.range);
    case 'tag':
      return isInTag(question, item.tag.toLowerCase(), at);
    case 'asg':
      return isInGroup(question, item.key, address);
    case 'unsettled':
      return isPerhaps(question, `unsettled ${item.value.expression} holds ${address.value}`);
    default:
      return false;
  }
}

export interface At {
  readonly address: Address;
  readonly subnet: Subnet | undefined;
}

function isInTag(question: AzureQuestion, tag: string, at: At): boolean {
  const { address } = at;
  switch (tag) {
    case 'virtualnetwork':
      return isInVirtualNetwork(question, at);
    case 'internet':
      return isInternet(question, at);
    case 'azureloadbalancer':
    case 'azureplatformdns':
      return isInRange(address, PLATFORM);
    case 'azureplatformimds':
      return isInRange(address, METADATA);
    default: {
      const known = question.estate.serviceTags.get(tag);
      if (known !== undefined) return isInAny(address, known);
      return isPublic(address) && isPerhaps(question, `${tag} holds ${address.value}`);
    }
  }
}

// ---------------------------------------------------------------- VirtualNetwork and Internet

/**
 * "The virtual network address space, all connected on-premises address spaces, peered virtual networks, the virtual IP
 * address of the host, and address prefixes used on user-defined routes. This tag might also contain default routes."
 */
function isInVirtualNetwork(question: AzureQuestion, at: At): boolean {
  const { address, subnet } = at;
  if (isInNetworks(question, at)) return true;
  const table = question.estate.routeTables.find(({ key }) => key === subnet?.routeTable);
  if (subnet?.routeTable !== undefined && (table === undefined || table.unsettled.length > 0))
    return isPerhaps(question, `a route that is not known has ${address.value}`);
  return (table?.routes ?? []).some(({ prefix, name }) => {
    if (prefix.kind === 'range')
      return (
        isInRange(address, prefix.range) && (isLong(prefix.range) || isPerhaps(question, 'the tag has default routes'))
      );
    if (prefix.kind === 'unsettled') return isPerhaps(question, `route ${name} has ${address.value}`);
    return holds(question, prefix, at) && isPerhaps(question, 'the tag has tags of routes');
  });
}

function isLong({ lo, hi, family }: { readonly lo: bigint; readonly hi: bigint; readonly family: 4 | 6 }): boolean {
  return hi - lo + 1n < 1n << (family === 4 ? 32n : 128n);
}

/** Without routes of the subnet. */
function isInNetworks(question: AzureQuestion, { address, subnet }: At): boolean {
  if (isInRange(address, PLATFORM)) return true;
  const homes = subnet === undefined ? ownNetworks(question) : new Set([subnet.network]);
  const { estate } = question;
  const within = (key: string) => networkHolds(question, key, address);
  if ([...homes].some(within)) return true;
  if (isOverlaid(question, address) && isPerhaps(question, 'VirtualNetwork holds pods of the overlay')) return true;
  const peered = estate.peerings.filter(({ network }) => homes.has(network));
  if (peered.some((peering) => isPeerOf(question, peering, address))) return true;
  return hasGateway(question, homes) && isBehindGateway(question, address);
}

function isPeerOf(question: AzureQuestion, peering: Peering, address: Address): boolean {
  const { allowAccess, key, remote, remotePrefixes } = peering;
  const holdsIt =
    remotePrefixes.length > 0
      ? isInAny(address, rangesIn(remotePrefixes))
      : typeof remote === 'string'
        ? networkHolds(question, remote, address)
        : isInAny(address, PRIVATE) && isPerhaps(question, `peering ${key} has ${address.value}`);
  if (!holdsIt) return false;
  if (typeof allowAccess !== 'boolean' && !isPerhaps(question, `peering ${key} lets through`)) return false;
  return allowAccess !== false && isConnected(question, peering);
}

/** A network that the input does not have holds its known subnets, and perhaps any private address. */
function networkHolds(question: AzureQuestion, key: string, address: Address): boolean {
  const { networks, subnets } = question.estate;
  const network = networks.find((each) => each.key === key);
  if (network !== undefined) return isInAny(address, rangesIn(network.prefixes));
  const known = subnets.filter((each) => each.network === key).flatMap(({ prefixes }) => rangesIn(prefixes));
  return (
    isInAny(address, known) || (isInAny(address, PRIVATE) && isPerhaps(question, `network ${key} has ${address.value}`))
  );
}

export function hasGateway({ estate }: AzureQuestion, homes: ReadonlySet<string>): boolean {
  const remote = estate.peerings.filter(
    ({ network, useRemoteGateways }) => homes.has(network) && useRemoteGateways !== false,
  );
  const used = new Set<unknown>([...homes, ...remote.map((each) => each.remote)]);
  return estate.gateways.some(({ subnet }) => typeof subnet === 'string' && used.has(subnet.split('/subnets/')[0]));
}

/** What a gateway learned is not in the input. It learns no default route, and public addresses only as written down. */
export function isBehindGateway(question: AzureQuestion, address: Address): boolean {
  const written = question.estate.localNetworks.flatMap(({ prefixes }) => rangesIn(prefixes));
  return isInAny(address, [...PRIVATE, ...written]) && isPerhaps(question, `a gateway leads to ${address.value}`);
}

/** Public addresses outside of the networks. Whether one that a route names counts is open. */
function isInternet(question: AzureQuestion, at: At): boolean {
  if (!isPublic(at.address) || isInNetworks(question, at)) return false;
  const table = question.estate.routeTables.find(({ key }) => key === at.subnet?.routeTable);
  const isRouted = (table?.routes ?? []).some(
    ({ prefix }) => prefix.kind === 'range' && isLong(prefix.range) && isInRange(at.address, prefix.range),
  );
  return !isRouted || isPerhaps(question, 'Internet holds what routes name');
}

// ---------------------------------------------------------------- groups

/** A network group holds the addresses of its members, an application security group those of its interfaces. */
function isInGroup(question: AzureQuestion, key: string, address: Address): boolean {
  const { estate } = question;
  const group = estate.networkGroups.find((each) => each.key === key);
  if (group !== undefined) {
    const inside = group.members.some((member) => isMemberAddress(question, member, address));
    return inside || (group.isOpen && isPerhaps(question, `group ${key} holds ${address.value}`));
  }
  return isInApplicationGroup(question, key, address);
}

function isMemberAddress(question: AzureQuestion, member: AzureRef, address: Address): boolean {
  const { networks, subnets } = question.estate;
  const found = [...networks, ...subnets].find((each) => each.key === member);
  if (found !== undefined) return isInAny(address, rangesIn(found.prefixes));
  return isPerhaps(
    question,
    `member ${typeof member === 'string' ? member : member.expression} holds ${address.value}`,
  );
}

/** A group without a member in the input has some that the input lacks: interfaces of the networks around. */
function isInApplicationGroup(question: AzureQuestion, key: string, address: Address): boolean {
  const { estate, cluster } = question;
  const prefixesOf = (ref: unknown) => rangesIn(estate.subnets.find((each) => each.key === ref)?.prefixes ?? []);
  const all = estate.interfaces.flatMap(({ configurations }) => configurations);
  const own = all.filter(({ groups }) => groups.includes(key));
  const pools = cluster.pools.filter(({ groups }) => groups.includes(key));
  const known = own.flatMap(({ privateAddress }) => (privateAddress === undefined ? [] : rangesIn([privateAddress])));
  if (isInAny(address, known)) return true;
  const perhaps = [
    ...own.filter(({ privateAddress }) => privateAddress?.kind !== 'range').flatMap(({ subnet }) => prefixesOf(subnet)),
    ...pools.flatMap(({ subnet }) => prefixesOf(subnet)),
    ...(own.length + pools.length === 0 ? estate.networks.flatMap(({ prefixes }) => rangesIn(prefixes)) : []),
  ];
  return isInAny(address, perhaps) && isPerhaps(question, `${address.value} is in ${key}`);
}
