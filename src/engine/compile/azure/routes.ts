import { type AddressRange, type Family, isWithin, parseCidr, wholeFamily } from '#base/address.ts';
import { addBit, type Bits, difference, emptyBits, intersection, isEmpty, members, union } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { Firewall } from '#model/azure/firewall.ts';
import type { NextHop, Peering, Route, RouteTable, Subnet } from '#model/azure/network.ts';
import { NO_ORIGIN, type Origin } from '#model/origin.ts';
import type { ReasonCode } from '#model/reason.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import type { RuleAction } from '#model/verdict.ts';
import { atomAt, atomRange } from '../../atoms.ts';
import { type Box, exactly, exactTraffic, type Layer, type PointSpan, type Rule, type Stack } from '../../form.ts';
import { within } from '../../spans.ts';
import { hasGateway, PRIVATE } from './address-items.ts';
import type { Azure } from './context.ts';
import { platformPoints } from './ends.ts';
import { firewallAt } from './firewall-at.ts';
import { kindOfName, leadsTo, serviceEndpointOf, serviceNamesOf } from './names.ts';
import { networkOf, type PeeringState } from './peerings.ts';
import { withoutRanges } from './ranges.ts';
import { withSameNode } from './same-node.ts';
import { openServices, serviceRanges } from './service-endpoints.ts';
import { rangesOf } from './siting.ts';
import { levelOf, type Post, standingIn } from './standing.ts';
import { type AzureView, follow, isKey } from './view.ts';

/** Where a subnet sends what is for some addresses. */
export interface Way {
  readonly hop: NextHop | 'peering' | 'endpoint' | 'service-endpoint' | 'unknown';
  /** The rule in words, as `0.0.0.0/0 to 10.0.1.4`. */
  readonly name: string;
  readonly origin: Origin;
  /** The firewall whose address is the next hop. */
  readonly firewall?: Firewall;
  /** Why the hop is not known. */
  readonly reason?: ReasonCode;
}

interface Candidate extends Way {
  readonly range: AddressRange;
  /** Of routes of one length: user 0, user by tag 1, system 2. */
  readonly rank: number;
  /** Of a private endpoint: whether routes of users may stand before it. */
  readonly policies?: 'yes' | 'no' | 'perhaps';
}

/** Ways of one subnet, and the points that each is for; every outside point and domain is in one of them. */
export interface SubnetWays {
  readonly subnet: Subnet;
  readonly subject: PointSpan;
  readonly ways: readonly { readonly way: Way; readonly peers: Bits }[];
}

/**
 * Every subnet of the cluster's networks in which one of its points stands: "the longest prefix match; of equal ones a
 * user-defined route, then BGP, then a system route" (virtual networks UDR overview).
 */
export function waysOf(azure: Azure): readonly SubnetWays[] {
  const { view } = azure;
  const used = [...view.subnets.values()].filter(({ network }) => view.own.has(network));
  return used.flatMap((subnet) => {
    const subject = standingIn(azure, subnet);
    if (isEmpty(intersection(subject.may, union(azure.world.pods, azure.world.hosts)))) return [];
    return [{ subnet, subject, ways: waysFrom(azure, subnet) }];
  });
}

function waysFrom(azure: Azure, subnet: Subnet): SubnetWays['ways'] {
  const { world } = azure;
  const wayTo = chooserOf(azure, subnet);
  const byWay = new Map<Way, Bits>();
  const put = (way: Way, point: number): void =>
    addBit(
      remembered(byWay, way, () => emptyBits(world.size)),
      point,
    );
  for (const point of members(world.externals)) {
    const { facet, atom } = world.points[point]!;
    if (atom !== undefined) put(wayTo(atomRange(world.atoms[facet], atom)), point);
  }
  for (const [domain, points] of world.domains) {
    for (const point of points) put(wayToName(azure, subnet, { domain, point, wayTo }), point);
  }
  const inCluster = new Map<string, Way>();
  for (const point of members(routedPoints(azure))) {
    const ranges = azure.wire.ownRanges(point);
    const key = ranges.map(({ family, lo, hi }) => `${family} ${lo} ${hi}`).join();
    const way = remembered(inCluster, key, () =>
      common(
        partsOf(world, ranges).map((part) => wayTo(part)),
        UNKNOWN_POD,
      ),
    );
    put(asFarAsKnown(azure, way, point), point);
  }
  return [...byWay].map(([way, peers]) => ({ way, peers }));
}

