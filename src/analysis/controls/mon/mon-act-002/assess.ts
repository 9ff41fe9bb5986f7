import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import type { Assessment, Fix, Judged } from '#model/control.ts';
import { assessmentOf } from '../../assessment.ts';
import { azId } from '../../az-command.ts';
import {
  evidenceOf,
  evidenceOfResource,
  managedClustersOf,
  placeOfResource,
  resourcesOfType,
  settingAt,
  withoutCluster,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { stateWords } from '../../state-words.ts';
import {
  ASK,
  placeOfSubscription,
  QUESTIONS,
  subscriptionOf,
  subscriptionsWithClusters,
  wasAsked,
} from '../azure-reads.ts';
import { type ActivityAlert, alertsOf, covers, isAbout } from './alerts.ts';
import { CRITICAL_OPERATIONS, type CriticalOperation } from './operations.ts';

export function assessAlerts(context: ControlContext): Assessment {
  const alerts = alertsOf(context);
  const places = [
    ...[...subscriptionsWithClusters(context)].map(([id, cluster]) => judgedOf(context, { id, cluster, alerts })),
    ...managedClustersOf(context).map(({ resource }) => judgedAudit(context, resource)),
  ];
  const absent = withoutCluster(context, 'alerts on the activity log');
  return assessmentOf(places, absent, stateWords(places, 'subscriptions and clusters'));
}

interface Subscription {
  readonly id: string;
  readonly cluster: AzureResource;
  readonly alerts: readonly ActivityAlert[];
}

function judgedOf(context: ControlContext, { id, cluster, alerts }: Subscription): Judged {
  const where = placeOfSubscription(id);
  const missing = missingOf(context, id, alerts);
  const evidence = alerts.map(({ resource }) => evidenceOfResource(resource));
  if (missing.length > 0) {
    const asked = wasAsked(context, cluster, QUESTIONS.alerts) || wasAsked(context, cluster, QUESTIONS.network);
    const names = missing.map(({ operation }) => `\`${operation}\``);
    const shown = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
    return {
      where,
      state: asked ? 'FAIL' : 'UNKNOWN',
      message: asked ? `no alert is raised by ${shown}` : `the input has no alert for ${shown}: ${ASK}`,
      evidence: [...missing.map(({ operation }) => ({ object: where.id, field: operation })), ...evidence],
      endpoints: [],
    };
  }
  const silent = alerts.filter(({ tells }) => tells === false);
  if (silent.length > 0)
    return {
      where,
      state: 'WARN',
      message: `${silent.length} alerts on the activity log tell nobody`,
      evidence: silent.map(({ resource }) => evidenceOf(resource, settingAt(resource, 'properties', 'actions'))),
      endpoints: [],
    };
  return { where, state: 'PASS', message: 'every critical operation raises an alert', evidence };
}

/** Operations that raise no alert everywhere in the subscription. */
export function missingOf(
  context: ControlContext,
  id: string,
  alerts: readonly ActivityAlert[],
): readonly CriticalOperation[] {
  return CRITICAL_OPERATIONS.filter((operation) => {
    const resources = ownOf(context, operation.type, id);
    if (operation.onlyWhere === true && resources.length === 0) return false;
    return !covers(
      alerts.filter((alert) => isAbout(alert, operation)),
      id,
      resources,
    );
  });
}

/** Rules and routes mostly stand in their parent: that one is what a scope has to hold. */
function ownOf(context: ControlContext, type: string, subscription: string): readonly AzureResource[] {
  const parent = type.split('/').slice(0, 2).join('/');
  return resourcesOfType(context, parent).filter(({ id }) => subscriptionOf(id) === subscription);
}

const QUERY_ON_POLICIES = /networkpolic/i;

/** The activity log has nothing of what is in the cluster: only a query on its audit log sees a network policy go. */
function judgedAudit(context: ControlContext, cluster: AzureResource): Judged {
  const where = placeOfResource(cluster);
  const detail = 'network policies';
  const rule = resourcesOfType(context, 'Microsoft.Insights/scheduledQueryRules').find((each) => {
    const properties = settingAt(each, 'properties');
    return properties.state === 'value' && QUERY_ON_POLICIES.test(JSON.stringify(properties.value));
  });
  if (rule !== undefined) {
    const message = 'an alert by query looks at network policies';
    return { where, state: 'PASS', message, evidence: [evidenceOfResource(rule)], detail };
  }
  const asked = wasAsked(context, cluster, QUESTIONS.alerts) || wasAsked(context, cluster, QUESTIONS.network);
  return {
    where,
    state: asked ? 'WARN' : 'UNKNOWN',
    message: asked
      ? 'no alert by query looks at network policies in the audit log'
      : `whether an alert looks at network policies in the audit log is not in the input: ${ASK}`,
    evidence: [evidenceOfResource(cluster)],
    endpoints: [],
    detail,
  };
}

export function fixAlerts(context: ControlContext, { where, detail }: Judged): Fix | undefined {
  if (detail !== undefined)
    return {
      summary: 'raise an alert when a network policy is written or deleted',
      automatic: false,
      changes: [],
      steps: [
        'collect `kube-audit-admin` of the cluster (MON-LOG-002)',
        'make an alert by query: AKSAuditAdmin | where ObjectRef.resource == "networkpolicies" and Verb in ("create","update","patch","delete")',
      ],
    };
  const id = subscriptionOf(azureKey(where.id));
  const missing = missingOf(context, id, alertsOf(context));
  return {
    summary: `raise alerts for ${missing.length} operations`,
    automatic: false,
    changes: [],
    steps: [
      'make an action group that reaches somebody',
      ...missing.map(
        ({ operation }) =>
          `az monitor activity-log alert create --name ${nameOf(operation)} --resource-group RESOURCE_GROUP --scope ${azId(where.id)} --condition category=Administrative and operationName=${operation} --action-group ACTION_GROUP`,
      ),
    ],
  };
}

function nameOf(operation: string): string {
  return operation
    .replace(/^Microsoft\./, '')
    .replaceAll('/', '-')
    .toLowerCase();
}
