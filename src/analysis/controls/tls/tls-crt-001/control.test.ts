import { describe, expect, test } from 'vitest';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { clusterEstate } from '../../ing/estate.test-support.ts';
import { tlsCrt001 } from './control.ts';

const INGRESS = (annotations = '') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop, annotations: { a: b${annotations} } }
spec: { tls: [{ hosts: [shop.example.com], secretName: web-tls }], defaultBackend: { service: { name: web, port: { number: 443 } } } }
`;
const SECRET =
  '---\napiVersion: v1\nkind: Secret\nmetadata: { name: web-tls, namespace: shop }\ntype: kubernetes.io/tls\ndata: { tls.crt: eA==, tls.key: eA== }\n';
const CERTIFICATE =
  '---\napiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: { name: c, namespace: shop }\nspec: { secretName: web-tls }\n';
const CLASS =
  '---\napiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass\nmetadata: { name: kv, namespace: shop }\nspec: { provider: azure, secretObjects: [{ secretName: web-tls }] }\n';

describe('TLS-CRT-001', () => {
  test.each([
    ['cert-manager by annotation', INGRESS(', cert-manager.io/cluster-issuer: ca'), 'PASS'],
    ['cert-manager by its object', INGRESS() + CERTIFICATE, 'PASS'],
    ['Key Vault', INGRESS() + CLASS, 'PASS'],
    ['a key in a manifest', INGRESS() + SECRET, 'FAIL'],
    ['a Secret that is not in the input', INGRESS(), 'UNKNOWN'],
    ['no certificate', '', 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(tlsCrt001, { manifests })).toBe(state);
  });

  test('in a live cluster the Secret itself is fine, unless nothing encrypts it or everybody reads it', () => {
    const manifests = INGRESS() + SECRET;
    expect(stateOf(tlsCrt001, { manifests, kind: 'live' })).toBe('PASS');
    expect(stateOf(tlsCrt001, { manifests, kind: 'live', azure: clusterEstate() })).toBe('WARN');
    const open = `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
rules: [{ apiGroups: [""], resources: [secrets], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: open }
subjects: [{ kind: Group, name: "system:authenticated" }]
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader }
`;
    expect(placesOf(assess(tlsCrt001, { manifests: manifests + open, kind: 'live' }))).toEqual([
      'FAIL Secret shop/web-tls readers',
    ]);
  });

  test('a grant for every Secret', () => {
    const grant = (name: string) => `apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { name: g, namespace: shop }
spec: { from: [{ group: gateway.networking.k8s.io, kind: Gateway, namespace: edge }], to: [{ group: "", kind: Secret${name} }] }
`;
    expect(stateOf(tlsCrt001, { manifests: grant('') })).toBe('WARN');
    expect(stateOf(tlsCrt001, { manifests: grant(', name: web-tls') })).toBe('PASS');
  });

  test('a key in a ConfigMap', () => {
    const manifests =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: shop }\ndata: { key.pem: "-----BEGIN PRIVATE KEY-----\\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\\n-----END PRIVATE KEY-----" }\n';
    expect(placesOf(assess(tlsCrt001, { manifests }))).toEqual(['FAIL ConfigMap shop/c key.pem']);
  });
});