/** Ends of the cluster that routes of the network lead to: not pods of an overlay, whose addresses it does not know. */
function routedPoints({ world, wire }: Azure): Bits {
  return wire.mode === 'overlay' || wire.mode === 'kubenet' ? world.hosts : union(world.pods, world.hosts);
}

/** Where it is not known whether pods are an overlay, only what lets through is certain. */
function asFarAsKnown({ world, wire }: Azure, way: Way, point: number): Way {
  const isPod = world.points[point]!.kind === 'pod' && !world.points[point]!.hostNetwork;
  return isPod && wire.mode === 'open' && effectOf(way) !== 'direct' ? UNKNOWN_OVERLAY : way;
}

interface Named {
  readonly domain: string;
  readonly point: number;
  readonly wayTo: Chooser;
}

/** No name leads to addresses that the estate has of its own, unless the input says so of that very address. */
function wayToName(azure: Azure, subnet: Subnet, { domain, point, wayTo }: Named): Way {
  const service = serviceEndpointFor(azure, subnet, domain);
  if (service !== undefined) return service;
  const unknown: Way = { ...UNKNOWN_NAME, reason: azure.namedReason(domain) };
  const { world, view } = azure;
  const { facet } = world.points[point]!;
  const all = azure.namedRanges(domain);
  const ranges = all.some(({ family }) => family === facet) ? all.filter(({ family }) => family === facet) : all;
  const own = rangesOf([...view.publicIps.values()].flatMap(({ address }) => address ?? []));
  const isOwn = (part: AddressRange) => own.some((each) => isWithin(part, each));
  const parts = ranges.flatMap((range) => {
    const inside = partsOf(world, [range]);
    return inside.length === 1 ? inside : inside.filter((part) => !isOwn(part));
  });
  const way = common(
    parts.map((part) => wayTo(part, 'name')),
    unknown,
  );
  return besideEndpoints(azure, subnet, { domain, way });
}

/** Ranges cut wherever anything tells addresses apart. */
function partsOf({ atoms }: Azure['world'], ranges: readonly AddressRange[]): AddressRange[] {
  return ranges.flatMap((range) => {
    const own = atoms[range.family];
    const [first, last] = [atomAt(own, range.lo), atomAt(own, range.hi)];
    return Array.from({ length: last - first + 1 }, (_, index) => atomRange(own, first + index));
  });
}

/** The one way that all are, in what it does; otherwise another one. */
function common(ways: readonly Way[], otherwise: Way): Way {
  const [first] = ways;
  if (first === undefined) return otherwise;
  return new Set(ways.map(effectOf)).size === 1 ? first : otherwise;
}

/** What comes of a way: two that do the same need not be told apart. */
function effectOf({ hop, firewall }: Way): string {
  if (firewall !== undefined) return `firewall ${firewall.key}`;
  return DIRECT.has(hop) ? 'direct' : hop;
}

const DIRECT: ReadonlySet<Way['hop']> = new Set(['network', 'peering', 'endpoint', 'service-endpoint']);

/**
 * "Service endpoints provide optimal routing": the public addresses of the service are a route of their own, more specific than
 * a default route, so what is asked for goes past a firewall. By the public name only: a private endpoint has other addresses.
 */
function serviceEndpointFor({ view }: Azure, subnet: Subnet, domain: string): Way | undefined {
  const asked = serviceNamesOf(view.estate).find((each) => each.domain === domain);
  if (asked === undefined || leadsTo(view, domain) !== 'public') return undefined;
  const name = serviceEndpointOf(subnet, asked.service.service);
  return name === undefined
    ? undefined
    : { hop: 'service-endpoint', name: `service endpoint ${name}`, origin: subnet.origin };
}

