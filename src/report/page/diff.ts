import type { ChangeGroup, DiffAnswer } from '#model/answers.ts';
import type { ChangedFindings, Finding } from '#model/scan.ts';
import { withAddresses } from '../names.ts';
import { CHANGES, wholeSummary } from '../text/diff.ts';
import { count, objectText, trafficText } from '../words.ts';
import { diagnosticsBlocks, engineRun } from './notes.ts';
import { type Block, badge, code, codes, type Page, type Run } from './page.ts';

/** What opened and what closed, grouped; objects and invariants folded behind. */
export function diffPage(answer: DiffAnswer): Page {
  const blocks: Block[] = [];
  const groups = withAddresses(answer.groups, answer.about);
  const rows = CHANGES.flatMap((change) => groups.filter((group) => group.change === change).map(groupRow));
  if (rows.length > 0) blocks.push({ kind: 'table', columns: ['change', 'from', 'to', 'traffic'], rows, filter: true });
  blocks.push(...invariantBlocks(answer));
  if (answer.findings !== undefined) blocks.push(...findingsBlocks(answer.findings));
  blocks.push(...listBlocks('policies', answer.policies), ...listBlocks('endpoints', answer.endpoints));
  const { base, head } = answer.engine;
  const before: Run = base.profile === head.profile ? [] : ['; before: ', ...engineRun(base)];
  blocks.push({ kind: 'paragraph', run: [...engineRun(head), ...before] });
  blocks.push(...diagnosticsBlocks(answer.diagnostics));
  return {
    title: 'What changed in who can reach whom',
    summary: [{ kind: 'strong', text: wholeSummary(answer) }],
    blocks,
  };
}

function groupRow(group: ChangeGroup): readonly Run[] {
  return [[badge(group.change)], codes(group.from), codes(group.to), [code(trafficText(group.traffic))]];
}

function invariantBlocks(answer: DiffAnswer): Block[] {
  const changed = answer.invariants.filter((invariant) => invariant.base !== invariant.head);
  if (changed.length === 0) return [];
  const rows = changed.map(({ name, base, head }): readonly Run[] => [
    [code(name)],
    [base],
    [{ kind: 'strong', text: head }],
  ]);
  return [
    { kind: 'heading', text: 'Invariants' },
    { kind: 'table', columns: ['invariant', 'before', 'after'], rows },
  ];
}

function findingsBlocks({ come, go, unsettled }: ChangedFindings): Block[] {
  const rowsOf = (word: string, findings: readonly Finding[]) =>
    findings.map(({ control, severity, where, message }): readonly Run[] => [
      [word],
      [severity],
      [code(control)],
      [code(objectText(where))],
      [message],
    ]);
  const rows = [...rowsOf('came', come), ...rowsOf('went', go), ...rowsOf('unsettled', unsettled)];
  if (rows.length === 0) return [];
  const columns = ['change', 'severity', 'control', 'place', 'what is wrong'];
  return [
    { kind: 'heading', text: 'Findings' },
    { kind: 'table', columns, rows, filter: true },
  ];
}

function listBlocks(
  noun: string,
  lists: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed?: readonly string[];
  },
): Block[] {
  const { added, removed, changed = [] } = lists;
  const items: Run[] = [];
  for (const [word, names] of [
    ['added', added],
    ['removed', removed],
    ['changed', changed],
  ] as const) {
    for (const name of names) items.push([`${word} `, code(name)]);
  }
  if (items.length === 0) return [];
  const counts = [`${added.length} added`, `${removed.length} removed`];
  if (lists.changed !== undefined) counts.push(`${changed.length} changed`);
  const summary = `${count(items.length, noun === 'policies' ? 'policy' : 'endpoint', noun)}: ${counts.join(', ')}`;
  return [{ kind: 'details', summary, blocks: [{ kind: 'list', items }] }];
}
