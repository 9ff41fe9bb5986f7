import { describe, expect, test } from 'vitest';
import { type AzureInput, azureContext, judgedBy, OPEN } from '../../azure.test-support.ts';
import { apiNet003 } from './control.ts';

const on = (cluster: object): AzureInput => ({ estate: { cluster: { ...cluster } } });
const CLOSED = { disableLocalAccounts: true, aadProfile: { managed: true } };
const PRIVATE = { enablePrivateCluster: true, disableRunCommand: true, enablePrivateClusterPublicFQDN: false };
const CLUSTER = 'managedClusters aks';

describe('API-NET-003', () => {
  test.each([
    ['all closed', on({ ...CLOSED, apiServerAccessProfile: PRIVATE }), ['PASS']],
    [
      'defaults of a private cluster',
      on({ ...CLOSED, apiServerAccessProfile: { enablePrivateCluster: true } }),
      ['PARTIAL', `FAIL ${CLUSTER} run command`, `WARN ${CLUSTER} public name`],
    ],
    [
      'local accounts beside Entra ID',
      on({ aadProfile: { managed: true }, apiServerAccessProfile: PRIVATE }),
      ['PARTIAL', `FAIL ${CLUSTER} local accounts`],
    ],
    [
      'local accounts alone are no side door: IAM-AAD-001 tells of them',
      on({ apiServerAccessProfile: PRIVATE }),
      ['PASS'],
    ],
    [
      'run command past a list',
      on({ ...CLOSED, apiServerAccessProfile: { authorizedIPRanges: ['203.0.113.0/28'] } }),
      ['WARN', `WARN ${CLUSTER} run command`],
    ],
    ['a public cluster has no such door', on(CLOSED), ['PASS']],
    [
      'an expression',
      on({ ...CLOSED, apiServerAccessProfile: { ...PRIVATE, disableRunCommand: OPEN } }),
      ['UNKNOWN', `UNKNOWN ${CLUSTER} run command`],
    ],
    ['nothing', { estate: 'none' }, ['UNKNOWN']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(apiNet003, input)).toEqual(expected);
  });

  test('run command is turned off by itself', () => {
    const context = azureContext(on({ ...CLOSED, apiServerAccessProfile: { enablePrivateCluster: true } }));
    const [judged] = apiNet003.assess(context).places;
    expect(apiNet003.fix?.(context, judged!)).toMatchObject({
      automatic: true,
      changes: [
        { edits: [{ op: 'set', path: ['properties', 'apiServerAccessProfile', 'disableRunCommand'], value: true }] },
      ],
    });
  });
});