/** A service that the input does not have: whether its addresses are among those of the endpoint depends on its region. */
function besideEndpoints(
  azure: Azure,
  subnet: Subnet,
  { domain, way }: { readonly domain: string; readonly way: Way },
): Way {
  const kind = leadsTo(azure.view, domain) === 'public' ? kindOfName(domain) : undefined;
  const name = kind === undefined ? undefined : serviceEndpointOf(subnet, kind);
  const isDirect = effectOf(way) === 'direct' || (way.hop === 'internet' && wayOut(azure, subnet) === 'yes');
  if (name === undefined || isDirect) return way;
  return { hop: 'unknown', name: `service endpoint ${name}`, origin: subnet.origin, reason: 'service-tag' };
}

const UNKNOWN_NAME: Way = { hop: 'unknown', name: 'by its address', origin: NO_ORIGIN, reason: 'domain-name' };
const UNKNOWN_POD: Way = { hop: 'unknown', name: 'by its address', origin: NO_ORIGIN, reason: 'pod-address-unknown' };
const UNKNOWN_OVERLAY: Way = { ...UNKNOWN_POD, name: 'by the network of pods', reason: 'source-translation' };

/** Of some addresses that nothing tells apart, asked for as such or under a name. */
type Chooser = (range: AddressRange, asked?: 'name') => Way;

/** Routes that may be there besides the known ones, of whatever length. */
interface Open {
  readonly ranges: readonly AddressRange[];
  readonly way: Way;
  /** `indirect`: they give way to routes to networks and endpoints; `default`: to all but very short routes. */
  readonly against: 'all' | 'indirect' | 'default';
}

function chooserOf(azure: Azure, subnet: Subnet): Chooser {
  const { view } = azure;
  const user = userRoutes(view, subnet);
  const candidates = [...systemRoutes(view, subnet, user.candidates), ...user.candidates];
  candidates.sort((a, b) => lengthOf(b.range) - lengthOf(a.range) || a.rank - b.rank);
  const open = [...openRoutes(view, subnet), ...user.open];
  const doubted = new Map<string, Way>();
  const isOut = wayOut(azure, subnet) === 'yes';
  const table: Table = { view, candidates, lost: new Map(), astray: new Map() };
  // Names of Azure's services are told by their endings: others are taken not to lead to the addresses of service endpoints.
  const named: Table = { ...table, candidates: candidates.filter(({ hop }) => hop !== 'service-endpoint') };
  return (range, asked) => {
    const way = overridden(asked === 'name' ? named : table, range);
    const doubts = open.filter(({ ranges, against }) => {
      if (!ranges.some((each) => isWithin(range, each)) || (asked === 'name' && against === 'default')) return false;
      return (
        against === 'all' ||
        (against === 'indirect' ? !(way.rank === 2 && isDirectHop(way)) : lengthOf(way.range) < SHORT)
      );
    });
    const effect = way.hop === 'internet' && isOut ? 'direct' : effectOf(way);
    const different = doubts.find((each) => effectOf(each.way) !== effect);
    if (different === undefined) return way;
    const reason = different.way.reason ?? 'cloud-expression';
    return remembered(doubted, `${way.name} ${reason}`, () => ({
      hop: 'unknown',
      name: way.name,
      origin: way.origin,
      reason,
    }));
  };
}

/** Addresses of Azure's services are in blocks smaller than this. */
const SHORT = 8;

function isDirectHop({ hop }: Way): boolean {
  return hop !== 'internet' && hop !== 'none';
}

/**
 * The longest route. An endpoint's own is the longest there is; where its subnet has network policies for routes, a user's
 * route stands before it that is at least as long as the prefix of the network.
 */
