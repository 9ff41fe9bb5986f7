import { describe, expect, test } from 'vitest';
import { NODES, ROOT, resource, securityRule } from '../../../azure/estate.test-support.ts';
import { type AzureInput, judgedBy, OPEN } from '../../azure.test-support.ts';
import { apiNet005 } from './control.ts';

const rule = (port: string, priority = 200, more: object = {}) =>
  securityRule(`r${priority}`, priority, { sourceAddressPrefix: 'Internet', destinationPortRange: port, ...more });
const group = (...securityRules: object[]): AzureInput => ({ estate: { securityRules: securityRules as never } });
const NODE = (type: string, address: string) =>
  `apiVersion: v1\nkind: Node\nmetadata: {name: one}\nspec: {providerID: "aws:///a/i"}\nstatus: {addresses: [{type: ${type}, address: ${address}}]}\n`;
const INNER = resource('Microsoft.Network/networkSecurityGroups', 'inner', {
  securityRules: [{ name: 'all', properties: rule('*')['properties'] }],
});
const SET = resource('Microsoft.Compute/virtualMachineScaleSets', 'vmss', {
  virtualMachineProfile: {
    networkProfile: {
      networkInterfaceConfigurations: [
        {
          properties: {
            networkSecurityGroup: { id: `${ROOT}/Microsoft.Network/networkSecurityGroups/inner` },
            ipConfigurations: [{ properties: { subnet: { id: NODES } } }],
          },
        },
      ],
    },
  },
});

describe('API-NET-005', () => {
  test.each([
    ['private nodes behind defaults', {}, ['PASS']],
    ['only web is open', group(rule('443')), ['PASS']],
    ['public nodes', { estate: { pool: { enableNodePublicIP: true } } }, ['PARTIAL', 'FAIL agentPools apps']],
    ['the kubelet by the subnet alone', group(rule('10250')), ['WARN', 'WARN subnets nodes']],
    [
      'everything by both groups',
      { estate: { securityRules: [rule('*')], more: [INNER, SET] } },
      ['PARTIAL', 'FAIL subnets nodes'],
    ],
    ['… denied before', group(rule('*', 100, { access: 'Deny' }), rule('30000-32767')), ['PASS']],
    ['an expression', { estate: { pool: { enableNodePublicIP: OPEN } } }, ['UNKNOWN', 'UNKNOWN agentPools apps']],
    [
      'a node that tells its address',
      { estate: 'none', manifests: NODE('ExternalIP', '203.0.113.9') },
      ['FAIL', 'FAIL Node one'],
    ],
    ['a private node of another provider', { estate: 'none', manifests: NODE('InternalIP', '10.0.0.4') }, ['NA']],
    ['nothing', { estate: 'none' }, ['UNKNOWN']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(apiNet005, input)).toEqual(expected);
  });
});
