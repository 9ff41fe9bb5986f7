import { propertyOf } from '../../../azure/value.ts';
import { copy, type Field, type From, GLOBAL, LOCATION, many, not, one, sent, TAGS, type To } from './fields.ts';
import { belowName, forScope, inGroup, type Mappings, nowhere } from './mapping.ts';

/** What is named is on; the rest is off. */
const LOG: readonly Field[] = [
  copy('category', 'category'),
  copy('category_group', 'categoryGroup'),
  sent('enabled', true),
];

const ANALYTICS = 'properties.flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration';

/** Beside the workspace's id the provider asks for the identifier that the workspace has of its own. */
function workspaceId(from: From, to: To): void {
  const id = from.see('workspaceResourceId');
  if (typeof id !== 'object' || !('$' in id)) return;
  const { $ } = id as ReturnType<typeof propertyOf>;
  if ($.kind === 'id') to.arguments.push(['workspace_id', from.hcl(propertyOf($.of, 'properties.customerId'))]);
}

/** Workspaces, action groups, diagnostic settings, flow logs and plans of Defender. */
export const MONITORING_MAPPINGS: Mappings = {
  'Microsoft.OperationalInsights/workspaces': {
    type: 'azurerm_log_analytics_workspace',
    place: inGroup,
    attributes: { 'properties.customerId': 'workspace_id' },
    fields: [
      LOCATION,
      copy('sku', 'properties.sku.name'),
      copy('retention_in_days', 'properties.retentionInDays'),
      not('local_authentication_enabled', 'properties.features.disableLocalAuth'),
      TAGS,
    ],
  },
  'Microsoft.Insights/actionGroups': {
    type: 'azurerm_monitor_action_group',
    place: inGroup,
    fields: [
      GLOBAL,
      copy('short_name', 'properties.groupShortName'),
      copy('enabled', 'properties.enabled'),
      TAGS,
      many('email_receiver', 'properties.emailReceivers', [
        copy('name', 'name'),
        copy('email_address', 'emailAddress'),
        copy('use_common_alert_schema', 'useCommonAlertSchema'),
      ]),
    ],
  },
  'Microsoft.Insights/diagnosticSettings': {
    type: 'azurerm_monitor_diagnostic_setting',
    place: forScope('target_resource_id'),
    fields: [
      copy('log_analytics_workspace_id', 'properties.workspaceId'),
      copy('log_analytics_destination_type', 'properties.logAnalyticsDestinationType'),
      many('enabled_log', 'properties.logs', LOG),
      many('enabled_metric', 'properties.metrics', [copy('category', 'category'), sent('enabled', true)]),
    ],
  },
  'Microsoft.Network/networkWatchers': {
    type: 'azurerm_network_watcher',
    place: inGroup,
    fields: [LOCATION, TAGS, (from) => void from.take('properties')],
  },
  'Microsoft.Network/networkWatchers/flowLogs': {
    type: 'azurerm_network_watcher_flow_log',
    place: belowName('network_watcher_name'),
    fields: [
      LOCATION,
      copy('target_resource_id', 'properties.targetResourceId'),
      copy('storage_account_id', 'properties.storageId'),
      copy('enabled', 'properties.enabled'),
      copy('version', 'properties.format.version'),
      sent('properties.format.type', 'JSON'),
      TAGS,
      one('retention_policy', 'properties.retentionPolicy', [copy('enabled', 'enabled'), copy('days', 'days')]),
      one('traffic_analytics', ANALYTICS, [
        copy('enabled', 'enabled'),
        workspaceId,
        copy('workspace_region', 'workspaceRegion'),
        copy('workspace_resource_id', 'workspaceResourceId'),
        copy('interval_in_minutes', 'trafficAnalyticsInterval'),
      ]),
    ],
  },
  'Microsoft.Security/pricings': {
    type: 'azurerm_security_center_subscription_pricing',
    place: nowhere,
    nameArgument: 'resource_type',
    fields: [copy('tier', 'properties.pricingTier'), copy('subplan', 'properties.subPlan')],
  },
};
