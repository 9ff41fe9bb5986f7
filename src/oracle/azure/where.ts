import {
  type Address,
  type AddressRange,
  type Family,
  isInRange,
  parseAddress,
  parseCidr,
  subtractRanges,
  wholeFamily,
} from '#base/address.ts';
import type { NodePool } from '#model/azure/cluster.ts';
import type { AzureRef } from '#model/azure/entity.ts';
import type { Peering, Subnet } from '#model/azure/network.ts';
import type { Node } from '#model/resource.ts';
import { isNetworkedPod, isNodeTraffic } from '../party.ts';
import {
  type AzureParty,
  type AzureQuestion,
  type End,
  isInAny,
  isPerhaps,
  rangesIn,
  someAddress,
} from './question.ts';

/** 168.63.129.16 answers DHCP, DNS and health probes, 169.254.169.254 is the metadata service: on every host. */
export const PLATFORM = parseCidr('168.63.129.16/32')!.cidr;
export const METADATA = parseCidr('169.254.169.254/32')!.cidr;
/** RFC 1918, 6598, 3927, 4193 and 4291. */
export const PRIVATE: readonly AddressRange[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
].map((text) => parseCidr(text)!.cidr);

export function isPublic(address: Address): boolean {
  return !isInAny(address, [...PRIVATE, PLATFORM]);
}

export function familyOf(party: AzureParty): Family {
  return party.kind === 'address' ? party.address.family : party.family;
}

export function isOfCluster(party: AzureParty): boolean {
  return party.kind === 'pod' || party.kind === 'node';
}

function isPod(party: AzureParty): boolean {
  return party.kind !== 'domain' && isNetworkedPod(party);
}

function isHost(party: AzureParty): boolean {
  return party.kind !== 'domain' && isNodeTraffic(party);
}

// ---------------------------------------------------------------- nodes and pools

/** Where a pod or node is: a listed node, or one that is not listed, of a pool. */
interface Place {
  readonly node: Node | undefined;
  /** Its name, or text that no node has. */
  readonly name: string;
  readonly pool: NodePool;
}

function placeOf(question: AzureQuestion, end: End): Place {
  const party = question[end];
  const name = party.kind === 'node' ? party.name : party.kind === 'pod' ? party.shape.nodeName : undefined;
  if (name !== undefined) return placed(question, name);
  const { snapshot, cluster, world } = question;
  const options = [...snapshot.nodes.map((node) => node.name), ...cluster.pools.map((_, index) => index)];
  const chosen = world.choose(`the node of ${end}`, options);
  if (typeof chosen === 'string') return placed(question, chosen);
  return { node: undefined, name: `unlisted of ${chosen}`, pool: cluster.pools[chosen]! };
}

/** AKS labels its nodes with their pool, and names them after it: `aks-POOL-12345678-vmss000000`. */
function placed(question: AzureQuestion, name: string): Place {
  const { snapshot, cluster, estate, world } = question;
  const node = snapshot.nodes.find((each) => each.name === name);
  const label = node?.labels.get('kubernetes.azure.com/agentpool') ?? node?.labels.get('agentpool');
  const named = label ?? /^aks-([a-z0-9]+)-\d+-vmss/.exec(name)?.[1];
  const byName = cluster.pools.find((pool) => pool.name === named);
  if (byName !== undefined) return { node, name, pool: byName };
  const holding = cluster.pools.filter((pool) => {
    const subnet = estate.subnets.find(({ key }) => key === pool.subnet);
    return node?.addresses.some((text) => isInAny(parseAddress(text)!, rangesIn(subnet?.prefixes ?? []))) ?? false;
  });
  if (holding.length === 1) return { node, name, pool: holding[0]! };
  return { node, name, pool: world.choose(`the pool of ${name}`, cluster.pools) };
}

/** Between ends on one node nothing leaves the node. */
export function isOnOneNode(question: AzureQuestion): boolean {
  if (!isOfCluster(question.from) || !isOfCluster(question.to)) return false;
  const [from, to] = [placeOf(question, 'from'), placeOf(question, 'to')];
  if (from.name !== to.name) return false;
  return from.node !== undefined || !from.name.startsWith('unlisted') || isPerhaps(question, 'both on one node');
}

// ---------------------------------------------------------------- subnets

export function ownNetworks({ cluster, estate }: AzureQuestion): Set<string> {
  const keys = cluster.pools.flatMap(({ subnet, podSubnet }) => [subnet, podSubnet]);
  return new Set(
    keys.flatMap((key) =>
      typeof key === 'string'
        ? (estate.subnets.find((each) => each.key === key)?.network ?? key.split('/subnets/')[0]!)
        : [],
    ),
  );
}

/** Whether a peering carries traffic: both halves are up. Where no state is given, the other half must be written too. */
export function isConnected(question: AzureQuestion, { key, state, network, remote, condition }: Peering): boolean {
  if (typeof state === 'string') return state.toLowerCase() === 'connected';
  const perhaps = () => isPerhaps(question, `peering ${key} is connected`);
  const { estate } = question;
  if (state !== undefined || condition !== undefined || !estate.networks.some((each) => each.key === remote))
    return perhaps();
  const back = estate.peerings.filter((each) => each.network === remote && each.remote === network);
  return back.some((half) => half.state === undefined || `${half.state}`.toLowerCase() === 'connected');
}

/**
 * The subnet that an end stands in: that of a pod's pool for pods, if it has one, else that of its nodes. `unknown`: one
 * that the input does not have. Undefined: in none of the networks around.
 */