function overridden({ view, candidates, ...table }: Table, range: AddressRange): Candidate {
  const holding = candidates.filter((each) => isWithin(range, each.range));
  const best = holding[0] ?? NO_ROUTE;
  if (best.policies === undefined || best.policies === 'no') return asRouted(table, best, range);
  const space = [...view.networks.values()]
    .flatMap(({ prefixes }) => rangesOf(prefixes))
    .find((prefix) => isWithin(range, prefix));
  const other = holding.find((each) => each.rank < 2 && space !== undefined && lengthOf(each.range) >= lengthOf(space));
  if (other === undefined) return best;
  if (best.policies === 'yes') return asRouted(table, other, range);
  return effectOf(other) === effectOf(best) ? best : { ...best, hop: 'unknown', reason: 'cloud-expression' };
}

/** What goes to the internet with a private address is lost there; what stays in the network with a public one is nobody's. */
function asRouted({ lost, astray }: Variants, candidate: Candidate, range: AddressRange): Candidate {
  const isPrivate = PRIVATE.some((each) => isWithin(range, each));
  if (candidate.hop === 'internet' && isPrivate)
    return remembered(lost, candidate, () => ({ ...candidate, hop: 'none' }));
  if (candidate.hop === 'network' && candidate.rank < 2 && !isPrivate)
    return remembered(astray, candidate, () => ({ ...candidate, hop: 'unknown', reason: 'engine-undefined' }));
  return candidate;
}

/** What routes become for addresses that they cannot deliver to. */
interface Variants {
  readonly lost: Map<Candidate, Candidate>;
  readonly astray: Map<Candidate, Candidate>;
}

interface Table extends Variants {
  readonly view: AzureView;
  /** Longest first. */
  readonly candidates: readonly Candidate[];
}

const NO_ROUTE: Candidate = {
  hop: 'none',
  name: 'no route',
  origin: NO_ORIGIN,
  range: wholeFamily(4),
  rank: 3,
};

function lengthOf({ family, lo, hi }: AddressRange): number {
  const width = family === 4 ? 32 : 128;
  return width - (hi - lo).toString(2).length + (hi === lo ? 1 : 0);
}

// ---------------------------------------------------------------- system routes

/**
 * "Azure removed the routes for 10.0.0.0/8, 192.168.0.0/16 and 100.64.0.0/10 when the user-defined route for 0.0.0.0/0 was
 * added" (virtual networks UDR overview, the example).
 */
function systemRoutes(view: AzureView, subnet: Subnet, user: readonly Candidate[]): Candidate[] {
  const { networks, estate } = view;
  const network = networks.get(subnet.network);
  const isOverridden = user.some(({ range }) => range.family === 4 && lengthOf(range) === 0);
  const system: System = (hop, ranges, name) =>
    ranges.map((range) => ({ hop, name, origin: subnet.origin, range, rank: 2 }));
  return [
    ...system('network', rangesOf(network?.prefixes ?? subnet.prefixes), 'the virtual network'),
    ...estate.peerings
      .filter((each) => each.network === subnet.network)
      .flatMap((peering) => peeringRoutes(view, peering, system)),
    ...endpointRoutes(view, subnet),
    ...system('service-endpoint', serviceRanges(view, subnet), 'service endpoint'),
    ...system('internet', familiesOf(subnet).map(wholeFamily), 'the default route to the internet'),
    ...system(
      'none',
      PRIVATE.filter((range) => isReserved(range, isOverridden)),
      'addresses that Azure drops',
    ),
  ];
}

type System = (hop: Way['hop'], ranges: readonly AddressRange[], name: string) => Candidate[];

/** "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10: None", and IPv6 that is not global. */
function isReserved(range: AddressRange, isOverridden: boolean): boolean {
  return range.family === 6 || (!isOverridden && !isWithin(range, LINK_LOCAL));
}

const LINK_LOCAL = parseCidr('169.254.0.0/16')!.cidr;

/** A subnet without a prefix of a family has no address of it to send from. */
function familiesOf({ prefixes }: Subnet): Family[] {
  const isOpen = prefixes.length === 0 || prefixes.some(({ kind }) => kind !== 'range');
  return ([4, 6] as const).filter((family) => isOpen || rangesOf(prefixes).some((range) => range.family === family));
}

