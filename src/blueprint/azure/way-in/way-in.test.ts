import { describe, expect, test } from 'vitest';
import { at, estateWith, keysOf, VPN } from '../estate.test-support.ts';

describe('the way in', () => {
  test('Application Gateway: refuses what its rules find, and sends HTTPS to the balancer of the cluster', () => {
    const estate = estateWith({});
    expect(at(estate, 'webFirewall', 'properties.policySettings')).toMatchObject({
      state: 'Enabled',
      mode: 'Prevention',
      requestBodyCheck: true,
    });
    expect(at(estate, 'entrance', 'properties.backendHttpSettingsCollection')).toMatchObject([
      { properties: { port: 443, protocol: 'Https', hostName: 'www.example.com' } },
    ]);
    expect(at(estate, 'entrance', 'properties.redirectConfigurations')).toMatchObject([
      { properties: { redirectType: 'Permanent' } },
    ]);
  });

  test('Application Gateway: an internal one has no public address', () => {
    const estate = estateWith({ wayIn: 'internal', onPremises: VPN });
    expect(estate.byKey.has('entranceAddress')).toBe(false);
    expect(at(estate, 'entrance', 'properties.frontendIPConfigurations')).toMatchObject([
      { properties: { privateIPAllocationMethod: 'Static' } },
    ]);
  });

  test('Application Gateway for Containers: a firewall is attached, and its controller signs in without a secret', () => {
    const estate = estateWith({ waf: 'containers' });
    expect(keysOf(estate, 'Microsoft.ServiceNetworking/trafficControllers/securityPolicies')).toEqual([
      'entranceFirewall',
    ]);
    expect(at(estate, 'controllerTrust', 'properties.subject')).toBe(
      'system:serviceaccount:azure-alb-system:alb-controller-sa',
    );
  });

  test('Front Door: Private Link alone leads on, and every name has the firewall', () => {
    const estate = estateWith({ waf: 'front-door' });
    expect(at(estate, 'entrance', 'sku.name')).toBe('Premium_AzureFrontDoor');
    expect(at(estate, 'entranceOrigin', 'properties.sharedPrivateLinkResource.privateLinkLocation')).toBe('westeurope');
    expect(at(estate, 'entranceRoute', 'properties')).toMatchObject({
      httpsRedirect: 'Enabled',
      forwardingProtocol: 'HttpsOnly',
      linkToDefaultDomain: 'Disabled',
    });
    expect(JSON.stringify(at(estate, 'entranceFirewall', 'properties.parameters.associations'))).toMatch(
      /entranceDomain.*entranceEndpoint/,
    );
  });

  test('none: nothing stands before the cluster', () => {
    expect(
      [...estateWith({ wayIn: 'none' }).byKey.keys()].filter((key) => /^(?:entrance|webFirewall)/.test(key)),
    ).toEqual([]);
  });
});
