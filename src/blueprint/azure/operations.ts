import type { Design } from '../plan/design.ts';
import { type Part, placed, VERSIONS } from './resources.ts';
import type { Draft } from './value.ts';

/** Where logs go, how long they stay, and who is told. */
export const operations: Part = (design) => [
  workspace(design),
  ...(design.choices.paid.flowLogs ? [flowStore(design)] : []),
  told(design),
];

function workspace(design: Design): Draft {
  const { choices, names } = design;
  return {
    key: 'logs',
    module: 'operations',
    group: 'operations',
    type: 'Microsoft.OperationalInsights/workspaces',
    apiVersion: VERSIONS.workspace,
    name: names.of('log'),
    body: placed(design, {
      properties: {
        sku: { name: 'PerGB2018' },
        retentionInDays: choices.logs.retentionDays,
        features: { disableLocalAuth: true },
      },
    }),
  };
}

function flowStore(design: Design): Draft {
  return {
    key: 'flowStore',
    module: 'operations',
    group: 'operations',
    type: 'Microsoft.Storage/storageAccounts',
    apiVersion: VERSIONS.storage,
    name: design.names.globally('stflow'),
    why: 'Flow logs are written by Network Watcher, which is let in as a service that Azure trusts; nobody else is.',
    body: placed(design, {
      kind: 'StorageV2',
      sku: { name: 'Standard_ZRS' },
      properties: {
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        minimumTlsVersion: 'TLS1_2',
        supportsHttpsTrafficOnly: true,
        publicNetworkAccess: 'Disabled',
        networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' },
        encryption: { requireInfrastructureEncryption: true, keySource: 'Microsoft.Storage' },
      },
    }),
  };
}

function told({ choices, names, tags }: Design): Draft {
  return {
    key: 'told',
    module: 'operations',
    group: 'operations',
    type: 'Microsoft.Insights/actionGroups',
    apiVersion: VERSIONS.actionGroups,
    name: names.of('ag'),
    body: {
      location: 'Global',
      tags,
      properties: {
        groupShortName: `${choices.name}-net`.slice(0, 12),
        enabled: true,
        emailReceivers: choices.alertsTo.map((emailAddress, index) => ({
          name: `person-${index + 1}`,
          emailAddress,
          useCommonAlertSchema: true,
        })),
      },
    },
  };
}
