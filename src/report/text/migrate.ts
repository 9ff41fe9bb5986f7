import { escapeControl } from '#base/escape.ts';
import type { ChangeGroup } from '#model/answers.ts';
import {
  MIGRATION_CAUSES,
  type MigrateAnswer,
  type MigrationCauseId,
  type MigrationChange,
  type NotKept,
  type PolicyPlace,
} from '#model/migration.ts';
import { yamlLines } from '../data/manifests.ts';
import { count, engineText, originText } from '../words.ts';
import { changeRows } from './diff.ts';
import { dim } from './footer.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines, verbatimLines } from './layout.ts';

/** What changes, by cause, with the policies behind it; the policies that keep the old meaning; what is left. */
export function* migrateText(answer: MigrateAnswer, options: TextOptions): Generator<string> {
  yield `${paragraphLines({ text: migrateSummary(answer), tone: 'strong' }, 0, options).join('\n')}\n`;
  for (const change of answer.changes) yield* changeText(change, options);
  yield* entriesText(answer, options);
  yield* rewritesText(answer, options);
  yield* notKeptText(answer.notKept, options);
  yield* proofText(answer, options);
  const rows = [
    [dim('from'), dim(engineText(answer.engine.from))],
    [dim('to'), dim(engineText(answer.engine.to))],
  ];
  yield `\n${tableLines(rows, { indent: 0 }, options).join('\n')}\n`;
}

/** `7 connections change, for 2 causes; 1 way in from outside changes` */
export function migrateSummary({ changes, entries }: MigrateAnswer): string {
  const connections = changes.reduce((sum, change) => sum + change.connections, 0);
  const causes = new Set(changes.flatMap((change) => change.causes)).size;
  const parts: string[] = [];
  if (connections > 0)
    parts.push(
      `${count(connections, 'connection')} ${connections === 1 ? 'changes' : 'change'}, for ${count(causes, 'cause')}`,
    );
  if (entries.length > 0)
    parts.push(`${count(entries.length, 'way')} in from outside ${entries.length === 1 ? 'changes' : 'change'}`);
  return parts.length === 0 ? 'no verdict changes' : parts.join('; ');
}

/** What the causes of one change mean, as sentences without a stop. */
export function causeText(causes: readonly MigrationCauseId[]): string {
  return causes.map((cause) => MIGRATION_CAUSES[cause]).join('; ');
}

/** `the new policies are proven to keep every verdict`, or what is left. */
export function proofSummary({ proof, rewrites, changes }: MigrateAnswer): string {
  if (changes.length === 0 && proof.equal)
    return 'every connection was compared: the policies mean the same under both';
  if (proof.equal) return 'with the policies above every connection keeps its verdict: all were compared';
  const what = rewrites.length === 0 ? 'nothing could be rewritten' : 'with the policies above';
  return `${what}: ${count(proof.connections, 'connection')} still ${proof.connections === 1 ? 'differs' : 'differ'}`;
}

function* changeText({ causes, groups, places }: MigrationChange, options: TextOptions): Generator<string> {
  const title = `${options.paint.strong(causes.join(' + '))}  ${causeText(causes)}`;
  yield `\n${paragraphLines(title, 0, options).join('\n')}\n`;
  yield `${tableLines(changeRows(groups), { indent: 2 }, options).join('\n')}\n`;
  if (places.length > 0) yield `${tableLines(places.map(placeRow), { indent: 4 }, options).join('\n')}\n`;
}

function placeRow({ policy, path, origin }: PolicyPlace): Cell[] {
  return [
    dim(`${escapeControl(policy)} ${escapeControl(path)}`.trimEnd()),
    { text: originText(origin), tone: 'accent' },
  ];
}

function* entriesText({ entries }: MigrateAnswer, options: TextOptions): Generator<string> {
  if (entries.length === 0) return;
  yield `\n${options.paint.strong('ways in from outside')}\n`;
  const rows = entries.map(({ through, at, to, before, after, causes, origin }): Cell[] => [
    `${before} → ${after}`,
    `${escapeControl(through)} ${escapeControl(at)} → ${escapeControl(to)}`,
    dim(`${causes.join(' + ')}  ${originText(origin)}`),
  ]);
  yield `${tableLines(rows, { indent: 2 }, options).join('\n')}\n`;
}

function* rewritesText({ rewrites }: MigrateAnswer, options: TextOptions): Generator<string> {
  if (rewrites.length === 0) return;
  yield `\n${options.paint.strong('policies that keep the old meaning')}\n`;
  for (const rewrite of rewrites) {
    const where = originText(rewrite.for.origin);
    const title = `${rewrite.action === 'replace' ? 'in place of' : 'beside'} ${escapeControl(rewrite.for.policy)}`;
    yield `${paragraphLines(`${title}  ${options.paint.accent(where)}`, 2, options).join('\n')}\n`;
    yield `${verbatimLines(yamlLines(rewrite.object), 4, options).join('\n')}\n`;
  }
}

function* notKeptText(notKept: readonly NotKept[], options: TextOptions): Generator<string> {
  if (notKept.length === 0) return;
  yield `\n${options.paint.strong('cannot be kept')}\n`;
  for (const { places, why, help } of notKept) {
    yield `${paragraphLines(escapeControl(why), 2, options).join('\n')}\n`;
    yield `${paragraphLines(dim(escapeControl(help)), 2, options).join('\n')}\n`;
    yield `${tableLines(places.map(placeRow), { indent: 4 }, options).join('\n')}\n`;
  }
}

function* proofText(answer: MigrateAnswer, options: TextOptions): Generator<string> {
  const { equal, left } = answer.proof;
  yield `\n${paragraphLines({ text: proofSummary(answer), tone: equal ? 'good' : 'unsure' }, 0, options).join('\n')}\n`;
  if (answer.rewrites.length > 0 && left.length > 0) yield* leftText(left, options);
}

function* leftText(left: readonly ChangeGroup[], options: TextOptions): Generator<string> {
  yield `${tableLines(changeRows(left), { indent: 2 }, options).join('\n')}\n`;
}
