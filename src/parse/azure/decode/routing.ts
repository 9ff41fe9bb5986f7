import type { AddressItem, AzureRef } from '#model/azure/entity.ts';
import type {
  DnsRecord,
  DnsZoneLink,
  Frontend,
  LoadBalancer,
  LoadBalancerRule,
  LocalNetwork,
  NatGateway,
  NetworkGateway,
  NextHop,
  PrivateConnection,
  PrivateDnsZone,
  PrivateEndpoint,
  PrivateLinkService,
  PublicIp,
  PublicIpPrefix,
  Route,
  RouteTable,
} from '#model/azure/network.ts';
import { azureKey } from '#model/azure/resource.ts';
import { type Body, parentKey, type Reading } from './body.ts';

const NEXT_HOPS: Readonly<Record<string, NextHop>> = {
  virtualnetworkgateway: 'gateway',
  vnetlocal: 'network',
  internet: 'internet',
  virtualappliance: 'appliance',
  virtualapplianceecmp: 'appliance',
  none: 'none',
};

export function routeTable({ body, entity }: Reading): RouteTable {
  return {
    ...entity,
    routes: body.list('properties.routes').flatMap((each) => route(each, entity.id) ?? []),
    ignoresGateways: body.flag('properties.disableBgpRoutePropagation', false),
  };
}

/** A route that stands inside its table, or alone as a resource of its own. */
export function route(body: Body, table: string, own?: string): Route | undefined {
  const p = body.at('properties');
  const prefix = p.address('addressPrefix');
  const nextHop = p.word('nextHopType', NEXT_HOPS);
  const address = p.address('nextHopIpAddress') ?? p.address('nextHop.nextHopIpAddresses');
  const name = own ?? body.knownText('name') ?? '';
  if (prefix === undefined || nextHop === undefined) return undefined;
  return {
    name,
    id: body.knownText('id') ?? `${table}/routes/${name}`,
    prefix,
    nextHop,
    ...(address !== undefined && { address }),
    path: body.path,
    origin: body.origin,
  };
}

export function publicIp({ body, entity }: Reading): PublicIp {
  const address = body.address('properties.ipAddress');
  const attachedTo = body.ref('properties.ipConfiguration') ?? body.ref('properties.natGateway');
  const ddosMode = body.text('properties.ddosSettings.protectionMode');
  return {
    ...entity,
    ...(address !== undefined && { address }),
    sku: body.text('sku.name') ?? 'Basic',
    ...(attachedTo !== undefined && { attachedTo }),
    ...(ddosMode !== undefined && { ddosMode }),
  };
}

export function publicIpPrefix({ body, entity }: Reading): PublicIpPrefix {
  const prefix = body.address('properties.ipPrefix');
  return { ...entity, ...(prefix !== undefined && { prefix }) };
}

export function natGateway({ body, entity }: Reading): NatGateway {
  const p = body.at('properties');
  return { ...entity, publicIps: p.refs('publicIpAddresses'), prefixes: p.refs('publicIpPrefixes') };
}

export function networkGateway({ body, entity }: Reading): NetworkGateway {
  const kind = body.word('properties.gatewayType', { vpn: 'vpn', expressroute: 'expressroute' } as const);
  const subnet = body.list('properties.ipConfigurations').map((each) => each.ref('properties.subnet'))[0];
  return { ...entity, kind: typeof kind === 'string' ? kind : 'other', ...(subnet !== undefined && { subnet }) };
}

export function localNetwork({ body, entity }: Reading): LocalNetwork {
  return { ...entity, prefixes: body.addresses('properties.localNetworkAddressSpace.addressPrefixes') };
}

// ---------------------------------------------------------------- load balancers

export function loadBalancer({ body, entity }: Reading): LoadBalancer {
  const p = body.at('properties');
  return {
    ...entity,
    sku: body.text('sku.name') ?? 'Basic',
    frontends: p.list('frontendIPConfigurations').map((each) => frontend(each, entity.id)),
    rules: p.list('loadBalancingRules').map(loadBalancerRule),
    outboundRules: p.list('outboundRules').map((each) => ({
      name: each.knownText('name') ?? '',
      frontends: each.refs('properties.frontendIPConfigurations'),
    })),
  };
}

