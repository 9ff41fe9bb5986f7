import { ROLE_IDS } from '../../data/azure/roles.ts';
import type { Design } from '../plan/design.ts';
import { roleAssignment, rolePath } from './access.ts';
import { privateEndpoint } from './private-endpoints.ts';
import { given, type Part, placed, VERSIONS } from './resources.ts';
import { type Draft, type Expression, guid, idOf, propertyOf, SUBSCRIPTION, text } from './value.ts';
import { zonesOf } from './zones.ts';

/** Volumes and objects of the cluster, every night, where they cannot be deleted by who runs the cluster. */
export const backup: Part = (design) =>
  design.choices.platform !== 'aks'
    ? []
    : [
        vault(design),
        policy(),
        store(design),
        blobs(),
        container(),
        ...privateEndpoint(design, { key: 'backupStore', part: 'blob', zones: [zonesOf(design.choices).blob] }),
        extension(design),
        trust(),
        ...roles(design),
        instance(design),
      ];

/** Where backups are kept is there before the cluster; what joins the two comes after both. */
const KEPT = { module: 'operations', group: 'backup' } as const;
const HERE = { module: 'backup', group: 'backup' } as const;
const VAULT = 'Microsoft.DataProtection/backupVaults';

function vault(design: Design): Draft {
  return {
    ...KEPT,
    key: 'backupVault',
    type: VAULT,
    apiVersion: VERSIONS.dataProtection,
    name: design.names.of('bvault'),
    body: placed(design, {
      identity: { type: 'SystemAssigned' },
      properties: {
        storageSettings: [{ datastoreType: 'VaultStore', type: 'ZoneRedundant' }],
        securitySettings: {
          softDeleteSettings: { state: 'AlwaysOn', retentionDurationInDays: 14 },
          immutabilitySettings: { state: 'Unlocked' },
        },
        monitoringSettings: { azureMonitorAlertSettings: { alertsForAllJobFailures: 'Enabled' } },
      },
    }),
  };
}

/** The date is only where the repetition begins. */
const EVERY_NIGHT = 'R/2026-01-01T02:00:00+00:00/P1D';

function policy(): Draft {
  const store = { dataStoreType: 'OperationalStore', objectType: 'DataStoreInfoBase' };
  return {
    ...KEPT,
    key: 'backupPolicy',
    type: `${VAULT}/backupPolicies`,
    apiVersion: VERSIONS.dataProtection,
    parent: 'backupVault',
    name: 'every-night',
    body: {
      properties: {
        objectType: 'BackupPolicy',
        datasourceTypes: ['Microsoft.ContainerService/managedClusters'],
        policyRules: [
          {
            objectType: 'AzureBackupRule',
            name: 'BackupDaily',
            backupParameters: { objectType: 'AzureBackupParams', backupType: 'Incremental' },
            dataStore: store,
            trigger: {
              objectType: 'ScheduleBasedTriggerContext',
              schedule: { repeatingTimeIntervals: [EVERY_NIGHT], timeZone: 'UTC' },
              taggingCriteria: [{ isDefault: true, taggingPriority: 99, tagInfo: { tagName: 'Default' } }],
            },
          },
          {
            objectType: 'AzureRetentionRule',
            name: 'Default',
            isDefault: true,
            lifecycles: [
              {
                deleteAfter: { objectType: 'AbsoluteDeleteOption', duration: 'P30D' },
                sourceDataStore: store,
                targetDataStoreCopySettings: [],
              },
            ],
          },
        ],
      },
    },
  };
}

/** Objects of the cluster go here, written by the extension that signs in with Entra ID. */
function store(design: Design): Draft {
  return {
    ...KEPT,
    key: 'backupStore',
    type: 'Microsoft.Storage/storageAccounts',
    apiVersion: VERSIONS.storage,
    name: design.names.globally('stbak'),
    body: placed(design, {
      kind: 'StorageV2',
      sku: { name: 'Standard_ZRS' },
      properties: {
        publicNetworkAccess: 'Disabled',
        networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' },
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        minimumTlsVersion: 'TLS1_2',
        supportsHttpsTrafficOnly: true,
      },
    }),
  };
}

/** The store is closed to the public, and nodes reach it by an endpoint of their network. */
function blobs(): Draft {
  return {
    ...KEPT,
    key: 'backupBlobs',
    type: 'Microsoft.Storage/storageAccounts/blobServices',
    apiVersion: VERSIONS.storage,
    parent: 'backupStore',
    name: 'default',
    body: { properties: { deleteRetentionPolicy: { enabled: true, days: 30 } } },
  };
}

function container(): Draft {
  return {
    ...KEPT,
    key: 'backupContainer',
    type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
    apiVersion: VERSIONS.storage,
    parent: 'backupBlobs',
    name: 'cluster',
    body: { properties: { publicAccess: 'None' } },
  };
}