/** Without access the route stays, and what the network does then is documented for default rules only. */
function peeringRoutes(view: AzureView, peering: Peering, system: System): Candidate[] {
  const { allowAccess, name } = peering;
  const state = view.peeringStates.get(peering) ?? 'down';
  if (state === 'down') return [];
  const ranges = remoteRanges(view, peering) ?? [];
  if (allowAccess === true && state === 'up') return system('peering', ranges, `peering ${name}`);
  const reason = allowAccess === false ? 'engine-undefined' : state === 'up' ? 'cloud-expression' : state;
  return system('unknown', ranges, `peering ${name}`).map((each) => ({ ...each, reason }));
}

/** Undefined where the input does not have the other network. */
function remoteRanges({ networks }: AzureView, { remotePrefixes, remote }: Peering): AddressRange[] | undefined {
  if (remotePrefixes.length > 0) return rangesOf(remotePrefixes);
  const network = isKey(remote) ? networks.get(remote) : undefined;
  return network === undefined ? undefined : rangesOf(network.prefixes);
}

/** "The route of a private endpoint is in its network and in those that are peered with it", and in no others. */
function endpointRoutes(view: AzureView, { network }: Subnet): Candidate[] {
  return view.estate.privateEndpoints.flatMap((endpoint): Candidate[] => {
    const subnet = isKey(endpoint.subnet) ? view.subnets.get(endpoint.subnet) : undefined;
    const state = between(view, network, networkOf(view, endpoint.subnet));
    if (state === 'down') return [];
    const nics = endpoint.interfaces.filter(isKey).flatMap((key) => view.interfaces.get(key)?.configurations ?? []);
    const addresses = rangesOf([...endpoint.addresses, ...nics.flatMap(({ privateAddress }) => privateAddress ?? [])]);
    const { name, origin } = endpoint;
    const policies = policiesOf(subnet);
    return addresses.map((range) => ({
      ...(state === 'up' ? { hop: 'endpoint' } : { hop: 'unknown', reason: state }),
      name: `private endpoint ${name}`,
      origin,
      range,
      rank: 2,
      policies,
    }));
  });
}

/** Whether what stands in one network gets to another one directly. */
function between({ estate, peeringStates }: AzureView, own: string, other: string | undefined): PeeringState {
  if (other === own) return 'up';
  if (other === undefined) return 'cloud-resource-missing';
  const peering = estate.peerings.find(({ network, remote }) => network === own && remote === other);
  return peering === undefined ? 'down' : (peeringStates.get(peering) ?? 'down');
}

/** Whether a subnet lets routes of users stand before those of endpoints. */
function policiesOf(subnet: Subnet | undefined): 'yes' | 'no' | 'perhaps' {
  const policies = subnet?.privateEndpointPolicies;
  if (policies === undefined) return 'no';
  if (typeof policies !== 'string') return 'perhaps';
  return ['enabled', 'routetableenabled'].includes(policies.toLowerCase()) ? 'yes' : 'no';
}

/** Routes that are there and not in the input: of gateways, of networks that it lacks, of services without a list. */
function openRoutes(view: AzureView, subnet: Subnet): Open[] {
  const { estate, networks, routeTables } = view;
  const { origin, network, routeTable } = subnet;
  const unknown = (name: string, reason: ReasonCode): Way => ({ hop: 'unknown', name, origin, reason });
  const out: Open[] = [];
  const lacking = estate.peerings.some(
    (each) =>
      each.network === network && view.peeringStates.get(each) !== 'down' && remoteRanges(view, each) === undefined,
  );
  if (lacking || !networks.has(network))
    out.push({ ranges: PRIVATE, way: unknown('a network', 'cloud-resource-missing'), against: 'indirect' });
  const table = isKey(routeTable) ? routeTables.get(routeTable) : undefined;
  if (hasGateway(view, [network]) && table?.ignoresGateways !== true) {
    const local = rangesOf(estate.localNetworks.flatMap(({ prefixes }) => prefixes));
    out.push({ ranges: [...PRIVATE, ...local], way: unknown('a gateway', 'gateway-routes'), against: 'indirect' });
  }
  if (openServices(view, subnet).length > 0)
    out.push({
      ranges: PUBLIC,
      way: { hop: 'service-endpoint', name: 'service endpoint', origin, reason: 'service-tag' },
      against: 'default',
    });
  return out;
}

