import { describe, expect, test } from 'vitest';
import type { ApplicationRule, KubeSelectorGroup } from '#model/azure/firewall.ts';
import { readFiles, template } from '../read.test-support.ts';
import { estateOf } from './estate.ts';

const GROUP = 'Microsoft.Network/firewallPolicies/ruleCollectionGroups';

/** `parts` beside a parameter without a value, `open`. */
function estateWith(...resources: readonly object[]) {
  const parameters = { open: { type: 'string' } };
  return estateOf(readFiles({ 'main.json': template({ parameters, resources }) }).resources);
}

function applicationRule(fields: object): ApplicationRule {
  const rule = { ruleType: 'ApplicationRule', name: 'r', sourceAddresses: ['*'], ...fields };
  const filter = {
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
    name: 'c',
    priority: 100,
    action: { type: 'Allow' },
    rules: [rule],
  };
  const properties = { priority: 100, ruleCollections: [filter] };
  const { ruleCollectionGroups } = estateWith({ type: GROUP, apiVersion: '2025-01-01', name: 'policy/g', properties });
  const read = ruleCollectionGroups[0]!.collections[0]!.rules[0]!;
  if (read.kind !== 'application') throw new Error('not read as an application rule');
  return read;
}

describe('application rules', () => {
  test.each(['fqdnTags', 'webCategories'])('%s that could not be evaluated count as open names', (field) => {
    const { names, tags, categories } = applicationRule({ [field]: ["[parameters('open')]"] });
    expect(names.map(({ kind }) => kind)).toEqual(['unsettled']);
    expect([...tags, ...categories]).toEqual([]);
  });

  test('tags that are known are no names', () => {
    expect(applicationRule({ fqdnTags: ['WindowsUpdate'] })).toMatchObject({ names: [], tags: ['WindowsUpdate'] });
  });

  test('destination addresses are kept', () => {
    const { destinations } = applicationRule({ targetFqdns: ['*'], destinationAddresses: ['20.0.0.0/8', '*'] });
    expect(destinations.map(({ kind }) => kind)).toEqual(['range', 'any']);
  });
});

describe('groups of pods', () => {
  function podGroup(podSelector: unknown): KubeSelectorGroup {
    const type = 'Microsoft.Network/firewallPolicies/kubeSelectorGroups';
    return estateWith({ type, apiVersion: '2025-09-01', name: 'policy/web', properties: { podSelector } })
      .podGroups[0]!;
  }

  test.each<[string, unknown, string]>([
    ['a label', { matchLabels: { app: "[parameters('open')]" } }, 'properties.podSelector.matchLabels.app'],
    ['all labels', { matchLabels: "[parameters('open')]" }, 'properties.podSelector.matchLabels'],
    [
      'a value',
      { matchExpressions: [{ key: 'app', operator: 'In', values: ["[parameters('open')]"] }] },
      'properties.podSelector.matchExpressions[0].values[0]',
    ],
  ])('%s that could not be evaluated is told', (_, selector, path) => {
    expect(podGroup(selector).unsettled.map((each) => each.path)).toEqual([path]);
  });

  test('a selector that is known', () => {
    const { pods, unsettled } = podGroup({ matchLabels: { app: 'web' } });
    expect(unsettled).toEqual([]);
    expect(pods?.requirements).toEqual([{ key: 'app', operator: 'In', values: ['web'] }]);
  });
});
