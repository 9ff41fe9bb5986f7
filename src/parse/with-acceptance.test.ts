import { describe, expect, test } from 'vitest';
import { withAcceptance } from './with-acceptance.ts';

const WORDS = {
  control: 'NET-POL-001',
  where: '/Namespace//shop',
  reason: 'a "wall": is # built\n- x',
  owner: 'Ada',
  until: '2027-01-01',
};
const ENTRY = (indent: string) =>
  [
    `${indent}- control: "NET-POL-001"`,
    `${indent}  where: "/Namespace//shop"`,
    `${indent}  reason: "a \\"wall\\": is # built\\n- x"`,
    `${indent}  owner: "Ada"`,
    `${indent}  until: "2027-01-01"`,
    '',
  ].join('\n');
const OTHER = '- { control: NET-POL-010, reason: r, owner: o }\n';

describe('one more entry, and all else as it was', () => {
  test.each([
    ['no file', '', `controls:\n  accepted:\n${ENTRY('    ')}`],
    ['a comment alone', '# ours', `# ours\ncontrols:\n  accepted:\n${ENTRY('    ')}`],
    ['other settings', 'engine: calico', `engine: calico\ncontrols:\n  accepted:\n${ENTRY('    ')}`],
    [
      'other controls',
      'controls:\n    groupLabel: team # why\n',
      `controls:\n    accepted:\n${ENTRY('      ')}    groupLabel: team # why\n`,
    ],
    [
      'a list',
      `controls:\n  accepted: # ours\n    ${OTHER}`,
      `controls:\n  accepted: # ours\n${ENTRY('    ')}    ${OTHER}`,
    ],
    [
      'a list that is not indented',
      `controls:\n  accepted:\n  ${OTHER}`,
      `controls:\n  accepted:\n${ENTRY('  ')}  ${OTHER}`,
    ],
  ])('%s', (_, before, after) => {
    expect(withAcceptance({ file: 'ringfence.yaml', text: before }, WORDS)).toEqual({ kind: 'edited', text: after });
  });
});

describe('left to a person', () => {
  test.each([
    ['JSON', '{"controls": {"accepted": []}}'],
    ['controls in braces', 'controls: { groupLabel: team }\n'],
    ['an empty list', 'controls:\n  accepted: []\n'],
    ['what is no configuration', 'controls:\n  nonsense: 1\n'],
    ['what cannot be read', 'controls: [\n'],
    ['two documents', 'controls:\n  groupLabel: a\n---\na: 1\n'],
  ])('%s', (_, text) => {
    expect(withAcceptance({ file: 'ringfence.yaml', text }, WORDS).kind).toBe('left');
  });
});
