import { copy, type Field, GLOBAL, LOCATION, many, plucked, TAGS } from './fields.ts';
import { belowName, inGroup, type Mappings } from './mapping.ts';

/** The group of zones is a block of its endpoint here, and a resource of its own to ARM. */
const ZONE_GROUP = 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups';

const ZONE_GROUP_FIELDS: readonly Field[] = [
  plucked('private_dns_zone_ids', 'properties.privateDnsZoneConfigs', 'properties.privateDnsZoneId'),
  (from) => {
    // The provider calls a configuration after its zone.
    for (const item of from.each('properties.privateDnsZoneConfigs')) item.take('name');
  },
];

/** Private endpoints, and zones of private names with the networks that ask them. */
export const PRIVATE_LINK_MAPPINGS: Mappings = {
  'Microsoft.Network/privateEndpoints': {
    type: 'azurerm_private_endpoint',
    place: inGroup,
    fields: [
      LOCATION,
      copy('subnet_id', 'properties.subnet.id'),
      copy('custom_network_interface_name', 'properties.customNetworkInterfaceName'),
      TAGS,
      many('private_service_connection', 'properties.privateLinkServiceConnections', [
        copy('name', 'name'),
        copy('private_connection_resource_id', 'properties.privateLinkServiceId'),
        copy('subresource_names', 'properties.groupIds'),
        (_from, to) => void to.arguments.push(['is_manual_connection', false]),
      ]),
    ],
    absorbs: { type: ZONE_GROUP, block: 'private_dns_zone_group', fields: ZONE_GROUP_FIELDS },
  },
  'Microsoft.Network/privateDnsZones': {
    type: 'azurerm_private_dns_zone',
    place: inGroup,
    fields: [GLOBAL, TAGS],
  },
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': {
    type: 'azurerm_private_dns_zone_virtual_network_link',
    place: belowName('private_dns_zone_name'),
    fields: [
      GLOBAL,
      copy('virtual_network_id', 'properties.virtualNetwork.id'),
      copy('registration_enabled', 'properties.registrationEnabled'),
      copy('resolution_policy', 'properties.resolutionPolicy'),
      TAGS,
    ],
  },
};
