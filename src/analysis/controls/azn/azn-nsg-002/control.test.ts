import { describe, expect, test } from 'vitest';
import { securityRule } from '../../../azure/estate.test-support.ts';
import { type AzureInput, azureContext, judgedBy, OPEN } from '../../azure.test-support.ts';
import { aznNsg002 } from './control.ts';

const rule = (
  name: string,
  priority: number,
  sourceAddressPrefix: string,
  destinationPortRange: string,
  more: object = {},
) => securityRule(name, priority, { sourceAddressPrefix, destinationPortRange, ...more });
const group = (...securityRules: object[]): AzureInput => ({ estate: { securityRules: securityRules as never } });

describe('AZN-NSG-002', () => {
  test.each([
    ['web from anywhere', group(rule('web', 100, 'Internet', '443')), ['PASS']],
    ['SSH from anywhere', group(rule('ssh', 100, '*', '22')), ['FAIL', 'FAIL securityRules ssh internet']],
    [
      'SSH from the internet, in halves',
      group(rule('a', 100, '0.0.0.0/1', '22'), rule('b', 110, '128.0.0.0/1', '22')),
      ['FAIL', 'FAIL securityRules a internet', 'FAIL securityRules b internet'],
    ],
    ['SSH from one network', group(rule('ssh', 100, '203.0.113.0/24', '22')), ['PASS']],
    [
      'SSH from a wide range',
      group(rule('ssh', 100, '203.0.0.0/15', '22')),
      ['WARN', 'WARN securityRules ssh internet'],
    ],
    ['denied before', group(rule('no', 100, '*', '22', { access: 'Deny' }), rule('ssh', 200, '*', '22')), ['PASS']],
    [
      'denied too late',
      group(rule('ssh', 200, '*', '22'), rule('no', 300, '*', '22', { access: 'Deny' })),
      ['FAIL', 'FAIL securityRules ssh internet'],
    ],
    ['every port', group(rule('all', 100, 'Internet', '*')), ['FAIL', 'FAIL securityRules all internet']],
    ['out is not in', group(rule('out', 100, '*', '*', { direction: 'Outbound' })), ['PASS']],
    ['all of Azure', group(rule('cloud', 100, 'AzureCloud', '443')), ['WARN', 'WARN securityRules cloud cloud']],
    ['an expression', group(rule('open', 100, OPEN, '22')), ['UNKNOWN', 'UNKNOWN networkSecurityGroups nsg']],
    ['no group', { estate: { subnet: { networkSecurityGroup: null } } }, ['NA']],
    ['no Azure', { estate: 'none' }, ['UNKNOWN']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(aznNsg002, input)).toEqual(expected);
  });

  test.each([
    ['22', true],
    ['*', false],
    ['30000-32767', false],
  ])('the fix of a rule for %s is automatic: %s', (port, automatic) => {
    const context = azureContext(group(rule('first', 100, 'Internet', '443'), rule('open', 110, '*', port)));
    const judged = aznNsg002.assess(context).places.find(({ state }) => state === 'FAIL');
    const fix = aznNsg002.fix?.(context, judged!);
    expect(fix?.automatic).toBe(automatic);
    if (automatic)
      expect(fix?.changes).toMatchObject([
        { edits: [{ path: ['properties', 'securityRules', 1, 'properties', 'access'], value: 'Deny' }] },
      ]);
  });
});
