import { escapeControl } from '#base/escape.ts';
import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import type { ControlSeverity, Judged } from '#model/control.ts';
import { textsAt } from '#model/plain.ts';
import { type AzureRole, NARROW_ROLES, WIDE_ROLES } from '../../../../data/azure/roles.ts';
import { evidenceOf, resourcesOfType, type Setting, settingAt, unknownOf, wordOf } from '../../azure-facts.ts';
import { type ControlContext, onceKey } from '../../context.ts';
import { judgedResource } from '../clusters.ts';

/** Where a role was given: the fewer resources, the better. */
type Breadth = 'subscription' | 'group' | 'resource' | 'namespace';

/** A role that somebody was given, where it is over a cluster or a network of the input; else nothing. */
export function judgeAssignment(context: ControlContext, assignment: AzureResource): readonly Judged[] {
  const scope = scopeOf(assignment);
  if (!covers(context, scope)) return [];
  const setting = roleSetting(assignment);
  if (setting.state === 'unsettled') return [unknownOf(assignment, setting)];
  const role = roleOf(context, setting);
  const principal = settingAt(assignment, 'properties', 'principalType');
  const evidence = [
    evidenceOf(assignment, setting),
    evidenceOf(assignment, settingAt(assignment, 'properties', 'principalId')),
    evidenceOf(assignment, principal),
  ];
  if (role === 'unknown')
    return [
      judgedResource(assignment, {
        state: 'UNKNOWN',
        message: 'what its role gives is not in the input: add the definition of the role',
        evidence,
      }),
    ];
  if (role === 'narrow')
    return [judgedResource(assignment, { state: 'PASS', message: 'it gives a role for one task', evidence })];
  const breadth = breadthOf(scope);
  const kind = principalKind(assignment);
  const verdict = verdictOf({ assignment, role, breadth, isMachine: kind === 'serviceprincipal' });
  const to = WHO[kind] ?? 'somebody';
  if (assignment.condition !== undefined && verdict.state !== 'PASS') {
    const open = `it may give \`${role.name}\`: whether it is made is \`${escapeControl(assignment.condition.expression)}\``;
    return [judgedResource(assignment, { state: 'UNKNOWN', message: open, evidence })];
  }
  const message = `${to} holds \`${escapeControl(role.name)}\` at all times on ${PLACES[breadth]} \`${escapeControl(lastOf(scope))}\``;
  return [judgedResource(assignment, { ...verdict, message, evidence })];
}

const WHO: Readonly<Record<string, string>> = {
  user: 'a user',
  group: 'a group',
  serviceprincipal: 'an identity of a machine',
  foreigngroup: 'a group of another tenant',
};
const PLACES: Readonly<Record<Breadth, string>> = {
  subscription: 'everything under',
  group: 'the whole resource group',
  resource: 'the resource',
  namespace: 'namespace',
};

/** Terraform mostly leaves the kind out; the expression of the id then says whose it is. */
function principalKind(assignment: AzureResource): string {
  const kind = wordOf(settingAt(assignment, 'properties', 'principalType'), '') ?? '';
  if (kind !== '') return kind;
  const id = settingAt(assignment, 'properties', 'principalId');
  const text = id.state === 'unsettled' ? id.expression : '';
  return /identity|azurerm_kubernetes_cluster|managedClusters/i.test(text) ? 'serviceprincipal' : '';
}

interface Given {
  readonly assignment: AzureResource;
  readonly role: AzureRole;
  readonly breadth: Breadth;
  readonly isMachine: boolean;
}

interface Verdict {
  readonly state: 'PASS' | 'FAIL' | 'WARN';
  readonly severity: ControlSeverity;
}

/** Identities of clusters need `Network Contributor` on what they attach to; nothing of a cluster needs more. */
function verdictOf({ assignment, role, breadth, isMachine }: Given): Verdict {
  const isLimited = settingAt(assignment, 'properties', 'condition').state !== 'absent';
  switch (role.gives) {
    case 'owner':
      return { state: 'FAIL', severity: isOne(breadth) ? 'medium' : 'high' };
    case 'giver':
      return isLimited ? { state: 'WARN', severity: 'low' } : { state: 'FAIL', severity: 'high' };
    case 'contributor':
      if (isOne(breadth)) return { state: isMachine ? 'FAIL' : 'WARN', severity: 'medium' };
      return { state: 'FAIL', severity: breadth === 'subscription' ? 'high' : 'medium' };
    case 'network':
    case 'machines':
      return isOne(breadth) ? { state: 'PASS', severity: 'info' } : { state: 'WARN', severity: 'medium' };
    case 'namespaces':
      if (breadth === 'namespace') return { state: 'PASS', severity: 'info' };
      return { state: 'WARN', severity: breadth === 'resource' ? 'low' : 'medium' };
    case 'cluster':
      return isOne(breadth) ? { state: 'WARN', severity: 'low' } : { state: 'WARN', severity: 'medium' };
  }
}

