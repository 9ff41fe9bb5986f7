import { describe, expect, test } from 'vitest';
import { resource, securityRule } from '../../../azure/estate.test-support.ts';
import { type AzureInput, azureContext, judgedBy, OPEN } from '../../azure.test-support.ts';
import { aznEgr001 } from './control.ts';

const route = (properties: object) => [{ name: 'default', properties: { addressPrefix: '0.0.0.0/0', ...properties } }];
const type = (outboundType: string, more: object = {}): AzureInput => ({
  estate: { profile: { outboundType }, routes: [], ...more },
});
const DENY_OUT = securityRule('out', 200, {
  direction: 'Outbound',
  access: 'Deny',
  destinationAddressPrefix: 'Internet',
});
const GATEWAY = resource('Microsoft.Network/natGateways', 'nat');
const MANAGED = resource('Microsoft.ContainerService/managedClusters', 'aks', {
  networkProfile: { outboundType: 'loadBalancer' },
  agentPoolProfiles: [{ name: 'apps', mode: 'System' }],
});

describe('AZN-EGR-001', () => {
  test.each([
    ['a default route to the firewall', {}, ['PASS']],
    ['no way out', type('none'), ['PASS']],
    ['the load balancer', type('loadBalancer'), ['FAIL', 'FAIL subnets nodes']],
    ['… though a route leads to the firewall', { estate: { profile: { outboundType: 'loadBalancer' } } }, ['PASS']],
    [
      '… behind a group that denies',
      type('loadBalancer', { securityRules: [DENY_OUT] }),
      ['WARN', 'WARN subnets nodes'],
    ],
    [
      '… after it allows all',
      type('loadBalancer', { securityRules: [securityRule('all', 100, { direction: 'Outbound' }), DENY_OUT] }),
      ['FAIL', 'FAIL subnets nodes'],
    ],
    ['a NAT gateway', type('userAssignedNATGateway', { more: [GATEWAY] }), ['WARN', 'WARN subnets nodes']],
    ['a route that is missing', type('userDefinedRouting'), ['FAIL', 'FAIL subnets nodes']],
    [
      'a route to an address of the firewall’s subnet that it does not have',
      type('userDefinedRouting', { routes: route({ nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.10.0.9' }) }),
      ['FAIL', 'FAIL subnets nodes'],
    ],
    [
      'a route to an appliance elsewhere',
      type('userDefinedRouting', { routes: route({ nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.99.0.4' }) }),
      ['UNKNOWN', 'UNKNOWN subnets nodes'],
    ],
    [
      'to other networks',
      type('userDefinedRouting', { routes: route({ nextHopType: 'VirtualNetworkGateway' }) }),
      ['WARN', 'WARN subnets nodes'],
    ],
    ['an expression', type(OPEN), ['UNKNOWN', 'UNKNOWN managedClusters aks']],
    ['a network that AKS made', { only: [MANAGED] }, ['FAIL', 'FAIL managedClusters aks']],
    ['Azure without a cluster', { only: [GATEWAY] }, ['NA']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(aznEgr001, input)).toEqual(expected);
  });

  test('a fix has the route and the outbound type, and waits for rules of the firewall', () => {
    const context = azureContext(type('loadBalancer'));
    const fix = aznEgr001.fix?.(context, aznEgr001.assess(context).places[0]!);
    expect(fix?.automatic).toBe(false);
    expect(fix?.changes).toMatchObject([
      { edits: [{ op: 'append', value: { properties: { nextHopIpAddress: '10.10.0.4' } } }] },
      { edits: [{ op: 'set', value: 'userDefinedRouting' }] },
    ]);
  });
});
