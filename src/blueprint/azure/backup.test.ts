import { describe, expect, test } from 'vitest';
import { at, estateWith, keysOf, VPN } from './estate.test-support.ts';

const BEYOND = { platform: 'arc', wayIn: 'internal', onPremises: VPN, mesh: 'none' } as const;

describe('backup', () => {
  test('keeps what was deleted, and is joined to the cluster by trust', () => {
    const estate = estateWith({});
    expect(at(estate, 'backupVault', 'properties.securitySettings.softDeleteSettings.state')).toBe('AlwaysOn');
    const order = estate.drafts.map(({ key }) => key);
    for (const before of ['backupTrust', 'backupExtension', 'clusterMakesSnapshots'])
      expect(order.indexOf('backupInstance')).toBeGreaterThan(order.indexOf(before));
  });

  test('lets the cluster contribute to the group of backups alone', () => {
    expect(estateWith({}).byKey.get('clusterMakesSnapshots')).toMatchObject({ group: 'backup' });
  });

  test('is of AKS: elsewhere Velero has it', () => {
    expect([...estateWith(BEYOND).byKey.keys()].filter((key) => key.startsWith('backup'))).toEqual([]);
  });
});

describe('maintenance', () => {
  test('has a window for the cluster and one for its nodes', () => {
    const type = 'Microsoft.ContainerService/managedClusters/maintenanceConfigurations';
    const estate = estateWith({});
    expect(keysOf(estate, type).map((key) => estate.byKey.get(key)!.name)).toEqual([
      'aksManagedAutoUpgradeSchedule',
      'aksManagedNodeOSUpgradeSchedule',
    ]);
    expect(keysOf(estateWith(BEYOND), type)).toEqual([]);
  });
});
