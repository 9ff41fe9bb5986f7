import type { Design } from '../plan/design.ts';
import { watcherName } from '../plan/names.ts';
import { type Part, placed, VERSIONS } from './resources.ts';
import { type Draft, idOf, SUBSCRIPTION, text, type ValueObject } from './value.ts';

/** What is recorded, and when somebody is told. */
export const monitoring: Part = (design) => [
  activityExport(design),
  ...ALERTS.map((alert) => alertOf(design, alert)),
  ...(design.choices.platform === 'aks' ? [clusterLogs(), policiesAlert(design)] : []),
  settingsOf('firewallLogs', 'firewall', 'hub'),
  watcher(design),
  ...(design.choices.paid.flowLogs ? flowLogs(design) : []),
  ...(design.choices.paid.defender ? DEFENDED.map(defenderPlan) : []),
];

const SETTINGS = 'Microsoft.Insights/diagnosticSettings';

// ---------------------------------------------------------------- the activity log

/** Categories of the activity log (Azure Monitor, activity log event schema). */
const ACTIVITIES = [
  'Administrative',
  'Security',
  'ServiceHealth',
  'Alert',
  'Recommendation',
  'Policy',
  'Autoscale',
  'ResourceHealth',
];

function activityExport(_design: Design): Draft {
  return {
    key: 'activityExport',
    module: 'monitoring',
    group: 'subscription',
    type: SETTINGS,
    apiVersion: VERSIONS.diagnosticSettings,
    name: 'activity-to-logs',
    body: {
      properties: {
        workspaceId: idOf('logs'),
        logs: ACTIVITIES.map((category) => ({ category, enabled: true })),
      },
    },
  };
}

interface Alert {
  readonly key: string;
  readonly name: string;
  readonly about: string;
  /** Types of resources whose changes are told. */
  readonly types: readonly string[];
  /** Only `write`: what is taken away closes and does not open. */
  readonly writesOnly?: true;
}

/** Changes that undo what this blueprint builds (Azure resource provider operations). */
const ALERTS: readonly Alert[] = [
  {
    key: 'alertOnRules',
    name: 'security-groups-change',
    about: 'A security group or a rule of one was changed or removed',
    types: ['Microsoft.Network/networkSecurityGroups', 'Microsoft.Network/networkSecurityGroups/securityRules'],
  },
  {
    key: 'alertOnRoutes',
    name: 'routes-change',
    about: 'A route table, a route or a peering was changed or removed',
    types: [
      'Microsoft.Network/routeTables',
      'Microsoft.Network/routeTables/routes',
      'Microsoft.Network/virtualNetworks/virtualNetworkPeerings',
    ],
  },
  {
    key: 'alertOnFirewall',
    name: 'firewall-changes',
    about: 'The firewall, its policy or a group of its rules was changed or removed',
    types: [
      'Microsoft.Network/azureFirewalls',
      'Microsoft.Network/firewallPolicies',
      'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
    ],
  },
  {
    key: 'alertOnPrivateEndpoints',
    name: 'private-endpoints-change',
    about: 'A private endpoint was changed or removed',
    types: ['Microsoft.Network/privateEndpoints'],
  },
  {
    key: 'alertOnPublicAddresses',
    name: 'public-addresses-appear',
    about: 'A public address was made or changed',
    types: ['Microsoft.Network/publicIPAddresses'],
    writesOnly: true,
  },
  {
    key: 'alertOnCluster',
    name: 'cluster-changes',
    about: 'The cluster was changed or removed',
    types: ['Microsoft.ContainerService/managedClusters'],
  },
  {
    key: 'alertOnGovernance',
    name: 'governance-changes',
    about: 'An assignment of a policy or of a role, or what is recorded, was changed or removed',
    types: [
      'Microsoft.Authorization/policyAssignments',
      'Microsoft.Authorization/policyExemptions',
      'Microsoft.Authorization/roleAssignments',
      SETTINGS,
    ],
  },
];

function alertOf({ names, tags }: Design, { key, name, about, types, writesOnly }: Alert): Draft {
  const verbs = writesOnly === true ? ['write'] : ['write', 'delete'];
  const operations = types.flatMap((type) => verbs.map((verb) => `${type}/${verb}`));
  return {
    key,
    module: 'monitoring',
    group: 'operations',
    type: 'Microsoft.Insights/activityLogAlerts',
    apiVersion: VERSIONS.activityLogAlerts,
    name: names.of('alert', name),
    body: {
      location: 'Global',
      tags,
      properties: {
        description: about,
        enabled: true,
        scopes: [text('/subscriptions/', SUBSCRIPTION)],
        condition: {
          allOf: [
            { field: 'category', equals: 'Administrative' },
            { anyOf: operations.map((equals) => ({ field: 'operationName', equals })) },
          ],
        },
        actions: { actionGroups: [{ actionGroupId: idOf('told') }] },
      },
    },
  };
}

