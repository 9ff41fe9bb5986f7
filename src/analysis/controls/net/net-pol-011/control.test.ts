import { describe, expect, test } from 'vitest';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { firstFix, placesAfterFix } from '../net.test-support.ts';
import { netPol011 } from './control.ts';

const web = (spec = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {${spec}containers: [{name: web, image: web}]}
`;
const policy = (egress: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: ${egress}}
`;
const API = `---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
addressType: IPv4
endpoints: [{addresses: [10.9.0.4]}]
ports: [{port: 443, protocol: TCP}]
`;
const BINDING = `---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
`;

describe('NET-POL-011', () => {
  test.each([
    ['a token and no policy', web(), 'FAIL'],
    ['no token', web('automountServiceAccountToken: false, '), 'WARN'],
    ['nothing may leave', web() + policy('[]'), 'PASS'],
    ['an account of its own, and no roles in the input', web('serviceAccountName: web, '), 'WARN'],
    ['it has rights', web('serviceAccountName: web, ') + BINDING, 'PASS'],
    ['one address, which may be it', web() + policy('[{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]'), 'UNKNOWN'],
    ['one address, which it is', web() + API + policy('[{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]'), 'FAIL'],
    ['one address, which it is not', web() + API + policy('[{to: [{ipBlock: {cidr: 10.8.0.0/16}}]}]'), 'PASS'],
  ])('%s', (_, manifests, state) => {
    expect(placesOf(assess(netPol011, { manifests }))).toEqual([`${state} Deployment shop/web`]);
  });

  test('the token is off for the whole service account', () => {
    const account =
      '---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: shop}\nautomountServiceAccountToken: false\n';
    expect(stateOf(netPol011, { manifests: web() + account })).toBe('WARN');
  });

  test('nothing: not applicable', () => {
    expect(stateOf(netPol011, { manifests: '' })).toBe('NA');
  });

  test('the fix passes', () => {
    const store = web().replace('image: web', 'image: redis');
    expect(firstFix(netPol011, { manifests: store })?.automatic).toBe(true);
    expect(placesAfterFix(netPol011, { manifests: web() })).toEqual(['PASS Deployment shop/web']);
  });

  test('what nothing is known of is not shut unseen', () => {
    const fix = firstFix(netPol011, { manifests: web() });
    expect(fix?.automatic).toBe(false);
    expect(fix?.steps[0]).toBe('where web may send is nowhere in the input: watch first, and add what is needed');
  });
});
