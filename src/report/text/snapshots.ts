import { escapeControl } from '#base/escape.ts';
import type { SnapshotsAnswer } from '#model/answers.ts';
import { count } from '../words.ts';
import { dim } from './footer.ts';
import { type Cell, type TextOptions, tableLines } from './layout.ts';

/** One line for each snapshot file. */
export function* snapshotsText(answer: SnapshotsAnswer, options: TextOptions): Generator<string> {
  if (answer.snapshots.length === 0) {
    yield 'no snapshots here\n';
    return;
  }
  const rows = answer.snapshots.map((entry): Cell[] => [
    { text: escapeControl(entry.file), tone: 'strong' },
    escapeControl(entry.taken),
    `${count(entry.objects, 'object')}, ${count(entry.policies, 'policy', 'policies')}`,
    dim(entry.from.map(escapeControl).join(', ')),
  ]);
  yield `${tableLines(rows, { indent: 0 }, options).join('\n')}\n`;
}
