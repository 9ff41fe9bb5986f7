import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { clusterEstate } from '../../ing/estate.test-support.ts';
import { injected, outside, peers, workload } from '../mesh.test-support.ts';
import { meshMtls001 } from './control.ts';

const SHOP = injected('shop') + workload('shop/web') + workload('shop/api');
const transit = (type: string) =>
  clusterEstate([], {
    networkProfile: {
      networkPlugin: 'azure',
      networkDataplane: 'cilium',
      advancedNetworking: { security: { transitEncryption: { type } } },
    },
  });

describe('MESH-MTLS-001', () => {
  test.each([
    ['STRICT', SHOP + peers('istio-system', 'STRICT'), 'PASS'],
    ['PERMISSIVE, all in the mesh', SHOP + peers('istio-system', 'PERMISSIVE'), 'WARN'],
    ['a workload outside', SHOP + peers('istio-system', 'STRICT') + outside('tools') + workload('tools/job'), 'WARN'],
    ['no mesh', outside('shop') + workload('shop/web'), 'UNKNOWN'],
    ['nothing', '', 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(meshMtls001, { manifests })).toBe(state);
  });

  test('a live cluster without anything fails', () => {
    expect(stateOf(meshMtls001, { manifests: outside('shop') + workload('shop/web'), kind: 'live' })).toBe('FAIL');
  });

  test('of a live cluster it is known that nothing else encrypts', () => {
    const manifests = SHOP + peers('istio-system', 'STRICT') + outside('tools') + workload('tools/job');
    expect(placesOf(assess(meshMtls001, { manifests, kind: 'live' }))).toEqual([
      'PASS Namespace shop',
      'FAIL Namespace tools',
    ]);
  });

  test('a gateway of Istio alone is no mesh', () => {
    const gateway =
      '---\napiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: g, namespace: shop }\nspec: { selector: { app: web }, servers: [] }\n';
    expect(stateOf(meshMtls001, { manifests: outside('shop') + workload('shop/web') + gateway })).toBe('UNKNOWN');
  });

  test('WireGuard of the cluster', () => {
    const manifests = outside('shop') + workload('shop/web');
    expect(stateOf(meshMtls001, { manifests, azure: transit('WireGuard') })).toBe('PASS');
    const input = { manifests, azure: transit('None') };
    expect(placesOf(assess(meshMtls001, input))).toEqual(['FAIL Microsoft.ContainerService/managedClusters aks']);
    const context = contextOf(input);
    expect(meshMtls001.fix?.(context, meshMtls001.assess(context).places[0]!)).toMatchObject({ automatic: true });
  });

  test('an engine with settings of its own', () => {
    const azure = clusterEstate([], { networkProfile: { networkPlugin: 'azure', networkPolicy: 'calico' } });
    const manifests = outside('shop') + workload('shop/web');
    expect(stateOf(meshMtls001, { manifests, azure })).toBe('UNKNOWN');
    expect(stateOf(meshMtls001, { manifests, azure, kind: 'live' })).toBe('FAIL');
  });

  test('encryption of the virtual network alone is a warning', () => {
    const azure = clusterEstate([], {}, { encryption: { enabled: true, enforcement: 'AllowUnencrypted' } });
    expect(stateOf(meshMtls001, { manifests: outside('shop') + workload('shop/web'), azure })).toBe('WARN');
  });
});
