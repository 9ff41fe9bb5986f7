import { describe, expect, test } from 'vitest';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { ingSvc001 } from './control.ts';

function service(type: string, port: number, more = ''): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { type: ${type}, selector: { app: db }, ports: [{ port: ${port} }]${more} }
---
apiVersion: v1
kind: Pod
metadata: { name: db, namespace: shop, labels: { app: db } }
spec: { containers: [{ name: db, image: db }] }
`;
}

describe('ING-SVC-001', () => {
  test.each([
    ['a database on a load balancer', service('LoadBalancer', 5432), 'FAIL'],
    ['a database on a node port', service('NodePort', 6379), 'FAIL'],
    ['HTTPS on a load balancer', service('LoadBalancer', 443), 'PASS'],
    ['a port that nothing is known of', service('LoadBalancer', 7777), 'UNKNOWN'],
    ['a Service of the cluster', service('ClusterIP', 5432), 'NA'],
    ['nothing', '', 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(ingSvc001, { manifests })).toBe(state);
  });

  test('a stated list decides, inside the cluster by a warning', () => {
    const settings = { allowedServicePorts: [7777] };
    expect(stateOf(ingSvc001, { manifests: service('LoadBalancer', 7777), settings })).toBe('PASS');
    expect(stateOf(ingSvc001, { manifests: service('LoadBalancer', 80), settings })).toBe('FAIL');
    expect(placesOf(assess(ingSvc001, { manifests: service('ClusterIP', 80), settings }))).toEqual([
      'WARN Service shop/db',
    ]);
  });

  test('what is behind a port counts too', () => {
    const manifests = service('LoadBalancer', 80).replace('{ port: 80 }', '{ port: 80, targetPort: 27017 }');
    const [place] = assess(ingSvc001, { manifests }).places;
    expect(place).toMatchObject({
      state: 'FAIL',
      message: expect.stringContaining('open to the internet: TCP 80 (to 27017)'),
    });
    expect(place?.evidence[1]).toMatchObject({ field: 'spec.ports[0].port', value: 80, why: 'MongoDB' });
  });

  test('an internal load balancer is judged mildly', () => {
    const manifests = service('LoadBalancer', 1433).replace(
      'namespace: shop }',
      'namespace: shop, annotations: { service.beta.kubernetes.io/azure-load-balancer-internal: "true" } }',
    );
    expect(stateOf(ingSvc001, { manifests })).toBe('WARN');
  });
});
