import type { AddressRange } from '#base/address.ts';
import { type Bits, bitsOf, emptyBits, isEmpty, union } from '#base/bits.ts';
import type { AddressItem, AzureRef } from '#model/azure/entity.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { Subnet } from '#model/azure/network.ts';
import type { PlatformService } from '#model/azure/services.ts';
import type { Origin } from '#model/origin.ts';
import type { ReasonCode } from '#model/reason.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import type { PolicyRef, RuleAction } from '#model/verdict.ts';
import { type Box, exactly, exactTraffic, type Layer, type PointSpan, type Policy, type Rule } from '../../form.ts';
import { perhaps } from '../../spans.ts';
import type { Azure } from './context.ts';
import { apiServerName, leadsTo, type ServiceName, serviceEndpointOf, serviceNamesOf } from './names.ts';
import { coverOf, exactRanges, type RangeSpan } from './ranges.ts';
import type { SubnetWays } from './routes.ts';
import { rangesOf } from './siting.ts';
import { standingIn } from './standing.ts';
import { type AzureView, isKey } from './view.ts';

/**
 * The front doors of Azure's own services, and of the API server: what they let in, by the address or subnet that comes,
 * or by private endpoint. Only services that a question names are in the world, as domains.
 */
export function serviceLayer(azure: Azure, ways: readonly SubnetWays[]): Layer | undefined {
  const { world, view } = azure;
  const names = serviceNamesOf(view.estate).filter(({ domain }) => world.domains.has(domain));
  const policies = names.map((name) => serviceDoor(azure, name, ways));
  const api = world.domains.get(apiServerName(view.cluster));
  if (api !== undefined) policies.push(apiServerDoor(azure, bitsOf(world.size, api), ways));
  if (policies.length === 0) return undefined;
  return { name: 'service', egress: [], ingress: [{ name: 'service', levels: [policies], onEnd: 'deny' }] };
}

interface Door {
  readonly ref: PolicyRef;
  readonly at: Bits;
}

function serviceDoor(azure: Azure, name: ServiceName, ways: readonly SubnetWays[]): Policy {
  const { world, view } = azure;
  const { service, domain } = name;
  const ref = {
    kind: service.type.split('/').at(-1) ?? service.type,
    namespace: '',
    name: service.name,
    origin: service.origin,
  };
  const door: Door = { ref, at: bitsOf(world.size, world.domains.get(domain) ?? []) };
  const inside = exactly(union(world.pods, world.hosts));
  const way = leadsTo(view, domain);
  if (way !== 'public' && way !== 'open') {
    const { endpoint, state } = way;
    const path = `private endpoint ${endpoint.name}`;
    if (state === 'approved')
      return policyOf(door, [rule('allow', inside, path, endpoint.origin), ...publicRules(azure, door, name, ways)]);
    if (state === 'pending')
      return policyOf(door, [rule('deny', inside, `${path}: its connection is not approved`, endpoint.origin)]);
    return policyOf(door, [
      ...either(inside, path, endpoint.origin, 'cloud-expression'),
      ...publicRules(azure, door, name, ways),
    ]);
  }
  const before = way === 'open' ? either(inside, 'private endpoint', service.origin, 'domain-name') : [];
  return policyOf(door, [...before, ...publicRules(azure, door, name, ways)]);
}

function policyOf({ ref, at }: Door, rules: readonly Rule[]): Policy {
  return { ref, subject: exactly(at), isolates: true, rules };
}

// biome-ignore lint/complexity/useMaxParams: one rule in one line
function rule(action: RuleAction, peers: PointSpan, path: string, origin: Origin): Rule {
  return { action, boxes: [{ peers, traffic: exactTraffic(ALL_TRAFFIC) }] satisfies Box[], path, origin };
}

// biome-ignore lint/complexity/useMaxParams: both ways of one rule
function either(peers: PointSpan, path: string, origin: Origin, reason: ReasonCode): Rule[] {
  const open = perhaps(peers.may, reason);
  return [rule('allow', open, path, origin), rule('deny', open, path, origin)];
}

// ---------------------------------------------------------------- the public door

/**
 * "publicNetworkAccess Disabled: only private endpoints; else by defaultAction; else by address or by subnet with a service
 * endpoint". A database server without the setting is open to the addresses of its rules.
 */
// biome-ignore lint/complexity/useMaxParams: the door of one service, as it is asked from everywhere
function publicRules(azure: Azure, door: Door, { service }: ServiceName, ways: readonly SubnetWays[]): Rule[] {
  const { world } = azure;
  const everyone = exactly(world.everything);
  const { publicAccess, defaultAction, origin } = service;
  if (publicAccess !== undefined && isUnsettled(publicAccess))
    return either(everyone, 'publicNetworkAccess', origin, 'cloud-expression');
  if (publicAccess?.toLowerCase() === 'disabled')
    return [rule('deny', everyone, 'publicNetworkAccess: Disabled', origin)];
  if (publicAccess?.toLowerCase() === 'securedbyperimeter')
    return either(everyone, 'publicNetworkAccess: SecuredByPerimeter', origin, 'cloud-resource-missing');
  if (defaultAction !== undefined && isUnsettled(defaultAction))
    return either(everyone, 'defaultAction', origin, 'cloud-expression');
  if (defaultAction !== 'deny') return [rule('allow', everyone, 'open to every network', origin)];
  const from = sendersFrom(azure, service.addresses, withoutEndpoints(ways, service));
  const subnets = subnetsLetIn(azure, service);
  return [
    ...(isEmpty(from.may) ? [] : [rule('allow', from, 'rules of addresses', origin)]),
    ...(isEmpty(subnets.may) ? [] : [rule('allow', subnets, 'rules of subnets', origin)]),
    rule('deny', exactly(world.everything), 'defaultAction: Deny', door.ref.origin),
  ];
}