export function frontend(body: Body, parent: string): Frontend {
  const p = body.at('properties');
  const name = body.knownText('name') ?? '';
  const publicIp = p.ref('publicIPAddress');
  const publicIpPrefix = p.ref('publicIPPrefix');
  const subnet = p.ref('subnet');
  const privateAddress = p.address('privateIPAddress');
  return {
    key: azureKey(body.knownText('id') ?? `${parent}/frontendIPConfigurations/${name}`),
    name,
    ...(publicIp !== undefined && { publicIp }),
    ...(publicIpPrefix !== undefined && { publicIpPrefix }),
    ...(subnet !== undefined && { subnet }),
    ...(privateAddress !== undefined && { privateAddress }),
  };
}

function loadBalancerRule(body: Body): LoadBalancerRule {
  const p = body.at('properties');
  const front = p.ref('frontendIPConfiguration');
  return {
    name: body.knownText('name') ?? '',
    ...(front !== undefined && { frontend: front }),
    protocol: p.text('protocol') ?? 'All',
    frontendPort: p.number('frontendPort') ?? 0,
    backendPort: p.number('backendPort') ?? 0,
    floatingIp: p.flag('enableFloatingIP', false),
  };
}

// ---------------------------------------------------------------- private links and names

/** Zone groups stand beside it as children; `zones` are those that were found for it. */
export function privateEndpoint({ body, entity }: Reading, zones: readonly AzureRef[]): PrivateEndpoint {
  const p = body.at('properties');
  const subnet = p.ref('subnet');
  return {
    ...entity,
    ...(subnet !== undefined && { subnet }),
    connections: [
      ...p.list('privateLinkServiceConnections').flatMap((each) => connection(each, false) ?? []),
      ...p.list('manualPrivateLinkServiceConnections').flatMap((each) => connection(each, true) ?? []),
    ],
    addresses: [
      ...p.list('customDnsConfigs').flatMap((each) => each.addresses('ipAddresses')),
      ...p.list('ipConfigurations').flatMap((each) => each.addresses('properties.privateIPAddress')),
    ],
    interfaces: p.refs('networkInterfaces'),
    zones,
  };
}

function connection(body: Body, isManual: boolean): PrivateConnection | undefined {
  const p = body.at('properties');
  const target = p.ref('privateLinkServiceId');
  const state = p.text('privateLinkServiceConnectionState.status');
  if (target === undefined) return undefined;
  return { target, groups: p.texts('groupIds'), isManual, ...(state !== undefined && { state }) };
}

export function zonesOfGroup({ body }: Reading): AzureRef[] {
  return body.list('properties.privateDnsZoneConfigs').flatMap((each) => each.ref('properties.privateDnsZoneId') ?? []);
}

export function dnsZone({ entity }: Reading): PrivateDnsZone {
  return { ...entity, domain: entity.name.toLowerCase() };
}

export function dnsLink({ body, entity }: Reading): DnsZoneLink {
  const network = body.ref('properties.virtualNetwork');
  const policy = body.text('properties.resolutionPolicy');
  return {
    ...entity,
    zone: parentKey(entity),
    ...(network !== undefined && { network }),
    registration: body.flag('properties.registrationEnabled', false),
    fallsBack: typeof policy === 'object' ? policy : policy?.toLowerCase() === 'nxdomainredirect',
  };
}

export function dnsRecord({ body, entity }: Reading): DnsRecord {
  const p = body.at('properties');
  const items = [
    ...p.list('aRecords').flatMap((each) => each.addresses('ipv4Address')),
    ...p.list('aaaaRecords').flatMap((each) => each.addresses('ipv6Address')),
  ];
  return { ...entity, zone: parentKey(entity), addresses: items.flatMap(rangeOf) };
}

function rangeOf(item: AddressItem) {
  return item.kind === 'range' ? [item.range] : [];
}

export function linkService({ body, entity }: Reading): PrivateLinkService {
  const p = body.at('properties');
  return {
    ...entity,
    frontends: p.refs('loadBalancerFrontendIpConfigurations'),
    visibility: p.texts('visibility.subscriptions'),
    autoApproval: p.texts('autoApproval.subscriptions'),
  };
}
