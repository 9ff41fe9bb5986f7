import { describe, expect, test } from 'vitest';
import { entity, estate, network, snapshotWith } from '#engine/compile/azure/azure.test-support.ts';
import { azureViewOf } from '#engine/compile/azure/view.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import { networkNotes } from './network-notes.ts';

const VPN = { ...entity('gateways', 'vpn'), kind: 'vpn', subnet: '/networks/hub/subnets/gatewaysubnet' } as const;
const BASTION = {
  ...entity('bastions', 'bas'),
  subnet: '/networks/hub/subnets/azurebastionsubnet',
  publicIps: [],
} as const;
const APART = { ...BASTION, subnet: '/networks/apart/subnets/azurebastionsubnet' } as const;
const GUARDED = {
  networks: [network('vnet', '10.224.0.0/12', { ddosProtection: true }), network('hub', '10.0.0.0/16')],
};

describe('what of the network matters for a way in', () => {
  test.each<readonly [string, 'internet' | 'network', string, Partial<AzureEstate>, readonly string[]]>([
    ['a public Service without a plan', 'internet', 'Service shop/web', {}, ['no DDoS plan covers vnet']],
    ['a public Service with one', 'internet', 'Service shop/web', GUARDED, []],
    ['what is public elsewhere', 'internet', 'Front Door fd', {}, []],
    [
      'a gateway',
      'network',
      'Service shop/web',
      { gateways: [VPN] },
      ['VPN gateway vpn brings in what is connected to it'],
    ],
    [
      'Bastion',
      'network',
      'Service shop/web',
      { bastions: [BASTION] },
      ['Bastion bas brings people into the networks around'],
    ],
    ['Bastion in a network that nothing leads from', 'network', 'Service shop/web', { bastions: [APART] }, []],
  ])('%s', (_name, scope, through, more, expected) => {
    const view = azureViewOf(snapshotWith(estate(more)))!;
    expect(networkNotes(view, { scope, through })).toEqual(expected);
  });
});
