import { type Address, type AddressRange, isInRange, wholeFamily } from '#base/address.ts';
import type { PrivateEndpoint, Route, RouteTable, Subnet } from '#model/azure/network.ts';
import { isPlatform } from './flow-rules.ts';
import { hasGateway, isBehindGateway } from './groups.ts';
import { type AzureQuestion, isInAny, isPerhaps, rangesIn } from './question.ts';
import { isConnected, isOfCluster, isPublic, modeOf, ownAddress, PRIVATE, subnetOf } from './where.ts';

/** Where a subnet may send a packet. */
interface Candidate {
  readonly range: AddressRange;
  /** `out`: to the internet; `filtered`: to something whose word is not in the input. */
  readonly hop: 'deliver' | 'drop' | 'out' | 'filtered';
  /** User-defined 0, of tags 1, of a gateway 2, of the system 3. */
  readonly rank: number;
}

/** Whether the routes of the sender's subnet lead a packet anywhere. */
export function routeLets(question: AzureQuestion): boolean {
  const { from, to } = question;
  const subnet = subnetOf(question, 'from');
  if (!isOfCluster(from) || subnet === undefined) return true;
  if (subnet === 'unknown') return isPerhaps(question, 'the routes of a subnet that is not known lead there');
  if (to.kind === 'pod' && !to.shape.hostNetwork && isRoutedByCluster(question)) return true;
  const address = ownAddress(question, 'to');
  if (isPlatform(address)) return true;
  const way = wayTo(question, subnet, address);
  switch (way?.hop) {
    case 'deliver':
      return true;
    case 'out':
      return isPublic(address) && hasWayOut(question, subnet);
    case 'filtered':
      return isPerhaps(question, `what ${subnet.key} sends ${address.value} to lets it`);
    default:
      return false;
  }
}

/** Pods of an overlay have no address that routes of the network know. */
function isRoutedByCluster(question: AzureQuestion): boolean {
  const mode = modeOf(question);
  if (mode === 'open') return isPerhaps(question, 'pods are an overlay');
  return mode === 'overlay' || mode === 'kubenet';
}

// ---------------------------------------------------------------- the choice

/** The longest prefix; of equal ones a user's, a gateway's, the system's. */
function wayTo(question: AzureQuestion, subnet: Subnet, address: Address): Candidate | undefined {
  const table = tableOf(question, subnet);
  if (table === 'unknown') return { range: wholeFamily(address.family), hop: 'filtered', rank: 0 };
  const users = (table?.routes ?? []).flatMap((route) => userRoute(question, route, address));
  const system = systemRoutes(question, subnet, users);
  const own = [...users, ...system].filter(({ range }) => isInRange(address, range)).sort(byLength)[0];
  const endpoint = endpointAt(question, subnet, address);
  if (endpoint !== undefined && !isOverridden(question, { endpoint, users, address })) {
    return { range: { ...address, lo: address.value, hi: address.value }, hop: 'deliver', rank: 3 };
  }
  if (isServed(question, subnet, address) && (own === undefined || lengthOf(own.range) < SERVICE_LENGTH))
    return { range: wholeFamily(address.family), hop: 'deliver', rank: 3 };
  if (!isDirect(own) && isLearned(question, { subnet, table, address }))
    return { range: wholeFamily(address.family), hop: 'filtered', rank: 2 };
  return own;
}

/** Azure's own services have prefixes longer than this. */
const SERVICE_LENGTH = 8;

function byLength(a: Candidate, b: Candidate): number {
  return lengthOf(b.range) - lengthOf(a.range) || a.rank - b.rank;
}

function lengthOf({ family, lo, hi }: AddressRange): number {
  let bits = 0;
  while (1n << BigInt(bits) < hi - lo + 1n) bits++;
  return (family === 4 ? 32 : 128) - bits;
}

function tableOf({ estate }: AzureQuestion, { routeTable }: Subnet): RouteTable | 'unknown' | undefined {
  if (routeTable === undefined) return undefined;
  const table = estate.routeTables.find(({ key }) => key === routeTable);
  return table === undefined || table.unsettled.length > 0 ? 'unknown' : table;
}

