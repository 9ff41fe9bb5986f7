import type { ControlSeverity, ControlState } from '#model/control.ts';
import { SEVERITIES } from '#model/control.ts';
import { type ControlEntry, decidingOrigin, type Finding, type ScanAnswer } from '#model/scan.ts';
import { counts } from '../text/scan-words.ts';
import { objectText, originText } from '../words.ts';
import { type BadgeTone, type Block, badge, code, type Inline, place, type Run } from './page.ts';

/** What both pages of a scan say alike. */

const STATE_TONES: Readonly<Record<ControlState, BadgeTone | undefined>> = {
  FAIL: 'denied',
  PARTIAL: 'denied',
  WARN: 'problem',
  UNKNOWN: 'unknown',
  MANUAL: 'unknown',
  PASS: 'allowed',
  'PASS-PLATFORM': 'allowed',
  NA: undefined,
  'NA-PROVIDER': undefined,
};

export function stateBadge(state: ControlState): Inline {
  const tone = STATE_TONES[state];
  return tone === undefined ? state : badge(tone, state);
}

/** The file and line, or the id of what stands in none. */
export function placeRun(finding: Finding): Run {
  const text = originText(decidingOrigin(finding));
  return place(text === '' ? finding.where.id : text);
}

/** How many findings of each severity count, are known or accepted; severities without any are left out. */
export function severityTable({ findings }: ScanAnswer): Block {
  const rows = SEVERITIES.flatMap((severity) => severityRow(severity, findings));
  const columns = ['severity', 'fail', 'warn', 'known before', 'accepted'];
  return { kind: 'table', columns, rows, named: true };
}

function severityRow(severity: ControlSeverity, findings: readonly Finding[]): readonly (readonly Run[])[] {
  const own = findings.filter((finding) => finding.severity === severity);
  if (own.length === 0) return [];
  const open = own.filter(counts);
  const sums = [
    open.filter(({ state }) => state === 'FAIL').length,
    open.filter(({ state }) => state === 'WARN').length,
    own.filter(({ suppressed, isNew }) => suppressed === null && isNew === false).length,
    own.filter(({ suppressed }) => suppressed !== null).length,
  ];
  return [[[severity], ...sums.map((sum): Run => [`${sum}`])]];
}

/** Controls that nothing decided, and why. */
export function undecidedTable(controls: readonly ControlEntry[]): Block {
  const rows = controls.map(({ id, severity, title, why }): readonly Run[] => [[code(id)], [severity], [title], [why]]);
  return { kind: 'table', columns: ['control', 'severity', 'what holds', 'why nothing decides'], rows, named: true };
}

export function questionsTable(controls: readonly ControlEntry[]): Block {
  const rows = controls.map(({ id, severity, title, question, why }): readonly Run[] => [
    [code(id)],
    [severity],
    [question ?? title],
    [why],
  ]);
  return { kind: 'table', columns: ['control', 'severity', 'question', 'why it is asked'], rows, named: true };
}

export function acceptedTable(findings: readonly Finding[]): Block {
  const rows = findings.flatMap(({ control, where, state, suppressed }): (readonly Run[])[] =>
    suppressed === null
      ? []
      : [
          [
            [code(control)],
            [code(objectText(where))],
            [stateBadge(state)],
            [suppressed.reason],
            [suppressed.owner],
            [suppressed.until ?? 'no end'],
            [suppressed.from, ...place(originText(suppressed.origin)).flatMap((inline): Inline[] => [' ', inline])],
          ],
        ],
  );
  const columns = ['control', 'place', 'state', 'reason', 'owner', 'until', 'said in'];
  return { kind: 'table', columns, rows, named: true };
}

export function ofStates({ controls }: ScanAnswer, ...states: readonly ControlState[]): readonly ControlEntry[] {
  return controls.filter(({ state }) => states.includes(state));
}
