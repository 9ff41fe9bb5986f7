import { describe, expect, test } from 'vitest';
import { securityRule } from '../../../azure/estate.test-support.ts';
import { type AzureInput, judgedBy } from '../../azure.test-support.ts';
import { aznNsg003 } from './control.ts';

const group = (...securityRules: object[]): AzureInput => ({ estate: { securityRules: securityRules as never } });
const DENY_IN = securityRule('deny-all', 4000, { access: 'Deny' });
const DENY_OUT = securityRule('no-internet', 4000, {
  direction: 'Outbound',
  access: 'Deny',
  destinationAddressPrefix: 'Internet',
});

describe('AZN-NSG-003', () => {
  test('defaults break nothing', () => {
    expect(judgedBy(aznNsg003, {})).toEqual(['PASS']);
  });

  test('a denial of everything stops nodes, pods and probes', () => {
    const [state, ...told] = judgedBy(aznNsg003, group(DENY_IN));
    expect(state).toBe('PARTIAL');
    expect(told.filter((text) => /flow-(?:nodes-to-nodes|load-balancer-probes)/.test(text))).toHaveLength(2);
  });

  test('a denial of the internet stops what nodes need, and is the only limit without a firewall', () => {
    const told = judgedBy(aznNsg003, {
      estate: { securityRules: [DENY_OUT], routes: [], profile: { outboundType: 'loadBalancer' } },
    });
    expect(told.some((text) => /^FAIL .*required/.test(text))).toBe(true);
    expect(told).toContain('WARN subnets nodes only limit');
  });

  test.each([
    ['no group', { estate: { subnet: { networkSecurityGroup: null } } }, 'NA'],
    [
      'a group that is not there',
      {
        estate: {
          subnet: {
            networkSecurityGroup: {
              id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/gone',
            },
          },
        },
      },
      'UNKNOWN',
    ],
    ['no Azure', { estate: 'none' }, 'UNKNOWN'],
  ] satisfies [string, AzureInput, string][])('%s', (_title, input, state) => {
    expect(judgedBy(aznNsg003, input)[0]).toBe(state);
  });
});
