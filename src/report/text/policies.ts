import { escapeControl } from '#base/escape.ts';
import type { PoliciesAnswer, PolicyEntry, PolicyProblem } from '#model/answers.ts';
import { count, objectText, originText } from '../words.ts';
import { dim, footerLines } from './footer.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines } from './layout.ts';

/** What each policy does in words, and the rules that do not do what they seem to. */
export function* policiesText(answer: PoliciesAnswer, options: TextOptions): Generator<string> {
  for (const policy of answer.policies) yield `${policyLines(policy, options).join('\n')}\n\n`;
  yield `${options.paint.strong(policiesSummary(answer))}\n`;
  yield `${footerLines(answer, options).slice(1).join('\n')}\n`;
}

/** `12 policies, 3 problems: 2 dead, 1 selects-nothing` */
export function policiesSummary(answer: PoliciesAnswer): string {
  const problems = answer.policies.flatMap((policy) => policy.problems);
  const kinds = new Map<string, number>();
  for (const { problem } of problems) kinds.set(problem, (kinds.get(problem) ?? 0) + 1);
  const detail = [...kinds].map(([kind, number]) => `${number} ${kind}`).join(', ');
  const policies = count(answer.policies.length, 'policy', 'policies');
  return problems.length === 0
    ? `${policies}, no problem`
    : `${policies}, ${count(problems.length, 'problem')}: ${detail}`;
}

/** `isolates 3 endpoints for ingress and egress` */
export function effectText(policy: PolicyEntry): string {
  if (policy.selects.length === 0) return 'selects nothing';
  const whom = count(policy.selects.length, 'endpoint');
  return policy.isolates.length === 0 ? `selects ${whom}` : `isolates ${whom} for ${policy.isolates.join(' and ')}`;
}

function policyLines(policy: PolicyEntry, options: TextOptions): string[] {
  const { paint } = options;
  const lines = [`${paint.strong(objectText(policy))}  ${paint.accent(originText(policy.origin))}`.trimEnd()];
  const selected = policy.selects.length === 0 ? '' : `: ${policy.selects.map(escapeControl).join(', ')}`;
  lines.push(...paragraphLines(effectText(policy) + selected, 2, options));
  const rows = policy.rules.map((rule): Cell[] => [
    { text: escapeControl(rule.action), tone: rule.action === 'deny' ? 'bad' : 'good' },
    escapeControl(rule.says),
    dim(`${escapeControl(rule.rule)}${rule.origin.line > 0 ? `  line ${rule.origin.line}` : ''}`),
  ]);
  lines.push(...rows.flatMap((row) => tableLines([row], { indent: 2 }, options)));
  for (const problem of policy.problems) lines.push(...problemLines(problem, options));
  return lines;
}

function problemLines(problem: PolicyProblem, options: TextOptions): string[] {
  const why = `${escapeControl(problem.rule)} ${escapeControl(problem.why)}`.trim();
  const cells: Cell[] = [
    { text: `! ${problem.problem}`, tone: 'unsure' },
    `${why}  ${options.paint.accent(originText(problem.origin))}`,
  ];
  const lines = tableLines([cells], { indent: 2 }, options);
  for (const culprit of problem.culprits) {
    const where = originText(culprit.origin);
    lines.push(...paragraphLines(dim(`because of ${escapeControl(culprit.rule)}  ${where}`.trimEnd()), 6, options));
  }
  return lines;
}
