import type { AzureValue } from '#model/azure/value.ts';
import { list, object } from '../values.ts';
import { blocksOf, COMMON, copy, type Field, type From, isBlocks, many, put, ref, refs } from './fields.ts';
import { below, firstOf, type IdRule, inGroup, inParent } from './ids.ts';
import type { Child, Mapping, Mappings } from './mapping.ts';

const ENDPOINT = 'Microsoft.Network/privateEndpoints';
const ZONE = 'Microsoft.Network/privateDnsZones';
const SERVICE = 'Microsoft.Network/privateLinkServices';

const CONNECTION: readonly Field[] = [
  copy('name'),
  copy('private_connection_resource_id|private_connection_resource_alias', 'properties.privateLinkServiceId'),
  copy('subresource_names', 'properties.groupIds'),
  copy('request_message', 'properties.requestMessage'),
];

/** ARM has two lists, for connections that approve themselves and for those that a person approves. */
const CONNECTIONS: Field = (from, to) => {
  const blocks = blocksOf(from, 'private_service_connection');
  if (blocks === undefined) return;
  if (!isBlocks(blocks)) return put(to, 'properties.privateLinkServiceConnections', blocks);
  const manual = blocks[0] && firstOf(blocks[0].values, 'is_manual_connection');
  if (manual?.kind === 'unsettled') return put(to, 'properties.privateLinkServiceConnections', manual);
  const isManual = manual?.kind === 'scalar' && String(manual.value) === 'true';
  const path = isManual ? 'properties.manualPrivateLinkServiceConnections' : 'properties.privateLinkServiceConnections';
  many('private_service_connection', path, CONNECTION)(from, to);
};

/** The group of DNS zones is a child to ARM. */
function zoneGroup(from: From): readonly Child[] {
  const blocks = blocksOf(from, 'private_dns_zone_group');
  if (blocks === undefined || !isBlocks(blocks) || blocks[0] === undefined) return [];
  const name = firstOf(blocks[0].values, 'name');
  const segment = name?.kind === 'scalar' ? String(name.value) : 'default';
  const type = `${ENDPOINT}/privateDnsZoneGroups`;
  return [{ path: `privateDnsZoneGroups/${segment}`, type, from: blocks[0], fields: [ZONES] }];
}

const ZONES: Field = (from, to) => {
  const ids = firstOf(from.values, 'private_dns_zone_ids');
  if (ids === undefined) return;
  if (ids.kind !== 'list') return put(to, 'properties.privateDnsZoneConfigs', ids);
  const items = ids.items.map((id) => {
    const properties = object(new Map([['privateDnsZoneId', id]]), id.origin);
    return object(new Map<string, AzureValue>([['properties', properties]]), id.origin);
  });
  put(to, 'properties.privateDnsZoneConfigs', list(items, ids.origin));
};

/** Up to version 4 records name their zone and its group, from version 5 its id. */
function recordId(type: string): IdRule {
  const byName = inParent(`${ZONE}/${type}`, 'zone_name');
  const byId = below('private_dns_zone_id', type);
  return (values, place) => (firstOf(values, 'private_dns_zone_id') === undefined ? byName : byId)(values, place);
}

function record(type: string, fields: readonly Field[]): Mapping {
  return { type: `${ZONE}/${type}`, id: recordId(type), fields: [copy('ttl', 'properties.ttl'), ...fields] };
}

function addresses(path: string, key: string): Field {
  return (from, to) => {
    const records = firstOf(from.values, 'records');
    if (records === undefined) return;
    if (records.kind !== 'list') return put(to, path, records);
    const items = records.items.map((item) => object(new Map([[key, item]]), item.origin));
    put(to, path, list(items, records.origin));
  };
}

const byZoneName = inParent(`${ZONE}/virtualNetworkLinks`, 'private_dns_zone_name');
const byZoneId = below('private_dns_zone_id', 'virtualNetworkLinks');