function userRoute(question: AzureQuestion, route: Route, address: Address): Candidate[] {
  const { prefix } = route;
  const base = { hop: hopOf(route, address) } as const;
  if (prefix.kind === 'range') return [{ ...base, range: prefix.range, rank: 0 }];
  if (prefix.kind === 'tag') {
    const known = question.estate.serviceTags.get(prefix.tag.toLowerCase());
    if (known !== undefined) return known.map((range) => ({ ...base, range, rank: 1 }));
    if (!isPublic(address) || !isPerhaps(question, `${prefix.tag} of ${route.name} has ${address.value}`)) return [];
    return [{ ...base, range: { ...address, lo: address.value, hi: address.value }, rank: 1 }];
  }
  if (!isPerhaps(question, `${route.name} has ${address.value}`)) return [];
  return [{ ...base, hop: 'filtered', range: { ...address, lo: address.value, hi: address.value }, rank: 0 }];
}

function hopOf({ nextHop }: Route, address: Address): Candidate['hop'] {
  switch (nextHop) {
    case 'none':
      return 'drop';
    case 'internet':
      return isPublic(address) ? 'out' : 'drop';
    case 'network':
      return isPublic(address) ? 'filtered' : 'deliver';
    default:
      return 'filtered';
  }
}

// ---------------------------------------------------------------- system routes

/** "Azure removed the routes for 10.0.0.0/8 … when the user-defined route for 0.0.0.0/0 was added." */
function systemRoutes(question: AzureQuestion, subnet: Subnet, users: readonly Candidate[]): Candidate[] {
  const { estate } = question;
  const system = (hop: Candidate['hop'], ranges: readonly AddressRange[]) =>
    ranges.map((range): Candidate => ({ range, hop, rank: 3 }));
  const families = ([4, 6] as const).filter((family) => speaks(subnet, family));
  const isOverridden = users.some(({ range }) => range.family === 4 && lengthOf(range) === 0);
  const reserved = PRIVATE.filter(({ family, lo }) => family === 6 || (!isOverridden && lo !== LINK_LOCAL));
  return [
    ...system('deliver', homeRanges(question, subnet)),
    ...estate.peerings
      .filter(({ network }) => network === subnet.network)
      .flatMap((peering) => peered(question, peering)),
    ...system('out', families.map(wholeFamily)),
    ...system('drop', reserved),
  ];
}

const LINK_LOCAL = 0xa9fe0000n;

function speaks({ prefixes }: Subnet, family: 4 | 6): boolean {
  return prefixes.some((item) => item.kind !== 'range' || item.range.family === family);
}

function homeRanges({ estate }: AzureQuestion, subnet: Subnet): AddressRange[] {
  const network = estate.networks.find(({ key }) => key === subnet.network);
  return rangesIn(network?.prefixes ?? subnet.prefixes);
}

/** Without access the route stays; what it then does is not documented beyond the default rules. */
function peered(question: AzureQuestion, peering: AzureQuestion['estate']['peerings'][number]): Candidate[] {
  if (!isConnected(question, peering)) return [];
  const { remotePrefixes, remote, allowAccess } = peering;
  const network = question.estate.networks.find(({ key }) => key === remote);
  const ranges = remotePrefixes.length > 0 ? rangesIn(remotePrefixes) : rangesIn(network?.prefixes ?? []);
  const hop = allowAccess === true ? 'deliver' : 'filtered';
  return ranges.map((range) => ({ range, hop, rank: 3 }));
}

/** Routes that a gateway learned, and those of peerings whose other end is not in the input, lead to private addresses. */
function isLearned(
  question: AzureQuestion,
  {
    subnet,
    table,
    address,
  }: { readonly subnet: Subnet; readonly table: RouteTable | undefined; readonly address: Address },
): boolean {
  const { estate } = question;
  const open = estate.peerings.filter(
    ({ network, remote, remotePrefixes, state }) =>
      network === subnet.network &&
      remotePrefixes.length === 0 &&
      !estate.networks.some(({ key }) => key === remote) &&
      (typeof state !== 'string' || state.toLowerCase() === 'connected'),
  );
  const isUnknown = !estate.networks.some(({ key }) => key === subnet.network);
  if (
    (open.length > 0 || isUnknown) &&
    isInAny(address, PRIVATE) &&
    isPerhaps(question, `a network has ${address.value}`)
  )
    return true;
  if (!hasGateway(question, new Set([subnet.network])) || table?.ignoresGateways === true) return false;
  if (table !== undefined && table.ignoresGateways !== false && isPerhaps(question, 'the table ignores gateways'))
    return false;
  return isBehindGateway(question, address);
}

