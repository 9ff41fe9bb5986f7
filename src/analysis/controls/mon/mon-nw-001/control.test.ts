import { describe, expect, test } from 'vitest';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { cluster, made, network } from '../azure.test-support.ts';
import { monNw001 } from './control.ts';

const estate = [cluster(), network()];

function watcher(location: string, provisioningState = 'Succeeded') {
  return made('Microsoft.Network/networkWatchers', 'w', { provisioningState }, { location });
}

describe('MON-NW-001', () => {
  test.each([
    ['a watcher in the region', [...estate, watcher('West Europe')], true, 'PASS'],
    ['a watcher that did not come up', [...estate, watcher('westeurope', 'Failed')], true, 'WARN'],
    ['a watcher of another region', [...estate, watcher('northeurope')], true, 'FAIL'],
    ['a template has none: Azure makes them', estate, false, 'UNKNOWN'],
    ['no virtual network', [cluster()], true, 'NA'],
  ] as const)('%s', (_name, azure, azureLive, state) => {
    expect(stateOf(monNw001, { azure, azureLive })).toBe(state);
  });

  test('names the network', () => {
    const assessment = assess(monNw001, { azure: estate, azureLive: true });
    expect(placesOf(assessment)).toEqual(['FAIL Microsoft.Network/virtualNetworks spoke']);
  });
});
