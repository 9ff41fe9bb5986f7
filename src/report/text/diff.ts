import { escapeControl } from '#base/escape.ts';
import type { ChangeGroup, DiffAnswer } from '#model/answers.ts';
import type { ChangedFindings, Finding } from '#model/scan.ts';
import { withAddresses } from '../names.ts';
import type { Tone } from '../paint.ts';
import { count, engineText, filteredText, objectText, trafficText } from '../words.ts';
import { dim } from './footer.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines } from './layout.ts';

export const CHANGE_MARKS: Readonly<Record<ChangeGroup['change'], string>> = {
  opened: '+',
  closed: '−',
  unsettled: '?',
};
export const CHANGES: readonly ChangeGroup['change'][] = ['opened', 'closed', 'unsettled'];
/** Opening is what a reviewer must look at, so it has the tone of a warning and closing the calm one. */
const CHANGE_TONES: Readonly<Record<ChangeGroup['change'], Tone>> = {
  opened: 'bad',
  closed: 'good',
  unsettled: 'unsure',
};

/** What opened and what closed, then which policies, endpoints, invariants and findings changed. */
export function* diffText(answer: DiffAnswer, options: TextOptions): Generator<string> {
  yield `${paragraphLines({ text: wholeSummary(answer), tone: 'strong' }, 0, options).join('\n')}\n`;
  const all = withAddresses(answer.groups, answer.about);
  for (const change of CHANGES) {
    const groups = all.filter((group) => group.change === change);
    if (groups.length > 0) yield* groupsText(change, groups, options);
  }
  yield* listText('policies', answer.policies, options);
  yield* listText('endpoints', answer.endpoints, options);
  yield* invariantsText(answer, options);
  if (answer.findings !== undefined) yield* findingsText(answer.findings, options);
  const { base, head } = answer.engine;
  const rows = [[dim('engine'), dim(engineText(head))]];
  if (base.profile !== head.profile) rows.unshift([dim('engine before'), dim(engineText(base))]);
  yield `\n${tableLines(rows, { indent: 0 }, options).join('\n')}\n`;
}

/** The same with the findings: `2 connections opened; 1 finding came` */
export function wholeSummary(answer: DiffAnswer): string {
  const findings = answer.findings === undefined ? '' : findingsSummary(answer.findings);
  return findings === '' ? diffSummary(answer) : `${diffSummary(answer)}; ${findings}`;
}

/** `2 connections opened, 1 closed` or `no connection changed` */
export function diffSummary(answer: DiffAnswer): string {
  const opened = answer.changes.filter((change) => change.opened === 'all' || change.opened.length > 0).length;
  const closed = answer.changes.filter((change) => change.closed === 'all' || change.closed.length > 0).length;
  const unsettled = answer.changes.filter((change) => change.unsettled === 'all' || change.unsettled.length > 0).length;
  const parts: string[] = [];
  if (opened > 0) parts.push(`${count(opened, 'connection')} opened`);
  if (closed > 0) parts.push(`${count(closed, 'connection')} closed`);
  if (unsettled > 0) parts.push(`${count(unsettled, 'connection')} now unknown or no longer unknown`);
  const broken = answer.invariants.filter(
    (invariant) => invariant.head === 'broken' && invariant.base !== 'broken',
  ).length;
  if (broken > 0) parts.push(`${count(broken, 'invariant')} newly broken`);
  const { changes, unfiltered = changes.length } = answer;
  if (unfiltered > changes.length) parts.push(filteredText(changes.length, count(unfiltered, 'changed connection')));
  return parts.length === 0 ? 'no connection changed' : parts.join(', ');
}

function* groupsText(
  change: ChangeGroup['change'],
  groups: readonly ChangeGroup[],
  options: TextOptions,
): Generator<string> {
  yield `\n${options.paint[CHANGE_TONES[change]](change)}\n`;
  yield `${tableLines(changeRows(groups), { indent: 2 }, options).join('\n')}\n`;
}

/** A line for each group: its mark, its traffic, from whom to whom. */
export function changeRows(groups: readonly ChangeGroup[]): Cell[][] {
  return groups.map(({ change, traffic, from, to }) => [
    { text: CHANGE_MARKS[change], tone: CHANGE_TONES[change] },
    { text: trafficText(traffic), tone: 'accent' },
    `${from.map(escapeControl).join(', ')} → ${to.map(escapeControl).join(', ')}`,
  ]);
}

function* listText(
  title: string,
  lists: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed?: readonly string[];
  },
  options: TextOptions,
): Generator<string> {
  const rows: Cell[][] = [];
  for (const name of lists.added) rows.push(['+', escapeControl(name)]);
  for (const name of lists.removed) rows.push(['−', escapeControl(name)]);
  for (const name of lists.changed ?? []) rows.push(['~', escapeControl(name)]);
  if (rows.length > 0)
    yield `\n${options.paint.strong(title)}\n${tableLines(rows, { indent: 2 }, options).join('\n')}\n`;
}

function* invariantsText(answer: DiffAnswer, options: TextOptions): Generator<string> {
  const rows: Cell[][] = [];
  for (const { name, base, head } of answer.invariants) {
    if (base !== head) rows.push([escapeControl(name), `${base} → ${head}`]);
  }
  if (rows.length > 0)
    yield `\n${options.paint.strong('invariants')}\n${tableLines(rows, { indent: 2 }, options).join('\n')}\n`;
}

/** `2 findings came, 1 went`; empty where none did. */
export function findingsSummary({ come, go, unsettled }: ChangedFindings): string {
  const parts = [
    ...(come.length > 0 ? [`${count(come.length, 'finding')} came`] : []),
    ...(go.length > 0 ? [`${come.length > 0 ? go.length : count(go.length, 'finding')} went`] : []),
    ...(unsettled.length > 0 ? [`${count(unsettled.length, 'finding')} known on one side only`] : []),
  ];
  return parts.join(', ');
}

/** More of one kind are counted; the JSON has all. */
const MOST_FINDINGS = 20;

function* findingsText({ come, go, unsettled }: ChangedFindings, options: TextOptions): Generator<string> {
  const lists = [
    [CHANGE_MARKS.opened, CHANGE_TONES.opened, come],
    [CHANGE_MARKS.closed, CHANGE_TONES.closed, go],
    [CHANGE_MARKS.unsettled, CHANGE_TONES.unsettled, unsettled],
  ] as const;
  const lines = lists.flatMap(([text, tone, findings]) => {
    const shown = options.verbose === true ? findings : findings.slice(0, MOST_FINDINGS);
    const left = findings.length - shown.length;
    const rows = shown.map((finding): Cell[] => [{ text, tone }, ...findingCells(finding)]);
    const more = left > 0 ? paragraphLines(dim(`and ${left} more: -v lists them`), 2, options) : [];
    return rows.length === 0 ? [] : [...tableLines(rows, { indent: 2 }, options), ...more];
  });
  if (lines.length > 0) yield `\n${options.paint.strong('findings')}\n${lines.join('\n')}\n`;
}

function findingCells({ control, severity, where, message }: Finding): Cell[] {
  return [severity, escapeControl(control), objectText(where), escapeControl(message)];
}
