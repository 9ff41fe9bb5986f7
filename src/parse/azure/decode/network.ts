import type { AddressItem, AzureRef } from '#model/azure/entity.ts';
import type {
  AdminCollection,
  AdminCommit,
  AdminRule,
  ApplicationSecurityGroup,
  IpConfiguration,
  NetworkGroup,
  NetworkInterface,
  NetworkProtocol,
  Peering,
  SecurityGroup,
  SecurityRule,
  Subnet,
  VirtualNetwork,
} from '#model/azure/network.ts';
import { azureKey } from '#model/azure/resource.ts';
import { type Body, parentKey, type Reading } from './body.ts';

export function virtualNetwork({ body, entity }: Reading): VirtualNetwork {
  const p = body.at('properties');
  const plan = p.ref('ddosProtectionPlan');
  return {
    ...entity,
    prefixes: p.addresses('addressSpace.addressPrefixes'),
    dnsServers: p.texts('dhcpOptions.dnsServers'),
    encryption: p.flag('encryption.enabled', false) === true,
    ddosProtection: p.flag('enableDdosProtection', false),
    ...(plan !== undefined && { ddosPlan: plan }),
  };
}

export function subnet({ body, entity }: Reading): Subnet {
  const p = body.at('properties');
  const securityGroup = p.ref('networkSecurityGroup');
  const routeTable = p.ref('routeTable');
  const natGateway = p.ref('natGateway');
  const policies = p.text('privateEndpointNetworkPolicies') ?? 'Disabled';
  return {
    ...entity,
    network: parentKey(entity),
    prefixes: p.addresses('addressPrefix', 'addressPrefixes'),
    ...(securityGroup !== undefined && { securityGroup }),
    ...(routeTable !== undefined && { routeTable }),
    ...(natGateway !== undefined && { natGateway }),
    serviceEndpoints: p.list('serviceEndpoints').flatMap((each) => each.knownText('service') ?? []),
    delegations: p.list('delegations').flatMap((each) => each.knownText('properties.serviceName') ?? []),
    ...(p.has('defaultOutboundAccess') && { defaultOutboundAccess: p.flag('defaultOutboundAccess', true) }),
    privateEndpointPolicies: policies,
  };
}

export function peering({ body, entity }: Reading): Peering | undefined {
  const p = body.at('properties');
  const remote = p.ref('remoteVirtualNetwork');
  const state = p.text('peeringState');
  if (remote === undefined) return undefined;
  return {
    ...entity,
    network: parentKey(entity),
    remote,
    remotePrefixes: p.addresses(
      'remoteAddressSpace.addressPrefixes',
      'remoteVirtualNetworkAddressSpace.addressPrefixes',
    ),
    // A peering that may not exist lets through as little for certain as one that may not allow it.
    allowAccess: entity.condition ?? p.flag('allowVirtualNetworkAccess', true),
    allowForwarded: p.flag('allowForwardedTraffic', false),
    allowGatewayTransit: p.flag('allowGatewayTransit', false),
    useRemoteGateways: p.flag('useRemoteGateways', false),
    ...(state !== undefined && { state }),
  };
}

// ---------------------------------------------------------------- security groups

export const PROTOCOLS: Readonly<Record<string, NetworkProtocol>> = {
  '*': 'any',
  any: 'any',
  tcp: 'tcp',
  udp: 'udp',
  icmp: 'icmp',
  esp: 'esp',
  ah: 'ah',
};
const DIRECTIONS = { inbound: 'ingress', outbound: 'egress' } as const;

export function securityGroup({ body, entity }: Reading): SecurityGroup {
  const rules = body.list('properties.securityRules').flatMap((rule) => securityRule(rule, entity.id) ?? []);
  return { ...entity, rules };
}

/** A rule that stands inside its group, or alone as a resource of its own. */
export function securityRule(body: Body, group: string, own?: string): SecurityRule | undefined {
  const p = body.at('properties');
  const name = own ?? body.knownText('name') ?? '';
  const direction = p.word('direction', DIRECTIONS);
  const access = p.word('access', { allow: 'allow', deny: 'deny' } as const);
  const priority = p.number('priority');
  const protocol = p.word('protocol', PROTOCOLS);
  if (direction === undefined || access === undefined || priority === undefined || protocol === undefined)
    return undefined;
  return {
    name,
    id: body.knownText('id') ?? `${group}/securityRules/${name}`,
    direction,
    access,
    priority,
    protocol,
    sources: endsOf(p, 'source'),
    sourcePorts: p.ports('sourcePortRange', 'sourcePortRanges'),
    destinations: endsOf(p, 'destination'),
    destinationPorts: p.ports('destinationPortRange', 'destinationPortRanges'),
    path: body.path,
    origin: body.origin,
  };
}

