import { describe, expect, test } from 'vitest';
import type { ControlState } from '#model/control.ts';
import { assess, type ControlInput, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { AKS_NODE, POD } from '../control-plane.test-support.ts';
import { cpNode001 } from './control.ts';

const ID = '/subscriptions/s/resourceGroups/shop/providers/Microsoft.ContainerService/managedClusters/aks';

function cluster(channel: string | undefined, pool: object = {}): ControlInput {
  return {
    azure: [
      {
        id: ID,
        name: 'aks',
        type: 'Microsoft.ContainerService/managedClusters',
        location: 'westeurope',
        properties: {
          ...(channel !== undefined && { autoUpgradeProfile: { nodeOSUpgradeChannel: channel } }),
          agentPoolProfiles: [{ name: 'system', mode: 'System', osType: 'Linux', osSKU: 'Ubuntu', ...pool }],
        },
      },
    ],
  };
}

function node(image: string, labels = '{}'): string {
  return `
apiVersion: v1
kind: Node
metadata: { name: a, labels: ${labels} }
status: { nodeInfo: { osImage: ${image} } }
`;
}

const YES = new Map([['CP-NODE-001', { answer: 'yes', by: 'ops', on: '2026-11-01' } as const]]);

const CASES: readonly (readonly [string, ControlInput, ControlState])[] = [
  ['images are upgraded', cluster('NodeImage'), 'PASS'],
  ['nobody upgrades', cluster('None'), 'PARTIAL'],
  ['nodes that never restart', cluster('Unmanaged'), 'PARTIAL'],
  ['the default', cluster(undefined), 'WARN'],
  ['an old system', cluster('NodeImage', { osSKU: 'Mariner' }), 'PARTIAL'],
  ['a system that ends soon', cluster('NodeImage', { osSKU: 'Ubuntu2204' }), 'WARN'],
  ['an old image', cluster('NodeImage', { nodeImageVersion: 'AKSUbuntu-2404gen2containerd-202609.15.0' }), 'PARTIAL'],
  ['a new image', cluster('NodeImage', { nodeImageVersion: 'AKSUbuntu-2404gen2containerd-202611.02.0' }), 'PASS'],
  ['a node without support', { manifests: node('Ubuntu 20.04.6 LTS') }, 'FAIL'],
  ['a node with support', { manifests: node('Ubuntu 24.04.2 LTS') }, 'MANUAL'],
  ['a node with support, and an answer', { manifests: node('Ubuntu 24.04.2 LTS'), settings: { answers: YES } }, 'PASS'],
  [
    'a node of AKS with a new image',
    {
      manifests: node(
        'Ubuntu 24.04.2 LTS',
        '{ kubernetes.azure.com/node-image-version: AKSUbuntu-2404gen2containerd-202611.02.0 }',
      ),
    },
    'PASS',
  ],
  ['AKS, without its pools', { manifests: AKS_NODE }, 'UNKNOWN'],
  ['no nodes', { manifests: POD }, 'UNKNOWN'],
  ['no nodes in a live cluster', { manifests: POD, kind: 'live' }, 'MANUAL'],
];

describe('CP-NODE-001', () => {
  test.each(CASES)('%s', (_, input, state) => {
    expect(stateOf(cpNode001, input)).toBe(state);
  });

  test('cluster and pools are places', () => {
    expect(placesOf(assess(cpNode001, cluster('None', { osSKU: 'AzureLinux' })))).toEqual([
      'FAIL Microsoft.ContainerService/managedClusters aks channel',
      'PASS Microsoft.ContainerService/managedClusters/agentPools system system',
    ]);
  });

  test('the channel is an edit', () => {
    const context = contextOf(cluster('None'));
    const place = cpNode001.assess(context).places[0];
    const fix = place === undefined ? undefined : cpNode001.fix?.(context, place);
    expect(fix).toMatchObject({
      automatic: true,
      changes: [
        {
          resource: ID,
          command: 'aks update --resource-group shop --name aks --node-os-upgrade-channel NodeImage',
        },
      ],
    });
  });
});
