import { describe, expect, test } from 'vitest';
import { idOf, type Json, resource } from '../../../inbound/estate.test-support.ts';
import { stateOf } from '../../controls.test-support.ts';
import { clusterEstate } from '../estate.test-support.ts';
import { ingApi002 } from './control.ts';

const SERVICE = idOf('Microsoft.ApiManagement/service', 'apim');
const JWT = '<policies><inbound><validate-jwt header-name="Authorization" /></inbound></policies>';
const BOTH = JWT.replace('</inbound>', '<rate-limit calls="5" renewal-period="1" /></inbound>');

function apim(properties: Json, policy?: string): Json[] {
  const type = 'Microsoft.ApiManagement/service/apis';
  const own = { id: `${SERVICE}/apis/orders`, type, name: 'orders', properties };
  const policies = {
    id: `${SERVICE}/apis/orders/policies/policy`,
    type: `${type}/policies`,
    name: 'policy',
    properties: { value: policy ?? '', format: 'rawxml' },
  };
  return clusterEstate([
    resource('Microsoft.ApiManagement/service', 'apim', {}),
    own,
    ...(policy === undefined ? [] : [policies]),
  ]);
}

describe('ING-API-002', () => {
  test.each<[string, Json[], string]>([
    ['tokens and limits', apim({ protocols: ['https'] }, BOTH), 'PASS'],
    ['tokens without limits', apim({}, JWT), 'WARN'],
    ['a key alone', apim({}, '<policies />'), 'WARN'],
    ['nothing', apim({ subscriptionRequired: false }, '<policies />'), 'FAIL'],
    ['tokens in a comment', apim({ subscriptionRequired: false }, `<policies /><!-- ${JWT} -->`), 'FAIL'],
    ['without TLS', apim({ protocols: ['http', 'https'] }, BOTH), 'FAIL'],
    ['policies that are not in the input', apim({}), 'UNKNOWN'],
    ['a service without its APIs', clusterEstate([resource('Microsoft.ApiManagement/service', 'apim', {})]), 'UNKNOWN'],
    ['no gateway', clusterEstate(), 'NA'],
  ])('%s', (_, azure, state) => {
    expect(stateOf(ingApi002, { azure })).toBe(state);
  });

  test('another product', () => {
    const manifests =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: kong, namespace: kong }\nspec: { containers: [{ name: c, image: "kong:3.9" }] }\n';
    expect(stateOf(ingApi002, { manifests })).toBe('MANUAL');
  });
});
