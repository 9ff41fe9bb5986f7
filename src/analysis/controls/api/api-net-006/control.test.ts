import { describe, expect, test } from 'vitest';
import { NODES, resource } from '../../../azure/estate.test-support.ts';
import { type AzureInput, azureContext, judgedBy, OPEN } from '../../azure.test-support.ts';
import { apiNet006 } from './control.ts';

const TAINT = ['CriticalAddonsOnly=true:NoSchedule'];
const USER = resource('Microsoft.ContainerService/managedClusters/agentPools', 'aks/work', {
  mode: 'User',
  vnetSubnetID: NODES,
});
const ENDPOINT = resource('Microsoft.Network/privateEndpoints', 'pe', { subnet: { id: NODES } });
const LOCAL = resource('Microsoft.HybridContainerService/provisionedClusterInstances', 'default');

describe('API-NET-006', () => {
  test.each([
    ['a pool for the system', { estate: { pool: { nodeTaints: TAINT }, more: [USER] } }, ['PASS']],
    ['one pool for all', {}, ['WARN', 'WARN managedClusters aks system pool']],
    [
      'private endpoints among the nodes',
      { estate: { pool: { nodeTaints: TAINT }, more: [ENDPOINT] } },
      ['WARN', 'WARN subnets nodes private endpoints'],
    ],
    [
      'an expression',
      { estate: { pool: { nodeTaints: OPEN } } },
      ['UNKNOWN', 'UNKNOWN managedClusters aks system pool'],
    ],
    ['Azure Local', { only: [LOCAL] }, ['MANUAL']],
    ['Azure without a cluster', { only: [ENDPOINT] }, ['NA']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(apiNet006, input)).toEqual(expected);
  });

  test('the taint is set by itself only where applications have a pool that they do not name', () => {
    const pod = (spec: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {${spec}containers: [{name: a, image: b}]}\n`;
    const automatic = (input: AzureInput) => {
      const context = azureContext(input);
      return apiNet006.fix?.(context, apiNet006.assess(context).places[0]!)?.automatic;
    };
    expect(automatic({})).toBe(false);
    expect(automatic({ estate: { more: [USER] }, manifests: pod('') })).toBe(true);
    expect(automatic({ estate: { more: [USER] }, manifests: pod('nodeSelector: {agentpool: apps}, ') })).toBe(false);
  });
});
