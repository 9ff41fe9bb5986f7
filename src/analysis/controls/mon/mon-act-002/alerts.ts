import { isUnsettled } from '#model/azure/entity.ts';
import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import { isPlainObject, listAt, type PlainValue, textAt } from '#model/plain.ts';
import {
  isOn,
  itemsAt,
  plainOf,
  resourceOf,
  resourcesOfType,
  type Setting,
  settingAt,
  settingOf,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { CriticalOperation } from './operations.ts';

/** An alert on the activity log that is on. */
export interface ActivityAlert {
  readonly resource: AzureResource;
  /** Keys of subscriptions, groups and resources. */
  readonly scopes: readonly string[];
  readonly conditions: readonly PlainValue[];
  /** Whether somebody is told; undefined: the group is not in the input. */
  readonly tells: boolean | undefined;
}

export function alertsOf(context: ControlContext): readonly ActivityAlert[] {
  return resourcesOfType(context, 'Microsoft.Insights/activityLogAlerts').flatMap((resource): ActivityAlert[] => {
    if (isOn(settingAt(resource, 'properties', 'enabled'), true) !== true) return [];
    const scopes = itemsAt(resource, 'properties', 'scopes');
    const conditions = itemsAt(resource, 'properties', 'condition', 'allOf');
    if (isUnsettled(scopes) || isUnsettled(conditions)) return [];
    return [
      {
        resource,
        scopes: scopes.flatMap((scope) => textOf(settingOf(scope))),
        conditions: conditions.map(({ value }) => plainOf(value)),
        tells: tellsSomebody(context, resource),
      },
    ];
  });
}

function textOf(setting: Setting): readonly string[] {
  return setting.state === 'value' ? [azureKey(String(setting.value)).replace(/\/$/, '')] : [];
}

/** Whether an alert is raised by the operation, whatever the resource and whoever does it. */
export function isAbout({ conditions }: ActivityAlert, { operation, type }: CriticalOperation): boolean {
  return conditions.length > 0 && conditions.every((condition) => meets(condition, { operation, type }));
}

/** `anyOf` stands inside of `allOf`. What narrows the caller, the resource or its group does not cover every case. */
function meets(condition: PlainValue, about: Pick<CriticalOperation, 'operation' | 'type'>): boolean {
  const inside = listAt(condition, 'anyOf');
  if (inside.length > 0) return inside.some((each) => meets(each, about));
  if (!isPlainObject(condition)) return false;
  const field = (textAt(condition, 'field') ?? '').toLowerCase();
  const values = valuesOf(condition);
  return acceptedValues(field, about).some((value) => values.includes(value.toLowerCase()));
}

function valuesOf(condition: PlainValue): readonly string[] {
  const equals = textAt(condition, 'equals');
  const any = listAt(condition, 'containsAny').filter((value) => typeof value === 'string');
  return [...(equals === undefined ? [] : [equals]), ...any].map((value) => value.toLowerCase());
}

/** The values of a field with which an alert still hears of the operation. */
function acceptedValues(
  field: string,
  { operation, type }: Pick<CriticalOperation, 'operation' | 'type'>,
): readonly string[] {
  switch (field) {
    case 'category':
      return ['administrative'];
    case 'operationname':
      return [operation];
    case 'resourcetype':
      return [type];
    case 'resourceprovider':
      return [type.slice(0, type.indexOf('/'))];
    case 'level':
      return ['informational'];
    case 'status':
    case 'substatus':
      return ['succeeded', 'started', 'accepted'];
    default:
      return [];
  }
}

/** Whether the alerts hear of the operation everywhere in a subscription. */
export function covers(
  alerts: readonly ActivityAlert[],
  subscription: string,
  resources: readonly AzureResource[],
): boolean {
  const scopes = alerts.flatMap((alert) => alert.scopes);
  if (scopes.includes(`/subscriptions/${subscription}`)) return true;
  return (
    resources.length > 0 &&
    resources.every(({ id }) => scopes.some((scope) => `${azureKey(id)}/`.startsWith(`${scope}/`)))
  );
}

const RECEIVERS = /Receivers$/i;

function tellsSomebody(context: ControlContext, alert: AzureResource): boolean | undefined {
  const items = itemsAt(alert, 'properties', 'actions', 'actionGroups');
  if (isUnsettled(items)) return undefined;
  const tells = items.map((item) => {
    const id = settingOf(item, 'actionGroupId');
    const group = id.state === 'value' ? resourceOf(context, String(id.value)) : undefined;
    return group === undefined ? undefined : hasReceiver(group);
  });
  if (tells.includes(true)) return true;
  return tells.includes(undefined) ? undefined : false;
}

function hasReceiver(group: AzureResource): boolean | undefined {
  if (isOn(settingAt(group, 'properties', 'enabled'), true) === false) return false;
  // Terraform's other kinds of receivers are not read: a group without any may have one of them.
  if (group.source === 'terraform' || group.source === 'terraform-plan' || group.source === 'terraform-state')
    return itemsOf(settingAt(group, 'properties', 'emailReceivers')) > 0 ? true : undefined;
  const properties = settingAt(group, 'properties');
  if (properties.state !== 'value' || !isPlainObject(properties.value)) return undefined;
  return Object.entries(properties.value).some(
    ([key, value]) => RECEIVERS.test(key) && Array.isArray(value) && value.length > 0,
  );
}

function itemsOf(setting: Setting): number {
  return setting.state === 'value' && Array.isArray(setting.value) ? setting.value.length : 0;
}
