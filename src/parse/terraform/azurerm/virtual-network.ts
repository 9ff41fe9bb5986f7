import type { AzureValue } from '#model/azure/value.ts';
import { list, object, openObject, scalar, textValue } from '../values.ts';
import {
  blocksOf,
  COMMON,
  copy,
  enabled,
  type Field,
  type From,
  fixed,
  isBlocks,
  many,
  not,
  put,
  ref,
  reference,
  refs,
  within,
  words,
} from './fields.ts';
import { firstOf, inGroup, inParent, sameAs } from './ids.ts';
import type { Made, Mappings, More } from './mapping.ts';

const NETWORK = 'Microsoft.Network/virtualNetworks';
const SUBNET = 'Microsoft.Network/virtualNetworks/subnets';

/** Names of services up to version 4, blocks from version 5 of the provider. */
const SERVICE_ENDPOINTS: Field = (from, to) => {
  const names = firstOf(from.values, 'service_endpoints');
  if (names === undefined) return;
  if (names.kind !== 'list') return put(to, 'properties.serviceEndpoints', names);
  const items = names.items.map((name) => object(new Map([['service', name]]), name.origin));
  if (items.length > 0) put(to, 'properties.serviceEndpoints', list(items, names.origin));
};

const ADDRESS_POOL: readonly Field[] = [ref('id', 'pool'), copy('number_of_ip_addresses', 'numberOfIpAddresses')];

const SUBNET_FIELDS: readonly Field[] = [
  copy('address_prefix', 'properties.addressPrefix'),
  copy('address_prefixes', 'properties.addressPrefixes'),
  many('ip_address_pool', 'properties.ipamPoolPrefixAllocations', ADDRESS_POOL),
  SERVICE_ENDPOINTS,
  many('service_endpoint', 'properties.serviceEndpoints', [
    copy('service|service_name|name', 'service'),
    copy('locations'),
  ]),
  refs('service_endpoint_policy_ids', 'properties.serviceEndpointPolicies'),
  copy('default_outbound_access_enabled', 'properties.defaultOutboundAccess', true),
  copy('private_endpoint_network_policies', 'properties.privateEndpointNetworkPolicies', 'Disabled'),
  // Names of version 3 of the provider.
  enabled('private_endpoint_network_policies_enabled', 'properties.privateEndpointNetworkPolicies'),
  words('enforce_private_link_endpoint_network_policies', 'properties.privateEndpointNetworkPolicies', {
    true: 'Disabled',
    false: 'Enabled',
  }),
  enabled('private_link_service_network_policies_enabled', 'properties.privateLinkServiceNetworkPolicies', true),
  words('enforce_private_link_service_network_policies', 'properties.privateLinkServiceNetworkPolicies', {
    true: 'Disabled',
    false: 'Enabled',
  }),
  copy('sharing_scope', 'properties.sharingScope'),
  many('delegation', 'properties.delegations', [
    copy('name'),
    within('service_delegation', 'properties', [
      copy('name', 'properties.serviceName'),
      copy('actions', 'properties.actions'),
    ]),
  ]),
  ref('network_security_group_id_wo|network_security_group_id|security_group', 'properties.networkSecurityGroup'),
  ref('route_table_id_wo|route_table_id', 'properties.routeTable'),
];

/** Subnets inside of a network have ids too, which other resources name: `azurerm_virtual_network.hub.subnet`. */
function inlineSubnets(from: From, id: string): ReadonlyMap<string, AzureValue> {
  const blocks = blocksOf(from, 'subnet');
  if (blocks === undefined || !isBlocks(blocks) || blocks.length === 0) return new Map();
  const items = blocks.map(({ values, origin }) => {
    const name = textValue(values.get('name'));
    const entries = new Map(values);
    if (name !== undefined) entries.set('id', scalar(`${id}/subnets/${name}`, origin));
    return openObject(entries, origin, { expression: 'subnet', why: 'made-by-azure' });
  });
  return new Map([['subnet', list(items, from.origin)]]);
}

/** An association puts the id of one resource into the object of another. */
function ties(target: string, other: string, property: string): (made: Made) => More {
  return ({ values }) => {
    const [subnet, value] = [values.get(target), values.get(other)];
    if (subnet === undefined || value === undefined) return {};
    return {
      edits: [{ target: subnet, type: SUBNET, path: ['properties', property], how: 'set', value: reference(value) }],
    };
  };
}

