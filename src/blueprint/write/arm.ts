import type { PlainObject, PlainValue } from '#model/plain.ts';
import { type Estate, type Unit, unitName, unitsOf } from '../azure/drafts.ts';
import {
  type Draft,
  type Expression,
  expressionsIn,
  isExpression,
  isList,
  neededBy,
  type Parameter,
  USER_ASSIGNED,
  type Value,
} from '../azure/value.ts';

/** Schemas of templates at the two scopes (Azure Resource Manager, template structure). */
const SUBSCRIPTION_SCHEMA =
  'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#';
const GROUP_SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
const DEPLOYMENTS = '2022-09-01';

/** One template for a subscription: its resource groups, and a nested deployment for each unit. */
export function armTemplate(estate: Estate): string {
  const { location, groups, parameters } = estate;
  const units = unitsOf(estate);
  const template: PlainObject = {
    $schema: SUBSCRIPTION_SCHEMA,
    contentVersion: '1.0.0.0',
    parameters: Object.fromEntries(parameters.map((each) => [each.name, parameterObject(each)])),
    resources: [
      ...[...groups.values()].map((name) => ({
        type: 'Microsoft.Resources/resourceGroups',
        apiVersion: DEPLOYMENTS,
        name,
        location,
      })),
      ...units.map((unit) => deployment(estate, unit)),
    ],
  };
  return `${JSON.stringify(template, null, 2)}\n`;
}

function parameterObject({ type, description, secure, default: given }: Parameter): PlainObject {
  return {
    type: secure === true ? 'securestring' : type,
    ...(given !== undefined && { defaultValue: given }),
    metadata: { description },
  };
}

function deployment(estate: Estate, unit: Unit): PlainObject {
  const { groups, location, parameters } = estate;
  const used = parameters.filter(({ name }) => unit.drafts.some((draft) => isAsked(draft, name)));
  const group = unit.group === 'subscription' ? undefined : groups.get(unit.group)!;
  return {
    type: 'Microsoft.Resources/deployments',
    apiVersion: DEPLOYMENTS,
    name: unitName(unit),
    ...(group === undefined ? { location } : { resourceGroup: group }),
    dependsOn: [
      ...(group === undefined ? [] : [`[subscriptionResourceId('Microsoft.Resources/resourceGroups', '${group}')]`]),
      ...unit.after.map((name) => deploymentId(estate, name)),
    ],
    properties: {
      mode: 'Incremental',
      expressionEvaluationOptions: { scope: 'inner' },
      parameters: Object.fromEntries(used.map(({ name }) => [name, { value: `[parameters('${name}')]` }])),
      template: {
        $schema: group === undefined ? SUBSCRIPTION_SCHEMA : GROUP_SCHEMA,
        contentVersion: '1.0.0.0',
        parameters: Object.fromEntries(
          used.map(({ name, type, secure }) => [name, { type: secure === true ? 'securestring' : type }]),
        ),
        resources: unit.drafts.map((draft) => resourceObject(estate, unit, draft)),
      },
    },
  };
}

function isAsked({ name, body }: Draft, parameter: string): boolean {
  return [name, body].some((value) =>
    [...expressionsIn(value)].some(({ $ }) => $.kind === 'parameter' && $.name === parameter),
  );
}

function deploymentId({ groups, drafts }: Estate, name: string): string {
  const group = drafts.find((draft) => unitName(draft) === name)!.group;
  const type = 'Microsoft.Resources/deployments';
  return group === 'subscription'
    ? `[subscriptionResourceId('${type}', '${name}')]`
    : `[resourceId('${groups.get(group)!}', '${type}', '${name}')]`;
}