function extension(design: Design): Draft {
  return {
    key: 'backupExtension',
    module: 'backup',
    group: 'spoke',
    type: 'Microsoft.KubernetesConfiguration/extensions',
    apiVersion: VERSIONS.extensions,
    scope: 'cluster',
    name: 'azure-aks-backup',
    body: {
      properties: {
        extensionType: 'microsoft.dataprotection.kubernetes',
        autoUpgradeMinorVersion: true,
        releaseTrain: 'stable',
        scope: { cluster: { releaseNamespace: 'dataprotection-microsoft' } },
        configurationSettings: {
          'configuration.backupStorageLocation.bucket': 'cluster',
          'configuration.backupStorageLocation.config.resourceGroup': design.names.group('backup'),
          'configuration.backupStorageLocation.config.storageAccount': design.names.globally('stbak'),
          'configuration.backupStorageLocation.config.subscriptionId': SUBSCRIPTION,
          'configuration.backupStorageLocation.config.useAAD': 'true',
          'credentials.tenantId': { $: { kind: 'tenant' } },
        },
      },
    },
    after: ['backupContainer'],
  };
}

function trust(): Draft {
  return {
    key: 'backupTrust',
    module: 'backup',
    group: 'spoke',
    type: 'Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings',
    apiVersion: VERSIONS.cluster,
    parent: 'cluster',
    name: 'backup',
    body: {
      properties: {
        sourceResourceId: idOf('backupVault'),
        roles: ['Microsoft.DataProtection/backupVaults/backup-operator'],
      },
    },
  };
}

/** The vault looks at the cluster and at snapshots, the cluster makes snapshots, the extension writes objects. */
function roles(design: Design): readonly Draft[] {
  return [
    roleAssignment({
      key: 'backupReadsCluster',
      module: 'backup',
      group: 'spoke',
      scope: 'cluster',
      role: ROLE_IDS.Reader,
      who: { of: 'backupVault', path: 'identity.principalId' },
    }),
    inGroup(design, {
      key: 'backupReadsSnapshots',
      of: 'backupVault',
      path: 'identity.principalId',
      role: ROLE_IDS.Reader,
    }),
    inGroup(design, {
      key: 'clusterMakesSnapshots',
      of: 'clusterIdentity',
      path: 'properties.principalId',
      role: ROLE_IDS.Contributor,
    }),
    roleAssignment({
      key: 'extensionWritesObjects',
      module: 'backup',
      group: 'backup',
      scope: 'backupStore',
      role: ROLE_IDS['Storage Blob Data Contributor'],
      who: { of: 'backupExtension', path: 'properties.aksAssignedIdentity.principalId' },
    }),
  ];
}

interface InGroup {
  readonly key: string;
  readonly of: string;
  readonly path: string;
  readonly role: string;
}

/** A role in the resource group in which backups stand, and nothing else does. */
function inGroup(design: Design, { key, of, path, role }: InGroup): Draft {
  return {
    ...HERE,
    key,
    type: 'Microsoft.Authorization/roleAssignments',
    apiVersion: VERSIONS.roleAssignments,
    name: guid(groupId(design), idOf(of), role),
    body: {
      properties: {
        roleDefinitionId: rolePath(role),
        principalId: propertyOf(of, path),
        principalType: 'ServicePrincipal',
      },
    },
  };
}

function groupId({ names }: Design): Expression {
  return text('/subscriptions/', SUBSCRIPTION, `/resourceGroups/${names.group('backup')}`);
}

function instance(design: Design): Draft {
  const cluster = {
    resourceID: idOf('cluster'),
    resourceName: design.names.of('aks'),
    resourceType: 'Microsoft.ContainerService/managedClusters',
    resourceUri: idOf('cluster'),
    resourceLocation: design.choices.region,
    datasourceType: 'Microsoft.ContainerService/managedClusters',
  };
  return {
    ...HERE,
    key: 'backupInstance',
    type: `${VAULT}/backupInstances`,
    apiVersion: VERSIONS.dataProtection,
    parent: 'backupVault',
    name: design.names.of('aks'),
    body: {
      properties: given({
        objectType: 'BackupInstance',
        friendlyName: design.names.of('aks'),
        dataSourceInfo: { ...cluster, objectType: 'Datasource' },
        dataSourceSetInfo: { ...cluster, objectType: 'DatasourceSet' },
        policyInfo: {
          policyId: idOf('backupPolicy'),
          policyParameters: {
            dataStoreParametersList: [
              {
                objectType: 'AzureOperationalStoreParameters',
                dataStoreType: 'OperationalStore',
                resourceGroupId: groupId(design),
              },
            ],
            backupDatasourceParametersList: [
              {
                objectType: 'KubernetesClusterBackupDatasourceParameters',
                includeClusterScopeResources: true,
                snapshotVolumes: true,
                includedNamespaces: [],
                excludedNamespaces: [],
                includedResourceTypes: [],
                excludedResourceTypes: [],
                labelSelectors: [],
              },
            ],
          },
        },
      }),
    },
    after: [
      'backupTrust',
      'backupReadsCluster',
      'backupReadsSnapshots',
      'clusterMakesSnapshots',
      'extensionWritesObjects',
    ],
  };
}
