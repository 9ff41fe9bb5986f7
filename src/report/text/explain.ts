import { escapeControl } from '#base/escape.ts';
import type { ExplainAnswer, Explanation } from '#model/answers.ts';
import { dim } from './footer.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines } from './layout.ts';

/** One code in full, or one line for each of several. */
export function* explainText(answer: ExplainAnswer, options: TextOptions): Generator<string> {
  const [first, ...others] = answer.codes;
  if (first === undefined) return;
  if (others.length === 0) yield `${fullLines(first, options).join('\n')}\n`;
  else yield `${tableLines(answer.codes.map(rowOf), { indent: 0 }, options).join('\n')}\n`;
}

function fullLines(entry: Explanation, options: TextOptions): string[] {
  const { paint } = options;
  const { code, title, why, fix } = entry;
  const what = entry.kind === 'reason' ? 'why a verdict is unknown' : (entry.severity ?? '');
  const lines = [
    `${paint.strong(escapeControl(code))}  ${paint.dim(what)}`,
    ...paragraphLines(escapeControl(title), 0, options),
  ];
  if (why !== undefined) lines.push('', ...paragraphLines(escapeControl(why), 0, options));
  if (fix !== undefined)
    lines.push('', ...tableLines([[dim('what to do'), escapeControl(fix)]], { indent: 0 }, options));
  return lines;
}

function rowOf({ code, severity, title }: Explanation): Cell[] {
  return [{ text: escapeControl(code), tone: 'strong' }, dim(severity ?? 'unknown'), escapeControl(title)];
}
