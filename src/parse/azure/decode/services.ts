import type { AddressItem } from '#model/azure/entity.ts';
import type { PlatformKind, PlatformService } from '#model/azure/services.ts';
import type { Body, Reading } from './body.ts';

/** What is asked for under which name, by the group of a private endpoint; `NAME` is the name of the resource. */
interface PlatformFacts {
  readonly kind: PlatformKind;
  /** Groups of private endpoints, each with the public name it stands for (learn.microsoft.com, private endpoint DNS). */
  readonly hosts: Readonly<Record<string, string>>;
}

const PLATFORMS: Readonly<Record<string, PlatformFacts>> = {
  'microsoft.keyvault/vaults': { kind: 'key-vault', hosts: { vault: 'NAME.vault.azure.net' } },
  'microsoft.keyvault/managedhsms': { kind: 'managed-hsm', hosts: { managedhsm: 'NAME.managedhsm.azure.net' } },
  'microsoft.containerregistry/registries': { kind: 'container-registry', hosts: { registry: 'NAME.azurecr.io' } },
  'microsoft.storage/storageaccounts': {
    kind: 'storage',
    hosts: {
      blob: 'NAME.blob.core.windows.net',
      file: 'NAME.file.core.windows.net',
      queue: 'NAME.queue.core.windows.net',
      table: 'NAME.table.core.windows.net',
      dfs: 'NAME.dfs.core.windows.net',
      web: 'NAME.web.core.windows.net',
    },
  },
  'microsoft.sql/servers': { kind: 'sql-server', hosts: { sqlServer: 'NAME.database.windows.net' } },
  'microsoft.dbforpostgresql/servers': {
    kind: 'postgresql',
    hosts: { postgresqlServer: 'NAME.postgres.database.azure.com' },
  },
  'microsoft.dbforpostgresql/flexibleservers': {
    kind: 'postgresql',
    hosts: { postgresqlServer: 'NAME.postgres.database.azure.com' },
  },
  'microsoft.dbformysql/flexibleservers': { kind: 'mysql', hosts: { mysqlServer: 'NAME.mysql.database.azure.com' } },
  'microsoft.documentdb/databaseaccounts': { kind: 'cosmos-db', hosts: { Sql: 'NAME.documents.azure.com' } },
  'microsoft.servicebus/namespaces': { kind: 'service-bus', hosts: { namespace: 'NAME.servicebus.windows.net' } },
  'microsoft.eventhub/namespaces': { kind: 'event-hub', hosts: { namespace: 'NAME.servicebus.windows.net' } },
  'microsoft.appconfiguration/configurationstores': {
    kind: 'app-configuration',
    hosts: { configurationStores: 'NAME.azconfig.io' },
  },
  'microsoft.cache/redis': { kind: 'redis', hosts: { redisCache: 'NAME.redis.cache.windows.net' } },
  'microsoft.apimanagement/service': { kind: 'api-management', hosts: { Gateway: 'NAME.azure-api.net' } },
  'microsoft.insights/privatelinkscopes': { kind: 'monitor-scope', hosts: { azuremonitor: 'NAME.monitor.azure.com' } },
};

/** Undefined for what is no service with a front door of its own. */
export function platformService({ body, entity }: Reading): PlatformService | undefined {
  const facts = PLATFORMS[entity.type.toLowerCase()];
  if (facts === undefined) return undefined;
  const p = body.at('properties');
  const rules = rulesOf(p);
  const publicAccess = publicAccessOf(p);
  const hosts = Object.entries(facts.hosts).map(([group, pattern]): [string, readonly string[]] => [
    group,
    [pattern.replace('NAME', entity.name.toLowerCase())],
  ]);
  return {
    ...entity,
    service: facts.kind,
    ...(publicAccess !== undefined && { publicAccess }),
    ...(rules.defaultAction !== undefined && { defaultAction: rules.defaultAction }),
    addresses: rules.addresses,
    subnets: rules.subnets,
    trustedServices: rules.trustedServices,
    hosts: new Map(hosts),
  };
}

