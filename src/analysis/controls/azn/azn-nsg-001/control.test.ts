import { describe, expect, test } from 'vitest';
import { ROOT, resource } from '../../../azure/estate.test-support.ts';
import { type AzureInput, judgedBy } from '../../azure.test-support.ts';
import { aznNsg001 } from './control.ts';

const SUBNETS = `${ROOT}/Microsoft.Network/virtualNetworks/spoke/subnets`;
const ENDPOINT = resource('Microsoft.Network/privateEndpoints', 'pe', { subnet: { id: `${SUBNETS}/endpoints` } });
const GATEWAY = resource('Microsoft.Network/virtualNetworks/subnets', 'spoke/GatewaySubnet', {
  addressPrefix: '10.20.9.0/27',
  networkSecurityGroup: { id: `${ROOT}/Microsoft.Network/networkSecurityGroups/nsg` },
});

describe('AZN-NSG-001', () => {
  test.each([
    ['a group at the nodes', {}, ['PASS']],
    ['none', { estate: { subnet: { networkSecurityGroup: null } } }, ['FAIL', 'FAIL subnets nodes']],
    ['none at private endpoints', { estate: { more: [ENDPOINT] } }, ['PARTIAL', 'FAIL subnets endpoints']],
    [
      'one at the subnet of a gateway',
      { estate: { more: [GATEWAY] } },
      ['PARTIAL', 'FAIL subnets GatewaySubnet gateway'],
    ],
    [
      'a subnet that is not there',
      { estate: { pool: { vnetSubnetID: `${SUBNETS}/gone` } } },
      ['UNKNOWN', 'UNKNOWN managedClusters aks subnets'],
    ],
    ['a network that AKS made', { estate: { pool: { vnetSubnetID: null } } }, ['NA']],
    ['no Azure', { estate: 'none' }, ['UNKNOWN']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(aznNsg001, input)).toEqual(expected);
  });
});