function resourceObject(estate: Estate, unit: Unit, draft: Draft): PlainObject {
  const { type, apiVersion, scope, body } = draft;
  const own = new Set(unit.drafts.map(({ key }) => key));
  const after = [...neededBy(draft)].filter((key) => own.has(key)).map((key) => bracketed(idCall(estate, key)));
  return {
    type,
    apiVersion,
    name: nameText(estate, draft),
    ...(scope !== undefined && { scope: bracketed(idCall(estate, scope)) }),
    ...(plainOf(estate, body) as PlainObject),
    ...(after.length > 0 && { dependsOn: after }),
  };
}

/** Names of parents and its own, `vnet/subnet`. */
function nameText(estate: Estate, draft: Draft): string {
  const segments = segmentsOf(estate, draft);
  if (segments.every((segment) => typeof segment === 'string')) return segments.join('/');
  return bracketed(`concat(${segments.map((each) => argument(estate, each)).join(", '/', ")})`);
}

function segmentsOf(estate: Estate, { name, parent }: Draft): readonly Value[] {
  const before = parent === undefined ? [] : segmentsOf(estate, estate.byKey.get(parent)!);
  return [...before, name];
}

/** An expression as text: `[resourceId(...)]`; other values as they are. */
function plainOf(estate: Estate, value: Value): PlainValue {
  if (typeof value === 'string') return value.startsWith('[') ? `[${value}` : value;
  if (typeof value !== 'object') return value;
  if (isExpression(value)) return bracketed(call(estate, value));
  if (isList(value)) return value.map((each) => plainOf(estate, each));
  return Object.fromEntries(Object.entries(value).flatMap(([key, each]) => fieldsOf(estate, key, each)));
}

/** The only object of ARM whose keys are ids. */
function fieldsOf(estate: Estate, key: string, value: Value): [string, PlainValue][] {
  if (key !== USER_ASSIGNED || typeof value !== 'object' || !isList(value)) return [[key, plainOf(estate, value)]];
  const ids = value.map((each) => [plainOf(estate, each), {}]);
  return [['userAssignedIdentities', Object.fromEntries(ids)]];
}

function bracketed(expression: string): string {
  return `[${expression}]`;
}

function call(estate: Estate, { $ }: Expression): string {
  switch ($.kind) {
    case 'id':
      return $.part === undefined ? idCall(estate, $.of) : `concat(${idCall(estate, $.of)}, '/${$.part}')`;
    case 'own':
      return `concat(${idCall(estate, $.of)}, '/${$.part}')`;
    case 'property': {
      const { apiVersion } = estate.byKey.get($.of)!;
      const [head, ...rest] = $.path.split('.');
      return head === 'properties'
        ? `reference(${idCall(estate, $.of)}, '${apiVersion}').${rest.join('.')}`
        : `reference(${idCall(estate, $.of)}, '${apiVersion}', 'Full').${$.path}`;
    }
    case 'parameter':
      return `parameters('${$.name}')`;
    case 'subscription':
      return 'subscription().subscriptionId';
    case 'tenant':
      return 'tenant().tenantId';
    case 'text':
      return `concat(${$.parts.map((part) => argument(estate, part)).join(', ')})`;
    case 'guid':
      return `guid(${$.parts.map((part) => argument(estate, part)).join(', ')})`;
  }
}

function argument(estate: Estate, value: Value): string {
  if (typeof value === 'object' && isExpression(value)) return call(estate, value);
  return `'${String(value).replaceAll("'", "''")}'`;
}

function idCall(estate: Estate, key: string): string {
  const draft = estate.byKey.get(key)!;
  const names = segmentsOf(estate, draft).map((segment) => argument(estate, segment));
  if (draft.scope !== undefined)
    return `extensionResourceId(${[idCall(estate, draft.scope), `'${draft.type}'`, ...names].join(', ')})`;
  if (draft.group === 'subscription') return `subscriptionResourceId(${[`'${draft.type}'`, ...names].join(', ')})`;
  const group = `'${estate.groups.get(draft.group)!}'`;
  return `resourceId(${['subscription().subscriptionId', group, `'${draft.type}'`, ...names].join(', ')})`;
}
