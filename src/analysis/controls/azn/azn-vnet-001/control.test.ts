import { describe, expect, test } from 'vitest';
import { NODES, ROOT, resource } from '../../../azure/estate.test-support.ts';
import { type AzureInput, judgedBy, OPEN } from '../../azure.test-support.ts';
import { aznVnet001 } from './control.ts';

const NIC = resource('Microsoft.Network/networkInterfaces', 'vm-nic', {
  ipConfigurations: [{ properties: { subnet: { id: NODES } } }],
});
const OWN = {
  ...NIC,
  id: `${ROOT.replace('/resourceGroups/rg/', '/resourceGroups/MC_rg_aks/')}/Microsoft.Network/networkInterfaces/node-nic`,
  name: 'node-nic',
};
const NETWORKS = `${ROOT}/Microsoft.Network/virtualNetworks`;
const OTHER = resource('Microsoft.Network/virtualNetworks', 'other', {
  addressSpace: { addressPrefixes: ['10.30.0.0/16'] },
});
const PEERING = (allowForwardedTraffic: unknown) =>
  resource('Microsoft.Network/virtualNetworks/virtualNetworkPeerings', 'spoke/to-other', {
    remoteVirtualNetwork: { id: `${NETWORKS}/other` },
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic,
  });

describe('AZN-VNET-001', () => {
  test.each([
    ['only the cluster, beside a hub', {}, ['PASS']],
    ['a machine among the nodes', { estate: { more: [NIC] } }, ['PARTIAL', 'FAIL subnets nodes']],
    ['interfaces of the nodes themselves', { estate: { more: [OWN] } }, ['PASS']],
    ['a network that AKS made', { estate: { pool: { vnetSubnetID: null } } }, ['WARN', 'WARN agentPools apps']],
    [
      'a network without firewall forwards',
      { estate: { more: [OTHER, PEERING(true)] } },
      ['WARN', 'WARN virtualNetworkPeerings to-other'],
    ],
    ['… or does not', { estate: { more: [OTHER, PEERING(false)] } }, ['PASS']],
    [
      '… or is not there',
      { estate: { more: [PEERING(true)] } },
      ['UNKNOWN', 'UNKNOWN virtualNetworkPeerings to-other'],
    ],
    [
      'an expression',
      { estate: { more: [OTHER, PEERING(OPEN)] } },
      ['UNKNOWN', 'UNKNOWN virtualNetworkPeerings to-other'],
    ],
    ['Azure without a cluster', { only: [OTHER] }, ['NA']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(aznVnet001, input)).toEqual(expected);
  });
});
