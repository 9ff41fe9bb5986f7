import type { InvariantResult, InvariantState, TestAnswer } from '#model/answers.ts';
import { testSummary } from '../text/test-verb.ts';
import { originText, trafficText } from '../words.ts';
import { notesOf } from './notes.ts';
import { type BadgeTone, type Block, badge, code, type Inline, type Page, place, type Run } from './page.ts';

/** Do the invariants hold, and which connections break those that do not. */
export function testPage(answer: TestAnswer): Page {
  const order: readonly InvariantState[] = ['broken', 'invalid', 'unknown', 'holds'];
  const rows = order.flatMap((state) => answer.invariants.filter((each) => each.state === state).map(invariantRow));
  const table: Block = {
    kind: 'table',
    columns: ['state', 'invariant', 'why', 'connections', 'origin'],
    rows,
    filter: true,
  };
  return {
    title: 'Do the invariants hold?',
    summary: [{ kind: 'strong', text: testSummary(answer) }],
    blocks: [table, ...notesOf(answer)],
  };
}

const TONES: Readonly<Record<InvariantState, BadgeTone>> = {
  holds: 'allowed',
  broken: 'denied',
  unknown: 'unknown',
  invalid: 'denied',
};

function invariantRow(invariant: InvariantResult): readonly Run[] {
  const connections = invariant.witnesses.flatMap(({ from, to, traffic }, i): Inline[] => [
    i === 0 ? '' : '; ',
    code(`${from} → ${to} ${trafficText(traffic)}`),
  ]);
  const state = badge(TONES[invariant.state], invariant.state);
  return [[state], [code(invariant.name)], [invariant.why], connections, place(originText(invariant.origin))];
}
