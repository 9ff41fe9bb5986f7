import { describe, expect, test } from 'vitest';
import { LEAF, LONG, NEAR, OLD } from '#parse/certificate.test-support.ts';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { clusterEstate } from '../../ing/estate.test-support.ts';
import { tlsCrt002 } from './control.ts';

function secret(pem: string): string {
  return `apiVersion: v1\nkind: Secret\nmetadata: { name: web-tls, namespace: shop }\ntype: kubernetes.io/tls\ndata: { tls.crt: "${btoa(pem)}", tls.key: eA== }\n`;
}

const INGRESS = (annotations = '') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop, annotations: { a: b${annotations} } }
spec: { tls: [{ hosts: [shop.example.com], secretName: web-tls }], defaultBackend: { service: { name: web, port: { number: 443 } } } }
`;

describe('TLS-CRT-002', () => {
  test.each([
    ['a good one', secret(LEAF), 'PASS'],
    ['an ended one', secret(OLD), 'FAIL'],
    ['one that ends in 19 days', secret(NEAR), 'WARN'],
    ['one for two years', secret(LONG), 'WARN'],
    ['cert-manager', INGRESS(', cert-manager.io/cluster-issuer: ca'), 'PASS'],
    ['nobody knows', INGRESS(), 'UNKNOWN'],
    ['none', '', 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(tlsCrt002, { manifests })).toBe(state);
  });

  test('the day of the scan decides', () => {
    expect(stateOf(tlsCrt002, { manifests: secret(LEAF), today: '2026-12-28' })).toBe('FAIL');
    expect(stateOf(tlsCrt002, { manifests: secret(LEAF), today: '2026-12-10' })).toBe('WARN');
  });

  test('dates of cert-manager', () => {
    const manifests = (notAfter: string) =>
      `apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: { name: c, namespace: shop }\nspec: { secretName: web-tls }\nstatus: { notAfter: "${notAfter}" }\n`;
    expect(stateOf(tlsCrt002, { manifests: manifests('2027-01-20T00:00:00Z') })).toBe('PASS');
    expect(stateOf(tlsCrt002, { manifests: manifests('2026-11-22T00:00:00Z') })).toBe('FAIL');
  });

  test('an authority of a webhook that ended', () => {
    const manifests = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: hook }
webhooks: [{ name: hook.example.com, clientConfig: { caBundle: "${btoa(OLD)}" } }]
`;
    expect(placesOf(assess(tlsCrt002, { manifests }))).toEqual([
      'FAIL ValidatingWebhookConfiguration hook hook.example.com',
    ]);
    expect(stateOf(tlsCrt002, { manifests: manifests.replace(btoa(OLD), btoa(LEAF)) })).toBe('NA');
  });

  test('rotation of the Key Vault driver is turned on', () => {
    const manifests =
      'apiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass\nmetadata: { name: kv, namespace: shop }\nspec: { provider: azure }\n';
    const azure = clusterEstate([], {
      addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: 'false' } } },
    });
    const context = contextOf({ manifests, azure });
    const found = tlsCrt002.assess(context);
    expect(found.places.map(({ state, detail }) => [state, detail])).toEqual([['WARN', 'rotation']]);
    expect(tlsCrt002.fix?.(context, found.places[0]!)?.automatic).toBe(true);
  });
});
