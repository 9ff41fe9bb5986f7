import { type AddressRange, isWithin, parseCidr, wholeFamily } from '#base/address.ts';
import { addBit, type Bits, difference, emptyBits, intersection, isEmpty, members, union } from '#base/bits.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { Firewall } from '#model/azure/firewall.ts';
import type { NextHop, Route, RouteTable, Subnet } from '#model/azure/network.ts';
import { NO_ORIGIN, type Origin } from '#model/origin.ts';
import type { ReasonCode } from '#model/reason.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import type { RuleAction } from '#model/verdict.ts';
import { atomRange } from '../../atoms.ts';
import { type Box, exactly, exactTraffic, type Layer, type PointSpan, type Policy, type Rule } from '../../form.ts';
import { PRIVATE } from './address-items.ts';
import type { Azure } from './context.ts';
import { leadsTo, serviceEndpointOf, serviceNamesOf } from './names.ts';
import { withoutRanges } from './ranges.ts';
import { rangesOf } from './siting.ts';
import { standingIn } from './standing.ts';
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
  /** Of routes of one length: user before gateway before system. */
  readonly rank: number;
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
  const { world, view } = azure;
  const candidates = candidatesOf(view, subnet);
  const byWay = new Map<Way, Bits>();
  const put = (way: Way, point: number): void => {
    let peers = byWay.get(way);
    if (peers === undefined) {
      peers = emptyBits(world.size);
      byWay.set(way, peers);
    }
    addBit(peers, point);
  };
  for (const point of members(world.externals)) {
    const { facet, atom } = world.points[point]!;
    if (atom === undefined) continue;
    put(chosen(candidates, atomRange(world.atoms[facet], atom)), point);
  }
  for (const [domain, points] of world.domains) {
    const ways = new Set(azure.namedRanges(domain).map((range) => chosen(candidates, range)));
    const [only, ...others] = ways;
    const hops = new Set([...ways].map(({ hop, firewall }) => `${hop} ${firewall?.key ?? ''}`));
    const byAddress = only === undefined || (others.length > 0 && hops.size > 1) ? UNKNOWN_NAME : only;
    const way = serviceEndpointFor(azure, subnet, domain) ?? byAddress;
    for (const point of points) put(way, point);
  }
  return [...byWay].map(([way, peers]) => ({ way, peers }));
}

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

const UNKNOWN_NAME: Way = { hop: 'unknown', name: 'by its address', origin: NO_ORIGIN, reason: 'domain-name' };

/** A range that no route tells apart inside; where one does, the widest that holds it decides and what is inside is its own. */
function chosen(candidates: readonly Candidate[], range: AddressRange): Candidate {
  return candidates.find((each) => isWithin(range, each.range)) ?? NO_ROUTE;
}

const NO_ROUTE: Candidate = {
  hop: 'none',
  name: 'no route',
  origin: NO_ORIGIN,
  range: wholeFamily(4),
  rank: 3,
};

/** Longest first. Routes to what is in the network, peered, or behind an endpoint stay whatever a gateway learned. */
function candidatesOf(view: AzureView, subnet: Subnet): Candidate[] {
  const out = [...systemRoutes(view, subnet), ...userRoutes(view, subnet)];
  return out.sort((a, b) => lengthOf(b.range) - lengthOf(a.range) || a.rank - b.rank);
}

function lengthOf({ family, lo, hi }: AddressRange): number {
  const width = family === 4 ? 32 : 128;
  return width - (hi - lo + 1n).toString(2).length + 1;
}

// ---------------------------------------------------------------- system routes

function systemRoutes(view: AzureView, subnet: Subnet): Candidate[] {
  const { networks, estate } = view;
  const network = networks.get(subnet.network);
  const system = (hop: Way['hop'], ranges: readonly AddressRange[], name: string): Candidate[] =>
    ranges.map((range) => ({ hop, name, origin: subnet.origin, range, rank: 2 }));
  const peerings = estate.peerings.filter((each) => each.network === subnet.network);
  return [
    ...system('network', rangesOf(network?.prefixes ?? []), 'the virtual network'),
    ...peerings.flatMap((peering) => {
      const remote = isKey(peering.remote) ? networks.get(peering.remote) : undefined;
      const ranges = rangesOf(peering.remotePrefixes.length > 0 ? peering.remotePrefixes : (remote?.prefixes ?? []));
      const isUp = peering.allowAccess === true && (peering.state === undefined || peering.state === 'Connected');
      return system(
        isUp ? 'peering' : isUnsettled(peering.allowAccess) ? 'unknown' : 'none',
        ranges,
        `peering ${peering.name}`,
      );
    }),
    ...(view.cluster.outboundType === 'block' ? [] : []),
    ...system('internet', [wholeFamily(4), wholeFamily(6)], 'the default route to the internet'),
    ...system('none', PRIVATE.filter(isReserved), 'addresses that Azure drops'),
  ];
}

