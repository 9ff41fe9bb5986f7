import { describe, expect, test } from 'vitest';
import { parseCidr } from '#base/address.ts';
import { type AzureInput, azureContext, judgedBy, OPEN } from '../../azure.test-support.ts';
import { apiNet002 } from './control.ts';

const api = (apiServerAccessProfile: object, more: object = {}): AzureInput => ({
  estate: { cluster: { apiServerAccessProfile, ...more } },
});
const ranges = (...authorizedIPRanges: string[]) => api({ authorizedIPRanges });
const ADMINS = [parseCidr('198.51.100.0/28')!.cidr];
const CLUSTER = 'managedClusters aks';

describe('API-NET-002', () => {
  test.each([
    ['narrow ranges', ranges('203.0.113.0/24', '198.51.100.7'), ['PASS']],
    ['the cluster itself', ranges('0.0.0.0/32'), ['PASS']],
    ['no list', api({}), ['FAIL', `FAIL ${CLUSTER}`]],
    [
      'a wide range among narrow ones',
      ranges('203.0.113.0/24', '203.0.0.0/16'),
      ['FAIL', `FAIL ${CLUSTER} 203.0.0.0/16`],
    ],
    [
      'all addresses in halves',
      ranges('0.0.0.0/1', '128.0.0.0/1'),
      ['FAIL', `FAIL ${CLUSTER} 0.0.0.0/1`, `FAIL ${CLUSTER} 128.0.0.0/1`],
    ],
    ['a private range', ranges('10.0.0.0/24'), ['FAIL', `FAIL ${CLUSTER} 10.0.0.0/24`]],
    ['a tag', ranges('AzureCloud'), ['FAIL', `FAIL ${CLUSTER} AzureCloud`]],
    [
      'a range that administrators do not come from',
      { ...ranges('203.0.113.0/28'), settings: { adminRanges: ADMINS } },
      ['WARN', `WARN ${CLUSTER} 203.0.113.0/28`],
    ],
    ['a private cluster', api({ enablePrivateCluster: true }), ['NA']],
    ['an expression', api({ authorizedIPRanges: OPEN }), ['UNKNOWN', `UNKNOWN ${CLUSTER}`]],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(apiNet002, input)).toEqual(expected);
  });

  test('ranges of administrators make a fix', () => {
    const input = { ...ranges('0.0.0.0/0'), settings: { adminRanges: ADMINS } };
    const context = azureContext(input);
    const [judged] = apiNet002.assess(context).places;
    expect(apiNet002.fix?.(context, judged!)?.changes[0]).toMatchObject({
      edits: [{ op: 'set', value: ['198.51.100.0/28'] }],
      command: 'aks update --resource-group rg --name aks --api-server-authorized-ip-ranges 198.51.100.0/28',
    });
  });
});
