import type { MigrateAnswer, MigrationChange, NotKept } from '#model/migration.ts';
import { yamlLines } from '../data/manifests.ts';
import { causeText, migrateSummary, proofSummary } from '../text/migrate.ts';
import { originText, trafficText } from '../words.ts';
import { diagnosticsBlocks, engineRun } from './notes.ts';
import { type Block, badge, code, codes, type Page, place, type Run } from './page.ts';

/** What changes under another engine, by cause, and the policies that keep the old meaning. */
export function migratePage(answer: MigrateAnswer): Page {
  const blocks: Block[] = [
    ...answer.changes.flatMap(changeBlocks),
    ...entriesBlocks(answer),
    ...rewriteBlocks(answer),
    ...notKeptBlocks(answer.notKept),
    { kind: 'heading', text: 'Proof' },
    { kind: 'paragraph', run: [{ kind: 'strong', text: proofSummary(answer) }] },
    ...groupsBlocks(answer.proof.left),
    { kind: 'paragraph', run: ['from ', ...engineRun(answer.engine.from), '; to ', ...engineRun(answer.engine.to)] },
    ...diagnosticsBlocks(answer.diagnostics),
  ];
  return {
    title: 'What changes under another engine',
    summary: [{ kind: 'strong', text: migrateSummary(answer) }],
    blocks,
  };
}

function changeBlocks({ causes, groups, places }: MigrationChange): Block[] {
  const items = places.map(
    ({ policy, path, origin }): Run => [code(`${policy} ${path}`.trimEnd()), ' ', ...place(originText(origin))],
  );
  return [
    { kind: 'heading', text: causes.join(' + ') },
    { kind: 'paragraph', run: [causeText(causes)] },
    ...groupsBlocks(groups),
    ...(items.length === 0 ? [] : [{ kind: 'list', items } as const]),
  ];
}

function groupsBlocks(groups: MigrationChange['groups']): Block[] {
  if (groups.length === 0) return [];
  const rows = groups.map(({ change, from, to, traffic }): readonly Run[] => [
    [badge(change)],
    codes(from),
    codes(to),
    [code(trafficText(traffic))],
  ]);
  return [{ kind: 'table', columns: ['change', 'from', 'to', 'traffic'], rows }];
}

function entriesBlocks({ entries }: MigrateAnswer): Block[] {
  if (entries.length === 0) return [];
  const rows = entries.map(({ before, after, through, at, to, causes, origin }): readonly Run[] => [
    [badge(before)],
    [badge(after)],
    [code(`${through} ${at}`)],
    [code(to)],
    [causes.join(' + ')],
    place(originText(origin)),
  ]);
  return [
    { kind: 'heading', text: 'Ways in from outside' },
    { kind: 'table', columns: ['before', 'after', 'through', 'to', 'cause', 'place'], rows },
  ];
}

function rewriteBlocks({ rewrites }: MigrateAnswer): Block[] {
  if (rewrites.length === 0) return [];
  const blocks = rewrites.flatMap((rewrite): Block[] => [
    {
      kind: 'paragraph',
      run: [
        rewrite.action === 'replace' ? 'In place of ' : 'Beside ',
        code(rewrite.for.policy),
        ' ',
        ...place(originText(rewrite.for.origin)),
      ],
    },
    { kind: 'code', text: yamlLines(rewrite.object).join('\n') },
  ]);
  return [{ kind: 'heading', text: 'Policies that keep the old meaning' }, ...blocks];
}

function notKeptBlocks(notKept: readonly NotKept[]): Block[] {
  if (notKept.length === 0) return [];
  const rows = notKept.map(({ places, why, help }): readonly Run[] => [
    [why],
    [help],
    codes(places.map(({ policy, path }) => `${policy} ${path}`.trimEnd())),
  ]);
  return [
    { kind: 'heading', text: 'What cannot be kept' },
    { kind: 'table', columns: ['why', 'help', 'policies'], rows },
  ];
}
