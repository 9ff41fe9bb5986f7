import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { ingSrc001 } from './control.ts';

function service(name: string, spec = '', metadata = ''): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ops${metadata} }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 443 }]${spec} }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: ops, labels: { app: web } }
spec: { containers: [{ name: c, image: i }] }
`;
}

const INTERNAL = ', annotations: { service.beta.kubernetes.io/azure-load-balancer-internal: "true" }';

describe('ING-SRC-001', () => {
  test.each([
    ['Grafana for everybody', service('grafana'), 'FAIL'],
    ['a list of sources', service('grafana', ', loadBalancerSourceRanges: [203.0.113.0/24]'), 'PASS'],
    ['a list of everything', service('grafana', ', loadBalancerSourceRanges: [0.0.0.0/0]'), 'FAIL'],
    ['internal', service('grafana', '', INTERNAL), 'PASS'],
    ['a label', service('api', '', ', labels: { audience: partner }'), 'FAIL'],
    ['a shop', service('shop'), 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(ingSrc001, { manifests })).toBe(state);
  });

  test('an Ingress whose controller is not in the input', () => {
    const manifests = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: ops }
spec: { ingressClassName: nginx, rules: [{ host: admin.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: shop, port: { number: 443 } } } }] } }] }
---${service('shop')}`;
    expect(placesOf(assess(ingSrc001, { manifests }))).toEqual(['WARN Ingress ops/web']);
  });

  test('stated ranges close it', () => {
    const adminRanges = [{ family: 4 as const, lo: 0xcb007100n, hi: 0xcb0071ffn, length: 24 }];
    const context = contextOf({ manifests: service('grafana'), settings: { adminRanges } });
    expect(ingSrc001.fix?.(context, ingSrc001.assess(context).places[0]!)).toMatchObject({ automatic: true });
  });
});
