import { describe, expect, test } from 'vitest';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { placesAfterFix } from '../net.test-support.ts';
import { netPol009 } from './control.ts';

const SHOP = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web, env: [{name: API_URL, value: "http://api:80"}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, image: api}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}
`;
const policy = (spec: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: ${spec}
`;
const ANSWERS = new Map([['NET-POL-009', { answer: 'yes', by: 'ada', on: '2026-11-01' } as const]]);
const DENY = policy('{podSelector: {}, policyTypes: [Ingress, Egress]}');

describe('NET-POL-009', () => {
  test.each([
    [
      'ingress denies',
      policy('{podSelector: {}}'),
      ['FAIL Deployment shop/web to shop/Deployment/api', 'MANUAL cluster cluster review'],
    ],
    [
      'both deny, and DNS is lost',
      DENY,
      [
        'FAIL Deployment shop/web to shop/Deployment/api',
        'FAIL Deployment shop/web dns',
        'MANUAL cluster cluster review',
      ],
    ],
    [
      'it is allowed',
      policy('{podSelector: {}, ingress: [{ports: [{port: 8080}]}]}'),
      ['PASS Deployment shop/web', 'MANUAL cluster cluster review'],
    ],
    [
      'on another port',
      policy('{podSelector: {}, ingress: [{ports: [{port: 80}]}]}'),
      ['FAIL Deployment shop/web to shop/Deployment/api', 'MANUAL cluster cluster review'],
    ],
  ])('%s', (_, more, places) => {
    expect(placesOf(assess(netPol009, { manifests: SHOP + more }))).toEqual(places);
  });

  test('a person says that it is reviewed', () => {
    const manifests = SHOP + policy('{podSelector: {}, ingress: [{ports: [{port: 8080}]}]}');
    expect(stateOf(netPol009, { manifests })).toBe('MANUAL');
    expect(stateOf(netPol009, { manifests, settings: { answers: ANSWERS } })).toBe('PASS');
  });

  test('no policy: not applicable', () => {
    expect(stateOf(netPol009, { manifests: SHOP })).toBe('NA');
  });

  test('the fix allows on both sides', () => {
    expect(placesAfterFix(netPol009, { manifests: SHOP + DENY, settings: { answers: ANSWERS } })).toEqual([
      'PASS Deployment shop/web',
      'PASS cluster cluster review',
    ]);
  });
});
