import { describe, expect, test } from 'vitest';
import { idOf, type Json } from '../../../inbound/estate.test-support.ts';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { clusterEstate, gatewayBefore, webManifests } from '../estate.test-support.ts';
import { ingDdos001 } from './control.ts';

const PLAN = {
  enableDdosProtection: true,
  ddosProtectionPlan: { id: idOf('Microsoft.Network/ddosProtectionPlans', 'plan') },
};

function withMode(protectionMode: string): Json[] {
  return gatewayBefore().map((each) =>
    each['name'] === 'pip-agw'
      ? { ...each, properties: { ipAddress: '20.9.9.9', ddosSettings: { protectionMode } } }
      : each,
  );
}

describe('ING-DDOS-001', () => {
  test.each<[string, Json[], string]>([
    ['nothing protects it', clusterEstate(gatewayBefore()), 'FAIL'],
    ['the address itself', clusterEstate(withMode('Enabled')), 'PASS'],
    ['turned off for the address', clusterEstate(withMode('Disabled'), {}, PLAN), 'FAIL'],
    ['a plan for the network', clusterEstate(gatewayBefore(), {}, PLAN), 'PASS'],
    ['no network in the input', gatewayBefore(), 'UNKNOWN'],
    ['no public address', clusterEstate(), 'NA'],
  ])('%s', (_, azure, state) => {
    expect(stateOf(ingDdos001, { azure })).toBe(state);
  });

  test('without Azure nothing can be said', () => {
    expect(stateOf(ingDdos001, { manifests: webManifests(true) })).toBe('UNKNOWN');
  });

  test('addresses that Services will get', () => {
    const found = assess(ingDdos001, { manifests: webManifests(true), azure: clusterEstate(), engine: 'upstream' });
    expect(placesOf(found)).toEqual(['FAIL Microsoft.Network/virtualNetworks vnet']);
  });

  test('is turned on at the address', () => {
    const context = contextOf({ azure: clusterEstate(gatewayBefore()) });
    expect(ingDdos001.fix?.(context, ingDdos001.assess(context).places[0]!)).toMatchObject({
      automatic: true,
      changes: [{ edits: [{ path: ['properties', 'ddosSettings', 'protectionMode'], value: 'Enabled' }] }],
    });
  });
});
