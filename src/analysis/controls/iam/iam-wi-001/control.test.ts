import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { cluster } from '../clusters.test-support.ts';
import { iamWi001 } from './control.ts';

const ON = cluster({ oidcIssuerProfile: { enabled: true }, securityProfile: { workloadIdentity: { enabled: true } } });

function workload(label: string, annotation: string): string {
  return `
apiVersion: v1
kind: ServiceAccount
metadata: { name: web, namespace: shop, annotations: { ${annotation} } }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { ${label} } }
spec: { serviceAccountName: web, containers: [{ name: web, image: web }] }`;
}

const LABEL = 'azure.workload.identity/use: "true"';
const CLIENT = 'azure.workload.identity/client-id: "1"';

describe('clusters', () => {
  test.each<[string, object, string, string]>([
    ['on and used', ON, workload(LABEL, CLIENT), 'PASS'],
    ['on and unused', ON, workload('a: b', ''), 'PASS'],
    ['off and unused', cluster({}), workload('a: b', ''), 'WARN'],
    ['off and asked for', cluster({}), workload(LABEL, CLIENT), 'PARTIAL'],
    ['pod identity', cluster({ podIdentityProfile: { enabled: true } }), '', 'PARTIAL'],
  ])('%s', (_, azure, manifests, state) => expect(stateOf(iamWi001, { azure: [azure], manifests })).toBe(state));

  test('none', () => expect([stateOf(iamWi001, {}), stateOf(iamWi001, { kind: 'live' })]).toEqual(['UNKNOWN', 'NA']));
});

describe('workloads', () => {
  test.each<[string, string, readonly string[]]>([
    ['in full', workload(LABEL, CLIENT), ['PASS Pod shop/web']],
    ['without the label', workload('a: b', CLIENT), ['WARN Pod shop/web label']],
    ['without an identity', workload(LABEL, ''), ['WARN Pod shop/web']],
    ['with pod identity', workload('aadpodidbinding: web', ''), ['FAIL Pod shop/web']],
    ['with an account that is elsewhere', workload(LABEL, '').split('---')[1]!, ['UNKNOWN Pod shop/web']],
  ])('%s', (_, manifests, expected) => expect(placesOf(assess(iamWi001, { manifests }))).toEqual(expected));

  test('the label is set by the fix', () => {
    const context = contextOf({ manifests: workload('a: b', CLIENT) });
    const [place] = iamWi001.assess(context).places;
    expect(iamWi001.fix?.(context, place!)?.changes).toMatchObject([
      { edits: [{ path: ['metadata', 'labels', 'azure.workload.identity/use'], value: 'true' }] },
    ]);
  });
});

test('credentials for accounts that are not there', () => {
  const id =
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/web/federatedIdentityCredentials/c';
  const type = 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials';
  const of = (name: string) => ({ id, name: 'c', type, properties: { subject: `system:serviceaccount:shop:${name}` } });
  const manifests = workload('a: b', '');
  const states = (name: string) =>
    placesOf(assess(iamWi001, { azure: [of(name)], manifests })).map((each) => each.split(' ')[0]);
  expect([states('web'), states('gone')]).toEqual([['PASS'], ['WARN']]);
});
