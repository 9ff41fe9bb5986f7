import type { AzureValue } from '#model/azure/value.ts';
import { COMMON, copy, type Field, made as makeOf, many, one, ref, refs, within, words } from './fields.ts';
import { below, inGroup, inParent, sameAs } from './ids.ts';
import type { Mappings } from './mapping.ts';

const GATEWAY = 'Microsoft.Network/virtualNetworkGateways';
const HUB = 'Microsoft.Network/virtualHubs';
const CIRCUIT = 'Microsoft.Network/expressRouteCircuits';
const TABLE = `${HUB}/hubRouteTables`;

const HUB_ROUTE: readonly Field[] = [
  copy('name'),
  copy('destinations'),
  copy('destinations_type', 'destinationType'),
  copy('next_hop'),
  copy('next_hop_type', 'nextHopType', 'ResourceId'),
];

/** How a connection of a hub is routed. */
const ROUTING: Field = one('routing', 'properties.routingConfiguration', [
  ref('associated_route_table_id', 'associatedRouteTable'),
  one('propagated_route_table', 'propagatedRouteTables', [copy('labels'), refs('route_table_ids', 'ids')]),
  ref('inbound_route_map_id', 'inboundRouteMap'),
  ref('outbound_route_map_id', 'outboundRouteMap'),
  many('static_vnet_route', 'vnetRoutes.staticRoutes', [
    copy('name'),
    copy('address_prefixes'),
    copy('next_hop_ip_address', 'nextHopIpAddress'),
  ]),
  copy('static_vnet_local_route_override_criteria', 'vnetRoutes.staticRoutesConfig.vnetLocalRouteOverrideCriteria'),
  copy('static_vnet_propagate_static_routes_enabled', 'vnetRoutes.staticRoutesConfig.propagateStaticRoutes'),
]);