/** Private endpoints, private link services and private DNS. */
export const PRIVATE_LINK_MAPPINGS: Mappings = {
  azurerm_private_endpoint: {
    type: ENDPOINT,
    id: inGroup(ENDPOINT),
    fields: [
      ...COMMON,
      ref('subnet_id', 'properties.subnet'),
      copy('custom_network_interface_name', 'properties.customNetworkInterfaceName'),
      CONNECTIONS,
      many('ip_configuration', 'properties.ipConfigurations', [
        copy('name'),
        copy('private_ip_address', 'properties.privateIPAddress'),
        copy('subresource_name', 'properties.groupId'),
        copy('member_name|subresource_name', 'properties.memberName'),
      ]),
    ],
    more: (made) => ({ children: zoneGroup(made) }),
  },
  azurerm_private_dns_zone: { type: ZONE, id: inGroup(ZONE), fields: [copy('tags')] },
  azurerm_private_dns_zone_virtual_network_link: {
    type: `${ZONE}/virtualNetworkLinks`,
    id: (values, place) =>
      (firstOf(values, 'private_dns_zone_id') === undefined ? byZoneName : byZoneId)(values, place),
    fields: [
      copy('tags'),
      ref('virtual_network_id', 'properties.virtualNetwork'),
      copy('registration_enabled', 'properties.registrationEnabled', false),
      copy('resolution_policy', 'properties.resolutionPolicy'),
    ],
  },
  azurerm_private_dns_a_record: record('A', [addresses('properties.aRecords', 'ipv4Address')]),
  azurerm_private_dns_aaaa_record: record('AAAA', [addresses('properties.aaaaRecords', 'ipv6Address')]),
  azurerm_private_dns_cname_record: record('CNAME', [copy('record', 'properties.cnameRecord.cname')]),
  azurerm_private_dns_ptr_record: record('PTR', [addresses('properties.ptrRecords', 'ptrdname')]),
  azurerm_private_dns_mx_record: record('MX', [
    many('record', 'properties.mxRecords', [copy('preference'), copy('exchange')]),
  ]),
  azurerm_private_dns_srv_record: record('SRV', [
    many('record', 'properties.srvRecords', [copy('priority'), copy('weight'), copy('port'), copy('target')]),
  ]),
  azurerm_private_dns_txt_record: record('TXT', [many('record', 'properties.txtRecords', [copy('value')])]),
  azurerm_private_link_service: {
    type: SERVICE,
    id: inGroup(SERVICE),
    fields: [
      ...COMMON,
      copy('auto_approval_subscription_ids', 'properties.autoApproval.subscriptions'),
      copy('visibility_subscription_ids', 'properties.visibility.subscriptions'),
      copy('fqdns', 'properties.fqdns'),
      copy('proxy_protocol_enabled|enable_proxy_protocol', 'properties.enableProxyProtocol', false),
      copy('destination_ip_address', 'properties.destinationIPAddress'),
      refs('load_balancer_frontend_ip_configuration_ids', 'properties.loadBalancerFrontendIpConfigurations'),
      many('nat_ip_configuration', 'properties.ipConfigurations', [
        copy('name'),
        ref('subnet_id', 'properties.subnet'),
        copy('primary', 'properties.primary'),
        copy('private_ip_address', 'properties.privateIPAddress'),
        copy('private_ip_address_version', 'properties.privateIPAddressVersion'),
      ]),
    ],
  },
  azurerm_dns_zone: {
    type: 'Microsoft.Network/dnsZones',
    id: inGroup('Microsoft.Network/dnsZones'),
    fields: [copy('tags')],
  },
  azurerm_private_dns_resolver: {
    type: 'Microsoft.Network/dnsResolvers',
    id: inGroup('Microsoft.Network/dnsResolvers'),
    fields: [...COMMON, ref('virtual_network_id', 'properties.virtualNetwork')],
  },
  azurerm_private_dns_resolver_inbound_endpoint: {
    type: 'Microsoft.Network/dnsResolvers/inboundEndpoints',
    id: below('private_dns_resolver_id', 'inboundEndpoints'),
    fields: [
      ...COMMON,
      many('ip_configurations', 'properties.ipConfigurations', [
        ref('subnet_id', 'subnet'),
        copy('private_ip_address', 'privateIpAddress'),
        copy('private_ip_allocation_method', 'privateIpAllocationMethod'),
      ]),
    ],
  },
  azurerm_private_dns_resolver_outbound_endpoint: {
    type: 'Microsoft.Network/dnsResolvers/outboundEndpoints',
    id: below('private_dns_resolver_id', 'outboundEndpoints'),
    fields: [...COMMON, ref('subnet_id', 'properties.subnet')],
  },
};
