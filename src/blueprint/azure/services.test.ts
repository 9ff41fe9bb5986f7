import { describe, expect, test } from 'vitest';
import type { Choices, PrivateService } from '../choices/choices.ts';
import { at, estateWith, keysOf } from './estate.test-support.ts';

function teamsWith(services: readonly PrivateService[]): Choices['teams'] {
  const [team] = [{ name: 'shop', group: '11111111-1111-1111-1111-111111111111' }];
  const namespace = { sensitivity: 'internal', cpu: 1, memory: 1, pods: 10, published: false } as const;
  return [
    {
      ...team!,
      namespaces: [
        { ...namespace, name: 'shop-orders', services: [...services], calls: [] },
        { ...namespace, name: 'shop-cart', services: [], calls: [] },
      ],
    },
  ];
}

describe('services', () => {
  test.each([
    ['postgresql', 'postgresql', 'properties.authConfig.passwordAuth', 'Disabled'],
    ['postgresql', 'postgresql', 'properties.network.publicNetworkAccess', 'Disabled'],
    ['sql', 'sqlServer', 'properties.administrators.azureADOnlyAuthentication', true],
    ['sql', 'sqlServer', 'properties.publicNetworkAccess', 'Disabled'],
    ['storage', 'storage', 'properties.allowSharedKeyAccess', false],
    ['storage', 'storage', 'properties.publicNetworkAccess', 'Disabled'],
    ['service-bus', 'serviceBus', 'properties.disableLocalAuth', true],
    ['service-bus', 'serviceBus', 'properties.publicNetworkAccess', 'Disabled'],
    ['redis', 'redis', 'properties.enableNonSslPort', false],
    ['redis', 'redis', 'properties.publicNetworkAccess', 'Disabled'],
  ] as const)('%s: %s has %s', (service, key, path, value) => {
    const estate = estateWith({ teams: teamsWith([service]), outside: [] });
    expect(at(estate, key, path)).toBe(value);
    expect(estate.byKey.has(`${key}Endpoint`)).toBe(true);
  });

  test('are there for who asked, and for nobody else', () => {
    const estate = estateWith({ teams: teamsWith(['storage']), outside: [] });
    expect([...estate.byKey.keys()].filter((key) => /^(?:postgresql|sqlServer|serviceBus|redis)$/.test(key))).toEqual(
      [],
    );
    expect(estate.byKey.get('shopOrdersBlobsUse')).toMatchObject({ scope: 'shopOrdersBlobs' });
    expect([...estate.byKey.keys()].filter((key) => key.startsWith('shopCart'))).toEqual([]);
  });

  test('trust the account of the namespace, and no secret', () => {
    const estate = estateWith({ teams: teamsWith(['sql']), outside: [] });
    expect(at(estate, 'shopOrdersTrust', 'properties.subject')).toBe(
      'system:serviceaccount:shop-orders:default-shop-orders',
    );
  });

  test('share zones: blobs of a service and of backups', () => {
    const estate = estateWith({ teams: teamsWith(['storage']), outside: [] });
    expect(keysOf(estate, 'Microsoft.Network/privateDnsZones').filter((key) => key === 'zoneBlob')).toEqual([
      'zoneBlob',
    ]);
  });
});
