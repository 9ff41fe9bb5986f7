import { describe, expect, test } from 'vitest';
import { type AzureInput, judgedBy, OPEN } from '../../azure.test-support.ts';
import { apiNet001 } from './control.ts';

const api = (apiServerAccessProfile: object): AzureInput => ({ estate: { cluster: { apiServerAccessProfile } } });
const NODE = (spec: string, labels = '') =>
  `apiVersion: v1\nkind: Node\nmetadata: {name: one, labels: {${labels}}}\nspec: {${spec}}\n`;
const ANSWERS = new Map([['API-NET-001', { answer: 'yes', by: 'ann', on: '2026-11-01' }]] as const);

describe('API-NET-001', () => {
  test.each([
    ['private', api({ enablePrivateCluster: true }), ['PASS']],
    ['public, and nothing limits it', api({}), ['FAIL', 'FAIL managedClusters aks']],
    ['every address is listed', api({ authorizedIPRanges: ['0.0.0.0/0'] }), ['FAIL', 'FAIL managedClusters aks']],
    ['wide ranges', api({ authorizedIPRanges: ['203.0.0.0/16'] }), ['FAIL', 'FAIL managedClusters aks']],
    ['narrow ranges', api({ authorizedIPRanges: ['203.0.113.0/28'] }), ['WARN', 'WARN managedClusters aks']],
    ['an expression', api({ enablePrivateCluster: OPEN }), ['UNKNOWN', 'UNKNOWN managedClusters aks']],
    [
      'AKS without its network',
      { estate: 'none', manifests: NODE('', 'kubernetes.azure.com/cluster: a') },
      ['UNKNOWN'],
    ],
    ['nothing at all', { estate: 'none' }, ['UNKNOWN']],
    ['another provider', { estate: 'none', manifests: NODE('providerID: aws:///a/i') }, ['MANUAL']],
    [
      '… and an answer',
      { estate: 'none', manifests: NODE('providerID: aws:///a/i'), settings: { answers: ANSWERS } },
      ['PASS'],
    ],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(apiNet001, input)).toEqual(expected);
  });
});
