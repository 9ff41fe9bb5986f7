import { ROLE_IDS } from '../../data/azure/roles.ts';
import type { PrivateService } from '../choices/choices.ts';
import type { Design } from '../plan/design.ts';
import { roleAssignment } from './access.ts';
import { privateEndpoint, privateZone } from './private-endpoints.ts';
import { type Part, placed, VERSIONS } from './resources.ts';
import { type Draft, propertyOf, TENANT } from './value.ts';
import { camel, identityKey } from './workload-identities.ts';
import { type Zones, zonesOf } from './zones.ts';

/** Services that namespaces asked for: each once, reached privately, with a share of its own for each namespace. */
export const services: Part = (design) => {
  const asked = namespacesByService(design);
  const zones = zonesOf(design.choices);
  return [
    ...[...zonesNeeded(design, [...asked.keys()])].flatMap((zone) => privateZone(design, zones[zone])),
    ...[...asked].flatMap(([service, namespaces]) => {
      const { key, part, zone, build } = KINDS[service];
      return [...build(design, namespaces), ...privateEndpoint(design, { key, part, zones: [zones[zone]] })];
    }),
  ];
};

/** Backups are kept in blobs too. */
function zonesNeeded({ choices }: Design, asked: readonly PrivateService[]): ReadonlySet<keyof Zones> {
  return new Set([
    ...asked.map((service) => KINDS[service].zone),
    ...(choices.platform === 'aks' ? (['blob'] as const) : []),
  ]);
}

function namespacesByService({ choices }: Design): ReadonlyMap<PrivateService, readonly string[]> {
  const asked = new Map<PrivateService, string[]>();
  for (const { name, services: wanted } of choices.teams.flatMap(({ namespaces }) => namespaces))
    for (const service of wanted) asked.set(service, [...(asked.get(service) ?? []), name]);
  return asked;
}

interface Kind {
  readonly key: string;
  /** Of the private endpoint (Azure Private Link, "private endpoint private DNS zone values"). */
  readonly part: string;
  readonly zone: keyof Zones;
  readonly build: (design: Design, namespaces: readonly string[]) => readonly Draft[];
}

const KINDS: Readonly<Record<PrivateService, Kind>> = {
  postgresql: { key: 'postgresql', part: 'postgresqlServer', zone: 'postgresql', build: postgresql },
  sql: { key: 'sqlServer', part: 'sqlServer', zone: 'sql', build: sql },
  storage: { key: 'storage', part: 'blob', zone: 'blob', build: storage },
  'service-bus': { key: 'serviceBus', part: 'namespace', zone: 'serviceBus', build: serviceBus },
  redis: { key: 'redis', part: 'redisCache', zone: 'redis', build: redis },
};

const HERE = { module: 'services', group: 'spoke' } as const;

function postgresql(design: Design, namespaces: readonly string[]): readonly Draft[] {
  const { choices, names } = design;
  const type = 'Microsoft.DBforPostgreSQL/flexibleServers';
  const child = { ...HERE, apiVersion: VERSIONS.postgresql, parent: 'postgresql' } as const;
  return [
    {
      ...HERE,
      key: 'postgresql',
      type,
      apiVersion: VERSIONS.postgresql,
      name: names.globally('psql', 40),
      why: 'No passwords: people and workloads sign in with Entra ID, by the private endpoint, over TLS.',
      body: placed(design, {
        sku: { name: 'Standard_D2ds_v5', tier: 'GeneralPurpose' },
        properties: {
          version: '17',
          authConfig: { activeDirectoryAuth: 'Enabled', passwordAuth: 'Disabled', tenantId: TENANT },
          network: { publicNetworkAccess: 'Disabled' },
          storage: { storageSizeGB: 128, autoGrow: 'Enabled' },
          backup: { backupRetentionDays: 35, geoRedundantBackup: 'Disabled' },
          highAvailability: { mode: 'ZoneRedundant' },
        },
      }),
    },
    {
      ...child,
      key: 'postgresqlAdministrators',
      type: `${type}/administrators`,
      name: choices.groups.clusterAdmins,
      body: { properties: { principalType: 'Group', principalName: 'database-administrators', tenantId: TENANT } },
    },
    ...[
      ['postgresqlTls', 'require_secure_transport', 'on'],
      ['postgresqlTlsVersion', 'ssl_min_protocol_version', 'TLSv1.2'],
    ].map(
      ([key, name, value], index): Draft => ({
        ...child,
        key: key!,
        type: `${type}/configurations`,
        name: name!,
        body: { properties: { source: 'user-override', value: value! } },
        // The server takes one change at a time.
        after: [index === 0 ? 'postgresqlAdministrators' : 'postgresqlTls'],
      }),
    ),
    ...namespaces.map(
      (namespace, index): Draft => ({
        ...child,
        key: `${camel(namespace)}Database`,
        type: `${type}/databases`,
        name: namespace,
        body: { properties: { charset: 'UTF8', collation: 'en_US.utf8' } },
        after: [index === 0 ? 'postgresqlTlsVersion' : `${camel(namespaces[index - 1]!)}Database`],
      }),
    ),
  ];
}

