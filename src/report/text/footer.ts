import type { Assumption, EngineEntry } from '#model/answers.ts';
import { assumptionText, engineText } from '../words.ts';
import { type Cell, type TextOptions, tableLines } from './layout.ts';

/** What the answer rests on: the engine profile and what was assumed. Ends every answer about traffic. */
export function footerLines(
  answer: { readonly engine: EngineEntry; readonly assumptions: readonly Assumption[] },
  options: TextOptions,
): string[] {
  const rows: Cell[][] = [[dim('engine'), dim(engineText(answer.engine))]];
  for (const assumption of answer.assumptions) rows.push([dim('assumed'), dim(assumptionText(assumption))]);
  return ['', ...tableLines(rows, { indent: 0 }, options)];
}

/** The first line of an answer: what it is, and its size. */
export function titleLines(title: string, summary: string, options: TextOptions): string[] {
  return tableLines([[{ text: title, tone: 'strong' }, dim(summary)]], { indent: 0 }, options);
}

export function dim(text: string): Cell {
  return { text, tone: 'dim' };
}
