import type { AzureValue } from '#model/azure/value.ts';
import { list, object, scalar, textValue } from '../values.ts';
import {
  blocksOf,
  COMMON,
  copy,
  enabled,
  type Field,
  type From,
  isBlocks,
  joined,
  made as makeOf,
  many,
  not,
  put,
  within,
  words,
} from './fields.ts';
import { below, firstOf, inGroup, type Values } from './ids.ts';
import type { Child, Mappings } from './mapping.ts';

const VAULT = 'Microsoft.KeyVault/vaults';
const REGISTRY = 'Microsoft.ContainerRegistry/registries';
const STORAGE = 'Microsoft.Storage/storageAccounts';
const SQL = 'Microsoft.Sql/servers';
const COSMOS = 'Microsoft.DocumentDB/databaseAccounts';
const BUS = 'Microsoft.ServiceBus/namespaces';
const HUBS = 'Microsoft.EventHub/namespaces';

/** Each item of a list as an object with one entry: addresses as `{ value }`, subnets as `{ id }`. */
function each(name: string, path: string, key: string): Field {
  return ofEach(name, path, (item) => [[key, item]]);
}

/** The same with the action that ARM wants to be told. */
function allowed(name: string, path: string, key: string): Field {
  return ofEach(name, path, (item) => [
    [key, item],
    ['action', scalar('Allow', item.origin)],
  ]);
}

function ofEach(name: string, path: string, entries: (item: AzureValue) => [string, AzureValue][]): Field {
  return (from, to) => {
    const value = firstOf(from.values, name);
    if (value === undefined) return;
    if (value.kind !== 'list') put(to, path, value);
    else
      put(
        to,
        path,
        list(
          value.items.map((item) => object(new Map(entries(item)), item.origin)),
          value.origin,
        ),
      );
  };
}

/** `["Logging", "AzureServices"]` is one text to ARM. */
const STORAGE_RULES: readonly Field[] = [
  copy('default_action', 'defaultAction'),
  joined('bypass', 'bypass', ', '),
  allowed('ip_rules', 'ipRules', 'value'),
  allowed('virtual_network_subnet_ids', 'virtualNetworkRules', 'id'),
  many('private_link_access', 'resourceAccessRules', [
    copy('endpoint_resource_id', 'resourceId'),
    copy('endpoint_tenant_id', 'tenantId'),
  ]),
];

/** The rule set of a namespace is a child to ARM. */
function ruleSet(type: string, fields: readonly Field[]): (from: From) => readonly Child[] {
  return (from) => {
    const blocks = blocksOf(from, type === BUS ? 'network_rule_set' : 'network_rulesets');
    if (blocks === undefined || !isBlocks(blocks) || blocks[0] === undefined) return [];
    return [{ path: 'networkRuleSets/default', type: `${type}/networkRuleSets`, from: blocks[0], fields }];
  };
}

const BUS_RULES: readonly Field[] = [
  copy('default_action', 'properties.defaultAction'),
  enabled('public_network_access_enabled', 'properties.publicNetworkAccess'),
  copy('trusted_services_allowed|trusted_service_access_enabled', 'properties.trustedServiceAccessEnabled', false),
  allowed('ip_rules', 'properties.ipRules', 'ipMask'),
  many('network_rules', 'properties.virtualNetworkRules', [
    (from, to) => {
      const id = firstOf(from.values, 'subnet_id');
      if (id !== undefined) put(to, 'subnet.id', id);
    },
    copy('ignore_missing_vnet_service_endpoint', 'ignoreMissingVnetServiceEndpoint', false),
  ]),
];

const HUB_RULES: readonly Field[] = [
  copy('default_action', 'properties.defaultAction'),
  enabled('public_network_access_enabled|public_network_access', 'properties.publicNetworkAccess'),
  copy('trusted_service_access_enabled', 'properties.trustedServiceAccessEnabled', false),
  many('ip_rule', 'properties.ipRules', [copy('ip_mask', 'ipMask'), copy('action')]),
  many('virtual_network_rule', 'properties.virtualNetworkRules', [
    (from, to) => {
      const id = firstOf(from.values, 'subnet_id');
      if (id !== undefined) put(to, 'subnet.id', id);
    },
    copy('ignore_missing_virtual_network_service_endpoint', 'ignoreMissingVnetServiceEndpoint', false),
  ]),
];

/** Up to version 3 one text with commas, later a list. */
const COSMOS_ADDRESSES: Field = (from, to) => {
  const value = firstOf(from.values, 'ip_range_filter');
  if (value === undefined) return;
  const text = textValue(value);
  if (text === undefined) return each('ip_range_filter', 'properties.ipRules', 'ipAddressOrRange')(from, to);
  const items = text.split(',').map((part) => {
    const address = scalar(part.trim(), value.origin);
    return object(new Map([['ipAddressOrRange', address]]), value.origin);
  });
  put(to, 'properties.ipRules', list(items, value.origin));
};