function sql(design: Design, namespaces: readonly string[]): readonly Draft[] {
  const { choices, names } = design;
  return [
    {
      ...HERE,
      key: 'sqlServer',
      type: 'Microsoft.Sql/servers',
      apiVersion: VERSIONS.sql,
      name: names.globally('sql', 40),
      why: 'No passwords: people and workloads sign in with Entra ID, by the private endpoint, over TLS.',
      body: placed(design, {
        properties: {
          version: '12.0',
          minimalTlsVersion: '1.2',
          publicNetworkAccess: 'Disabled',
          restrictOutboundNetworkAccess: 'Enabled',
          administrators: {
            administratorType: 'ActiveDirectory',
            azureADOnlyAuthentication: true,
            principalType: 'Group',
            login: 'database-administrators',
            sid: choices.groups.clusterAdmins,
            tenantId: TENANT,
          },
        },
      }),
    },
    ...namespaces.map(
      (namespace): Draft => ({
        ...HERE,
        key: `${camel(namespace)}SqlDatabase`,
        type: 'Microsoft.Sql/servers/databases',
        apiVersion: VERSIONS.sql,
        parent: 'sqlServer',
        name: namespace,
        body: placed(design, {
          sku: { name: 'GP_Gen5_2' },
          properties: { zoneRedundant: true, requestedBackupStorageRedundancy: 'Zone' },
        }),
      }),
    ),
  ];
}

/** Storage Blob Data Contributor, Azure Service Bus Data Owner (built-in roles). */
const BLOBS = ROLE_IDS['Storage Blob Data Contributor'];
const QUEUES = ROLE_IDS['Azure Service Bus Data Owner'];

function storage(design: Design, namespaces: readonly string[]): readonly Draft[] {
  const type = 'Microsoft.Storage/storageAccounts';
  return [
    {
      ...HERE,
      key: 'storage',
      type,
      apiVersion: VERSIONS.storage,
      name: design.names.globally('st'),
      body: placed(design, {
        kind: 'StorageV2',
        sku: { name: 'Standard_ZRS' },
        properties: {
          publicNetworkAccess: 'Disabled',
          networkAcls: { defaultAction: 'Deny', bypass: 'None' },
          allowBlobPublicAccess: false,
          allowSharedKeyAccess: false,
          allowCrossTenantReplication: false,
          minimumTlsVersion: 'TLS1_2',
          supportsHttpsTrafficOnly: true,
          encryption: {
            requireInfrastructureEncryption: true,
            keySource: 'Microsoft.Storage',
            services: { blob: { enabled: true, keyType: 'Account' }, file: { enabled: true, keyType: 'Account' } },
          },
        },
      }),
    },
    {
      ...HERE,
      key: 'blobs',
      type: `${type}/blobServices`,
      apiVersion: VERSIONS.storage,
      parent: 'storage',
      name: 'default',
      body: {
        properties: {
          isVersioningEnabled: true,
          deleteRetentionPolicy: { enabled: true, days: 30 },
          containerDeleteRetentionPolicy: { enabled: true, days: 30 },
        },
      },
    },
    ...namespaces.flatMap((namespace) =>
      shareOf(namespace, {
        share: `${camel(namespace)}Blobs`,
        type: `${type}/blobServices/containers`,
        apiVersion: VERSIONS.storage,
        parent: 'blobs',
        role: BLOBS,
        properties: { publicAccess: 'None' },
      }),
    ),
  ];
}

