import { objectText, trafficText } from '#report/words.ts';
import type { DriftAnswer } from '../../api/answers.ts';

const MOST = 50;

/** What changed, for a ticket. Names stand in code spans, whose only danger is a backtick. */
export function changesMarkdown({ diff, exposures }: DriftAnswer, between: string): string {
  const lines = [`### What changed, ${between}`, ''];
  for (const { change, from, to, traffic } of diff.groups.slice(0, MOST)) {
    lines.push(`- **${change}** ${spans(from)} → ${spans(to)} ${trafficText(traffic)}`);
  }
  if (diff.groups.length > MOST) lines.push(`- and ${diff.groups.length - MOST} more`);
  for (const { at, to } of exposures.come) lines.push(`- **way in** ${span(at)} → ${span(to)}`);
  for (const { control, where, message } of diff.findings?.come ?? [])
    lines.push(`- **finding came** ${control} ${span(objectText(where))}: ${message}`);
  for (const { control, where } of diff.findings?.go ?? [])
    lines.push(`- **finding went** ${control} ${span(objectText(where))}`);
  if (lines.length === 2) lines.push('Nothing in meaning.');
  return `${lines.join('\n')}\n`;
}

function spans(names: readonly string[]): string {
  return names.slice(0, 5).map(span).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
}

function span(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}
