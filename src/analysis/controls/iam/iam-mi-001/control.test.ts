import { describe, expect, test } from 'vitest';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { cluster } from '../clusters.test-support.ts';
import { iamMi001 } from './control.ts';
import { isPrincipalSecret } from './credentials.ts';

describe('clusters', () => {
  test.each<[string, object, string]>([
    ['a managed identity', { ...cluster({}), identity: { type: 'UserAssigned' } }, 'PASS'],
    ['a service principal', cluster({ servicePrincipalProfile: { clientId: '00000000-1111' } }), 'FAIL'],
    ['neither is told', cluster({}), 'UNKNOWN'],
  ])('%s', (_, azure, state) => expect(stateOf(iamMi001, { azure: [azure] })).toBe(state));

  test('none', () => expect([stateOf(iamMi001, {}), stateOf(iamMi001, { kind: 'live' })]).toEqual(['UNKNOWN', 'NA']));
});

test.each([
  ['AZURE_CLIENT_SECRET', true],
  ['ARM_CLIENT_SECRET', true],
  ['azure-client-secret', true],
  ['AZURE_CLIENT_ID', false],
  ['OAUTH_CLIENT_SECRET', false],
])('%s', (name, expected) => expect(isPrincipalSecret(name)).toBe(expected));

describe('workloads', () => {
  const pod = (container: string, more = '') => `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { containers: [{ name: web, image: web, ${container} }]${more} }`;
  const secret = `
apiVersion: v1
kind: Secret
metadata: { name: azure, namespace: shop }
data: { AZURE_CLIENT_SECRET: eA== }`;
  test.each<[string, string, readonly string[]]>([
    [
      'a variable from a Secret',
      pod('env: [{ name: AZURE_CLIENT_SECRET, valueFrom: { secretKeyRef: { name: a, key: b } } }]'),
      ['FAIL Pod shop/web'],
    ],
    ['a whole Secret', `${pod('envFrom: [{ secretRef: { name: azure } }]')}\n---${secret}`, ['FAIL Pod shop/web']],
    [
      'the driver of Key Vault',
      pod(
        'env: []',
        ', volumes: [{ name: v, csi: { driver: secrets-store.csi.k8s.io, nodePublishSecretRef: { name: sp } } }]',
      ),
      ['FAIL Pod shop/web'],
    ],
    ['a variable that is empty', pod('env: [{ name: AZURE_CLIENT_SECRET, value: "" }]'), []],
  ])('%s', (_, manifests, expected) => expect(placesOf(assess(iamMi001, { manifests }))).toEqual(expected));
});