function serviceBus(design: Design, namespaces: readonly string[]): readonly Draft[] {
  const type = 'Microsoft.ServiceBus/namespaces';
  return [
    {
      ...HERE,
      key: 'serviceBus',
      type,
      apiVersion: VERSIONS.serviceBus,
      name: design.names.globally('sb', 40),
      body: placed(design, {
        sku: { name: 'Premium', tier: 'Premium', capacity: 1 },
        properties: {
          publicNetworkAccess: 'Disabled',
          disableLocalAuth: true,
          minimumTlsVersion: '1.2',
          premiumMessagingPartitions: 1,
          zoneRedundant: true,
        },
      }),
    },
    ...namespaces.flatMap((namespace) =>
      shareOf(namespace, {
        share: `${camel(namespace)}Queue`,
        type: `${type}/queues`,
        apiVersion: VERSIONS.serviceBus,
        parent: 'serviceBus',
        role: QUEUES,
        properties: { deadLetteringOnMessageExpiration: true, requiresDuplicateDetection: false },
      }),
    ),
  ];
}

interface Share {
  readonly share: string;
  readonly type: string;
  readonly apiVersion: string;
  readonly parent: string;
  readonly role: string;
  readonly properties: Readonly<Record<string, string | boolean>>;
}

/** A part of a service that one namespace has a role at, and no other. */
function shareOf(namespace: string, { share, type, apiVersion, parent, role, properties }: Share): readonly Draft[] {
  return [
    { ...HERE, key: share, type, apiVersion, parent, name: namespace, body: { properties } },
    roleAssignment({
      key: `${share}Use`,
      module: 'access',
      group: 'spoke',
      scope: share,
      role,
      who: { of: identityKey(namespace), path: 'properties.principalId' },
    }),
  ];
}

/** Keys of a namespace begin with its name, and its identity may touch no others. */
function redis(design: Design, namespaces: readonly string[]): readonly Draft[] {
  const type = 'Microsoft.Cache/redis';
  return [
    {
      ...HERE,
      key: 'redis',
      type,
      apiVersion: VERSIONS.redis,
      name: design.names.globally('redis', 40),
      body: placed(design, {
        zones: ['1', '2', '3'],
        properties: {
          sku: { name: 'Premium', family: 'P', capacity: 1 },
          enableNonSslPort: false,
          minimumTlsVersion: '1.2',
          publicNetworkAccess: 'Disabled',
          disableAccessKeyAuthentication: true,
          redisConfiguration: { 'aad-enabled': 'true' },
          replicasPerMaster: 2,
        },
      }),
    },
    ...namespaces.flatMap((namespace): readonly Draft[] => [
      {
        ...HERE,
        key: `${camel(namespace)}CacheRule`,
        type: `${type}/accessPolicies`,
        apiVersion: VERSIONS.redis,
        parent: 'redis',
        name: namespace,
        body: { properties: { permissions: `+@read +@write +@connection -@dangerous ~${namespace}:*` } },
      },
      {
        ...HERE,
        key: `${camel(namespace)}CacheUse`,
        type: `${type}/accessPolicyAssignments`,
        apiVersion: VERSIONS.redis,
        parent: 'redis',
        name: namespace,
        body: {
          properties: {
            accessPolicyName: namespace,
            objectId: propertyOf(identityKey(namespace), 'properties.principalId'),
            objectIdAlias: namespace,
          },
        },
        after: [`${camel(namespace)}CacheRule`],
      },
    ]),
  ];
}
