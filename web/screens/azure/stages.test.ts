import { describe, expect, test } from 'vitest';
import type { HopEntry, RuleEntry } from '#model/answers.ts';
import { csvOf, markdownOf, stagesOf } from './stages.ts';

const rule = (stage: string, more: Partial<RuleEntry>): RuleEntry => ({
  kind: 'NetworkSecurityGroup',
  namespace: '',
  name: 'nsg',
  rule: 'rule (100)',
  action: 'allow',
  decides: true,
  matches: 'yes',
  stage,
  why: 'matches internet on TCP 443',
  origin: { file: 'network.tf', line: 7, column: 1 },
  ...more,
});
const hop = (verdict: HopEntry['verdict'], rules: readonly RuleEntry[]): HopEntry => ({
  layer: 'network-security-egress',
  at: 'shop/web',
  verdict,
  rules,
  why: '',
  reasons: [],
});
const ADMIN = 'security admin rules';
const SUBNET = 'security group of the subnet';
const told = (verdict: HopEntry['verdict'], rules: readonly RuleEntry[]) =>
  stagesOf([hop(verdict, rules)]).map((stage) => [stage.title, stage.verdict]);

describe('lists of rules of one layer', () => {
  test('one alone says what the layer says', () => {
    expect(told('unknown', [rule(SUBNET, {})])).toEqual([['Security group of the subnet', 'unknown']]);
    expect(stagesOf([{ ...hop('allowed', []), layer: 'translation' }])[0]).toMatchObject({ title: 'Address', of: '' });
  });

  test.each<readonly [what: string, subnet: readonly Partial<RuleEntry>[], expected: string | undefined]>([
    ['an allow', [{}], 'allowed'],
    ['an allow that perhaps matches before one that does', [{ matches: 'perhaps' }, {}], 'allowed'],
    ['a deny', [{ action: 'deny' }], 'denied'],
    ['a deny that perhaps matches', [{ action: 'deny', matches: 'perhaps' }], 'unknown'],
    ['an allow that perhaps matches before a deny', [{ matches: 'perhaps' }, { action: 'deny' }], 'unknown'],
    ['a deny that perhaps matches before an allow', [{ action: 'deny', matches: 'perhaps' }, {}], 'unknown'],
    ['nothing that is asked any more', [{ decides: false }], undefined],
  ])('one of several says what its own rules say: %s', (_what, subnet, expected) => {
    const rules = [rule(ADMIN, { action: 'pass' }), ...subnet.map((each) => rule(SUBNET, each))];
    expect(told('denied', rules)).toEqual([
      ['Security admin rules', 'allowed'],
      ['Security group of the subnet', expected],
    ]);
  });
});

describe('taken along', () => {
  const stages = stagesOf([
    hop('denied', [rule(ADMIN, { action: 'deny', rule: '=cmd|"x"' }), rule(SUBNET, { decides: false })]),
  ]);

  test('as CSV, where no field is a formula', () => {
    expect(csvOf(stages).split('\n')).toEqual([
      'layer,verdict,rules of,rule,action,matches,decides,why,source',
      `Security admin rules,denied,NetworkSecurityGroup nsg,"'=cmd|""x""",deny,yes,yes,matches internet on TCP 443,network.tf:7`,
      'Security group of the subnet,does not decide,NetworkSecurityGroup nsg,rule (100),allow,yes,no,matches internet on TCP 443,network.tf:7',
      '',
    ]);
  });

  test('as Markdown', () => {
    const answer = {
      from: 'shop/web',
      to: 'internet',
      protocol: 'TCP',
      verdict: 'denied',
      reasons: [],
      branches: [],
    } as const;
    expect(markdownOf(answer, stages)).toContain(
      '1. ✕ Security admin rules: **denied**, NetworkSecurityGroup nsg `=cmd',
    );
    expect(markdownOf(answer, stages)).toContain('2. · Security group of the subnet: **does not decide**');
  });
});
