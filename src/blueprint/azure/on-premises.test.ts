import { describe, expect, test } from 'vitest';
import { asked, at, CIRCUIT, estateWith, keysOf, VPN } from './estate.test-support.ts';

describe('the link', () => {
  test('is two tunnels with algorithms of our choice, between zones', () => {
    const estate = estateWith({ onPremises: VPN });
    expect(at(estate, 'linkGateway', 'properties.sku.name')).toBe('VpnGw2AZ');
    expect(at(estate, 'linkGateway', 'properties.activeActive')).toBe(true);
    expect(keysOf(estate, 'Microsoft.Network/connections')).toEqual(['linkConnection1', 'linkConnection2']);
    for (const key of ['linkConnection1', 'linkConnection2'])
      expect(at(estate, key, 'properties.ipsecPolicies')).toMatchObject([
        { dhGroup: 'ECP384', ipsecEncryption: 'GCMAES256' },
      ]);
  });

  test('is a circuit whose key only a parameter has', () => {
    const estate = estateWith({ onPremises: CIRCUIT });
    expect(asked(estate.byKey.get('linkConnection')!.body)).toEqual(['circuitId', 'circuitKey']);
    expect(at(estate, 'linkGateway', 'properties.gatewayType')).toBe('ExpressRoute');
  });

  test.each([
    [VPN, ['linkKey']],
    [CIRCUIT, ['circuitKey']],
  ])('keeps its secrets out of texts (%#)', (onPremises, secret) => {
    const { parameters } = estateWith({ onPremises });
    expect(parameters.filter(({ secure }) => secure === true).map(({ name }) => name)).toEqual(secret);
  });

  test('is waited for by networks that use its gateway', () => {
    const keys = estateWith({ onPremises: VPN }).drafts.map(({ key }) => key);
    expect(keys.indexOf('spokeNetworkLink')).toBeGreaterThan(keys.indexOf('linkGateway'));
  });

  test('is absent where there is none', () => {
    expect(keysOf(estateWith({}), 'Microsoft.Network/virtualNetworkGateways')).toEqual([]);
  });
});