const PUBLIC = withoutRanges([wholeFamily(4), wholeFamily(6)], PRIVATE);

// ---------------------------------------------------------------- user routes

interface UserRoutes {
  readonly candidates: readonly Candidate[];
  readonly open: readonly Open[];
}

function userRoutes(view: AzureView, subnet: Subnet): UserRoutes {
  const { routeTable, origin } = subnet;
  if (routeTable === undefined) return { candidates: [], open: [] };
  const table = follow(routeTable, view.routeTables);
  if (table === 'missing') return { candidates: [], open: [everywhere(origin, 'cloud-resource-missing')] };
  if (table === 'open' || table.unsettled.length > 0)
    return { candidates: [], open: [everywhere(origin, 'cloud-expression')] };
  const read = table.routes.map((route) => routeOf(view, table, route));
  return { candidates: read.flatMap(({ candidates }) => candidates), open: read.flatMap(({ open }) => open) };
}

function everywhere(origin: Origin, reason: ReasonCode): Open {
  const way: Way = { hop: 'unknown', name: 'the route table of the subnet', origin, reason };
  return { ranges: [wholeFamily(4), wholeFamily(6)], way, against: 'all' };
}

function routeOf(view: AzureView, table: RouteTable, route: Route): UserRoutes {
  const { prefix, origin } = route;
  const way = wayOf(view, table, route);
  if (prefix.kind === 'range') return { candidates: [{ ...way, range: prefix.range, rank: 0 }], open: [] };
  if (prefix.kind !== 'tag') return { candidates: [], open: [everywhere(origin, 'cloud-expression')] };
  const known = view.estate.serviceTags.get(prefix.tag.toLowerCase());
  if (known !== undefined) return { candidates: known.map((range) => ({ ...way, range, rank: 1 })), open: [] };
  const hop = way.hop === 'network' ? 'unknown' : way.hop;
  return { candidates: [], open: [{ ranges: PUBLIC, way: { ...way, hop, reason: 'service-tag' }, against: 'all' }] };
}

function wayOf(view: AzureView, table: RouteTable, route: Route): Way {
  const { nextHop, address, origin } = route;
  const name = `${table.name}/${route.name}`;
  if (isUnsettled(nextHop)) return { hop: 'unknown', name, origin, reason: 'cloud-expression' };
  if (nextHop !== 'appliance') return { hop: nextHop, name, origin };
  const firewall =
    address?.kind === 'range'
      ? firewallAt(view, address.range)
      : view.firewalls.length === 1 &&
          address?.kind === 'unsettled' &&
          names(address.value.expression, view.firewalls[0]!)
        ? view.firewalls[0]
        : undefined;
  if (firewall !== undefined) return { hop: 'appliance', name, origin, firewall };
  if (address?.kind === 'unsettled') return { hop: 'unknown', name, origin, reason: 'cloud-expression' };
  return { hop: 'unknown', name, origin, reason: 'cloud-resource-missing' };
}

/** Whether an expression asks for the private address of a firewall: `reference(...azureFirewalls...).…privateIPAddress`. */
function names(expression: string, { name }: Firewall): boolean {
  return (
    /privateipaddress|private_ip_address/i.test(expression) && expression.toLowerCase().includes(name.toLowerCase())
  );
}

// ---------------------------------------------------------------- the layer

/** What a subnet's routes lead nowhere, and what has no way to the internet. */
export function routeLayer(azure: Azure, all: readonly SubnetWays[]): Layer | undefined {
  const posts = new Map(all.map((each) => [each.subnet.key, compileWays(azure, each)]));
  const level = levelOf(azure, ({ key }) => posts.get(key), { free: 'allow', open: ['deny', 'allow'], exempts: false });
  if (level === undefined) return undefined;
  const own = union(azure.world.pods, azure.world.hosts);
  const policies = level
    .map((policy) => ({ ...policy, subject: within(policy.subject, own) }))
    .filter(({ subject }) => !isEmpty(subject.may));
  const egress: Stack = [{ name: 'routes', levels: [policies], onEnd: 'pass', openOrder: 'node-placement' }];
  return { name: 'route', egress: withSameNode(azure, egress), ingress: [] };
}

