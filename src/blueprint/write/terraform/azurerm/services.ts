import { copy, enabled, type From, LOCATION, one, plucked, sent, TAGS, type To } from './fields.ts';
import { inGroup, type Mappings } from './mapping.ts';

/** How long what nothing names stays: days, or not at all. */
function retention(from: From, to: To): void {
  if (from.see('properties.policies.retentionPolicy.status') !== 'enabled') return;
  from.take('properties.policies.retentionPolicy.status');
  copy('retention_policy_in_days', 'properties.policies.retentionPolicy.days')(from, to);
}

/** Vaults and registries. */
export const SERVICE_MAPPINGS: Mappings = {
  'Microsoft.KeyVault/vaults': {
    type: 'azurerm_key_vault',
    place: inGroup,
    attributes: { 'properties.vaultUri': 'vault_uri' },
    fields: [
      LOCATION,
      copy('tenant_id', 'properties.tenantId'),
      sent('properties.sku.family', 'A'),
      copy('sku_name', 'properties.sku.name'),
      copy('rbac_authorization_enabled', 'properties.enableRbacAuthorization'),
      sent('properties.enableSoftDelete', true),
      copy('purge_protection_enabled', 'properties.enablePurgeProtection'),
      copy('soft_delete_retention_days', 'properties.softDeleteRetentionInDays'),
      enabled('public_network_access_enabled', 'properties.publicNetworkAccess'),
      TAGS,
      one('network_acls', 'properties.networkAcls', [
        copy('default_action', 'defaultAction'),
        copy('bypass', 'bypass'),
        plucked('ip_rules', 'ipRules', 'value'),
        plucked('virtual_network_subnet_ids', 'virtualNetworkRules', 'id'),
      ]),
    ],
  },
  'Microsoft.ContainerRegistry/registries': {
    type: 'azurerm_container_registry',
    place: inGroup,
    attributes: { 'properties.loginServer': 'login_server' },
    fields: [
      LOCATION,
      copy('sku', 'sku.name'),
      copy('admin_enabled', 'properties.adminUserEnabled'),
      copy('anonymous_pull_enabled', 'properties.anonymousPullEnabled'),
      enabled('public_network_access_enabled', 'properties.publicNetworkAccess'),
      copy('network_rule_bypass_option', 'properties.networkRuleBypassOptions'),
      copy('data_endpoint_enabled', 'properties.dataEndpointEnabled'),
      enabled('zone_redundancy_enabled', 'properties.zoneRedundancy'),
      enabled('export_policy_enabled', 'properties.policies.exportPolicy.status'),
      retention,
      TAGS,
    ],
  },
};
