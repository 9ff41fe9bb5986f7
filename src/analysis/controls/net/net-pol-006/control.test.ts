import { describe, expect, test } from 'vitest';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { firstFix, placesAfterFix } from '../net.test-support.ts';
import { netPol006 } from './control.ts';

const deployment = (env = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web${env}}]}
`;
const policy = (egress: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: ${egress}}
`;
const GROUP = '/subscriptions/s/resourceGroups/r/providers';
const NETWORK = {
  type: 'Microsoft.Network/virtualNetworks',
  name: 'hub',
  id: `${GROUP}/Microsoft.Network/virtualNetworks/hub`,
  location: 'westeurope',
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/16'] },
    subnets: [
      {
        name: 'nodes',
        id: `${GROUP}/Microsoft.Network/virtualNetworks/hub/subnets/nodes`,
        properties: { addressPrefix: '10.20.0.0/22' },
      },
    ],
  },
};
const cluster = (outboundType: string) => ({
  type: 'Microsoft.ContainerService/managedClusters',
  name: 'aks',
  id: '/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/aks',
  location: 'westeurope',
  properties: {
    agentPoolProfiles: [{ name: 'pool', count: 3, vnetSubnetID: NETWORK.properties.subnets[0]!.id, mode: 'System' }],
    networkProfile: {
      outboundType,
      networkPlugin: 'azure',
      networkPluginMode: 'overlay',
      networkPolicy: 'cilium',
      networkDataplane: 'cilium',
    },
  },
});

describe('NET-POL-006', () => {
  test.each([
    ['no policy', '', 'WARN'],
    ['nothing may leave', policy('[]'), 'PASS'],
    ['one address', policy('[{to: [{ipBlock: {cidr: 203.0.113.7/32}}]}]'), 'PASS'],
    ['any address on one port', policy('[{ports: [{port: 443}]}]'), 'WARN'],
    ['other pods only', policy('[{to: [{namespaceSelector: {}}]}]'), 'PASS'],
  ])('%s', (_, more, state) => {
    expect(placesOf(assess(netPol006, { manifests: deployment() + more }))).toEqual([`${state} Deployment shop/web`]);
  });

  test('a field that nobody knows: not known', () => {
    expect(stateOf(netPol006, { manifests: deployment() + policy('[{mystery: 1}]') })).toBe('UNKNOWN');
  });

  test('nothing: not applicable', () => {
    expect(stateOf(netPol006, { manifests: '' })).toBe('NA');
  });

  test('a cluster without a way out: not applicable', () => {
    expect(stateOf(netPol006, { manifests: deployment(), azure: [cluster('none')] })).toBe('NA');
  });

  test('neither policy nor the network around it', () => {
    expect(stateOf(netPol006, { manifests: deployment(), azure: [cluster('loadBalancer'), NETWORK] })).toBe('FAIL');
  });

  test('the fix passes where hosts can be named', () => {
    expect(placesAfterFix(netPol006, { manifests: deployment() })).toEqual(['PASS Deployment shop/web']);
    const named = deployment(', env: [{name: API_URL, value: "https://api.example.com"}]');
    expect(firstFix(netPol006, { manifests: named })?.automatic).toBe(false);
    expect(firstFix(netPol006, { manifests: named, engine: 'cilium' })?.automatic).toBe(true);
    expect(placesAfterFix(netPol006, { manifests: named, engine: 'cilium' })).toEqual(['PASS Deployment shop/web']);
  });
});
