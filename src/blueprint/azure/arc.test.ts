import { describe, expect, test } from 'vitest';
import { at, estateWith, keysOf, VPN } from './estate.test-support.ts';
import { idOf } from './value.ts';

const BASE = { wayIn: 'internal', onPremises: VPN, mesh: 'none', engine: 'calico' } as const;
const EXTENSIONS = 'Microsoft.KubernetesConfiguration/extensions';

describe('clusters beyond Azure', () => {
  test.each([
    [
      'on Azure Local',
      { ...BASE, platform: 'azure-local' } as const,
      ['monitorExtension', 'policyExtension', 'defenderExtension'],
      ['agentGateway', 'localNetwork', 'localCluster'],
    ],
    [
      'of one’s own',
      { ...BASE, platform: 'arc' } as const,
      ['monitorExtension', 'policyExtension', 'defenderExtension'],
      ['agentGateway'],
    ],
    [
      'of one’s own, over Private Link',
      { ...BASE, platform: 'arc', privateAgents: true } as const,
      ['monitorExtension'],
      ['agentScope', 'agentScopeEndpoint', 'zoneHis', 'zoneGuestconfiguration', 'zoneKubernetesconfiguration'],
    ],
  ])('%s', (_, choices, extensions, keys) => {
    const estate = estateWith(choices);
    expect(keysOf(estate, EXTENSIONS)).toEqual(extensions);
    expect(keys.filter((key) => !estate.byKey.has(key))).toEqual([]);
    expect(at(estate, 'cluster', 'properties.aadProfile.enableAzureRBAC')).toBe(true);
    expect(keysOf(estate, 'Microsoft.ContainerService/managedClusters')).toEqual([]);
  });

  test('its settings say which gateway agents leave by, and the cluster only that they do', () => {
    const estate = estateWith({ ...BASE, platform: 'arc' });
    const gateway = 'properties.gatewayProperties.gatewayResourceId';
    expect(at(estate, 'agentGatewayUse', gateway)).toEqual(idOf('agentGateway'));
    expect(at(estate, 'cluster', 'properties.gateway')).toEqual({ enabled: true });
  });

  test('the gateway and Private Link exclude each other', () => {
    const estate = estateWith({ ...BASE, platform: 'arc', privateAgents: true });
    expect(estate.byKey.has('agentGateway')).toBe(false);
    expect(at(estate, 'cluster', 'properties.privateLinkState')).toBe('Enabled');
    expect(at(estate, 'agentScope', 'properties.publicNetworkAccess')).toBe('Disabled');
  });
});
