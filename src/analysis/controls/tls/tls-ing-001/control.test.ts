import { describe, expect, test } from 'vitest';
import { resource } from '../../../inbound/estate.test-support.ts';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { clusterEstate, gatewayBefore, webManifests } from '../../ing/estate.test-support.ts';
import { tlsIng001 } from './control.ts';

function ingress(spec: string, annotations = '', className = 'nginx'): string {
  return `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop, annotations: { a: b${annotations} } }
spec: { ingressClassName: ${className}, rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 443 } } } }] } }]${spec} }
---${webManifests(false)}`;
}

const TLS = ', tls: [{ hosts: ["*.example.com"], secretName: t }]';

describe('TLS-ING-001', () => {
  test.each([
    ['TLS by a wildcard', ingress(TLS), 'PASS'],
    ['no TLS', ingress(''), 'FAIL'],
    ['TLS for another host', ingress(TLS.replace('*.', '*.sub.')), 'FAIL'],
    ['a certificate of Key Vault', ingress('', ', kubernetes.azure.com/tls-cert-keyvault-uri: "https://v/c"'), 'PASS'],
    ['the redirect turned off', ingress(TLS, ', nginx.ingress.kubernetes.io/ssl-redirect: "false"'), 'FAIL'],
    ['a controller that redirects only when told', ingress(TLS, '', 'kong'), 'WARN'],
    [
      'internal',
      ingress('', ', appgw.ingress.kubernetes.io/use-private-ip: "true"', 'azure-application-gateway'),
      'WARN',
    ],
    ['nothing', '', 'NA'],
  ])('%s', (_, manifests, state) => {
    const found = assess(tlsIng001, { manifests }).places.filter(({ where }) => where.kind === 'Ingress');
    expect(found[0]?.state ?? 'NA').toBe(state);
  });

  test.each([
    ['port 80', webManifests(true).replace('port: 443', 'port: 80'), 'FAIL'],
    ['port 443', webManifests(true), 'PASS'],
    ['port 80 of an internal one', webManifests(false).replace('port: 443', 'port: 80'), 'WARN'],
  ])('a load balancer of a workload: %s', (_, manifests, state) => {
    expect(stateOf(tlsIng001, { manifests })).toBe(state);
  });

  const gateway = (protocol: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge, namespace: shop }
spec: { gatewayClassName: eg, listeners: [{ name: l, port: 80, protocol: ${protocol} }] }
`;
  const route = (filters: string) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: shop }
spec: { parentRefs: [{ name: edge }], rules: [{ ${filters} }] }
---${webManifests(false)}`;

  test.each([
    ['TLS', gateway('HTTPS'), 'PASS'],
    ['plain with nothing attached', gateway('HTTP'), 'UNKNOWN'],
    ['plain that serves', gateway('HTTP') + route('backendRefs: [{ name: web, port: 443 }]'), 'FAIL'],
    [
      'plain that redirects',
      gateway('HTTP') + route('filters: [{ type: RequestRedirect, requestRedirect: { scheme: https } }]'),
      'PASS',
    ],
  ])('a listener: %s', (_, manifests, state) => {
    expect(assess(tlsIng001, { manifests }).places[0]).toMatchObject({ state, detail: 'listener l' });
  });

  const istio = (tls: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: edge, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers:
    - { port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"]${tls} }
    - { port: { number: 443, name: https, protocol: HTTPS }, hosts: ["*"], tls: { mode: SIMPLE, credentialName: c } }
`;

  test('servers of Istio', () => {
    expect(stateOf(tlsIng001, { manifests: istio(', tls: { httpsRedirect: true }') })).toBe('PASS');
    const context = contextOf({ manifests: istio('') });
    const found = tlsIng001.assess(context);
    expect(placesOf(found)).toEqual(['FAIL Gateway shop/edge port 80', 'PASS Gateway shop/edge port 443']);
    expect(tlsIng001.fix?.(context, found.places[0]!)).toMatchObject({
      automatic: true,
      changes: [{ edits: [{ path: ['spec', 'servers', 0, 'tls', 'httpsRedirect'], value: true }] }],
    });
  });

  test('what stands before the cluster', () => {
    expect(stateOf(tlsIng001, { azure: clusterEstate(gatewayBefore()) })).toBe('PASS');
    expect(stateOf(tlsIng001, { azure: clusterEstate(gatewayBefore({}, { protocol: 'Http' })) })).toBe('FAIL');
    const route = (properties: object) => [
      {
        ...resource('Microsoft.Cdn/profiles/afdEndpoints/routes', 'all', {}),
        id: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cdn/profiles/d/afdEndpoints/e/routes/all',
        properties,
      },
    ];
    expect(stateOf(tlsIng001, { azure: route({ httpsRedirect: 'Enabled' }) })).toBe('PASS');
    expect(stateOf(tlsIng001, { azure: route({}) })).toBe('FAIL');
    expect(stateOf(tlsIng001, { azure: route({ httpsRedirect: 'Enabled', forwardingProtocol: 'HttpOnly' }) })).toBe(
      'WARN',
    );
  });

  test('an issuer in the input makes the certificate', () => {
    const issuer = '---\napiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: { name: ca }\nspec: {}\n';
    for (const [manifests, automatic] of [
      [ingress('') + issuer, true],
      [ingress(''), false],
    ] as const) {
      const context = contextOf({ manifests });
      expect(tlsIng001.fix?.(context, tlsIng001.assess(context).places[0]!)?.automatic).toBe(automatic);
    }
  });
});
