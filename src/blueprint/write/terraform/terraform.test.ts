import { describe, expect, test } from 'vitest';
import { CHOSEN, filesOf, modelOf } from '../same-model.test-support.ts';

/** What the provider sends without being told, so that it stands nowhere in the text (provider, resources of the type). */
const SENT = [
  /^properties\.sku\.family=A$/,
  /^properties\.enableSoftDelete=true$/,
  /^properties\.enableDdosProtection=false$/,
  /^properties\.format\.type=JSON$/,
  /^properties\.policies\.retentionPolicy\.status=enabled$/,
  /^properties\.privateDnsZoneConfigs\.\d+\.name=/,
  /^properties=$/,
];

/** What azurerm says where nothing is said, which is what Azure has there too. */
const DEFAULTS = [
  /^sku\.tier=Regional$/,
  /^properties\.publicIPAddressVersion=IPv4$/,
  /^properties\.ddosSettings\.protectionMode=VirtualNetworkInherited$/,
  /^properties\.peerCompleteVnets=true$/,
  /^properties\.privateLinkServiceNetworkPolicies=Enabled$/,
  /^properties\.flowAnalyticsConfiguration\.networkWatcherFlowAnalyticsConfiguration\.workspaceId=\?$/,
];

/** Words that Azure takes in any case. */
function written(leaf: string): string {
  return leaf.replace('properties.addressPrefixes.0=', 'properties.addressPrefix=').replace(/Disabled$/, 'disabled');
}

function leavesOf(model: ReadonlyMap<string, string>, left: readonly RegExp[]): readonly string[] {
  const leaves = [...model].map(([path, value]) => written(`${path}=${value}`));
  return leaves.filter((leaf) => !left.some((pattern) => pattern.test(leaf))).sort();
}

describe.each(CHOSEN)('%s', (_name, text) => {
  const [arm, terraform] = [modelOf(filesOf(text, 'arm')), modelOf(filesOf(text, 'terraform'))];

  test('has the same resources in Terraform as in ARM', () => {
    expect([...terraform.keys()].sort()).toEqual([...arm.keys()].sort());
  });

  test('says the same of each', () => {
    const told = (model: typeof arm, left: readonly RegExp[]) =>
      Object.fromEntries([...model].map(([id, leaves]) => [id, leavesOf(leaves, left)] as const).sort());
    const both = [...SENT, ...DEFAULTS];
    expect(told(terraform, both)).toEqual(told(arm, both));
  });
});

test('resources of Terraform have addresses of their own', () => {
  for (const [, text] of CHOSEN) {
    const heads = [...filesOf(text, 'terraform').values()].flatMap((each) => each.match(/^resource .*$/gm) ?? []);
    expect(heads.toSorted()).toEqual([...new Set(heads)].sort());
  }
});

test('azapi says only what azurerm has no words for', () => {
  const text = [...filesOf(CHOSEN[0]![1], 'terraform').values()].join('\n');
  const types = [...text.matchAll(/"azapi_resource" "\w+" \{\n\s+type\s+= "([^@"]+)/g)].map(([, type]) => type);
  expect([...new Set(types)].sort()).toEqual([
    'Microsoft.Compute/diskEncryptionSets',
    'Microsoft.ContainerService/managedClusters',
    'Microsoft.ContainerService/managedClusters/maintenanceConfigurations',
    'Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings',
    'Microsoft.DBforPostgreSQL/flexibleServers',
    'Microsoft.DBforPostgreSQL/flexibleServers/administrators',
    'Microsoft.DBforPostgreSQL/flexibleServers/configurations',
    'Microsoft.DBforPostgreSQL/flexibleServers/databases',
    'Microsoft.DataProtection/backupVaults',
    'Microsoft.DataProtection/backupVaults/backupInstances',
    'Microsoft.DataProtection/backupVaults/backupPolicies',
    'Microsoft.Insights/activityLogAlerts',
    'Microsoft.Insights/scheduledQueryRules',
    'Microsoft.KeyVault/vaults/keys',
    'Microsoft.KubernetesConfiguration/extensions',
    'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
    'Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies',
    'Microsoft.Network/applicationGateways',
    'Microsoft.Network/bastionHosts',
    'Microsoft.Storage/storageAccounts',
    'Microsoft.Storage/storageAccounts/blobServices',
    'Microsoft.Storage/storageAccounts/blobServices/containers',
  ]);
});
