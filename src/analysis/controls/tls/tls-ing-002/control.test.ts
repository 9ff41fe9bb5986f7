import { describe, expect, test } from 'vitest';
import { resource } from '../../../inbound/estate.test-support.ts';
import { contextOf, stateOf } from '../../controls.test-support.ts';
import { clusterEstate, gatewayBefore } from '../../ing/estate.test-support.ts';
import { tlsIng002 } from './control.ts';

const map = (protocols: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: n }\ndata: { ssl-protocols: "${protocols}" }\n`;
const istio = (version: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: edge, namespace: shop }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 443, name: https, protocol: HTTPS }, hosts: ["*"], tls: { mode: SIMPLE, credentialName: c${version} } }] }
`;

describe('TLS-ING-002', () => {
  test.each([
    ['NGINX with old versions', map('TLSv1 TLSv1.1 TLSv1.2'), 'FAIL'],
    ['NGINX without', map('TLSv1.2 TLSv1.3'), 'PASS'],
    ['Istio by default', istio(''), 'PASS'],
    ['Istio with an old version', istio(', minProtocolVersion: TLSV1_1'), 'FAIL'],
    [
      'an Ingress alone',
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: w, namespace: s }\nspec: { tls: [{ secretName: t }], defaultBackend: { service: { name: web, port: { number: 443 } } } }\n',
      'UNKNOWN',
    ],
    ['nothing', '', 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(tlsIng002, { manifests })).toBe(state);
  });

  test.each([
    [{}, 'WARN'],
    [{ sslPolicy: { policyType: 'Predefined', policyName: 'AppGwSslPolicy20220101S' } }, 'PASS'],
    [{ sslPolicy: { policyType: 'Predefined', policyName: 'AppGwSslPolicy20170401' } }, 'WARN'],
    [{ sslPolicy: { policyType: 'Custom', minProtocolVersion: 'TLSv1_1' } }, 'FAIL'],
  ])('an Application Gateway with %j', (properties, state) => {
    expect(stateOf(tlsIng002, { azure: clusterEstate(gatewayBefore(properties)) })).toBe(state);
  });

  const PROTOCOLS = 'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.';
  const versions = (value: string, ...names: readonly string[]) => ({
    customProperties: Object.fromEntries(names.map((name) => [`${PROTOCOLS}${name}`, value])),
  });
  test.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    ['turned on', versions('true', 'Tls10'), 'Premium', 'FAIL'],
    ['turned off', versions('false', 'Tls10', 'Tls11', 'Ssl30'), 'Premium', 'PASS'],
    ['one of them turned off', versions('false', 'Tls10'), 'Premium', 'UNKNOWN'],
    ['a template does not show when it was made', {}, 'Premium', 'UNKNOWN'],
    ['made before they were off', { createdAtUtc: '2017-05-01T08:00:00Z' }, 'Premium', 'FAIL'],
    ['made on the last day of it', { createdAtUtc: '2018-04-01T08:00:00Z' }, 'Premium', 'FAIL'],
    ['made since', { createdAtUtc: '2024-05-01T08:00:00Z' }, 'Premium', 'PASS'],
    ['of the tier for consumption', {}, 'Consumption', 'PASS'],
    ['of a tier of v2', {}, 'StandardV2', 'PASS'],
  ])('API Management, %s', (_, properties, tier, state) => {
    const azure = [{ ...resource('Microsoft.ApiManagement/service', 'apim', properties), sku: { name: tier } }];
    expect(stateOf(tlsIng002, { azure })).toBe(state);
  });

  test('is closed by naming a policy', () => {
    const context = contextOf({ azure: clusterEstate(gatewayBefore()) });
    expect(tlsIng002.fix?.(context, tlsIng002.assess(context).places[0]!)).toMatchObject({
      automatic: true,
      changes: [{ edits: [{ value: { policyType: 'Predefined', policyName: 'AppGwSslPolicy20220101S' } }] }],
    });
  });
});
