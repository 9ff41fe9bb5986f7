import { describe, expect, test } from 'vitest';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { placesAfterFix } from '../net.test-support.ts';
import { netPol008 } from './control.ts';

const web = (spec = '', env = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {${spec}containers: [{name: web, image: web${env}}]}
`;
const policy = (egress: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: ${egress}}
`;
const cluster = (networkProfile: object) => ({
  type: 'Microsoft.ContainerService/managedClusters',
  name: 'aks',
  id: '/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/aks',
  properties: { networkProfile: { networkPlugin: 'azure', networkPolicy: 'calico', ...networkProfile } },
});
const ALL = '[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]';

describe('NET-POL-008', () => {
  test.each([
    ['no policy', web(), 'WARN'],
    ['nothing may leave', web() + policy('[]'), 'PASS'],
    [
      'all but metadata',
      web() + policy('[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]'),
      'WARN',
    ],
    [
      'all but both',
      web() + policy('[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32, 168.63.129.16/32]}}]}]'),
      'PASS',
    ],
    ['all on another port', web() + policy('[{ports: [{port: 443}]}]'), 'PASS'],
    ['it is configured to ask', web('', ', env: [{name: IMDS, value: "http://169.254.169.254/metadata"}]'), 'PASS'],
  ])('%s', (_, manifests, state) => {
    expect(placesOf(assess(netPol008, { manifests }))).toEqual([`${state} Deployment shop/web`]);
  });

  test('the cluster is known', () => {
    expect(stateOf(netPol008, { manifests: web(), azure: [cluster({})] })).toBe('FAIL');
    expect(stateOf(netPol008, { manifests: web(), azure: [cluster({ podLinkLocalAccess: 'None' })] })).toBe('PASS');
    expect(
      stateOf(netPol008, { manifests: web('hostNetwork: true, '), azure: [cluster({ podLinkLocalAccess: 'None' })] }),
    ).toBe('FAIL');
  });

  test.each([
    [web(), { object: 'Deployment shop/web', field: 'spec.template.metadata.labels' }],
    [web() + policy(ALL), { object: 'NetworkPolicy shop/p', field: 'spec.egress[0]' }],
  ])('what decided comes first', (manifests, first) => {
    expect(assess(netPol008, { manifests }).places[0]?.evidence[0]).toMatchObject(first);
  });

  test('a field that nobody knows: not known', () => {
    expect(stateOf(netPol008, { manifests: web() + policy('[{mystery: 1}]') })).toBe('UNKNOWN');
  });

  test('nothing: not applicable', () => {
    expect(stateOf(netPol008, { manifests: '' })).toBe('NA');
  });

  test.each([
    ['no policy', web(), 'upstream'],
    ['a rule for everything', web() + policy(ALL), 'upstream'],
    ['Calico', web(), 'calico'],
    ['Cilium', web(), 'cilium'],
    ['Cilium with a rule for the world', web() + policy(ALL), 'cilium'],
  ] as const)('%s: the fix passes', (_, manifests, engine) => {
    expect(placesAfterFix(netPol008, { manifests, engine })).toEqual(['PASS Deployment shop/web']);
  });
});