/** An API Management that is internal to its network takes calls at an address of the network alone, whatever else it says. */
function publicAccessOf(p: Body) {
  const mode = p.text('virtualNetworkType');
  if (typeof mode === 'string' && mode.toLowerCase() === 'internal') return 'Disabled';
  // Flexible servers of PostgreSQL and MySQL have it below their network.
  return (
    p.text('publicNetworkAccess') ?? p.text('network.publicNetworkAccess') ?? p.text('publicNetworkAccessForQuery')
  );
}

const DEFAULT_ACTIONS = { allow: 'allow', deny: 'deny' } as const;

type Rules = Pick<PlatformService, 'defaultAction' | 'addresses' | 'subnets' | 'trustedServices'>;

/**
 * `networkAcls` (Key Vault, storage), `networkRuleSet` (registry, Service Bus), and what stands directly in the properties
 * (Cosmos DB). Rules of databases are children and are added by `withChildren`.
 */
function rulesOf(p: Body): Rules {
  const acl = p.has('networkAcls') ? p.at('networkAcls') : p.at('networkRuleSet');
  const direct = p.list('ipRules').flatMap((each) => each.addresses('ipAddressOrRange', 'value'));
  const directNetworks = p.list('virtualNetworkRules').flatMap((each) => each.ref('id') ?? []);
  const bypass = acl.text('bypass') ?? p.text('networkRuleBypassOptions');
  const isFiltered = p.flag('isVirtualNetworkFilterEnabled', false);
  const defaultAction =
    acl.word('defaultAction', DEFAULT_ACTIONS) ??
    (direct.length > 0 || (isFiltered === true && directNetworks.length > 0) ? 'deny' : undefined);
  return {
    ...(defaultAction !== undefined && { defaultAction }),
    addresses: [
      ...direct,
      ...acl.list('ipRules').flatMap((each) => each.addresses('value', 'ipMask', 'addressPrefix')),
    ],
    subnets: [
      ...directNetworks,
      ...acl.list('virtualNetworkRules').flatMap((each) => each.ref('id') ?? each.ref('subnet') ?? []),
    ],
    trustedServices:
      bypass === undefined
        ? false
        : typeof bypass === 'string'
          ? bypass.toLowerCase().includes('azureservices')
          : bypass,
  };
}

/** Firewall rules and network rules of a database server, which are resources of their own. */
export function withChildren(service: PlatformService, children: readonly Reading[]): PlatformService {
  const addresses: AddressItem[] = [];
  const subnets = [...service.subnets];
  let everyAzure = false;
  for (const { body, entity } of children) {
    const type = entity.type.toLowerCase();
    if (type.endsWith('/virtualnetworkrules')) subnets.push(...body.refs('properties.virtualNetworkSubnetId'));
    const single = body.ref('properties.virtualNetworkSubnetId');
    if (type.endsWith('/virtualnetworkrules') && single !== undefined) subnets.push(single);
    if (!type.endsWith('/firewallrules')) continue;
    const item = addressSpan(body);
    // A rule from 0.0.0.0 to 0.0.0.0 is "allow Azure services" (learn.microsoft.com, sql database firewall).
    if (item?.kind === 'range' && item.range.lo === 0n && item.range.hi === 0n) everyAzure = true;
    else if (item !== undefined) addresses.push(item);
  }
  if (children.length === 0) return service;
  return {
    ...service,
    defaultAction: service.defaultAction ?? 'deny',
    addresses: [...service.addresses, ...addresses],
    subnets,
    trustedServices: everyAzure || service.trustedServices,
  };
}

function addressSpan(body: Body): AddressItem | undefined {
  const first = body.address('properties.startIpAddress');
  const last = body.address('properties.endIpAddress');
  if (first?.kind !== 'range' || last?.kind !== 'range') return first ?? last;
  const { family, lo } = first.range;
  return { ...first, range: { family, lo, hi: last.range.hi }, text: `${first.text}-${last.text}` };
}
