import { describe, expect, test } from 'vitest';
import { type Json, resource } from '../../../inbound/estate.test-support.ts';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { clusterEstate, webManifests } from '../estate.test-support.ts';
import { ingApi001 } from './control.ts';

const apim = (properties: Json, sku = 'Premium') => [
  resource('Microsoft.ApiManagement/service', 'apim', properties, { sku: { name: sku } }),
];

describe('ING-API-001', () => {
  test.each<[string, Json[], boolean, string]>([
    ['internal', apim({ virtualNetworkType: 'Internal' }), true, 'PASS'],
    [
      'private endpoints alone',
      apim({ publicNetworkAccess: 'Disabled', privateEndpointConnections: [{ name: 'p' }] }),
      true,
      'PASS',
    ],
    ['external', apim({ virtualNetworkType: 'External' }), true, 'WARN'],
    ['outside, cluster open', apim({ virtualNetworkType: 'None' }), true, 'FAIL'],
    ['outside, cluster closed', apim({ virtualNetworkType: 'None' }), false, 'WARN'],
    ['none, cluster open', [], true, 'MANUAL'],
    ['none, cluster closed', [], false, 'NA'],
  ])('%s', (_, more, isPublic, state) => {
    expect(
      stateOf(ingApi001, { manifests: webManifests(isPublic), azure: clusterEstate(more), engine: 'upstream' }),
    ).toBe(state);
  });

  test('a gateway in the cluster', () => {
    const manifests =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: kong, namespace: kong }\nspec: { containers: [{ name: c, image: "kong:3.9" }] }\n';
    expect(placesOf(assess(ingApi001, { manifests }))).toEqual(['PASS Pod kong/kong']);
  });

  test('only some tiers can be internal', () => {
    for (const [sku, changes] of [
      ['Premium', 1],
      ['Consumption', 0],
    ] as const) {
      const context = contextOf({ azure: clusterEstate(apim({}, sku)) });
      const fix = ingApi001.fix?.(context, ingApi001.assess(context).places[0]!);
      expect(fix?.changes).toHaveLength(changes);
    }
  });
});
