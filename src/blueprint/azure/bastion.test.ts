import { describe, expect, test } from 'vitest';
import { at, estateWith, VPN } from './estate.test-support.ts';

describe('Bastion', () => {
  test('tunnels, and has a public address where nobody comes over a link', () => {
    const estate = estateWith({});
    expect(at(estate, 'bastion', 'sku.name')).toBe('Standard');
    expect(at(estate, 'bastion', 'properties.enableTunneling')).toBe(true);
    expect(estate.byKey.has('bastionAddress')).toBe(true);
  });

  test('is private where people come over a link', () => {
    const estate = estateWith({ onPremises: VPN });
    expect(at(estate, 'bastion', 'properties.enablePrivateOnlyBastion')).toBe(true);
    expect(estate.byKey.has('bastionAddress')).toBe(false);
  });

  test('is left out with its subnet and its rules', () => {
    expect(estateWith({}).byKey.has('azureBastionSubnetGuard')).toBe(true);
    const without = estateWith({
      paid: {
        ddosProtection: true,
        firewallPremium: true,
        defender: true,
        bastion: false,
        flowLogs: true,
        customerManagedKeys: true,
      },
    });
    expect([...without.byKey.keys()].filter((key) => /bastion/i.test(key))).toEqual([]);
  });
});
