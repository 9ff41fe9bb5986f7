import { escapeControl } from '#base/escape.ts';
import type { AzureCompareAnswer, ComparisonWitness } from '#model/azure/comparison.ts';
import { count, originText } from '../words.ts';
import { dim } from './footer.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines } from './layout.ts';

/** What two security groups or firewalls do differently, a line for each witness. */
export function* azureCompareText(answer: AzureCompareAnswer, options: TextOptions): Generator<string> {
  const tone = answer.equal ? 'good' : 'strong';
  yield `${paragraphLines({ text: azureCompareSummary(answer), tone }, 0, options).join('\n')}\n`;
  if (answer.witnesses.length > 0) {
    const rows = answer.witnesses.map((witness): Cell[] => [
      { text: witness.after === 'allowed' ? '+' : '−', tone: witness.after === 'allowed' ? 'bad' : 'good' },
      { text: trafficWords(witness), tone: 'accent' },
      wayWords(witness),
    ]);
    yield `\n${tableLines(rows, { indent: 2 }, options).join('\n')}\n`;
  }
  const rows = [answer.before, answer.after].map(({ id, origin }, index): Cell[] => [
    dim(index === 0 ? 'before' : 'after'),
    dim(`${escapeControl(id)}  ${originText(origin)}`),
  ]);
  yield `\n${tableLines(rows, { indent: 0 }, options).join('\n')}\n`;
}

/** `they do the same`, or how many connections differ. */
export function azureCompareSummary({ equal, witnesses, unknown, before, after }: AzureCompareAnswer): string {
  const names = `${escapeControl(before.name)} and ${escapeControl(after.name)}`;
  if (equal) return `${names} do the same with every connection`;
  const open = unknown === 0 ? '' : `; of ${count(unknown, 'part')} it is not known what they do`;
  if (witnesses.length === 0) return `no difference between ${names} was found${open}`;
  return `${names} differ: ${count(witnesses.length, 'witness', 'witnesses')}${open}`;
}

/** `TCP 443` */
export function trafficWords({ protocol, port, sourcePort }: ComparisonWitness): string {
  const from = sourcePort === undefined ? '' : ` from port ${sourcePort}`;
  return `${escapeControl(protocol)}${port === undefined ? '' : ` ${port}`}${from}`;
}

/** `egress 10.20.0.1 → 203.0.113.7 (api.example.com): allowed, now denied` */
export function wayWords({ direction, source, destination, name, before, after }: ComparisonWitness): string {
  const way = `${escapeControl(source)} → ${escapeControl(destination)}`;
  const asked = name === undefined ? '' : ` (${escapeControl(name)})`;
  return `${direction === undefined ? '' : `${direction} `}${way}${asked}: ${before}, then ${after}`;
}
