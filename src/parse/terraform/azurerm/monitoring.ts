import type { AzureValue } from '#model/azure/value.ts';
import { list, object, scalar } from '../values.ts';
import { blocksOf, COMMON, copy, enabled, type Field, isBlocks, many, not, put, within } from './fields.ts';
import { below, firstOf, type IdRule, inGroup, inParent, segment } from './ids.ts';
import type { Mappings } from './mapping.ts';

const WATCHER = 'Microsoft.Network/networkWatchers';
const WORKSPACE = 'Microsoft.OperationalInsights/workspaces';
const PLAN = 'Microsoft.Security/pricings';
const ANALYTICS = 'properties.flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration';

/** `enabled_log` blocks are on; `log` blocks of version 3 say whether they are. */
function logs(current: string, older: string, path: string): Field {
  return (from, to) => {
    const items: AzureValue[] = [];
    for (const name of [current, older]) {
      const blocks = blocksOf(from, name);
      if (blocks === undefined) continue;
      if (!isBlocks(blocks)) return put(to, path, blocks);
      for (const { values, origin } of blocks) {
        const entries = new Map<string, AzureValue>();
        for (const [key, property] of [
          ['category', 'category'],
          ['category_group', 'categoryGroup'],
        ] as const) {
          const value = firstOf(values, key);
          if (value !== undefined) entries.set(property, value);
        }
        entries.set('enabled', firstOf(values, 'enabled') ?? scalar(true, origin));
        items.push(object(entries, origin));
      }
    }
    if (items.length > 0) put(to, path, list(items, from.origin));
  };
}

/** Criteria of an alert on the activity log, one condition for each. */
const CONDITIONS: Field = (from, to) => {
  const blocks = blocksOf(from, 'criteria');
  if (blocks === undefined) return;
  if (!isBlocks(blocks)) return put(to, 'properties.condition', blocks);
  const [criteria] = blocks;
  if (criteria === undefined) return;
  const items: AzureValue[] = [];
  for (const [name, field] of CRITERIA) {
    const value = firstOf(criteria.values, name);
    if (value === undefined || (value.kind === 'list' && value.items.length === 0)) continue;
    const key = value.kind === 'list' ? 'containsAny' : 'equals';
    items.push(
      object(
        new Map<string, AzureValue>([
          ['field', scalar(field, value.origin)],
          [key, value],
        ]),
        value.origin,
      ),
    );
  }
  put(to, 'properties.condition.allOf', list(items, criteria.origin));
};

const CRITERIA: readonly (readonly [string, string])[] = [
  ['category', 'category'],
  ['operation_name', 'operationName'],
  ['resource_provider', 'resourceProvider'],
  ['resource_type', 'resourceType'],
  ['resource_id', 'resourceId'],
  ['resource_group', 'resourceGroup'],
  ['caller', 'caller'],
  ['level', 'level'],
  ['status', 'status'],
];

/** One plan for each kind of resource of the subscription; the provider's default is that of machines. */
const planId: IdRule = (values, { subscription, address }) => {
  const kind = firstOf(values, 'resource_type');
  const name = kind === undefined ? 'VirtualMachines' : segment(kind, `${address}.resource_type`);
  return `/subscriptions/${subscription}/providers/${PLAN}/${name}`;
};

/** Flow logs, diagnostic settings, alerts, workspaces and plans of Defender. */
export const MONITORING_MAPPINGS: Mappings = {
  azurerm_network_watcher: { type: WATCHER, id: inGroup(WATCHER), fields: COMMON },
  azurerm_network_watcher_flow_log: {
    type: `${WATCHER}/flowLogs`,
    id: inParent(`${WATCHER}/flowLogs`, 'network_watcher_name'),
    fields: [
      ...COMMON,
      copy('target_resource_id|network_security_group_id', 'properties.targetResourceId'),
      copy('storage_account_id', 'properties.storageId'),
      copy('enabled', 'properties.enabled'),
      copy('version', 'properties.format.version'),
      within('retention_policy', 'properties.retentionPolicy', [
        copy('enabled', 'properties.retentionPolicy.enabled'),
        copy('days', 'properties.retentionPolicy.days'),
      ]),
      within('traffic_analytics', ANALYTICS, [
        copy('enabled', `${ANALYTICS}.enabled`),
        copy('workspace_id', `${ANALYTICS}.workspaceId`),
        copy('workspace_region', `${ANALYTICS}.workspaceRegion`),
        copy('workspace_resource_id', `${ANALYTICS}.workspaceResourceId`),
        copy('interval_in_minutes', `${ANALYTICS}.trafficAnalyticsInterval`, 60),
      ]),
    ],
  },
  azurerm_monitor_diagnostic_setting: {
    type: 'Microsoft.Insights/diagnosticSettings',
    id: below('target_resource_id', 'providers/Microsoft.Insights/diagnosticSettings'),
    fields: [
      copy('log_analytics_workspace_id', 'properties.workspaceId'),
      copy('storage_account_id', 'properties.storageAccountId'),
      copy('eventhub_authorization_rule_id', 'properties.eventHubAuthorizationRuleId'),
      copy('eventhub_name', 'properties.eventHubName'),
      copy('partner_solution_id', 'properties.marketplacePartnerId'),
      copy('log_analytics_destination_type', 'properties.logAnalyticsDestinationType'),
      logs('enabled_log', 'log', 'properties.logs'),
      logs('enabled_metric', 'metric', 'properties.metrics'),
    ],
  },
  azurerm_log_analytics_workspace: {
    type: WORKSPACE,
    id: inGroup(WORKSPACE),
    fields: [
      ...COMMON,
      copy('sku', 'properties.sku.name'),
      copy('retention_in_days', 'properties.retentionInDays'),
      not('local_authentication_enabled', 'properties.features.disableLocalAuth'),
      enabled('internet_ingestion_enabled', 'properties.publicNetworkAccessForIngestion'),
      enabled('internet_query_enabled', 'properties.publicNetworkAccessForQuery'),
      // Version 5 names three values where version 4 has a boolean.
      copy('internet_ingestion_access_type', 'properties.publicNetworkAccessForIngestion'),
      copy('internet_query_access_type', 'properties.publicNetworkAccessForQuery'),
    ],
  },
  azurerm_monitor_activity_log_alert: {
    type: 'Microsoft.Insights/activityLogAlerts',
    id: inGroup('Microsoft.Insights/activityLogAlerts'),
    fields: [
      ...COMMON,
      copy('scopes', 'properties.scopes'),
      copy('enabled', 'properties.enabled', true),
      CONDITIONS,
      many('action', 'properties.actions.actionGroups', [copy('action_group_id')]),
    ],
  },
  azurerm_monitor_action_group: {
    type: 'Microsoft.Insights/actionGroups',
    id: inGroup('Microsoft.Insights/actionGroups'),
    fields: [
      ...COMMON,
      copy('short_name', 'properties.groupShortName'),
      copy('enabled', 'properties.enabled', true),
      many('email_receiver', 'properties.emailReceivers', [
        copy('name'),
        copy('email_address'),
        copy('use_common_alert_schema'),
      ]),
    ],
  },
  azurerm_security_center_subscription_pricing: {
    type: PLAN,
    id: planId,
    fields: [copy('tier', 'properties.pricingTier'), copy('subplan', 'properties.subPlan')],
  },
  azurerm_monitor_workspace: {
    type: 'Microsoft.Monitor/accounts',
    id: inGroup('Microsoft.Monitor/accounts'),
    fields: [...COMMON, enabled('public_network_access_enabled', 'properties.publicNetworkAccess', true)],
  },
};