export function subnetOf(question: AzureQuestion, end: End): Subnet | 'unknown' | undefined {
  const party = question[end];
  if (party.kind === 'domain') return undefined;
  if (party.kind === 'address') return subnetNear(question, party.address);
  const { pool } = placeOf(question, end);
  return subnetAt(question, isPod(party) ? (pool.podSubnet ?? pool.subnet) : pool.subnet);
}

function subnetAt({ estate }: AzureQuestion, ref: AzureRef | undefined): Subnet | 'unknown' {
  return estate.subnets.find(({ key }) => key === ref) ?? 'unknown';
}

function subnetNear(question: AzureQuestion, address: Address): Subnet | undefined {
  const own = ownNetworks(question);
  const { estate } = question;
  const peers = estate.peerings.filter(({ network, allowAccess }) => own.has(network) && allowAccess !== false);
  const near = new Set<unknown>([...own, ...peers.map(({ remote }) => remote)]);
  return estate.subnets.find(({ network, prefixes }) => near.has(network) && isInAny(address, rangesIn(prefixes)));
}

// ---------------------------------------------------------------- addresses

export type Mode = 'overlay' | 'kubenet' | 'node-subnet' | 'pod-subnet' | 'open';

export function modeOf({ cluster }: AzureQuestion): Mode {
  const { networkPlugin, pluginMode, pools } = cluster;
  if (networkPlugin === 'kubenet') return 'kubenet';
  if (networkPlugin !== 'azure' || (pluginMode !== undefined && typeof pluginMode !== 'string')) return 'open';
  if (pluginMode === 'overlay') return 'overlay';
  const own = pools.filter(({ podSubnet }) => podSubnet !== undefined).length;
  return own === 0 ? 'node-subnet' : own === pools.length ? 'pod-subnet' : 'open';
}

/** The address that an end has of its own. */
export function ownAddress(question: AzureQuestion, end: End): Address {
  const party = question[end];
  if (party.kind === 'domain') return namedAddress(question, party.family);
  if (party.kind === 'address' || party.address !== undefined) return party.address!;
  if (isHost(party)) return nodeAddress(question, end);
  return someAddress(question, `the address of ${end}`, podRanges(question, end));
}

function podRanges(question: AzureQuestion, end: End): readonly AddressRange[] {
  const family = familyOf(question[end]);
  const mode = modeOf(question);
  const subnet = subnetOf(question, end);
  const inSubnet = typeof subnet === 'object' ? rangesIn(subnet.prefixes) : anywhere(family);
  const inOverlay = rangesIn(question.cluster.podCidrs);
  const all =
    mode === 'overlay' || mode === 'kubenet' ? inOverlay : mode === 'open' ? [...inOverlay, ...inSubnet] : inSubnet;
  const own = all.filter((range) => range.family === family);
  return own.length > 0 ? own : anywhere(family);
}

/** No pod has an address of the platform. */
function anywhere(family: Family): readonly AddressRange[] {
  return subtractRanges(wholeFamily(family), [PLATFORM, METADATA]);
}

/** Of a listed node with addresses one that is in its subnet; of another one, any of the subnet. */
function nodeAddress(question: AzureQuestion, end: End): Address {
  const family = familyOf(question[end]);
  const { node, pool } = placeOf(question, end);
  const subnet = subnetAt(question, pool.subnet);
  const ranges = subnet === 'unknown' ? [] : rangesIn(subnet.prefixes).filter((range) => range.family === family);
  const known = (node?.addresses ?? []).map((text) => parseAddress(text)!).filter((each) => each.family === family);
  const inside = known.filter((address) => isInAny(address, ranges));
  const options = inside.length > 0 ? inside : known;
  if (options.length > 0) return question.world.choose(`the address of the node of ${end}`, options);
  return someAddress(question, `the address of the node of ${end}`, ranges.length > 0 ? ranges : anywhere(family));
}

function namedAddress(question: AzureQuestion, family: Family): Address {
  const { estate } = question;
  const own = rangesIn(estate.publicIps.flatMap(({ address }) => address ?? []));
  const everywhere = [0n, ...question.cuts[family]].map((value): Address => ({ family, value }));
  return question.world.choose(
    'the address behind the name',
    everywhere.filter((address) => isPublic(address) && !isInAny(address, own)),
  );
}

/**
 * The address that a packet carries between nodes. Pods keep their own among pods; what else they keep it for is the mode's:
 * node subnet inside of the network, pod subnet everywhere, overlay and kubenet nowhere.
 */
export function wireAddress(question: AzureQuestion): Address {
  const { from, to } = question;
  if (!isPod(from)) return ownAddress(question, 'from');
  const isKept = isPod(to) || keepsAddress(question);
  return isKept ? ownAddress(question, 'from') : nodeAddress(question, 'from');
}

function keepsAddress(question: AzureQuestion): boolean {
  switch (modeOf(question)) {
    case 'overlay':
    case 'kubenet':
      return false;
    case 'node-subnet':
      return isOfCluster(question.to) || isInOwnNetwork(question, ownAddress(question, 'to'));
    case 'pod-subnet':
      return true;
    case 'open':
      return isPerhaps(question, 'pods keep their addresses');
  }
}

function isInOwnNetwork(question: AzureQuestion, address: Address): boolean {
  const own = ownNetworks(question);
  return question.estate.networks.some(({ key, prefixes }) => own.has(key) && isInAny(address, rangesIn(prefixes)));
}

export function isOverlaid(question: AzureQuestion, address: Address): boolean {
  const mode = modeOf(question);
  if (mode !== 'overlay' && mode !== 'kubenet') return false;
  return rangesIn(question.cluster.podCidrs).some((range) => isInRange(address, range));
}
