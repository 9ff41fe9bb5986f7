import { commandText } from '../run-tool.ts';
import type { AzureScope } from './scope.ts';

/** A question to Azure Resource Graph, as `ringfence azure queries` publishes it and a live read asks it. */
export interface GraphQuery {
  readonly table: string;
  /** For people: what it is needed for. */
  readonly about: string;
  readonly text: string;
  /** Whether verdicts about traffic depend on it; the rest is for controls. */
  readonly decides: boolean;
  /** Also what is assigned above the subscriptions and holds in them. */
  readonly above: boolean;
}

/** Services with a front door of their own, and what they are watched by. */
const SERVICE_TYPES: readonly string[] = [
  'microsoft.keyvault/vaults',
  'microsoft.keyvault/managedhsms',
  'microsoft.containerregistry/registries',
  'microsoft.storage/storageaccounts',
  'microsoft.sql/servers',
  'microsoft.dbforpostgresql/servers',
  'microsoft.dbforpostgresql/flexibleservers',
  'microsoft.dbformysql/flexibleservers',
  'microsoft.documentdb/databaseaccounts',
  'microsoft.servicebus/namespaces',
  'microsoft.eventhub/namespaces',
  'microsoft.appconfiguration/configurationstores',
  'microsoft.cache/redis',
  'microsoft.apimanagement/service',
  'microsoft.insights/actiongroups',
  'microsoft.insights/activitylogalerts',
  'microsoft.insights/datacollectionrules',
  'microsoft.insights/privatelinkscopes',
  'microsoft.insights/scheduledqueryrules',
  'microsoft.monitor/accounts',
  'microsoft.operationalinsights/workspaces',
  'microsoft.hybridcompute/gateways',
  'microsoft.hybridcompute/privatelinkscopes',
  'microsoft.compute/virtualmachinescalesets',
  'microsoft.managedidentity/userassignedidentities',
];

const COLUMNS = 'id, type, name, location, resourceGroup, subscriptionId, tags, sku, kind, identity, zones, properties';

/**
 * One query for each table. Rows come in the order of ids, without which pages may overlap or leave rows out
 * (learn.microsoft.com, "Working with large Azure resource data sets").
 */
export const GRAPH_QUERIES: readonly GraphQuery[] = [
  queryOf('resources', 'networks, security groups, routes, firewalls, gateways, clusters, services with front doors', {
    where: anyOf([
      startsWith('microsoft.network/'),
      startsWith('microsoft.containerservice/'),
      startsWith('microsoft.kubernetes/connectedclusters'),
      startsWith('microsoft.hybridcontainerservice/'),
      startsWith('microsoft.servicenetworking/'),
      startsWith('microsoft.cdn/'),
      `type in~ (${SERVICE_TYPES.map(quoted).join(', ')})`,
    ]),
    decides: true,
  }),
  queryOf('networkresources', 'rules of firewall policies, admin rules and groups of Virtual Network Manager', {
    where: startsWith('microsoft.network/'),
    decides: true,
  }),
  queryOf('computeresources', 'network interfaces and public addresses of node pools', {
    where: anyOf([
      equals('microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces'),
      startsWith('microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces/ipconfigurations'),
    ]),
    decides: true,
  }),
  queryOf('dnsresources', 'records of private DNS zones', {
    where: anyOf([equals('microsoft.network/privatednszones/a'), equals('microsoft.network/privatednszones/aaaa')]),
    decides: true,
  }),
  queryOf('authorizationresources', 'role assignments, and roles that are not built in', {
    where: anyOf([
      equals('microsoft.authorization/roleassignments'),
      `(${equals('microsoft.authorization/roledefinitions')} and properties.type =~ "CustomRole")`,
    ]),
    above: true,
  }),
  queryOf('policyresources', 'assignments and exemptions of Azure Policy, own definitions, states of clusters', {
    where: anyOf([
      equals('microsoft.authorization/policyassignments'),
      equals('microsoft.authorization/policyexemptions'),
      `(type in~ (${['microsoft.authorization/policydefinitions', 'microsoft.authorization/policysetdefinitions'].map(quoted).join(', ')}) and properties.policyType =~ "Custom")`,
      `(${equals('microsoft.policyinsights/policystates')} and properties.resourceType =~ "microsoft.containerservice/managedclusters")`,
    ]),
    above: true,
  }),
  queryOf('securityresources', 'plans of Defender, and its assessments of clusters', {
    where: anyOf([
      equals('microsoft.security/pricings'),
      `(${equals('microsoft.security/assessments')} and tostring(properties.resourceDetails) contains "/managedclusters/")`,
    ]),
  }),
];

/**
 * The query as command lines of the Azure CLI (its extension `resource-graph`): one for subscriptions and one for
 * management groups, which it does not take together; one without either where none are named. Each prints one page.
 */
export function azCommands({ text }: GraphQuery, scopes: readonly AzureScope[]): string[] {
  const plain = ['az', 'graph', 'query', '-q', text, '--first', String(PAGE), '-o', 'json'];
  const named = (kind: AzureScope['kind']) => scopes.filter((scope) => scope.kind === kind).map(({ name }) => name);
  const subscriptions = named('subscription');
  const groups = named('management-group');
  return [
    ...(scopes.length === 0 ? [plain] : []),
    ...(subscriptions.length === 0 ? [] : [[...plain, '--subscriptions', ...subscriptions]]),
    ...(groups.length === 0 ? [] : [[...plain, '--management-groups', ...groups]]),
  ].map(commandText);
}

/** Rows of one page: the most that there may be. */
export const PAGE = 1000;

/** `authorizationScopeFilter` of the API. */
export const ABOVE = 'AtScopeAboveAndBelow';

interface Rules {
  readonly where: string;
  readonly decides?: boolean;
  readonly above?: boolean;
}

function queryOf(table: string, about: string, { where, decides = false, above = false }: Rules): GraphQuery {
  return { table, about, text: `${table} | where ${where} | project ${COLUMNS} | order by id asc`, decides, above };
}

function anyOf(conditions: readonly string[]): string {
  return conditions.join(' or ');
}

function startsWith(type: string): string {
  return `type startswith ${quoted(type)}`;
}

function equals(type: string): string {
  return `type =~ ${quoted(type)}`;
}

function quoted(text: string): string {
  return `"${text}"`;
}
