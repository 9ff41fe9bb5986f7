import { describe, expect, test } from 'vitest';
import { idOf } from '../../../inbound/estate.test-support.ts';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { clusterEstate, gatewayBefore, WAF_TYPE, wafPolicy, webManifests } from '../estate.test-support.ts';
import { ingWaf001 } from './control.ts';

const POLICY = { firewallPolicy: { id: idOf(WAF_TYPE, 'waf') } };

describe('ING-WAF-001', () => {
  test.each([
    ['a gateway with a policy', webManifests(false), [...gatewayBefore(POLICY), wafPolicy()], 'PASS'],
    ['a gateway without one', webManifests(false), gatewayBefore(), 'FAIL'],
    ['a policy that is not in the input', webManifests(false), gatewayBefore(POLICY), 'UNKNOWN'],
    ['a public load balancer', webManifests(true), [], 'FAIL'],
    ['nothing public', webManifests(false), [], 'NA'],
  ])('%s', (_, manifests, more, state) => {
    expect(stateOf(ingWaf001, { manifests, azure: clusterEstate(more), engine: 'upstream' })).toBe(state);
  });

  test('the way around is the one that fails', () => {
    const azure = clusterEstate([...gatewayBefore(POLICY), wafPolicy()]);
    const beside = webManifests(true).split('---')[1]!.replace('name: web', 'name: beside');
    const found = assess(ingWaf001, { manifests: `${webManifests(false)}---${beside}`, azure, engine: 'upstream' });
    expect(placesOf(found)).toEqual(['FAIL Service shop/beside', 'PASS Microsoft.Network/applicationGateways agw']);
  });

  test('manifests alone do not show what stands before', () => {
    expect(stateOf(ingWaf001, { manifests: webManifests(true) })).toBe('UNKNOWN');
    expect(stateOf(ingWaf001, { manifests: webManifests(false) })).toBe('NA');
  });

  test('ModSecurity of the controller', () => {
    const manifests = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop, annotations: { nginx.ingress.kubernetes.io/enable-modsecurity: "true" } }
spec: { ingressClassName: nginx, defaultBackend: { service: { name: web, port: { number: 443 } } } }
---${webManifests(false)}`;
    expect(placesOf(assess(ingWaf001, { manifests }))).toEqual(['PASS Ingress shop/web']);
  });
});