/** What comes by service endpoint comes with its private address, which no rule of addresses matches. */
function withoutEndpoints(ways: readonly SubnetWays[], { service }: PlatformService): readonly SubnetWays[] {
  return ways.filter(({ subnet }) => serviceEndpointOf(subnet, service) === undefined);
}

/** Points that stand in subnets which are let in. "Rules of addresses never match private addresses." */
function subnetsLetIn(azure: Azure, { service, subnets: refs }: PlatformService): PointSpan {
  const { view, world } = azure;
  let must = emptyBits(world.size);
  let may = emptyBits(world.size);
  for (const ref of refs) {
    const subnet = isKey(ref) ? view.subnets.get(ref) : undefined;
    if (subnet === undefined) {
      if (!isKey(ref)) may = union(may, union(world.pods, world.hosts));
      continue;
    }
    if (serviceEndpointOf(subnet, service) === undefined) continue;
    const standing = standingIn(azure, subnet);
    must = union(must, standing.must);
    may = union(may, standing.may);
  }
  return { must, may, doubts: [{ reason: 'node-placement' }] };
}

/** Who comes with one of these public addresses: outside points by their own, the cluster by that with which it leaves. */
export function sendersFrom(azure: Azure, items: readonly AddressItem[], ways: readonly SubnetWays[]): PointSpan {
  const { world, compiling, reader } = azure;
  const span = reader.ranges(items);
  const outside = compiling.networks.coveredByAny(span.must.map((cidr) => ({ cidr, except: [] })));
  let must = intersectOutside(outside.must, world.externals);
  let may = must;
  for (const each of ways) {
    const cover = leavesFrom(azure, each, span);
    if (cover === 'no') continue;
    may = union(may, each.subject.may);
    if (cover === 'yes') must = union(must, each.subject.must);
  }
  return { must, may, doubts: [{ reason: 'source-translation' }] };
}

function intersectOutside(points: Bits, externals: Bits): Bits {
  return points.map((word, index) => word & (externals[index] ?? 0)) as Bits;
}

function leavesFrom({ view }: Azure, { subnet, ways }: SubnetWays, span: RangeSpan): 'yes' | 'no' | 'perhaps' {
  if (span.may.length === 0) return 'no';
  const firewalls = new Set(ways.flatMap(({ way }) => way.firewall ?? []));
  const [firewall] = firewalls;
  const refs = firewall === undefined ? egressIps(view, subnet) : firewall.publicIps;
  const addresses = refs.flatMap((ref) => publicRanges(view, ref) ?? []);
  if (firewalls.size > 1 || addresses.length < refs.length || refs.length === 0) return 'perhaps';
  return coverOf(addresses, span);
}

function egressIps({ estate, cluster }: AzureView, { natGateway }: Subnet): readonly AzureRef[] {
  const gateway = estate.natGateways.find(({ key }) => key === natGateway);
  if (gateway !== undefined) return [...gateway.publicIps, ...gateway.prefixes];
  return cluster.outboundIps;
}

function publicRanges({ publicIps, estate }: AzureView, ref: AzureRef): AddressRange[] | undefined {
  if (!isKey(ref)) return undefined;
  const address = publicIps.get(ref)?.address ?? estate.publicIpPrefixes.find(({ key }) => key === ref)?.prefix;
  const ranges = address === undefined ? [] : rangesOf([address]);
  return ranges.length === 0 ? undefined : ranges;
}

// ---------------------------------------------------------------- the API server

/** Public with or without authorised ranges, or private: then by its endpoint in the network of the nodes. */
function apiServerDoor(azure: Azure, at: Bits, ways: readonly SubnetWays[]): Policy {
  const { view, world, compiling } = azure;
  const { api, origin, name } = view.cluster;
  const door: Door = { ref: { kind: 'ManagedCluster', namespace: '', name, origin }, at };
  const cluster = exactly(union(world.pods, world.hosts));
  if (isUnsettled(api.privateCluster))
    return policyOf(door, either(exactly(world.everything), 'enablePrivateCluster', origin, 'cloud-expression'));
  if (api.privateCluster || api.vnetIntegration === true) {
    const near = compiling.networks.coveredByAny(nearRanges(view).map((cidr) => ({ cidr, except: [] })));
    const peers: PointSpan = {
      must: union(cluster.must, near.must),
      may: union(cluster.may, near.may),
      doubts: near.doubts,
    };
    if (api.privateCluster)
      return policyOf(door, [
        rule('allow', peers, 'private cluster: the networks around it', origin),
        rule('deny', exactly(world.everything), 'enablePrivateCluster: true', origin),
      ]);
  }
  if (api.authorizedRanges.length === 0)
    return policyOf(door, [rule('allow', exactly(world.everything), 'public, from any address', origin)]);
  const authorised = sendersFrom(azure, api.authorizedRanges, ways);
  return policyOf(door, [
    rule('allow', authorised, 'authorizedIPRanges', origin),
    ...either(
      { must: cluster.must, may: cluster.may, doubts: [] },
      'authorizedIPRanges: the addresses with which nodes leave',
      origin,
      'source-translation',
    ),
    rule('deny', exactly(world.everything), 'authorizedIPRanges', origin),
  ]);
}

function nearRanges({ networks, own, peerings }: AzureView): AddressRange[] {
  const keys = [...own, ...peerings.map(({ remote }) => remote).filter(isKey)];
  const prefixes = keys.flatMap((key) => rangesOf(networks.get(key)?.prefixes ?? []));
  const remote = peerings.flatMap(({ remotePrefixes }) => rangesOf(remotePrefixes));
  return [...exactRanges([...prefixes, ...remote]).must];
}
