import { describe, expect, test } from 'vitest';
import { addressRule, BASE, collection, namesRule, ROOT, resource } from '../../../azure/estate.test-support.ts';
import { type AzureInput, azureContext, judgedBy } from '../../azure.test-support.ts';
import { aznEgr002 } from './control.ts';

const TIER = 'WARN firewallPolicies fwp intrusion detection';
const rules = (...collections: object[]): AzureInput => ({
  estate: { cluster: { apiServerAccessProfile: { enablePrivateCluster: true } }, collections: collections as never },
});
const NEEDS = collection('needs', 200, [
  namesRule('aks', [], { fqdnTags: ['AzureKubernetesService'] }),
  namesRule('names', [
    'mcr.microsoft.com',
    '*.data.mcr.microsoft.com',
    'management.azure.com',
    'login.microsoftonline.com',
    'packages.microsoft.com',
    'acs-mirror.azureedge.net',
    'packages.aks.azure.com',
  ]),
]);
const EVERYTHING = collection('all', 210, [addressRule('all', ['*'], ['*'])]);
const ANY_NAME = collection('names', 220, [namesRule('any', ['*'])]);
const ANYBODY = collection('who', 230, [namesRule('partner', ['api.partner.com'], { sourceAddresses: ['*'] })]);

describe('AZN-EGR-002', () => {
  test.each([
    ['what AKS needs', rules(NEEDS), ['WARN', TIER]],
    ['nothing of it', rules(), ['PARTIAL', 'FAIL azureFirewalls fw required endpoints', TIER]],
    [
      'every address',
      rules(NEEDS, EVERYTHING),
      [
        'PARTIAL',
        'FAIL azureFirewalls fw firewall-rule-allows-everything all/all',
        'FAIL azureFirewalls fw firewall-network-rule-shadows-names all/all',
        TIER,
      ],
    ],
    [
      'every name',
      rules(NEEDS, ANY_NAME),
      ['PARTIAL', 'FAIL azureFirewalls fw firewall-rule-allows-every-name names/any', TIER],
    ],
    ['every sender', rules(NEEDS, ANYBODY), ['WARN', 'WARN azureFirewalls fw senders of who/partner', TIER]],
    ['no firewall', { only: [resource('Microsoft.Network/routeTables', 'rt')] }, ['NA']],
    ['no Azure', { estate: 'none' }, ['UNKNOWN']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(aznEgr002, input)).toEqual(expected);
  });

  test('threat intelligence that is off is turned on by itself', () => {
    const policy = {
      id: `${ROOT}/Microsoft.Network/firewallPolicies/fwp`,
      type: 'Microsoft.Network/firewallPolicies',
      name: 'fwp',
      properties: { threatIntelMode: 'Off' },
    };
    const context = azureContext({ estate: { collections: [BASE], more: [policy] } });
    const judged = aznEgr002.assess(context).places.find(({ detail }) => detail === 'threat intelligence');
    expect(judged?.state).toBe('WARN');
    expect(aznEgr002.fix?.(context, judged!)).toMatchObject({
      automatic: true,
      changes: [{ edits: [{ value: 'Alert' }] }],
    });
  });
});
