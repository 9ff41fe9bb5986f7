import { escapeControl } from '#base/escape.ts';
import type { DoctorAnswer } from '#model/answers.ts';
import type { Tone } from '../paint.ts';
import { type Cell, type TextOptions, tableLines } from './layout.ts';

type CheckState = DoctorAnswer['checks'][number]['state'];

const MARKS: Readonly<Record<CheckState, string>> = { ok: '✓', missing: '–', failed: '✕' };
const TONES: Readonly<Record<CheckState, Tone>> = { ok: 'good', missing: 'unsure', failed: 'bad' };

/** The environment and the self-test, one line for each check. */
export function* doctorText(answer: DoctorAnswer, options: TextOptions): Generator<string> {
  const rows = answer.checks.map(({ name, state, detail }): Cell[] => [
    { text: `${MARKS[state]} ${state}`, tone: TONES[state] },
    escapeControl(name),
    escapeControl(detail),
  ]);
  yield `${tableLines(rows, { indent: 0 }, options).join('\n')}\n`;
}
