import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { web } from '../img.test-support.ts';
import { imgPatch001 } from './control.ts';

const aks = (properties: object) => [
  {
    id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks',
    type: 'Microsoft.ContainerService/managedClusters',
    name: 'aks',
    properties,
  },
];
const CHANNEL = { autoUpgradeProfile: { upgradeChannel: 'patch' } };
const LONG = { supportPlan: 'AKSLongTermSupport' };
const node = (version: string, name = 'n1') =>
  `${JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { nodeInfo: { kubeletVersion: version } } })}\n---\n`;

describe('a managed cluster', () => {
  test.each([
    ['mended', { kubernetesVersion: '1.36', ...CHANNEL }, 'PASS'],
    ['mended, by hand', { kubernetesVersion: '1.36' }, 'WARN'],
    ['newer than what is known', { kubernetesVersion: '1.39', ...CHANNEL }, 'PASS'],
    ['about to end', { kubernetesVersion: '1.34.3', ...CHANNEL }, 'WARN'],
    ['ended', { kubernetesVersion: '1.33', ...CHANNEL }, 'FAIL'],
    ['long ago', { kubernetesVersion: '1.19', ...CHANNEL }, 'FAIL'],
    ['ended, with long-term support', { kubernetesVersion: '1.33', ...CHANNEL, ...LONG }, 'PASS'],
    ['raised since', { kubernetesVersion: '1.33', currentKubernetesVersion: '1.36.1', ...CHANNEL }, 'PASS'],
    ['no version', {}, 'UNKNOWN'],
  ])('%s', (_, properties, state) => {
    expect(assess(imgPatch001, { azure: aks(properties) }).places[0]?.state).toBe(state);
  });

  test.each([
    ['asm-1-24', 'FAIL'],
    ['asm-1-28', 'WARN'],
    ['asm-1-31', 'PASS'],
  ])('revision %s', (revision, state) => {
    const properties = {
      kubernetesVersion: '1.36',
      ...CHANNEL,
      serviceMeshProfile: { istio: { revisions: [revision] } },
    };
    expect(placesOf(assess(imgPatch001, { azure: aks(properties) })).at(-1)).toBe(
      `${state} Microsoft.ContainerService/managedClusters aks istio ${revision}`,
    );
  });
});

test.each([
  [node('v1.36.1') + node('v1.36.2', 'n2'), ['PASS cluster cluster nodes 1.36']],
  [node('v1.33.0'), ['FAIL cluster cluster nodes 1.33']],
  [node('v1.35.0'), ['PASS cluster cluster nodes 1.35']],
  [node('v1.40.0') + node('v1.36.0', 'n2'), ['PASS cluster cluster nodes 1.40', 'FAIL cluster cluster nodes 1.36']],
  [node('v1.35.3+k3s1'), ['PASS cluster cluster nodes 1.35']],
])('nodes: %s', (manifests, places) => {
  expect(placesOf(assess(imgPatch001, { manifests }))).toEqual(places);
});

describe('images', () => {
  test.each([
    ['postgres:12.4', 'WARN'],
    ['postgres:16', undefined],
    ['docker.io/library/node:16-alpine', 'WARN'],
    ['python:3.10-slim', 'WARN'],
    ['python:3.12', undefined],
    ['alpine:3.21', 'WARN'],
    ['debian:buster-slim', 'WARN'],
    ['registry.example.com/postgres:12', undefined],
    ['shop.azurecr.io/library/postgres:12', 'WARN'],
    ['docker.io/istio/proxyv2:1.20.1', 'FAIL'],
    ['docker.io/istio/pilot:1.31.0', 'PASS'],
  ])('%s', (image, state) => {
    const { places } = assess(imgPatch001, { manifests: web([image]) });
    expect(places.find(({ detail }) => detail?.startsWith('image '))?.state).toBe(state);
  });

  test('the day decides', () => {
    const at = (today: string) => assess(imgPatch001, { manifests: web(['postgres:14']), today }).places[0]?.state;
    expect([at('2026-11-12'), at('2026-11-13')]).toEqual(['PASS', 'WARN']);
  });
});

test.each([
  [{ manifests: web(['a:1']) }, 'UNKNOWN'],
  [{}, 'NA'],
])('what %j does not show', (input, state) => {
  expect(stateOf(imgPatch001, input)).toBe(state);
});

test.each([
  [{ kubernetesVersion: '1.36' }, true],
  [{ kubernetesVersion: '1.33' }, false],
])('fix of %j', (properties, automatic) => {
  const context = contextOf({ azure: aks(properties) });
  expect(imgPatch001.fix?.(context, imgPatch001.assess(context).places[0]!)?.automatic).toBe(automatic);
});
