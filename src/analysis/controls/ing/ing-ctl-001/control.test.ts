import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { ingCtl001 } from './control.ts';

function service(type: string, more = '', metadata = ''): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop${metadata} }
spec: { type: ${type}, selector: { app: web }, ports: [{ port: 80, nodePort: 30080 }]${more} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
`;
}

const INTERNAL = ', annotations: { service.beta.kubernetes.io/azure-load-balancer-internal: "true" }';
const INGRESS = `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec: { ingressClassName: nginx, defaultBackend: { service: { name: web, port: { number: 80 } } } }
`;

describe('ING-CTL-001', () => {
  test.each([
    ['a public load balancer of a workload', service('LoadBalancer'), 'FAIL'],
    ['an internal one', service('LoadBalancer', '', INTERNAL), 'PASS'],
    ['one for some sources', service('LoadBalancer', ', loadBalancerSourceRanges: [203.0.113.0/24]'), 'WARN'],
    ['a node port', service('NodePort'), 'WARN'],
    ['a controller', service('LoadBalancer').replaceAll('image: web', 'image: traefik:v3.1'), 'PASS'],
    [
      'nothing behind it',
      service('LoadBalancer').replace('selector: { app: web }', 'selector: { app: other }'),
      'WARN',
    ],
    ['inside the cluster', service('ClusterIP'), 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(ingCtl001, { manifests })).toBe(state);
  });

  test('a namespace without workloads', () => {
    const [manifests] = service('LoadBalancer').split('---');
    expect(stateOf(ingCtl001, { manifests: manifests! })).toBe('UNKNOWN');
    expect(stateOf(ingCtl001, { manifests: manifests!, kind: 'live' })).toBe('WARN');
  });

  test('backends that are not in the input', () => {
    const manifests =
      'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { type: LoadBalancer, ports: [{ port: 80 }] }\n';
    expect(stateOf(ingCtl001, { manifests })).toBe('UNKNOWN');
  });

  test('classes are held against the list', () => {
    const settings = { ingressClasses: ['internal'] };
    expect(placesOf(assess(ingCtl001, { manifests: INGRESS, settings }))).toEqual(['FAIL Ingress shop/web']);
  });

  test('what an Ingress leads to is made ClusterIP', () => {
    const context = contextOf({ manifests: service('LoadBalancer', ', externalTrafficPolicy: Local') + INGRESS });
    expect(ingCtl001.fix?.(context, ingCtl001.assess(context).places[0]!)).toMatchObject({
      automatic: false,
      changes: [
        {
          edits: [
            { op: 'set', path: ['spec', 'type'], value: 'ClusterIP' },
            { op: 'remove', path: ['spec', 'externalTrafficPolicy'] },
            { op: 'remove', path: ['spec', 'ports', 0, 'nodePort'] },
          ],
        },
      ],
    });
  });

  test('otherwise the way in has to be written first', () => {
    const context = contextOf({ manifests: service('LoadBalancer') });
    expect(ingCtl001.fix?.(context, ingCtl001.assess(context).places[0]!)?.automatic).toBe(false);
  });
});
