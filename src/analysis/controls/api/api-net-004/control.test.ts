import { describe, expect, test } from 'vitest';
import { NODES, ROOT, resource, securityRule } from '../../../azure/estate.test-support.ts';
import { type AzureInput, judgedBy } from '../../azure.test-support.ts';
import { apiNet004 } from './control.ts';

const PRIVATE = { apiServerAccessProfile: { enablePrivateCluster: true } };
const HUB = `${ROOT}/Microsoft.Network/virtualNetworks/hub/subnets`;
const BASTION = resource('Microsoft.Network/bastionHosts', 'bastion', {
  ipConfigurations: [{ name: 'a', properties: { subnet: { id: `${HUB}/AzureBastionSubnet` } } }],
});
const PUBLIC_IP = resource('Microsoft.Network/publicIPAddresses', 'jump', {}, { sku: { name: 'Standard' } });
const JUMP = (group?: string) =>
  resource('Microsoft.Network/networkInterfaces', 'jump-nic', {
    ...(group !== undefined && {
      networkSecurityGroup: { id: `${ROOT}/Microsoft.Network/networkSecurityGroups/${group}` },
    }),
    ipConfigurations: [
      {
        properties: { subnet: { id: NODES }, privateIPAddress: '10.20.0.9', publicIPAddress: { id: PUBLIC_IP['id'] } },
      },
    ],
  });
const SSH = (sourceAddressPrefix: string, access = 'Allow', priority = 200) =>
  securityRule(`ssh-${priority}`, priority, {
    sourceAddressPrefix,
    destinationPortRange: '22',
    protocol: 'Tcp',
    access,
  });
const with_ = (more: readonly object[], securityRules: readonly object[] = []): AzureInput => ({
  estate: { cluster: PRIVATE, more: more as never, securityRules: securityRules as never },
});

describe('API-NET-004', () => {
  test.each([
    ['private, by Bastion', with_([BASTION]), ['PASS']],
    [
      'an open machine',
      with_([BASTION, PUBLIC_IP, JUMP()], [SSH('Internet')]),
      ['FAIL', 'FAIL networkInterfaces jump-nic'],
    ],
    [
      '… denied before it is allowed',
      with_([BASTION, PUBLIC_IP, JUMP()], [SSH('*', 'Deny', 100), SSH('Internet')]),
      ['PASS'],
    ],
    ['… to one address', with_([BASTION, PUBLIC_IP, JUMP()], [SSH('203.0.113.7')]), ['PASS']],
    [
      '… whose own group is not there',
      with_([BASTION, PUBLIC_IP, JUMP('gone')], [SSH('Internet')]),
      ['UNKNOWN', 'UNKNOWN networkInterfaces jump-nic'],
    ],
    ['private without a way in', with_([]), ['MANUAL']],
    ['no Azure', { estate: 'none' }, ['MANUAL']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(apiNet004, input)).toEqual(expected);
  });
});