function endsOf(p: Body, side: 'source' | 'destination'): AddressItem[] {
  return [
    ...p.addresses(`${side}AddressPrefix`, `${side}AddressPrefixes`),
    ...p.refs(`${side}ApplicationSecurityGroups`).map((ref): AddressItem => groupItem(ref, p)),
  ];
}

function groupItem(ref: AzureRef, { origin }: Body): AddressItem {
  return typeof ref === 'string' ? { kind: 'asg', key: ref, origin } : { kind: 'unsettled', value: ref, origin };
}

export function applicationGroup({ entity }: Reading): ApplicationSecurityGroup {
  return entity;
}

export function networkInterface({ body, entity }: Reading): NetworkInterface {
  const p = body.at('properties');
  const securityGroup = p.ref('networkSecurityGroup');
  return {
    ...entity,
    ...(securityGroup !== undefined && { securityGroup }),
    ipForwarding: p.flag('enableIPForwarding', false),
    configurations: p.list('ipConfigurations').map(ipConfiguration),
  };
}

function ipConfiguration(body: Body): IpConfiguration {
  const p = body.at('properties');
  const subnet = p.ref('subnet');
  const privateAddress = p.address('privateIPAddress');
  const publicIp = p.ref('publicIPAddress');
  return {
    ...(subnet !== undefined && { subnet }),
    ...(privateAddress !== undefined && { privateAddress }),
    ...(publicIp !== undefined && { publicIp }),
    groups: p.refs('applicationSecurityGroups'),
  };
}

// ---------------------------------------------------------------- network manager

const ADMIN_ACCESS = { allow: 'allow', alwaysallow: 'always-allow', deny: 'deny' } as const;

/** Default rules (`kind: Default`) are Azure's own list and take no part. */
export function adminRule({ body, entity }: Reading): AdminRule | undefined {
  const p = body.at('properties');
  const direction = p.word('direction', DIRECTIONS);
  const access = p.word('access', ADMIN_ACCESS);
  const priority = p.number('priority');
  const protocol = p.word('protocol', PROTOCOLS);
  if (direction === undefined || access === undefined || priority === undefined || protocol === undefined)
    return undefined;
  return {
    ...entity,
    direction,
    access,
    priority,
    protocol,
    sources: adminEnds(p, 'sources'),
    sourcePorts: p.ports('sourcePortRanges'),
    destinations: adminEnds(p, 'destinations'),
    destinationPorts: p.ports('destinationPortRanges'),
    collection: parentKey(entity),
  };
}

/** A network group as an end is told by its key, as an ASG is: both stand for addresses of members. */
function adminEnds(p: Body, path: string): AddressItem[] {
  return p.list(path).flatMap((end) => {
    if (end.knownText('addressPrefixType')?.toLowerCase() !== 'networkgroup') return end.addresses('addressPrefix');
    return end
      .texts('addressPrefix')
      .map((id): AddressItem => ({ kind: 'asg', key: azureKey(id), origin: end.origin }));
  });
}

export function adminCollection({ body, entity }: Reading): AdminCollection {
  return {
    ...entity,
    groups: body.list('properties.appliesToGroups').flatMap((each) => each.ref('networkGroupId') ?? []),
  };
}

export function networkGroup(reading: Reading, members: readonly AzureRef[]): NetworkGroup {
  const { body, entity } = reading;
  const isSubnets = body.knownText('properties.memberType')?.toLowerCase() === 'subnet';
  return { ...entity, memberType: isSubnets ? 'Subnet' : 'VirtualNetwork', members, isOpen: members.length === 0 };
}

export function adminCommit({ body, entity }: Reading): AdminCommit {
  const p = body.at('properties');
  return {
    ...entity,
    kind: p.knownText('commitType') ?? '',
    regions: p.texts('targetLocations').map((region) => region.toLowerCase().replaceAll(' ', '')),
    configurations: p.refs('configurationIds'),
  };
}