/** Routes to networks stay before what a gateway learned. */
function isDirect(own: Candidate | undefined): boolean {
  return own !== undefined && own.rank === 3 && own.hop !== 'out' && own.hop !== 'drop';
}

// ---------------------------------------------------------------- endpoints

/** Its route is in its own network, and in those that are peered with that one. */
function endpointAt(question: AzureQuestion, from: Subnet, address: Address): PrivateEndpoint | undefined {
  const { estate } = question;
  return estate.privateEndpoints.find(({ addresses, interfaces, subnet: at }) => {
    const home = estate.subnets.find(({ key }) => key === at)?.network;
    const peering = estate.peerings.find(({ network, remote }) => network === from.network && remote === home);
    if (home !== from.network && (peering === undefined || !isConnected(question, peering))) return false;
    const nics = estate.interfaces.filter(({ key }) => interfaces.includes(key));
    const own = nics.flatMap(({ configurations }) =>
      configurations.flatMap(({ privateAddress }) => privateAddress ?? []),
    );
    return isInAny(address, rangesIn([...addresses, ...own]));
  });
}

interface Overriding {
  readonly endpoint: PrivateEndpoint;
  readonly users: readonly Candidate[];
  readonly address: Address;
}

/** Where the endpoint's subnet says so, by routes at least as long as the prefix of its network. */
function isOverridden(question: AzureQuestion, { endpoint, users, address }: Overriding): boolean {
  const { estate } = question;
  const subnet = estate.subnets.find(({ key }) => key === endpoint.subnet);
  const network = estate.networks.find(({ key }) => key === subnet?.network);
  const space = rangesIn(network?.prefixes ?? []).find((range) => isInRange(address, range));
  const policies = subnet?.privateEndpointPolicies;
  if (space === undefined || policies === undefined) return false;
  const long = users.some(({ range }) => isInRange(address, range) && lengthOf(range) >= lengthOf(space));
  if (!long) return false;
  if (typeof policies !== 'string') return isPerhaps(question, `policies of ${subnet?.key}`);
  return ['enabled', 'routetableenabled'].includes(policies.toLowerCase());
}

/** Service endpoints take the addresses of their services out of longer ways. Which those are only the list of tags says. */
function isServed(question: AzureQuestion, { serviceEndpoints }: Subnet, address: Address): boolean {
  if (question.to.kind === 'domain' || !isPublic(address)) return false;
  return serviceEndpoints.some((name) => {
    const tag = name.toLowerCase().replace(/^microsoft\./, '');
    const known = question.estate.serviceTags.get(tag);
    return known === undefined ? isPerhaps(question, `${name} has ${address.value}`) : isInAny(address, known);
  });
}

// ---------------------------------------------------------------- the way out

/** A NAT gateway, what `outboundType` makes, public addresses of nodes, what Azure gives by default: in this order. */
function hasWayOut(question: AzureQuestion, subnet: Subnet): boolean {
  const { cluster } = question;
  const { outboundType, pools } = cluster;
  const perhaps = () => isPerhaps(question, `${subnet.key} has a way out`);
  if (subnet.natGateway !== undefined) return true;
  if (pools.some((pool) => pool.subnet === subnet.key && pool.nodePublicIps === true)) return true;
  if (typeof outboundType !== 'string') return perhaps();
  if (/^(?:loadBalancer$|managedNATGateway)/i.test(outboundType)) return true;
  const type = outboundType.toLowerCase();
  if (!['userassignednatgateway', 'userdefinedrouting', 'none', 'block'].includes(type)) return perhaps();
  return subnet.defaultOutboundAccess === true || (subnet.defaultOutboundAccess !== false && perhaps());
}
