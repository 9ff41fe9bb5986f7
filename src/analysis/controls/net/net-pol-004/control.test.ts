import { describe, expect, test } from 'vitest';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { firstFix, placesAfterFix } from '../net.test-support.ts';
import { netPol004 } from './control.ts';

const DB = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: postgres:17, ports: [{containerPort: 5432}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web, env: [{name: DB_HOST, value: db}]}]}
`;
const policy = (app: string, spec: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {matchLabels: {app: ${app}}}, ${spec}}
`;
const LOAD_BALANCER = `---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
`;

describe('NET-POL-004', () => {
  test.each([
    ['everybody, on a data store', DB + policy('db', 'ingress: [{}]'), ['FAIL NetworkPolicy shop/p spec.ingress[0]']],
    ['everybody, elsewhere', DB + policy('web', 'ingress: [{}]'), ['WARN NetworkPolicy shop/p spec.ingress[0]']],
    [
      'any pod on one port',
      DB + policy('db', 'ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 5432}]}]'),
      ['WARN NetworkPolicy shop/p spec.ingress[0]'],
    ],
    [
      'many ports',
      DB + policy('web', 'ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 1024, endPort: 9000}]}]'),
      ['WARN NetworkPolicy shop/p spec.ingress[0]'],
    ],
    [
      'its own pods',
      DB + policy('db', 'ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]'),
      ['PASS NetworkPolicy shop/p'],
    ],
    [
      'behind a load balancer',
      DB + LOAD_BALANCER + policy('web', 'ingress: [{ports: [{port: 8080}]}]'),
      ['PASS NetworkPolicy shop/p'],
    ],
    [
      'everything out',
      DB + policy('web', 'policyTypes: [Egress], egress: [{}]'),
      ['WARN NetworkPolicy shop/p spec.egress[0]'],
    ],
    [
      'names on 443 are for another control',
      DB + policy('web', 'policyTypes: [Egress], egress: [{ports: [{port: 443}]}]'),
      ['PASS NetworkPolicy shop/p'],
    ],
  ])('%s', (_, manifests, places) => {
    expect(placesOf(assess(netPol004, { manifests }))).toEqual(places);
  });

  test('no policy: not applicable', () => {
    expect(stateOf(netPol004, { manifests: DB })).toBe('NA');
  });

  test('Cilium: an entity for everybody', () => {
    const manifests = `${DB}---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: p, namespace: shop}
spec: {endpointSelector: {matchLabels: {app: db}}, ingress: [{fromEntities: [all]}]}
`;
    expect(stateOf(netPol004, { manifests })).toBe('FAIL');
  });

  test('the fix names the clients that the input shows', () => {
    const manifests = DB + policy('db', 'ingress: [{}]');
    expect(firstFix(netPol004, { manifests })?.automatic).toBe(true);
    expect(placesAfterFix(netPol004, { manifests })).toEqual(['PASS NetworkPolicy shop/p']);
  });

  test('where nothing shows clients, a person says', () => {
    expect(firstFix(netPol004, { manifests: DB + policy('web', 'ingress: [{}]') })?.automatic).toBe(false);
  });
});
