import { describe, expect, test } from 'vitest';
import {
  applicationRule,
  collection,
  estate,
  firewallPolicy,
  group,
  ipGroup,
  networkRule,
  podGroup,
  snapshotWith,
} from '#engine/compile/azure/azure.test-support.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { FirewallRule } from '#model/azure/firewall.ts';
import { compareFirewalls, type FirewallComparison, type FirewallSide } from './compare-firewalls.ts';

function side(rules: readonly FirewallRule[], more: Partial<AzureEstate> = {}): FirewallSide {
  const collections = rules.map((rule, index) => collection(`c${index}`, 100 + index, [rule]));
  const azure = estate({ ruleCollectionGroups: [group('1', 200, collections)], ...more });
  return { snapshot: snapshotWith(azure), firewall: azure.firewalls[0]! };
}

function compared(before: FirewallSide, after: FirewallSide): FirewallComparison {
  return compareFirewalls(before, after)!;
}

const net = (to: readonly string[], ports: readonly string[] = ['443'], from: readonly string[] = ['*']) =>
  networkRule('r', { to, ports, from });
const app = (...names: readonly string[]) => applicationRule('r', { names });

describe('firewalls that do the same', () => {
  test.each<[string, FirewallSide, FirewallSide]>([
    ['the same rules', side([net(['20.0.0.0/8'])]), side([net(['20.0.0.0/8'])])],
    ['a block in two halves', side([net(['20.0.0.0/24'])]), side([net(['20.0.0.0/25', '20.0.0.128/25'])])],
    [
      'a group in place of its addresses',
      side([net(['20.0.0.1'])]),
      side([net(['group:g'])], { ipGroups: [ipGroup('g', '20.0.0.1')] }),
    ],
    ['ports in two rules', side([net(['*'], ['80-90'])]), side([net(['*'], ['80-85']), net(['*'], ['86-90'])])],
    ['a rule that is never reached', side([net(['20.0.0.0/8'])]), side([net(['20.0.0.0/8']), net(['20.1.0.0/16'])])],
    ['names behind a network rule for all', side([net(['*'])]), side([net(['*']), app('a.example')])],
    ['a name inside of a wildcard', side([app('*.a.example')]), side([app('*.a.example', 'x.a.example')])],
  ])('%s', (_, before, after) => {
    expect(compared(before, after)).toEqual({ equal: true, witnesses: [], unknown: 0 });
  });
});

describe('firewalls that differ', () => {
  test('a wider block', () => {
    const { equal, witnesses, unknown } = compared(side([net(['20.0.0.0/24'])]), side([net(['20.0.0.0/23'])]));
    expect({ equal, unknown }).toEqual({ equal: false, unknown: 0 });
    expect(witnesses).toMatchObject([
      { destination: '20.0.1.0', protocol: 'TCP', port: 443, before: 'denied', after: 'allowed' },
    ]);
  });

  test('fewer sources', () => {
    const { witnesses } = compared(side([net(['20.0.0.1'])]), side([net(['20.0.0.1'], ['443'], ['10.224.0.0/16'])]));
    expect(witnesses.every(({ before, after }) => before === 'allowed' && after === 'denied')).toBe(true);
    expect(witnesses.map(({ source }) => source)).not.toContain('10.224.0.4');
  });

  test('a name more: at every address, for that name only', () => {
    const { witnesses, unknown } = compared(side([app('a.example')]), side([app('a.example', 'b.example')]));
    expect(unknown).toBe(0);
    expect(witnesses).toMatchObject([{ name: 'b.example', port: 443, before: 'denied', after: 'allowed' }]);
  });

  test('a wildcard in place of a name', () => {
    const { witnesses } = compared(side([app('x.a.example')]), side([app('*.a.example')]));
    expect(witnesses).toHaveLength(1);
    expect(witnesses[0]!.name).toMatch(/^any\d+\.a\.example$/);
  });

  test('a network rule that takes filtering by name away', () => {
    const { witnesses } = compared(side([app('a.example')]), side([net(['20.0.0.1']), app('a.example')]));
    expect(witnesses).toMatchObject([{ destination: '20.0.0.1', port: 443, after: 'allowed' }]);
  });

  test('pods of a group', () => {
    const podGroups = [podGroup('web', { app: 'web' }, 'shop')];
    const { witnesses } = compared(
      side([], { podGroups }),
      side([net(['20.0.0.1'], ['443'], ['pods:web'])], { podGroups }),
    );
    expect(witnesses).toMatchObject([{ source: 'shop/web', destination: '20.0.0.1', after: 'allowed' }]);
  });
});

describe('what is not known', () => {
  test.each<[string, FirewallSide, FirewallSide]>([
    ['a service tag', side([net(['20.0.0.1'])]), side([net(['Storage'])])],
    ['a policy that is not in the input', side([]), side([], { firewallPolicies: [] })],
    [
      'paths of URLs',
      side([applicationRule('r', { urls: ['a.example/x'], protocols: ['http:80'] })]),
      side([applicationRule('r', { urls: ['a.example/y'], protocols: ['http:80'] })]),
    ],
    [
      'names by their addresses',
      side([net(['name:a.example'])], proxied()),
      side([net(['name:b.example'])], proxied()),
    ],
  ])('%s', (_, before, after) => {
    const { equal, unknown } = compared(before, after);
    expect(equal).toBe(false);
    expect(unknown).toBeGreaterThan(0);
  });

  function proxied(): Partial<AzureEstate> {
    return { firewallPolicies: [firewallPolicy('policy', { dnsProxy: true })] };
  }

  test('an input without a cluster', () => {
    expect(compareFirewalls(side([]), side([], { clusters: [] }))).toBeUndefined();
  });
});
