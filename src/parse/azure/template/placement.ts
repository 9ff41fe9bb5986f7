import { OPEN_GROUP, OPEN_SUBSCRIPTION } from '#model/azure/resource.ts';
import type { Origin } from '#model/origin.ts';
import { joined, textValue } from '../expression/text.ts';
import { isOpen, open, record, scalar, type Text, type Value } from '../expression/values.ts';

/** Where a deployment puts its resources. */
export interface Placement {
  readonly level: Level;
  readonly subscription: Text;
  readonly group: Text;
  readonly managementGroup: Text;
  readonly location: Value;
}

export type Level = 'group' | 'subscription' | 'managementGroup' | 'tenant';

/** What the user says about where templates are deployed. */
export interface DeploymentTarget {
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
  /** Of the resource group. */
  readonly location?: string;
}

/** Where the template of a file is deployed. Its schema tells the level. */
export function rootPlacement(schema: string, target: DeploymentTarget, origin: Origin): Placement {
  const { subscriptionId, resourceGroup, location } = target;
  return {
    level: levelOf(schema),
    subscription: subscriptionId === undefined ? [SUBSCRIPTION] : [subscriptionId],
    group: resourceGroup === undefined ? [GROUP] : [resourceGroup],
    managementGroup: [{ token: 'managementGroup().name' }],
    location: location === undefined ? unsaid('resourceGroup().location', origin) : scalar(location, origin),
  };
}

export function levelOf(schema: string): Level {
  if (/\/subscriptionDeploymentTemplate\.json/i.test(schema)) return 'subscription';
  if (/\/managementGroupDeploymentTemplate\.json/i.test(schema)) return 'managementGroup';
  return /\/tenantDeploymentTemplate\.json/i.test(schema) ? 'tenant' : 'group';
}

const SUBSCRIPTION = { token: 'subscription().subscriptionId', shown: OPEN_SUBSCRIPTION } as const;
const GROUP = { token: 'resourceGroup().name', shown: OPEN_GROUP } as const;
const TENANT = { token: 'tenant().tenantId', shown: OPEN_SUBSCRIPTION } as const;

/** What stands before `/providers/` in the ids of what is deployed there. */
export function prefixText({ level, subscription, group, managementGroup }: Placement): Text {
  switch (level) {
    case 'group':
      return joined([['/subscriptions/'], subscription, ['/resourceGroups/'], group]);
    case 'subscription':
      return joined([['/subscriptions/'], subscription]);
    case 'managementGroup':
      return joined([['/providers/Microsoft.Management/managementGroups/'], managementGroup]);
    case 'tenant':
      return [];
  }
}

export function prefixValue(placement: Placement, origin: Origin): Value {
  return said(prefixText(placement), 'resourceGroup().id', origin);
}

/** What `resourceGroup()` gives. */
export function groupValue(placement: Placement, origin: Origin): Value {
  const { location } = placement;
  const fields = {
    id: said(prefixText({ ...placement, level: 'group' }), 'resourceGroup().id', origin),
    name: said(placement.group, 'resourceGroup().name', origin),
    type: scalar('Microsoft.Resources/resourceGroups', origin),
    location: isOpen(location) ? { ...location, origin } : location,
    tags: unsaid('resourceGroup().tags', origin),
    managedBy: unsaid('resourceGroup().managedBy', origin),
    properties: record({ provisioningState: scalar('Succeeded', origin) }, origin),
  };
  return record(fields, origin);
}

export function subscriptionValue(placement: Placement, origin: Origin): Value {
  const { subscription } = placement;
  const fields = {
    id: said(joined([['/subscriptions/'], subscription]), 'subscription().id', origin),
    subscriptionId: said(subscription, 'subscription().subscriptionId', origin),
    tenantId: said([TENANT], 'subscription().tenantId', origin),
    displayName: unsaid('subscription().displayName', origin),
  };
  return record(fields, origin);
}

export function tenantValue(origin: Origin): Value {
  const fields = {
    tenantId: said([TENANT], 'tenant().tenantId', origin),
    displayName: unsaid('tenant().displayName', origin),
    country: unsaid('tenant().country', origin),
    countryCode: unsaid('tenant().countryCode', origin),
  };
  return record(fields, origin);
}

export function managementGroupValue({ managementGroup }: Placement, origin: Origin): Value {
  const id = joined([['/providers/Microsoft.Management/managementGroups/'], managementGroup]);
  const fields = {
    id: said(id, 'managementGroup().id', origin),
    name: said(managementGroup, 'managementGroup().name', origin),
    type: scalar('Microsoft.Management/managementGroups', origin),
    properties: unsaid('managementGroup().properties', origin),
  };
  return record(fields, origin);
}

function said(text: Text, expression: string, origin: Origin): Value {
  return textValue(text, { expression, origin, from: unsaid(expression, origin) });
}

function unsaid(expression: string, origin: Origin) {
  return open({ expression, why: 'not-given', origin });
}