/** Networks, subnets and what is tied to them. */
export const VIRTUAL_NETWORK_MAPPINGS: Mappings = {
  azurerm_virtual_network: {
    type: NETWORK,
    id: inGroup(NETWORK),
    fields: [
      ...COMMON,
      copy('address_space', 'properties.addressSpace.addressPrefixes'),
      many('ip_address_pool', 'properties.addressSpace.ipamPoolPrefixAllocations', ADDRESS_POOL),
      copy('dns_servers', 'properties.dhcpOptions.dnsServers'),
      copy('flow_timeout_in_minutes', 'properties.flowTimeoutInMinutes'),
      copy('private_endpoint_vnet_policies', 'properties.privateEndpointVNetPolicies'),
      copy('bgp_community', 'properties.bgpCommunities.virtualNetworkCommunity'),
      within('ddos_protection_plan', 'properties.ddosProtectionPlan', [
        copy('enable', 'properties.enableDdosProtection'),
        ref('id', 'properties.ddosProtectionPlan'),
      ]),
      within('encryption', 'properties.encryption', [
        fixed('properties.encryption.enabled', true),
        copy('enforcement', 'properties.encryption.enforcement'),
      ]),
      many('subnet', 'properties.subnets', [copy('name'), ...SUBNET_FIELDS]),
    ],
    computed: inlineSubnets,
  },
  azurerm_virtual_network_dns_servers: {
    id: sameAs('virtual_network_id'),
    more: ({ values }) => {
      const [target, value] = [values.get('virtual_network_id'), values.get('dns_servers')];
      if (target === undefined || value === undefined) return {};
      const path = ['properties', 'dhcpOptions', 'dnsServers'];
      return { edits: [{ target, type: NETWORK, path, how: 'set', value }] };
    },
  },
  azurerm_subnet: {
    type: SUBNET,
    id: inParent(SUBNET, 'virtual_network_name'),
    fields: SUBNET_FIELDS,
  },
  azurerm_subnet_network_security_group_association: {
    id: sameAs('subnet_id'),
    more: ties('subnet_id', 'network_security_group_id', 'networkSecurityGroup'),
  },
  azurerm_subnet_route_table_association: {
    id: sameAs('subnet_id'),
    more: ties('subnet_id', 'route_table_id', 'routeTable'),
  },
  azurerm_subnet_nat_gateway_association: {
    id: sameAs('subnet_id'),
    more: ties('subnet_id', 'nat_gateway_id', 'natGateway'),
  },
  azurerm_virtual_network_peering: {
    type: `${NETWORK}/virtualNetworkPeerings`,
    id: inParent(`${NETWORK}/virtualNetworkPeerings`, 'virtual_network_name'),
    fields: [
      ref('remote_virtual_network_id', 'properties.remoteVirtualNetwork'),
      copy('allow_virtual_network_access', 'properties.allowVirtualNetworkAccess', true),
      copy('allow_forwarded_traffic', 'properties.allowForwardedTraffic', false),
      copy('allow_gateway_transit', 'properties.allowGatewayTransit', false),
      copy('use_remote_gateways', 'properties.useRemoteGateways', false),
      copy('peer_complete_virtual_networks_enabled', 'properties.peerCompleteVnets', true),
      copy('local_subnet_names', 'properties.localSubnetNames'),
      copy('remote_subnet_names', 'properties.remoteSubnetNames'),
      copy('only_ipv6_peering_enabled', 'properties.enableOnlyIPv6Peering'),
    ],
  },
  azurerm_network_ddos_protection_plan: {
    type: 'Microsoft.Network/ddosProtectionPlans',
    id: inGroup('Microsoft.Network/ddosProtectionPlans'),
    fields: COMMON,
  },
  azurerm_subnet_service_endpoint_storage_policy: {
    type: 'Microsoft.Network/serviceEndpointPolicies',
    id: inGroup('Microsoft.Network/serviceEndpointPolicies'),
    fields: [
      ...COMMON,
      many('definition', 'properties.serviceEndpointPolicyDefinitions', [
        copy('name'),
        copy('description', 'properties.description'),
        copy('service', 'properties.service', 'Microsoft.Storage'),
        copy('service_resources', 'properties.serviceResources'),
      ]),
    ],
  },
  azurerm_route_table: {
    type: 'Microsoft.Network/routeTables',
    id: inGroup('Microsoft.Network/routeTables'),
    fields: [
      ...COMMON,
      copy('disable_bgp_route_propagation', 'properties.disableBgpRoutePropagation'),
      not('bgp_route_propagation_enabled', 'properties.disableBgpRoutePropagation'),
      many('route', 'properties.routes', [
        copy('name'),
        copy('address_prefix', 'properties.addressPrefix'),
        copy('next_hop_type', 'properties.nextHopType'),
        copy('next_hop_in_ip_address', 'properties.nextHopIpAddress'),
      ]),
    ],
  },
  azurerm_route: {
    type: 'Microsoft.Network/routeTables/routes',
    id: inParent('Microsoft.Network/routeTables/routes', 'route_table_name'),
    fields: [
      copy('address_prefix', 'properties.addressPrefix'),
      copy('next_hop_type', 'properties.nextHopType'),
      copy('next_hop_in_ip_address', 'properties.nextHopIpAddress'),
    ],
  },
};
