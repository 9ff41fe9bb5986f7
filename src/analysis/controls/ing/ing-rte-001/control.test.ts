import { describe, expect, test } from 'vitest';
import { idOf, resource } from '../../../inbound/estate.test-support.ts';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { clusterEstate } from '../estate.test-support.ts';
import { ingRte001 } from './control.ts';

function ingress(className: string, annotations = ''): string {
  return `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop, annotations: { a: b${annotations} } }
spec: { ingressClassName: ${className}, rules: [{ host: shop.example.com, http: { paths: [] } }] }
`;
}

const ISSUED = ingress('nginx', ', cert-manager.io/cluster-issuer: letsencrypt');
const DNS = `---
apiVersion: v1
kind: Pod
metadata: { name: dns, namespace: dns }
spec: { containers: [{ name: dns, image: "registry.k8s.io/external-dns/external-dns:v0.15.0" }] }
`;

describe('ING-RTE-001', () => {
  test.each([
    ['HTTP application routing', ingress('addon-http-application-routing'), 'FAIL'],
    ['external-dns and cert-manager', ISSUED + DNS, 'PASS'],
    ['certificates alone', ISSUED, 'MANUAL'],
    ['nothing that tells', ingress('nginx'), 'MANUAL'],
    ['no host', '', 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(ingRte001, { manifests })).toBe(state);
  });

  test('an answer decides', () => {
    const answers = new Map([['ING-RTE-001', { answer: 'no', by: 'kim', on: '2026-11-01' } as const]]);
    expect(stateOf(ingRte001, { manifests: ingress('nginx'), settings: { answers } })).toBe('FAIL');
  });

  test('an alias of an address that is gone', () => {
    const ip = (name: string) => resource('Microsoft.Network/publicIPAddresses', name, {});
    const record = resource('Microsoft.Network/dnszones/A', 'shop', {
      targetResource: { id: idOf('Microsoft.Network/publicIPAddresses', 'gone') },
    });
    const azure = clusterEstate([
      { ...record, id: `${idOf('Microsoft.Network/dnszones', 'example.com')}/A/shop` },
      ip('other'),
    ]);
    expect(placesOf(assess(ingRte001, { azure }))).toEqual(['WARN Microsoft.Network/dnszones/A shop dangling']);
    expect(stateOf(ingRte001, { azure: [...azure, ip('gone')] })).toBe('NA');
  });
});
