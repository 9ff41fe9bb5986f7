import { escapeControl } from '#base/escape.ts';
import type { SnapshotEntry, SnapshotsAnswer } from '#model/answers.ts';
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
    contentOf(entry),
    dim(entry.from.map(escapeControl).join(', ')),
  ]);
  yield `${tableLines(rows, { indent: 0 }, options).join('\n')}\n`;
}

function contentOf({ objects, policies, azure }: SnapshotEntry): string {
  const parts = [count(objects, 'object'), count(policies, 'policy', 'policies')];
  if (azure !== undefined) parts.push(count(azure, 'Azure resource'));
  return parts.join(', ');
}
