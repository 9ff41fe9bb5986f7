import type { Design } from '../plan/design.ts';
import { settingsOf } from './monitoring.ts';
import { subnetReference } from './network.ts';
import { type Part, placed, reference, VERSIONS } from './resources.ts';
import type { Draft } from './value.ts';

/** How administrators come to the private API server: signed in, and recorded. */
export const bastion: Part = (design) => {
  if (!design.choices.paid.bastion) return [];
  return [...(isPrivate(design) ? [] : [address(design)]), host(design), settingsOf('bastionLogs', 'bastion', 'hub')];
};

/** With a link, people come over it, and Bastion needs no public address. */
function isPrivate({ choices: { onPremises } }: Design): boolean {
  return onPremises.link !== 'none';
}

function address(design: Design): Draft {
  return {
    key: 'bastionAddress',
    module: 'bastion',
    group: 'hub',
    type: 'Microsoft.Network/publicIPAddresses',
    apiVersion: VERSIONS.network,
    name: design.names.of('pip', 'bastion'),
    body: placed(design, {
      sku: { name: 'Standard' },
      zones: ['1', '2', '3'],
      properties: { publicIPAllocationMethod: 'Static' },
    }),
  };
}

function host(design: Design): Draft {
  const isOverLink = isPrivate(design);
  return {
    key: 'bastion',
    module: 'bastion',
    group: 'hub',
    type: 'Microsoft.Network/bastionHosts',
    apiVersion: VERSIONS.network,
    name: design.names.of('bas'),
    body: placed(design, {
      sku: { name: isOverLink ? 'Premium' : 'Standard' },
      zones: ['1', '2', '3'],
      properties: {
        // Tunnels carry kubectl; nothing is copied or shared by files.
        enableTunneling: true,
        disableCopyPaste: true,
        enableFileCopy: false,
        enableIpConnect: false,
        enableShareableLink: false,
        ...(isOverLink && { enablePrivateOnlyBastion: true }),
        ipConfigurations: [
          {
            name: 'here',
            properties: {
              subnet: subnetReference(design, 'AzureBastionSubnet'),
              ...(!isOverLink && { publicIPAddress: reference('bastionAddress') }),
            },
          },
        ],
      },
    }),
  };
}
