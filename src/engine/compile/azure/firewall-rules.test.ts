import { describe, expect, test } from 'vitest';
import type { AzureEstate } from '#model/azure/estate.ts';
import {
  applicationRule,
  collection,
  dnatRule,
  estate,
  firewall,
  firewallPolicy,
  group,
  networkRule,
  snapshotWith,
  UNSETTLED,
} from './azure.test-support.ts';
import { dnatTargets } from './firewall-dnat.ts';
import { type PolicyChain, policyChain } from './firewall-rules.ts';
import { azureViewOf } from './view.ts';

function chainOf(more: Partial<AzureEstate>): PolicyChain {
  const view = azureViewOf(snapshotWith(estate(more), []))!;
  return policyChain(view, view.firewalls[0]!);
}

function order(chain: PolicyChain): string {
  return chain.collections.map(({ name }) => name).join(' ');
}

const dnat = (name: string, priority: number) => collection(name, priority, [dnatRule('r')], 'dnat');
const net = (name: string, priority: number) => collection(name, priority, [networkRule('r')]);
const app = (name: string, priority: number) => collection(name, priority, [applicationRule('r', { names: ['*'] })]);

describe('the order in which Azure asks collections', () => {
  // Azure Firewall rule processing logic, "Rule processing using Firewall Policy": the worked example.
  test('the documented example', () => {
    const chain = chainOf({
      firewallPolicies: [firewallPolicy('policy', { base: '/policies/base' }), firewallPolicy('base')],
      ruleCollectionGroups: [
        group('2', 650, [net('ChNetRC2', 1100), app('ChAppRC2', 2000), dnat('ChDNATRC3', 3000)]),
        group('1', 300, [net('ChNetRC1', 700), app('ChAppRC1', 900)]),
        group('2', 300, [app('AppRC2', 1200), net('NetworkRC2', 1300)], 'base'),
        group('1', 200, [dnat('DNATRC1', 600), net('NetworkRC1', 800), dnat('DNATRC3', 610)], 'base'),
      ],
    });
    expect(order(chain)).toBe(
      'DNATRC1 DNATRC3 ChDNATRC3 NetworkRC1 NetworkRC2 ChNetRC1 ChNetRC2 AppRC2 ChAppRC1 ChAppRC2',
    );
    expect(chain.policies.map(({ name }) => name)).toEqual(['base', 'policy']);
    expect(chain).toMatchObject({ missing: [], unsettled: false });
  });

  test('a firewall without policy has collections of its own', () => {
    const { policy: _, ...own } = firewall({
      collections: [app('a', 100), net('b', 300), net('c', 200), dnat('d', 900)],
    });
    expect(order(chainOf({ firewalls: [own] }))).toBe('d c b a');
  });

  test('a policy that is based on itself ends, and nothing is certain', () => {
    const chain = chainOf({
      firewallPolicies: [
        firewallPolicy('policy', { base: '/policies/base' }),
        firewallPolicy('base', { base: '/policies/policy' }),
      ],
      ruleCollectionGroups: [group('1', 200, [net('x', 100)])],
    });
    expect(order(chain)).toBe('x');
    expect(chain).toMatchObject({ unsettled: true, reasons: ['engine-undefined'] });
  });

  test.each([
    [
      'a policy that is not in the input',
      { firewalls: [firewall({ policy: '/policies/other' })] },
      'cloud-resource-missing',
    ],
    ['a policy by an expression', { firewalls: [firewall({ policy: UNSETTLED })] }, 'cloud-expression'],
    [
      'a parent that is not in the input',
      { firewallPolicies: [firewallPolicy('policy', { base: '/policies/p' })] },
      'cloud-resource-missing',
    ],
    [
      'a policy that may not exist',
      { firewallPolicies: [firewallPolicy('policy', { condition: UNSETTLED })] },
      'cloud-expression',
    ],
    [
      'a group whose priority is open',
      { ruleCollectionGroups: [{ ...group('1', 1, []), priority: UNSETTLED }] },
      'cloud-expression',
    ],
    [
      'a collection whose priority is open',
      { ruleCollectionGroups: [group('1', 1, [{ ...net('x', 1), priority: UNSETTLED }])] },
      'cloud-expression',
    ],
    [
      'two groups of one priority',
      { ruleCollectionGroups: [group('1', 200, []), group('2', 200, [])] },
      'equal-priority',
    ],
    [
      'two collections of one type and priority',
      { ruleCollectionGroups: [group('1', 200, [net('x', 5), net('y', 5)])] },
      'equal-priority',
    ],
  ] as const)('%s leaves it open', (_, more, reason) => {
    expect(chainOf(more as Partial<AzureEstate>)).toMatchObject({ unsettled: true, reasons: [reason] });
  });

  test('collections of different types may have one priority, and so may parent and child', () => {
    const chain = chainOf({
      firewallPolicies: [firewallPolicy('policy', { base: '/policies/base' }), firewallPolicy('base')],
      ruleCollectionGroups: [group('1', 200, [net('x', 5), app('y', 5)]), group('1', 200, [net('z', 5)], 'base')],
    });
    expect(order(chain)).toBe('z x y');
    expect(chain.unsettled).toBe(false);
  });

  test('rules that could not be read stand in both types', () => {
    const unread = { ...networkRule('u'), kind: 'unread' as const };
    const mixed = collection('m', 100, [networkRule('n'), applicationRule('a', { names: ['*'] }), unread]);
    const chain = chainOf({ ruleCollectionGroups: [group('1', 200, [mixed])] });
    expect(chain.collections.map(({ kind, rules }) => [kind, rules.map(({ name }) => name).join()])).toEqual([
      ['network', 'n,u'],
      ['application', 'a,u'],
    ]);
  });
});

describe('what a firewall lets in', () => {
  test('targets in the order in which they are asked', () => {
    const first = collection('late', 300, [dnatRule('b', { to: ['20.0.0.1'], ports: ['443'] })], 'dnat');
    const second = collection(
      'early',
      200,
      [dnatRule('a', { to: ['20.0.0.1'], ports: ['443'], translated: '10.224.0.7' })],
      'dnat',
    );
    const view = azureViewOf(snapshotWith(estate({ ruleCollectionGroups: [group('1', 100, [first, second])] }), []))!;
    const targets = dnatTargets(view, view.firewalls[0]!);
    expect(targets.map(({ rule, to, port }) => [rule.name, to?.kind === 'range' && to.text, port])).toEqual([
      ['a', '10.224.0.7', 8080],
      ['b', '10.224.0.9', 8080],
    ]);
    expect(targets[0]!.destinations.must).toHaveLength(1);
  });
});
