import { escapeControl } from '#base/escape.ts';
import type { InvariantResult, InvariantState, TestAnswer } from '#model/answers.ts';
import type { Tone } from '../paint.ts';
import { MARKS, originText, trafficText, VERDICT_TONES } from '../words.ts';
import { dim, footerLines } from './footer.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines } from './layout.ts';

export const STATE_MARKS: Readonly<Record<InvariantState, string>> = {
  holds: '✓',
  broken: '✕',
  unknown: '?',
  invalid: '!',
};
const STATE_TONES: Readonly<Record<InvariantState, Tone>> = {
  holds: 'good',
  broken: 'bad',
  unknown: 'unsure',
  invalid: 'bad',
};

/** Do the invariants hold: one line each, and for those that do not the connections that break them. */
export function* testText(answer: TestAnswer, options: TextOptions): Generator<string> {
  for (const invariant of answer.invariants) yield `${invariantLines(invariant, options).join('\n')}\n`;
  yield `\n${options.paint.strong(testSummary(answer))}\n`;
  yield `${footerLines(answer, options).slice(1).join('\n')}\n`;
}

/** `3 hold, 1 broken` */
export function testSummary(answer: TestAnswer): string {
  const parts: string[] = [];
  for (const state of ['holds', 'broken', 'unknown', 'invalid'] as const) {
    const number = answer.invariants.filter((invariant) => invariant.state === state).length;
    if (number > 0) parts.push(`${number} ${state === 'holds' && number > 1 ? 'hold' : state}`);
  }
  return parts.length === 0 ? 'no invariant to test' : parts.join(', ');
}

function invariantLines(invariant: InvariantResult, options: TextOptions): string[] {
  const tone = STATE_TONES[invariant.state];
  const cells: Cell[] = [
    { text: STATE_MARKS[invariant.state], tone },
    { text: invariant.state.padEnd(7), tone },
    `${escapeControl(invariant.name)}  ${options.paint.dim(originText(invariant.origin))}`.trimEnd(),
  ];
  const lines = tableLines([cells], { indent: 0 }, options);
  if (invariant.state === 'holds' && options.verbose !== true) return lines;
  lines.push(...paragraphLines(dim(escapeControl(invariant.why)), HANG, options));
  const rows = invariant.witnesses.map((witness): Cell[] => [
    { text: MARKS[witness.verdict], tone: VERDICT_TONES[witness.verdict] },
    `${escapeControl(witness.from)} → ${escapeControl(witness.to)}  ${trafficText(witness.traffic)}  ${witness.verdict}`,
  ]);
  return [...lines, ...tableLines(rows, { indent: HANG }, options)];
}

const HANG = 12;
