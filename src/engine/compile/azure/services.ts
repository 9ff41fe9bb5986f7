import { bitsOf, emptyBits, isEmpty, union } from '#base/bits.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { PlatformService } from '#model/azure/services.ts';
import { exactly, type Layer, type PointSpan, type Policy, type Rule } from '../../form.ts';
import { apiServerDoor } from './api-server.ts';
import type { Azure } from './context.ts';
import { type Door, either, policyOf, rule } from './door.ts';
import { apiServerName, leadsTo, type ServiceName, serviceEndpointOf, serviceNamesOf } from './names.ts';
import type { SubnetWays } from './routes.ts';
import { sendersFrom } from './senders.ts';
import { standingIn } from './standing.ts';
import { isKey } from './view.ts';

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
  if (typeof way !== 'string' && 'endpoint' in way) {
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
  const before =
    way === 'public'
      ? []
      : way === 'unresolved'
        ? either(inside, 'a private DNS zone without a record of the name', service.origin, 'dns-record-missing')
        : either(inside, 'private endpoint', service.origin, 'domain-name');
  return policyOf(door, [...before, ...publicRules(azure, door, name, ways)]);
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