/** Gateways, circuits, virtual WAN and its hubs. */
export const HYBRID_MAPPINGS: Mappings = {
  azurerm_virtual_network_gateway: {
    type: GATEWAY,
    id: inGroup(GATEWAY),
    fields: [
      ...COMMON,
      copy('type', 'properties.gatewayType'),
      copy('vpn_type', 'properties.vpnType', 'RouteBased'),
      copy('sku', 'properties.sku.name'),
      copy('sku', 'properties.sku.tier'),
      copy('generation', 'properties.vpnGatewayGeneration'),
      copy('active_active', 'properties.activeActive', false),
      copy('bgp_enabled|enable_bgp', 'properties.enableBgp', false),
      copy('private_ip_address_enabled', 'properties.enablePrivateIpAddress'),
      copy('remote_vnet_traffic_enabled', 'properties.allowRemoteVnetTraffic', false),
      copy('virtual_wan_traffic_enabled', 'properties.allowVirtualWanTraffic', false),
      ref('default_local_network_gateway_id', 'properties.gatewayDefaultSite'),
      within('custom_route', 'properties.customRoutes', [
        copy('address_prefixes', 'properties.customRoutes.addressPrefixes'),
      ]),
      within('bgp_settings', 'properties.bgpSettings', [copy('asn', 'properties.bgpSettings.asn')]),
      many('ip_configuration', 'properties.ipConfigurations', [
        copy('name'),
        ref('subnet_id', 'properties.subnet'),
        ref('public_ip_address_id', 'properties.publicIPAddress'),
        copy('private_ip_address_allocation', 'properties.privateIPAllocationMethod'),
      ]),
      within('vpn_client_configuration', 'properties.vpnClientConfiguration', [
        copy('address_space', 'properties.vpnClientConfiguration.vpnClientAddressPool.addressPrefixes'),
        copy('vpn_client_protocols', 'properties.vpnClientConfiguration.vpnClientProtocols'),
        copy('vpn_auth_types', 'properties.vpnClientConfiguration.vpnAuthenticationTypes'),
        copy('aad_tenant', 'properties.vpnClientConfiguration.aadTenant'),
      ]),
    ],
  },
  azurerm_virtual_network_gateway_connection: {
    type: 'Microsoft.Network/connections',
    id: inGroup('Microsoft.Network/connections'),
    fields: [
      ...COMMON,
      copy('type', 'properties.connectionType'),
      ref('virtual_network_gateway_id', 'properties.virtualNetworkGateway1'),
      ref('peer_virtual_network_gateway_id', 'properties.virtualNetworkGateway2'),
      ref('local_network_gateway_id', 'properties.localNetworkGateway2'),
      ref('express_route_circuit_id', 'properties.peer'),
      copy('bgp_enabled|enable_bgp', 'properties.enableBgp'),
      copy('express_route_gateway_bypass', 'properties.expressRouteGatewayBypass'),
      copy('use_policy_based_traffic_selectors', 'properties.usePolicyBasedTrafficSelectors'),
      copy('routing_weight', 'properties.routingWeight'),
      many('traffic_selector_policy', 'properties.trafficSelectorPolicies', [
        copy('local_address_cidrs', 'localAddressRanges'),
        copy('remote_address_cidrs', 'remoteAddressRanges'),
      ]),
    ],
  },
  azurerm_local_network_gateway: {
    type: 'Microsoft.Network/localNetworkGateways',
    id: inGroup('Microsoft.Network/localNetworkGateways'),
    fields: [
      ...COMMON,
      copy('gateway_address', 'properties.gatewayIpAddress'),
      copy('gateway_fqdn', 'properties.fqdn'),
      copy('address_space', 'properties.localNetworkAddressSpace.addressPrefixes'),
      within('bgp_settings', 'properties.bgpSettings', [copy('asn', 'properties.bgpSettings.asn')]),
    ],
  },
  azurerm_express_route_circuit: {
    type: CIRCUIT,
    id: inGroup(CIRCUIT),
    fields: [
      ...COMMON,
      one('sku', 'sku', [copy('tier'), copy('family')]),
      copy('service_provider_name', 'properties.serviceProviderProperties.serviceProviderName'),
      copy('peering_location', 'properties.serviceProviderProperties.peeringLocation'),
      copy('bandwidth_in_mbps', 'properties.serviceProviderProperties.bandwidthInMbps'),
      copy('bandwidth_in_gbps', 'properties.bandwidthInGbps'),
      copy('allow_classic_operations', 'properties.allowClassicOperations'),
      ref('express_route_port_id', 'properties.expressRoutePort'),
    ],
  },
  azurerm_express_route_circuit_peering: {
    type: `${CIRCUIT}/peerings`,
    id: (values, place) => {
      const type = values.get('peering_type');
      return inParent(`${CIRCUIT}/peerings`, 'express_route_circuit_name')(
        type === undefined ? values : new Map(values).set('name', type),
        place,
      );
    },
    fields: [
      copy('peering_type', 'properties.peeringType'),
      copy('vlan_id', 'properties.vlanId'),
      copy('peer_asn', 'properties.peerASN'),
      copy('primary_peer_address_prefix', 'properties.primaryPeerAddressPrefix'),
      copy('secondary_peer_address_prefix', 'properties.secondaryPeerAddressPrefix'),
      words('ipv4_enabled', 'properties.state', { true: 'Enabled', false: 'Disabled' }),
      within('microsoft_peering_config', 'properties.microsoftPeeringConfig', [
        copy('advertised_public_prefixes', 'properties.microsoftPeeringConfig.advertisedPublicPrefixes'),
      ]),
    ],
  },
  azurerm_express_route_circuit_authorization: {
    type: `${CIRCUIT}/authorizations`,
    id: inParent(`${CIRCUIT}/authorizations`, 'express_route_circuit_name'),
    fields: [],
  },
  azurerm_express_route_port: {
    type: 'Microsoft.Network/expressRoutePorts',
    id: inGroup('Microsoft.Network/expressRoutePorts'),
    fields: [
      ...COMMON,
      copy('peering_location', 'properties.peeringLocation'),
      copy('bandwidth_in_gbps', 'properties.bandwidthInGbps'),
    ],
  },
  azurerm_express_route_gateway: {
    type: 'Microsoft.Network/expressRouteGateways',
    id: inGroup('Microsoft.Network/expressRouteGateways'),
    fields: [
      ...COMMON,
      ref('virtual_hub_id', 'properties.virtualHub'),
      copy('scale_units', 'properties.autoScaleConfiguration.bounds.min'),
      copy('allow_non_virtual_wan_traffic', 'properties.allowNonVirtualWanTraffic', false),
    ],
  },
  azurerm_express_route_connection: {
    type: 'Microsoft.Network/expressRouteGateways/expressRouteConnections',
    id: below('express_route_gateway_id', 'expressRouteConnections'),
    fields: [
      ref('express_route_circuit_peering_id', 'properties.expressRouteCircuitPeering'),
      copy('internet_security_enabled|enable_internet_security', 'properties.enableInternetSecurity', false),
      copy('routing_weight', 'properties.routingWeight'),
      ROUTING,
    ],
  },
  azurerm_virtual_wan: {
    type: 'Microsoft.Network/virtualWans',
    id: inGroup('Microsoft.Network/virtualWans'),
    fields: [
      ...COMMON,
      copy('type', 'properties.type', 'Standard'),
      copy('disable_vpn_encryption', 'properties.disableVpnEncryption', false),
      copy('allow_branch_to_branch_traffic', 'properties.allowBranchToBranchTraffic', true),
    ],
  },
  azurerm_virtual_hub: {
    type: HUB,
    id: inGroup(HUB),
    fields: [
      ...COMMON,
      copy('address_prefix', 'properties.addressPrefix'),
      copy('sku', 'properties.sku'),
      copy('hub_routing_preference', 'properties.hubRoutingPreference'),
      ref('virtual_wan_id', 'properties.virtualWan'),
      many('route', 'properties.routeTable.routes', [
        copy('address_prefixes'),
        copy('next_hop_ip_address', 'nextHopIpAddress'),
      ]),
    ],
  },
  azurerm_virtual_hub_connection: {
    type: `${HUB}/hubVirtualNetworkConnections`,
    id: below('virtual_hub_id', 'hubVirtualNetworkConnections'),
    fields: [
      ref('remote_virtual_network_id', 'properties.remoteVirtualNetwork'),
      copy('internet_security_enabled', 'properties.enableInternetSecurity', false),
      ROUTING,
    ],
  },
  azurerm_virtual_hub_route_table: {
    type: TABLE,
    id: below('virtual_hub_id', 'hubRouteTables'),
    fields: [copy('labels', 'properties.labels'), many('route', 'properties.routes', HUB_ROUTE)],
  },
  azurerm_virtual_hub_route_table_route: {
    id: sameAs('route_table_id'),
    more: (made) => {
      const target: AzureValue | undefined = made.values.get('route_table_id');
      if (target === undefined) return {};
      const value = makeOf(made, HUB_ROUTE);
      return { edits: [{ target, type: TABLE, path: ['properties', 'routes'], how: 'append', value }] };
    },
  },
  azurerm_virtual_hub_routing_intent: {
    type: `${HUB}/routingIntent`,
    id: below('virtual_hub_id', 'routingIntent'),
    fields: [
      many('routing_policy', 'properties.routingPolicies', [copy('name'), copy('destinations'), copy('next_hop')]),
    ],
  },
  azurerm_vpn_gateway: {
    type: 'Microsoft.Network/vpnGateways',
    id: inGroup('Microsoft.Network/vpnGateways'),
    fields: [
      ...COMMON,
      ref('virtual_hub_id', 'properties.virtualHub'),
      copy('bgp_route_translation_for_nat_enabled', 'properties.enableBgpRouteTranslationForNat'),
      copy('scale_unit', 'properties.vpnGatewayScaleUnit'),
    ],
  },
  azurerm_vpn_site: {
    type: 'Microsoft.Network/vpnSites',
    id: inGroup('Microsoft.Network/vpnSites'),
    fields: [
      ...COMMON,
      ref('virtual_wan_id', 'properties.virtualWan'),
      copy('address_cidrs', 'properties.addressSpace.addressPrefixes'),
    ],
  },
  azurerm_vpn_gateway_connection: {
    type: 'Microsoft.Network/vpnGateways/vpnConnections',
    id: below('vpn_gateway_id', 'vpnConnections'),
    fields: [
      ref('remote_vpn_site_id', 'properties.remoteVpnSite'),
      copy('internet_security_enabled', 'properties.enableInternetSecurity', false),
      ROUTING,
    ],
  },
};