/** What fences workloads in, by every engine. */
const FENCES = [
  'networkpolicies',
  'ciliumnetworkpolicies',
  'ciliumclusterwidenetworkpolicies',
  'globalnetworkpolicies',
  'authorizationpolicies',
];

/** The activity log has nothing of what is in the cluster: its audit log has. */
function policiesAlert(design: Design): Draft {
  const named = FENCES.map((resource) => `"${resource}"`).join(', ');
  return {
    key: 'alertOnPolicies',
    module: 'monitoring',
    group: 'operations',
    type: 'Microsoft.Insights/scheduledQueryRules',
    apiVersion: VERSIONS.scheduledQueryRules,
    name: design.names.of('alert', 'network-policies-change'),
    body: placed(design, {
      kind: 'LogAlert',
      properties: {
        displayName: 'Network policies change',
        description: 'A network policy of the cluster was written or removed',
        enabled: true,
        severity: 2,
        scopes: [idOf('logs')],
        evaluationFrequency: 'PT5M',
        windowSize: 'PT5M',
        // The table is there once the first log has come.
        skipQueryValidation: true,
        autoMitigate: false,
        criteria: {
          allOf: [
            {
              query: `AKSAuditAdmin | where ObjectRef.resource in (${named}) and Verb in ("create", "update", "patch", "delete")`,
              timeAggregation: 'Count',
              operator: 'GreaterThan',
              threshold: 0,
              failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
            },
          ],
        },
        actions: { actionGroups: [idOf('told')] },
      },
    }),
    after: ['clusterLogs'],
  };
}

// ---------------------------------------------------------------- logs of resources

/** Without reads: those are most of the audit log, and change nothing (azure.md 7.5). */
const CLUSTER_LOGS = [
  'kube-apiserver',
  'kube-audit-admin',
  'kube-controller-manager',
  'kube-scheduler',
  'cluster-autoscaler',
  'cloud-controller-manager',
  'guard',
];

function clusterLogs(): Draft {
  return {
    ...settingsOf('clusterLogs', 'cluster', 'spoke'),
    body: {
      properties: {
        ...TO_WORKSPACE,
        logs: CLUSTER_LOGS.map((category) => ({ category, enabled: true })),
        metrics: [{ category: 'AllMetrics', enabled: true }],
      },
    },
  };
}

const TO_WORKSPACE: ValueObject = { workspaceId: idOf('logs'), logAnalyticsDestinationType: 'Dedicated' };

/** Everything that a resource logs, to the workspace. */
export function settingsOf(key: string, of: string, group: 'hub' | 'spoke'): Draft {
  return {
    key,
    module: 'monitoring',
    group,
    type: SETTINGS,
    apiVersion: VERSIONS.diagnosticSettings,
    scope: of,
    name: 'to-logs',
    body: { properties: { ...TO_WORKSPACE, logs: [{ categoryGroup: 'allLogs', enabled: true }] } },
  };
}

// ---------------------------------------------------------------- flows

/** Azure makes one for each region by itself; naming it here keeps it when it was opted out. */
function watcher(design: Design): Draft {
  return {
    key: 'watcher',
    module: 'monitoring',
    group: 'watcher',
    type: 'Microsoft.Network/networkWatchers',
    apiVersion: VERSIONS.network,
    name: watcherName(design.choices),
    body: placed(design, { properties: {} }),
  };
}

function flowLogs(design: Design): readonly Draft[] {
  const networks = design.choices.topology === 'single' ? ['hubNetwork'] : ['hubNetwork', 'spokeNetwork'];
  return networks.map((network) => ({
    key: `${network}Flows`,
    module: 'monitoring',
    group: 'watcher',
    type: 'Microsoft.Network/networkWatchers/flowLogs',
    apiVersion: VERSIONS.network,
    parent: 'watcher',
    name: `flows-${network === 'hubNetwork' ? 'hub' : 'cluster'}`,
    body: placed(design, {
      properties: {
        targetResourceId: idOf(network),
        storageId: idOf('flowStore'),
        enabled: true,
        format: { type: 'JSON', version: 2 },
        retentionPolicy: { enabled: true, days: Math.max(90, Math.min(365, design.choices.logs.retentionDays)) },
        flowAnalyticsConfiguration: {
          networkWatcherFlowAnalyticsConfiguration: {
            enabled: true,
            workspaceResourceId: idOf('logs'),
            workspaceRegion: design.choices.region,
            trafficAnalyticsInterval: 10,
          },
        },
      },
    }),
  }));
}

// ---------------------------------------------------------------- Defender

const DEFENDED = ['Containers', 'KeyVaults', 'StorageAccounts', 'Arm'] as const;

function defenderPlan(plan: (typeof DEFENDED)[number]): Draft {
  return {
    key: `defender${plan}`,
    module: 'monitoring',
    group: 'subscription',
    type: 'Microsoft.Security/pricings',
    apiVersion: VERSIONS.pricings,
    name: plan,
    body: { properties: { pricingTier: 'Standard' } },
  };
}
