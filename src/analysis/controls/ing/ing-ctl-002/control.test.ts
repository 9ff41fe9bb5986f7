import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { ingCtl002 } from './control.ts';

const CLASS = (controller: string) => `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: edge }
spec: { controller: ${controller} }
`;
const INGRESS = (name: string, annotations = '') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop, annotations: { a: b${annotations} } }
spec: { ingressClassName: ${name}, defaultBackend: { service: { name: web, port: { number: 80 } } } }
`;

describe('ING-CTL-002', () => {
  test.each([
    ['the community controller', CLASS('k8s.io/ingress-nginx'), 'FAIL'],
    ['Traefik', CLASS('traefik.io/ingress-controller'), 'PASS'],
    ['application routing', CLASS('webapprouting.kubernetes.azure.com/nginx'), 'WARN'],
    ['a controller that nobody knows', CLASS('example.com/own'), 'UNKNOWN'],
    ['a class by its name', INGRESS('azure-application-gateway'), 'WARN'],
    ['a name of two products', INGRESS('nginx'), 'UNKNOWN'],
    ['annotations of one of them', INGRESS('nginx', ', nginx.ingress.kubernetes.io/ssl-redirect: "true"'), 'WARN'],
    ['HTTP application routing', INGRESS('addon-http-application-routing'), 'FAIL'],
    ['nothing', '', 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(ingCtl002, { manifests })).toBe(state);
  });

  test('the day of the scan decides', () => {
    expect(stateOf(ingCtl002, { manifests: CLASS('k8s.io/ingress-nginx'), today: '2026-01-01' })).toBe('WARN');
    expect(
      stateOf(ingCtl002, { manifests: CLASS('webapprouting.kubernetes.azure.com/nginx'), today: '2026-12-01' }),
    ).toBe('FAIL');
  });

  test('images of pods', () => {
    const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: controller, namespace: ingress-nginx }
spec:
  selector: { matchLabels: { app: c } }
  template:
    metadata: { labels: { app: c } }
    spec: { containers: [{ name: c, image: "registry.k8s.io/ingress-nginx/controller:v1.12.1" }] }
`;
    expect(placesOf(assess(ingCtl002, { manifests }))).toEqual(['FAIL Deployment ingress-nginx/controller']);
  });

  test('add-ons of the cluster', () => {
    const azure = [
      {
        id: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks',
        type: 'Microsoft.ContainerService/managedClusters',
        name: 'aks',
        location: 'westeurope',
        properties: {
          addonProfiles: { httpApplicationRouting: { enabled: true }, ingressApplicationGateway: { enabled: true } },
          ingressProfile: { webAppRouting: { enabled: true } },
        },
      },
    ];
    expect(assess(ingCtl002, { azure }).places.map(({ state }) => state)).toEqual(['FAIL', 'WARN', 'WARN']);
  });

  test('snippets are turned off where nobody uses them', () => {
    const map =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: n }\ndata: { allow-snippet-annotations: "true" }\n';
    for (const [manifests, automatic] of [
      [map, true],
      [`${map}---\n${INGRESS('edge', ', nginx.ingress.kubernetes.io/server-snippet: x')}`, false],
    ] as const) {
      const context = contextOf({ manifests });
      const place = ingCtl002.assess(context).places.find(({ detail }) => detail === 'snippets')!;
      expect(place.state).toBe('FAIL');
      expect(ingCtl002.fix?.(context, place)?.automatic).toBe(automatic);
    }
  });
});