/** "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10: None", and IPv6 that is not global. */
function isReserved(range: AddressRange): boolean {
  return range.family === 6 || !isWithin(range, LINK_LOCAL);
}

const LINK_LOCAL = parseCidr('169.254.0.0/16')!.cidr;

// ---------------------------------------------------------------- user routes

function userRoutes(view: AzureView, subnet: Subnet): Candidate[] {
  if (subnet.routeTable === undefined) return [];
  const table = follow(subnet.routeTable, view.routeTables);
  if (table === 'open') return everywhere(subnet.origin, 'cloud-expression');
  if (table === 'missing') return everywhere(subnet.origin, 'cloud-resource-missing');
  if (table.unsettled.length > 0) return everywhere(table.origin, 'cloud-expression');
  return table.routes.flatMap((route) => candidatesOfRoute(view, table, route));
}

function everywhere(origin: Origin, reason: ReasonCode): Candidate[] {
  return [wholeFamily(4), wholeFamily(6)].map((range) => ({
    hop: 'unknown',
    name: 'the route table of the subnet',
    origin,
    range,
    rank: 0,
    reason,
  }));
}

function candidatesOfRoute(view: AzureView, table: RouteTable, route: Route): Candidate[] {
  const { prefix, origin } = route;
  const way = wayOf(view, table, route);
  if (prefix.kind === 'range') return [{ ...way, range: prefix.range, rank: 0 }];
  if (prefix.kind === 'tag') {
    const known = view.estate.serviceTags.get(prefix.tag.toLowerCase());
    return known === undefined
      ? withoutRanges([wholeFamily(4)], PRIVATE).map((range) => ({
          hop: 'unknown',
          name: way.name,
          origin,
          range,
          rank: 0,
          reason: 'service-tag',
        }))
      : known.map((range) => ({ ...way, range, rank: 1 }));
  }
  return everywhere(origin, 'cloud-expression');
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

/** By its address; in templates, where that is not known, by being in the subnet that holds it. */
function firewallAt({ firewalls, subnets }: AzureView, range: AddressRange): Firewall | undefined {
  const exact = firewalls.find(
    ({ privateAddress }) => privateAddress?.kind === 'range' && isWithin(range, privateAddress.range),
  );
  if (exact !== undefined) return exact;
  return firewalls.find(({ privateAddress, subnet }) => {
    if (privateAddress !== undefined && privateAddress.kind !== 'unsettled') return false;
    const prefixes = isKey(subnet) ? rangesOf(subnets.get(subnet)?.prefixes ?? []) : [];
    return prefixes.some((prefix) => isWithin(range, prefix));
  });
}

// ---------------------------------------------------------------- the layer

/** What a subnet's routes lead nowhere, and what has no way to the internet. */
export function routeLayer(azure: Azure, all: readonly SubnetWays[]): Layer | undefined {
  const policies = all.map((each) => compileWays(azure, each));
  if (policies.length === 0) return undefined;
  return { name: 'route', egress: [{ name: 'routes', levels: [policies], onEnd: 'pass' }], ingress: [] };
}

function compileWays(azure: Azure, { subnet, subject, ways }: SubnetWays): Policy {
  const own = exactly(union(azure.world.pods, azure.world.hosts));
  const inside: Rule = {
    action: 'allow',
    boxes: [{ peers: own, traffic: exactTraffic(ALL_TRAFFIC) }],
    path: 'the cluster',
    origin: subnet.origin,
  };
  return {
    ref: { kind: 'Subnet', namespace: '', name: subnet.name, origin: subnet.origin },
    subject: within(subject, union(azure.world.pods, azure.world.hosts)),
    isolates: false,
    rules: [inside, ...ways.flatMap(({ way, peers }) => ruleOf(azure, subnet, way, peers))],
  };
}

function within(span: PointSpan, set: Bits): PointSpan {
  return { must: intersection(span.must, set), may: intersection(span.may, set), doubts: span.doubts };
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
