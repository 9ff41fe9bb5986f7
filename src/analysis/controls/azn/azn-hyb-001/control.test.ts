import { describe, expect, test } from 'vitest';
import { resource, securityRule } from '../../../azure/estate.test-support.ts';
import { type AzureInput, judgedBy, OPEN } from '../../azure.test-support.ts';
import { aznHyb001 } from './control.ts';

const gateway = (name: string, more: object = {}) =>
  resource('Microsoft.Network/virtualNetworkGateways', 'gw', {
    gatewayType: 'Vpn',
    sku: { name, tier: name },
    ...more,
  });
const tunnel = (ipsecPolicies: readonly object[]) =>
  resource('Microsoft.Network/connections', 'site', { connectionType: 'IPsec', ipsecPolicies });
const OFFICE = resource('Microsoft.Network/localNetworkGateways', 'office', {
  localNetworkAddressSpace: { addressPrefixes: ['192.168.0.0/16'] },
});
const estate = (...more: object[]): AzureInput => ({ estate: { more: more as never } });
const from = (source: string, access: string) => securityRule('office', 200, { sourceAddressPrefix: source, access });

describe('AZN-HYB-001', () => {
  test.each([
    ['a gateway across zones with a policy', estate(gateway('VpnGw2AZ'), tunnel([{ dhGroup: 'ECP384' }])), ['PASS']],
    ['the Basic SKU', estate(gateway('Basic')), ['FAIL', 'FAIL virtualNetworkGateways gw SKU']],
    ['one instance', estate(gateway('VpnGw1')), ['WARN', 'WARN virtualNetworkGateways gw SKU']],
    ['… and another one', estate(gateway('VpnGw1', { activeActive: true })), ['PASS']],
    ['the default policy', estate(tunnel([])), ['FAIL', 'FAIL connections site IPsec']],
    [
      'a rule opens the nodes to the office',
      { estate: { more: [OFFICE], securityRules: [from('192.168.0.0/16', 'Allow')] } },
      ['FAIL', 'FAIL subnets nodes on-premises'],
    ],
    [
      'a rule keeps the office out',
      { estate: { more: [OFFICE], securityRules: [from('192.168.0.0/16', 'Deny')] } },
      ['PASS'],
    ],
    ['an expression', estate(gateway(OPEN)), ['UNKNOWN', 'UNKNOWN virtualNetworkGateways gw']],
    ['no other network', {}, ['NA']],
    ['no Azure', { estate: 'none' }, ['UNKNOWN']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(aznHyb001, input)).toEqual(expected);
  });
});