function storageByName(values: Values): Values {
  const name = values.get('storage_account_name');
  return name === undefined ? values : new Map(values).set('name', name);
}

/** Platform services and who may reach them. */
export const SERVICE_MAPPINGS: Mappings = {
  azurerm_key_vault: {
    type: VAULT,
    id: inGroup(VAULT),
    fields: [
      ...COMMON,
      copy('sku_name', 'properties.sku.name'),
      copy('tenant_id', 'properties.tenantId'),
      enabled('public_network_access_enabled', 'properties.publicNetworkAccess', true),
      copy('rbac_authorization_enabled|enable_rbac_authorization', 'properties.enableRbacAuthorization'),
      copy('purge_protection_enabled', 'properties.enablePurgeProtection'),
      copy('soft_delete_retention_days', 'properties.softDeleteRetentionInDays'),
      within('network_acls', 'properties.networkAcls', [
        copy('default_action', 'properties.networkAcls.defaultAction'),
        copy('bypass', 'properties.networkAcls.bypass'),
        each('ip_rules', 'properties.networkAcls.ipRules', 'value'),
        each('virtual_network_subnet_ids', 'properties.networkAcls.virtualNetworkRules', 'id'),
      ]),
    ],
  },
  azurerm_container_registry: {
    type: REGISTRY,
    id: inGroup(REGISTRY),
    fields: [
      ...COMMON,
      copy('sku', 'sku.name'),
      copy('admin_enabled', 'properties.adminUserEnabled', false),
      copy('anonymous_pull_enabled', 'properties.anonymousPullEnabled'),
      copy('data_endpoint_enabled', 'properties.dataEndpointEnabled'),
      enabled('public_network_access_enabled', 'properties.publicNetworkAccess', true),
      copy('network_rule_bypass_option', 'properties.networkRuleBypassOptions', 'AzureServices'),
      enabled('export_policy_enabled', 'properties.policies.exportPolicy.status', true),
      enabled('zone_redundancy_enabled', 'properties.zoneRedundancy'),
      copy('retention_policy_in_days', 'properties.policies.retentionPolicy.days'),
      within('network_rule_set', 'properties.networkRuleSet', [
        copy('default_action', 'properties.networkRuleSet.defaultAction', 'Allow'),
        many('ip_rule', 'properties.networkRuleSet.ipRules', [copy('ip_range', 'value'), copy('action')]),
        many('virtual_network', 'properties.networkRuleSet.virtualNetworkRules', [
          copy('subnet_id', 'id'),
          copy('action'),
        ]),
      ]),
    ],
  },
  azurerm_storage_account: {
    type: STORAGE,
    id: inGroup(STORAGE),
    fields: [
      ...COMMON,
      copy('account_kind', 'kind', 'StorageV2'),
      (from, to) => {
        const [tier, replication] = [
          textValue(from.values.get('account_tier')),
          textValue(from.values.get('account_replication_type')),
        ];
        if (tier !== undefined && replication !== undefined)
          put(to, 'sku.name', scalar(`${tier}_${replication}`, from.origin));
      },
      enabled('public_network_access_enabled', 'properties.publicNetworkAccess', true),
      copy('allow_nested_items_to_be_public', 'properties.allowBlobPublicAccess'),
      copy('shared_access_key_enabled', 'properties.allowSharedKeyAccess'),
      copy('https_traffic_only_enabled|enable_https_traffic_only', 'properties.supportsHttpsTrafficOnly', true),
      copy('min_tls_version', 'properties.minimumTlsVersion', 'TLS1_2'),
      copy('is_hns_enabled', 'properties.isHnsEnabled'),
      copy('allowed_copy_scope', 'properties.allowedCopyScope'),
      (from, to) => {
        const blocks = blocksOf(from, 'network_rules');
        if (blocks === undefined) return;
        if (!isBlocks(blocks)) return put(to, 'properties.networkAcls', blocks);
        if (blocks[0] !== undefined) put(to, 'properties.networkAcls', makeOf(blocks[0], STORAGE_RULES));
      },
    ],
  },
  azurerm_storage_account_network_rules: {
    id: (values, place) => {
      const id = firstOf(values, 'storage_account_id');
      return id === undefined ? inGroup(STORAGE)(storageByName(values), place) : (textValue(id) ?? place.address);
    },
    more: (made) => {
      const target = firstOf(made.values, 'storage_account_id') ?? scalar(made.id, made.origin);
      const value = makeOf(made, STORAGE_RULES);
      return { edits: [{ target, type: STORAGE, path: ['properties', 'networkAcls'], how: 'set', value }] };
    },
  },
  azurerm_mssql_server: {
    type: SQL,
    id: inGroup(SQL),
    fields: [
      ...COMMON,
      copy('version', 'properties.version'),
      enabled('public_network_access_enabled', 'properties.publicNetworkAccess', true),
      enabled('outbound_network_restriction_enabled', 'properties.restrictOutboundNetworkAccess', false),
      copy('minimum_tls_version', 'properties.minimalTlsVersion', '1.2'),
      within('azuread_administrator', 'properties.administrators', [
        copy('azuread_authentication_only', 'properties.administrators.azureADOnlyAuthentication'),
      ]),
    ],
  },
  azurerm_mssql_firewall_rule: {
    type: `${SQL}/firewallRules`,
    id: below('server_id', 'firewallRules'),
    fields: [copy('start_ip_address', 'properties.startIpAddress'), copy('end_ip_address', 'properties.endIpAddress')],
  },
  azurerm_mssql_outbound_firewall_rule: {
    type: `${SQL}/outboundFirewallRules`,
    id: below('server_id', 'outboundFirewallRules'),
    fields: [],
  },
  azurerm_mssql_virtual_network_rule: {
    type: `${SQL}/virtualNetworkRules`,
    id: below('server_id', 'virtualNetworkRules'),
    fields: [
      copy('subnet_id', 'properties.virtualNetworkSubnetId'),
      copy('ignore_missing_vnet_service_endpoint', 'properties.ignoreMissingVnetServiceEndpoint', false),
    ],
  },
  azurerm_cosmosdb_account: {
    type: COSMOS,
    id: inGroup(COSMOS),
    fields: [
      ...COMMON,
      copy('kind', 'kind', 'GlobalDocumentDB'),
      copy('offer_type', 'properties.databaseAccountOfferType'),
      enabled('public_network_access_enabled', 'properties.publicNetworkAccess', true),
      copy('is_virtual_network_filter_enabled', 'properties.isVirtualNetworkFilterEnabled', false),
      COSMOS_ADDRESSES,
      many('virtual_network_rule', 'properties.virtualNetworkRules', [
        copy('id'),
        copy('ignore_missing_vnet_service_endpoint', 'ignoreMissingVNetServiceEndpoint', false),
      ]),
      words('network_acl_bypass_for_azure_services', 'properties.networkAclBypass', {
        true: 'AzureServices',
        false: 'None',
        otherwise: 'None',
      }),
      copy('network_acl_bypass_ids', 'properties.networkAclBypassResourceIds'),
      not('local_authentication_enabled', 'properties.disableLocalAuth'),
      copy('local_authentication_disabled', 'properties.disableLocalAuth'),
      copy('minimal_tls_version', 'properties.minimalTlsVersion'),
    ],
  },
  azurerm_servicebus_namespace: {
    type: BUS,
    id: inGroup(BUS),
    fields: [
      ...COMMON,
      copy('sku', 'sku.name'),
      copy('capacity', 'sku.capacity'),
      enabled('public_network_access_enabled', 'properties.publicNetworkAccess', true),
      not('local_auth_enabled', 'properties.disableLocalAuth'),
      copy('minimum_tls_version', 'properties.minimumTlsVersion', '1.2'),
    ],
    more: (made) => ({ children: ruleSet(BUS, BUS_RULES)(made) }),
  },
  azurerm_servicebus_namespace_network_rule_set: {
    type: `${BUS}/networkRuleSets`,
    id: below('namespace_id', 'networkRuleSets', () => 'default'),
    fields: BUS_RULES,
  },
  azurerm_eventhub_namespace: {
    type: HUBS,
    id: inGroup(HUBS),
    fields: [
      ...COMMON,
      copy('sku', 'sku.name'),
      copy('capacity', 'sku.capacity'),
      enabled('public_network_access_enabled', 'properties.publicNetworkAccess', true),
      not('local_authentication_enabled', 'properties.disableLocalAuth'),
      copy('minimum_tls_version', 'properties.minimumTlsVersion', '1.2'),
    ],
    more: (made) => ({ children: ruleSet(HUBS, HUB_RULES)(made) }),
  },
  azurerm_redis_cache: {
    type: 'Microsoft.Cache/redis',
    id: inGroup('Microsoft.Cache/redis'),
    fields: [
      ...COMMON,
      copy('sku_name', 'properties.sku.name'),
      copy('family', 'properties.sku.family'),
      copy('capacity', 'properties.sku.capacity'),
      enabled('public_network_access_enabled', 'properties.publicNetworkAccess', true),
      copy('non_ssl_port_enabled|enable_non_ssl_port', 'properties.enableNonSslPort', false),
      copy('minimum_tls_version', 'properties.minimumTlsVersion'),
      copy('subnet_id', 'properties.subnetId'),
      copy('private_static_ip_address', 'properties.staticIP'),
    ],
  },
};