function compileWays(azure: Azure, { subnet, ways }: SubnetWays): Post {
  const { origin, name } = subnet;
  const always = (path: string, peers: Bits): Rule => ({
    action: 'allow',
    boxes: [{ peers: exactly(peers), traffic: exactTraffic(ALL_TRAFFIC) }],
    path,
    origin,
  });
  const overlaid = difference(azure.world.pods, routedPoints(azure));
  return {
    ref: { kind: 'Subnet', namespace: '', name, origin },
    rules: [
      always('addresses of the platform', platformPoints(azure)),
      ...(isEmpty(overlaid) ? [] : [always('the network of pods', overlaid)]),
      ...ways.flatMap(({ way, peers }) => ruleOf(azure, subnet, way, peers)),
    ],
  };
}

// biome-ignore lint/complexity/useMaxParams: one rule of one subnet, all of it needed
function ruleOf(azure: Azure, subnet: Subnet, way: Way, peers: Bits): Rule[] {
  const rule = (action: RuleAction, span: PointSpan): Rule => ({
    action,
    boxes: [{ peers: span, traffic: exactTraffic(ALL_TRAFFIC) }] satisfies Box[],
    path: way.name,
    origin: way.origin,
  });
  const exact = exactly(peers);
  switch (way.hop) {
    case 'none':
      return [rule('deny', exact)];
    case 'internet': {
      const out = wayOut(azure, subnet);
      if (out === 'yes') return [rule('allow', exact)];
      if (out === 'no') return [{ ...rule('deny', exact), path: `${way.name}: the subnet has no way out` }];
      return open(rule, peers, out);
    }
    case 'unknown':
      return open(rule, peers, way.reason ?? 'cloud-expression');
    case 'gateway':
      return open(rule, peers, 'gateway-routes');
    default:
      return [rule('allow', exact)];
  }
}

function open(rule: (action: RuleAction, span: PointSpan) => Rule, peers: Bits, reason: ReasonCode): Rule[] {
  const span: PointSpan = { must: difference(peers, peers), may: peers, doubts: [{ reason }] };
  return [rule('deny', span), rule('allow', span)];
}

/**
 * How what goes to the internet leaves (docs: egress of AKS, default outbound access): a NAT gateway on the subnet, what
 * `outboundType` makes, public addresses of nodes; else what Azure gives by default, which new networks do not have.
 */
export function wayOut({ view }: Azure, subnet: Subnet): 'yes' | 'no' | ReasonCode {
  const { outboundType, pools } = view.cluster;
  if (subnet.natGateway !== undefined) return 'yes';
  if (pools.some((pool) => pool.subnet === subnet.key && pool.nodePublicIps === true)) return 'yes';
  if (isUnsettled(outboundType)) return 'cloud-expression';
  const made = OUTBOUND.get(outboundType.toLowerCase());
  if (made !== 'by-subnet') return made ?? 'cloud-expression';
  if (subnet.defaultOutboundAccess === undefined || isUnsettled(subnet.defaultOutboundAccess))
    return 'source-translation';
  return subnet.defaultOutboundAccess ? 'yes' : 'no';
}

/** Whether AKS itself makes a way out; `by-subnet`: it makes none. */
const OUTBOUND: ReadonlyMap<string, 'yes' | 'by-subnet'> = new Map(
  Object.entries({
    loadBalancer: 'yes',
    managedNATGateway: 'yes',
    managedNATGatewayV2: 'yes',
    userAssignedNATGateway: 'by-subnet',
    userDefinedRouting: 'by-subnet',
    none: 'by-subnet',
    block: 'by-subnet',
  } as const).map(([name, way]) => [name.toLowerCase(), way]),
);
