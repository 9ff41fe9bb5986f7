import type { PoliciesAnswer, PolicyEntry } from '#model/answers.ts';
import { effectText, policiesSummary } from '../text/policies.ts';
import { objectText, originText } from '../words.ts';
import { notesOf } from './notes.ts';
import { type Block, badge, code, codes, type Page, place, type Run } from './page.ts';

/** The problems first, then every policy with what it does in words. */
export function policiesPage(answer: PoliciesAnswer): Page {
  const blocks: Block[] = [...problemBlocks(answer), { kind: 'heading', text: 'Policies' }];
  blocks.push({
    kind: 'table',
    columns: ['policy', 'does', 'rules', 'origin'],
    rows: answer.policies.map(policyRow),
    filter: true,
  });
  return {
    title: 'What each policy does',
    summary: [policiesSummary(answer)],
    blocks: [...blocks, ...notesOf(answer)],
  };
}

function problemBlocks(answer: PoliciesAnswer): Block[] {
  const rows: (readonly Run[])[] = [];
  for (const policy of answer.policies) {
    for (const problem of policy.problems) {
      const culprits = codes(problem.culprits.map(({ rule, origin }) => `${rule} ${originText(origin)}`.trimEnd()));
      const rule = code(`${objectText(policy)} ${problem.rule}`.trimEnd());
      rows.push([
        [badge('problem', problem.problem)],
        [rule],
        [problem.why],
        culprits,
        place(originText(problem.origin)),
      ]);
    }
  }
  if (rows.length === 0) return [];
  return [
    { kind: 'heading', text: 'Problems' },
    { kind: 'table', columns: ['problem', 'rule', 'why', 'because of', 'origin'], rows },
  ];
}

function policyRow(policy: PolicyEntry): readonly Run[] {
  const rules = policy.rules.map((rule) => `${rule.action} ${rule.says}`).join('; ');
  return [[code(objectText(policy))], [effectText(policy)], [rules], place(originText(policy.origin))];
}
