import { type AddressRange, type Cidr, cidrOf, formatAddress, parseCidr } from '#base/address.ts';
import type { Choices } from '../choices/choices.ts';

/** A range of addresses as text, `10.40.0.0/26`, and what it is for. */
export interface PlannedSubnet {
  readonly name: string;
  readonly prefix: string;
}

export interface PlannedNetwork {
  readonly prefix: string;
  readonly subnets: readonly PlannedSubnet[];
}

export interface AddressPlan {
  /** Firewall, Bastion, gateways. The same network as the spoke where one network is chosen. */
  readonly hub: PlannedNetwork;
  readonly spoke: PlannedNetwork;
  /** Of the firewall: the first address of its subnet that Azure leaves free. */
  readonly firewall: string;
  /** Of the internal load balancer of the way in. */
  readonly wayIn: string;
  /** Of the private face of the edge; absent where nothing stands in a subnet of its own before the cluster. */
  readonly edge?: string;
  /** `10.250.0.10`, the tenth address of Services, as AKS has it. */
  readonly dns: string;
}

/** Azure keeps five addresses of each subnet for itself (virtual networks, frequently asked questions). */
const KEPT_BY_AZURE = 5;
/** Nodes of the pool for the cluster's own pods. */
export const SYSTEM_NODES = 3;
/** An upgrade adds a third of the nodes before it takes old ones away (AKS, `maxSurge: 33%`). */
const SURGE = 1.34;
/** Each node takes a /24 of the pods' range (Azure CNI Overlay). */
const PODS_OF_NODE = 24;

/** Sizes of subnets are those that each service's documentation asks for, as lengths of prefixes. */
export function subnetsOf(choices: Choices): { readonly hub: readonly Wanted[]; readonly spoke: readonly Wanted[] } {
  const hub: Wanted[] = [{ name: 'AzureFirewallSubnet', length: 26 }];
  if (choices.paid.bastion) hub.push({ name: 'AzureBastionSubnet', length: 26 });
  if (choices.onPremises.link !== 'none') hub.push({ name: 'GatewaySubnet', length: 27 });
  const spoke: Wanted[] = [
    { name: 'snet-system', length: lengthFor(SYSTEM_NODES * SURGE) },
    { name: 'snet-nodes', length: lengthFor(choices.nodes * SURGE) },
    { name: 'snet-endpoints', length: 26 },
    { name: 'snet-balancer', length: 27 },
  ];
  if (choices.apiServer === 'vnet-integration') spoke.push({ name: 'snet-apiserver', length: 27 });
  if (choices.wayIn !== 'none' && choices.waf !== 'front-door') spoke.push({ name: 'snet-edge', length: 24 });
  if (choices.apiGateway) spoke.push({ name: 'snet-gateway', length: 27 });
  return { hub, spoke };
}

export interface Wanted {
  readonly name: string;
  readonly length: number;
}

/** undefined: the range is too small; `neededLength` says what would do. */
export function addressPlan(choices: Choices): AddressPlan | undefined {
  const range = parseCidr(choices.addresses.network)!.cidr;
  const { hub, spoke } = subnetsOf(choices);
  const networks = choices.topology === 'single' ? [[...hub, ...spoke]] : [hub, spoke];
  const placed = placedIn(range, networks.map(lengthOfAll));
  if (placed === undefined) return undefined;
  const planned = networks.map((subnets, index) => plannedNetwork(placed[index]!, subnets));
  const [first, last] = [planned[0]!, planned.at(-1)!];
  const subnet = (network: PlannedNetwork, name: string) =>
    parseCidr(network.subnets.find((each) => each.name === name)!.prefix)!.cidr;
  return {
    hub: first,
    spoke: last,
    firewall: addressIn(subnet(first, 'AzureFirewallSubnet'), 4),
    wayIn: addressIn(subnet(last, 'snet-balancer'), 10),
    ...(last.subnets.some(({ name }) => name === 'snet-edge') && { edge: addressIn(subnet(last, 'snet-edge'), 10) }),
    dns: addressIn(parseCidr(choices.addresses.services)!.cidr, 10),
  };
}

/** The longest prefix whose range takes every subnet. */
export function neededLength(choices: Choices): number {
  const { hub, spoke } = subnetsOf(choices);
  if (choices.topology === 'single') return lengthOfAll([...hub, ...spoke]);
  return Math.min(lengthOfAll(hub), lengthOfAll(spoke)) - 1;
}

/** The longest prefix for pods that has a /24 for each node while nodes are replaced. */
export function neededPodsLength({ nodes }: Choices): number {
  const most = Math.ceil((nodes + SYSTEM_NODES) * SURGE);
  return PODS_OF_NODE - Math.ceil(Math.log2(most));
}

export function subnetPrefix(network: PlannedNetwork, name: string): string {
  const found = network.subnets.find((subnet) => subnet.name === name);
  if (found === undefined) throw new Error(`no subnet ${name} was planned`);
  return found.prefix;
}

/** Of both pools. */
export function nodePrefixes({ spoke }: AddressPlan): readonly string[] {
  return ['snet-system', 'snet-nodes'].map((name) => subnetPrefix(spoke, name));
}

/** Addresses that what runs in the cluster has on the wire: of its nodes, in Azure or on premises. */
export function clusterPrefixes({
  choices,
  addresses,
}: {
  readonly choices: Choices;
  readonly addresses: AddressPlan;
}): readonly string[] {
  return choices.platform === 'aks' ? nodePrefixes(addresses) : choices.onPremises.ranges;
}

function lengthFor(nodes: number): number {
  return Math.min(27, 32 - Math.ceil(Math.log2(Math.ceil(nodes) + KEPT_BY_AZURE)));
}

/** Sizes of ranges are powers of two, so that the largest first leave no hole. */
function lengthOfAll(subnets: readonly Wanted[]): number {
  const total = subnets.reduce((sum, { length }) => sum + 2 ** (32 - length), 0);
  return 32 - Math.ceil(Math.log2(total));
}

/** Ranges of the lengths, side by side, the largest first; undefined where they do not fit. */
function placedIn(range: Cidr, lengths: readonly number[]): readonly Cidr[] | undefined {
  const order = [...lengths.keys()].sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  const placed: Cidr[] = [];
  let next = range.lo;
  for (const index of order) {
    const length = lengths[index]!;
    const end = next + (1n << BigInt(32 - length)) - 1n;
    if (length < range.length || end > range.hi) return undefined;
    placed[index] = cidrOf({ family: range.family, value: next }, length);
    next = end + 1n;
  }
  return placed;
}

function plannedNetwork(range: Cidr, subnets: readonly Wanted[]): PlannedNetwork {
  const placed = placedIn(
    range,
    subnets.map(({ length }) => length),
  );
  return {
    prefix: cidrText(range),
    subnets: subnets.map(({ name }, index) => ({ name, prefix: cidrText(placed![index]!) })),
  };
}

function cidrText(cidr: Cidr): string {
  return `${formatAddress({ family: cidr.family, value: cidr.lo })}/${cidr.length}`;
}

function addressIn(range: AddressRange, offset: number): string {
  return formatAddress({ family: range.family, value: range.lo + BigInt(offset) });
}