/** Over one thing. */
function isOne(breadth: Breadth): boolean {
  return breadth === 'resource' || breadth === 'namespace';
}

function roleSetting(assignment: AzureResource): Setting {
  const id = settingAt(assignment, 'properties', 'roleDefinitionId');
  const name = settingAt(assignment, 'properties', 'roleDefinitionName');
  return id.state === 'absent' || (id.state === 'unsettled' && name.state === 'value') ? name : id;
}

function roleOf(context: ControlContext, setting: Setting): AzureRole | 'narrow' | 'unknown' {
  const text = setting.state === 'value' ? String(setting.value).toLowerCase() : '';
  const wide = WIDE_ROLES.find(({ id, name }) => text.endsWith(id) || text === name.toLowerCase());
  if (wide !== undefined) return wide;
  const isNarrow = [...NARROW_ROLES].some(([id, name]) => text.endsWith(id) || text === name.toLowerCase());
  return isNarrow ? 'narrow' : customRole(context, text);
}

/** A role of the user's own, by the actions that its definition lists. */
function customRole(context: ControlContext, text: string): AzureRole | 'narrow' | 'unknown' {
  const last = text.slice(text.lastIndexOf('/') + 1);
  const found = resourcesOfType(context, 'Microsoft.Authorization/roleDefinitions').find((definition) => {
    const name = settingAt(definition, 'properties', 'roleName');
    return definition.name.toLowerCase() === last || wordOf(name, '') === text;
  });
  if (found === undefined) return 'unknown';
  const permissions = settingAt(found, 'properties', 'permissions');
  if (permissions.state !== 'value' || !Array.isArray(permissions.value)) return 'unknown';
  const actions = permissions.value.flatMap((each) => textsAt(each, 'actions')).map((action) => action.toLowerCase());
  const name = wordOf(settingAt(found, 'properties', 'roleName'), found.name) ?? found.name;
  const gives = givenBy(actions);
  return gives === undefined ? 'narrow' : { id: last, name, gives };
}

function givenBy(actions: readonly string[]): AzureRole['gives'] | undefined {
  if (actions.includes('*')) return 'contributor';
  if (actions.some((action) => /^microsoft\.authorization\/(?:\*|roleassignments\/(?:\*|write))$/.test(action)))
    return 'giver';
  if (actions.includes('microsoft.network/*')) return 'network';
  return actions.includes('microsoft.containerservice/*') ? 'cluster' : undefined;
}

// ---------------------------------------------------------------- scopes

/** The id up to the provider of the assignment: what it is attached to. */
function scopeOf({ id }: AzureResource): string {
  const key = azureKey(id);
  const at = key.lastIndexOf('/providers/microsoft.authorization/roleassignments');
  return at === -1 ? key : key.slice(0, at);
}

function breadthOf(scope: string): Breadth {
  if (!/\/resourcegroups\//.test(scope)) return 'subscription';
  // A role may be given over one namespace of a cluster (AKS, Azure RBAC for Kubernetes authorization).
  if (/\/managedclusters\/[^/]+\/namespaces\/[^/]+$/.test(scope)) return 'namespace';
  return /\/providers\//.test(scope) ? 'resource' : 'group';
}

function lastOf(scope: string): string {
  return scope.slice(scope.lastIndexOf('/') + 1);
}

const KEYS = onceKey<readonly string[]>('ids of clusters and networks');
const OF_NETWORK = /^microsoft\.(?:network|containerservice|kubernetes)\//i;

/** Whether a scope holds, or is, a cluster or something of the network. */
function covers(context: ControlContext, scope: string): boolean {
  const keys = context.once(KEYS, ({ snapshot }) =>
    [...snapshot.azure.resources.values()].filter(({ type }) => OF_NETWORK.test(type)).map(({ id }) => azureKey(id)),
  );
  if (scope.includes('/providers/microsoft.management/managementgroups/')) return true;
  return keys.some((key) => key === scope || key.startsWith(`${scope}/`) || scope.startsWith(`${key}/`));
}
