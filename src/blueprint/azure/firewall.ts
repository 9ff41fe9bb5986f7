import type { Design } from '../plan/design.ts';
import { firewallRules } from './firewall-rules.ts';
import { subnetReference } from './network.ts';
import { type Part, placed, reference, VERSIONS } from './resources.ts';
import type { Draft } from './value.ts';

/** The firewall by which everything leaves, with its policy. */
export const firewall: Part = (design) => [address(design), policy(design), firewallRules(design), device(design)];

function address(design: Design): Draft {
  return {
    key: 'firewallAddress',
    module: 'firewall',
    group: 'hub',
    type: 'Microsoft.Network/publicIPAddresses',
    apiVersion: VERSIONS.network,
    name: design.names.of('pip', 'firewall'),
    body: placed(design, {
      sku: { name: 'Standard' },
      zones: ['1', '2', '3'],
      properties: { publicIPAllocationMethod: 'Static' },
    }),
  };
}

function policy(design: Design): Draft {
  const tier = design.choices.paid.firewallPremium ? 'Premium' : 'Standard';
  return {
    key: 'firewallPolicy',
    module: 'firewall',
    group: 'hub',
    type: 'Microsoft.Network/firewallPolicies',
    apiVersion: VERSIONS.network,
    name: design.names.of('afwp'),
    body: placed(design, {
      properties: {
        sku: { tier },
        threatIntelMode: 'Deny',
        dnsSettings: { enableProxy: true },
        ...(tier === 'Premium' && { intrusionDetection: { mode: 'Deny' } }),
      },
    }),
  };
}

function device(design: Design): Draft {
  return {
    key: 'firewall',
    module: 'firewall',
    group: 'hub',
    type: 'Microsoft.Network/azureFirewalls',
    apiVersion: VERSIONS.network,
    name: design.names.of('afw'),
    // A firewall takes rules that are there when it starts; later ones are changes.
    after: ['firewallRules'],
    body: placed(design, {
      zones: ['1', '2', '3'],
      properties: {
        sku: { name: 'AZFW_VNet', tier: design.choices.paid.firewallPremium ? 'Premium' : 'Standard' },
        firewallPolicy: reference('firewallPolicy'),
        ipConfigurations: [
          {
            name: 'out',
            properties: {
              subnet: subnetReference(design, 'AzureFirewallSubnet'),
              publicIPAddress: reference('firewallAddress'),
            },
          },
        ],
      },
    }),
  };
}
