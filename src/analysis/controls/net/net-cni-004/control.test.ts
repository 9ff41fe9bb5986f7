import { describe, expect, test } from 'vitest';
import { type ControlInput, stateOf } from '../../controls.test-support.ts';
import { aks, CILIUM } from '../azure.test-support.ts';
import { firstFix } from '../net.test-support.ts';
import { netCni004 } from './control.ts';

const web = (value: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web, env: [{name: API_URL, value: "${value}"}]}]}
`;
const NAMED = web('https://api.example.com/v1');
const pin = (cidr: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: ${cidr}}}], ports: [{port: 443}]}]}
`;
const NAMES = `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: out, namespace: shop}
spec: {endpointSelector: {}, egress: [{toFQDNs: [{matchName: api.example.com}]}]}
`;

describe('NET-CNI-004', () => {
  test.each<[string, ControlInput, string]>([
    ['no host outside', { manifests: web('web') }, 'NA'],
    ['hosts by name, and no word on them', { manifests: NAMED }, 'MANUAL'],
    ['hosts by name, and rules for addresses', { manifests: NAMED + pin('203.0.113.7/32') }, 'WARN'],
    ['addresses inside', { manifests: NAMED + pin('10.0.0.7/32') }, 'MANUAL'],
    ['rules for names', { manifests: NAMED + NAMES }, 'PASS'],
    [
      'an engine that cannot',
      { manifests: NAMED, azure: aks({ networkPlugin: 'azure', networkPolicy: 'azure' }) },
      'NA',
    ],
    ['an engine that can', { manifests: NAMED, azure: aks(CILIUM) }, 'MANUAL'],
  ])('%s', (_, input, state) => {
    expect(stateOf(netCni004, input)).toBe(state);
  });

  test('the fix switches on what is missing and leaves the rule to a person', () => {
    const fix = firstFix(netCni004, { manifests: NAMED + pin('203.0.113.7/32'), azure: aks(CILIUM) });
    expect(fix?.automatic).toBe(false);
    expect(fix?.changes).toHaveLength(1);
  });
});
