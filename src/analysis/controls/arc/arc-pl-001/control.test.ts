import { describe, expect, test } from 'vitest';
import { ROOT, resource } from '../../../azure/estate.test-support.ts';
import { type AzureInput, judgedBy, OPEN } from '../../azure.test-support.ts';
import { arcPl001 } from './control.ts';

const SCOPE_ID = `${ROOT}/Microsoft.HybridCompute/privateLinkScopes/scope`;
const cluster = (properties: object) => resource('Microsoft.Kubernetes/connectedClusters', 'edge', { ...properties });
const ON = cluster({ privateLinkState: 'Enabled', privateLinkScopeResourceId: SCOPE_ID });
const scope = (publicNetworkAccess: string) =>
  resource('Microsoft.HybridCompute/privateLinkScopes', 'scope', { publicNetworkAccess });
const ENDPOINT = resource('Microsoft.Network/privateEndpoints', 'pe', {
  subnet: { id: `${ROOT}/Microsoft.Network/virtualNetworks/spoke/subnets/endpoints` },
  privateLinkServiceConnections: [{ properties: { privateLinkServiceId: SCOPE_ID, groupIds: ['hybridcompute'] } }],
});
const EXTENSION = (extensionType: string) => ({
  id: `${ON['id']}/providers/Microsoft.KubernetesConfiguration/extensions/own`,
  type: 'Microsoft.KubernetesConfiguration/extensions',
  name: 'own',
  properties: { extensionType },
});
const AGENT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: agent, namespace: azure-arc}\n';
const ANSWERS = new Map([['ARC-PL-001', { answer: 'yes', by: 'ann', on: '2026-11-01' }]] as const);

describe('ARC-PL-001', () => {
  test.each([
    ['on, closed, by private endpoint', { only: [ON, scope('Disabled'), ENDPOINT] }, ['PASS']],
    ['the scope is public', { only: [ON, scope('Enabled'), ENDPOINT] }, ['FAIL', 'FAIL privateLinkScopes scope']],
    ['no private endpoint', { only: [ON, scope('Disabled')] }, ['FAIL', 'FAIL privateLinkScopes scope']],
    [
      'an extension that does not work with it',
      { only: [ON, scope('Disabled'), ENDPOINT, EXTENSION('Microsoft.Dapr')] },
      ['WARN', 'WARN extensions own not supported'],
    ],
    ['Flux, which does', { only: [ON, scope('Disabled'), ENDPOINT, EXTENSION('Microsoft.Flux')] }, ['PASS']],
    ['off', { only: [cluster({})] }, ['MANUAL', 'MANUAL connectedClusters edge']],
    ['… as was decided', { only: [cluster({})], settings: { answers: ANSWERS } }, ['PASS']],
    ['the scope is not there', { only: [ON] }, ['UNKNOWN', 'UNKNOWN connectedClusters edge']],
    ['an expression', { only: [cluster({ privateLinkState: OPEN })] }, ['UNKNOWN', 'UNKNOWN connectedClusters edge']],
    ['agents of Arc without Azure', { estate: 'none', manifests: AGENT }, ['UNKNOWN']],
    ['no cluster of Arc', {}, ['NA']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(arcPl001, input)).toEqual(expected);
  });
});
