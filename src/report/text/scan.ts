import { escapeControl } from '#base/escape.ts';
import { type ControlSeverity, type ControlState, SEVERITIES } from '#model/control.ts';
import { type ControlEntry, decidingOrigin, type Finding, type ScanAnswer } from '#model/scan.ts';
import type { Tone } from '../paint.ts';
import { count, objectText, originText } from '../words.ts';
import { dim, footerLines } from './footer.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines } from './layout.ts';
import { acceptedText, answeredBy, evidenceText, radiusText } from './scan-words.ts';

/** Control by control, those to close first before the others; then what nobody could decide, and the sums. */
export function* scanText(answer: ScanAnswer, options: TextOptions): Generator<string> {
  const byControl = Map.groupBy(answer.findings, ({ control }) => control);
  const controls = new Map(answer.controls.map((control) => [control.id, control]));
  for (const [id, findings] of byControl) {
    const control = controls.get(id);
    if (control !== undefined) yield `${findingLines(control, findings, options).join('\n')}\n\n`;
  }
  yield* groupText('for a person to answer', ofState(answer, 'MANUAL'), options);
  yield* undecidedText(ofState(answer, 'UNKNOWN'), options);
  if (options.verbose === true) yield* answeredText(answer, options);
  if (options.verbose === true) {
    yield* groupText('met', ofState(answer, 'PASS', 'PASS-PLATFORM'), options);
    yield* groupText('does not apply', ofState(answer, 'NA', 'NA-PROVIDER'), options);
  }
  yield `${paragraphLines({ text: scanSummary(answer), tone: 'strong' }, 0, options).join('\n')}\n`;
  for (const { control, message } of answer.internalErrors)
    yield `${options.paint.bad(`${escapeControl(control)} failed by a mistake of ours: ${escapeControl(message)}`)}\n`;
  yield `${footerLines(answer, options).join('\n')}\n`;
}

/** `93 controls: 12 fail, 3 warn, 40 pass, 20 unknown; 31 findings, 2 of them accepted` */
export function scanSummary({ controls, findings }: ScanAnswer): string {
  const states = new Map<ControlState, number>();
  for (const { state } of controls) states.set(state, (states.get(state) ?? 0) + 1);
  const parts = STATE_WORDS.flatMap(([word, ...of]) => {
    const sum = of.reduce((total, state) => total + (states.get(state) ?? 0), 0);
    return sum === 0 ? [] : [`${sum} ${word}`];
  });
  const accepted = findings.filter(({ suppressed }) => suppressed !== null).length;
  const more = accepted === 0 ? '' : `, ${accepted} of them accepted`;
  return `${count(controls.length, 'control')}: ${parts.join(', ')}; ${count(findings.length, 'finding')}${more}`;
}

const STATE_WORDS: readonly (readonly [string, ...ControlState[]])[] = [
  ['fail', 'FAIL'],
  ['fail in part', 'PARTIAL'],
  ['warn', 'WARN'],
  ['pass', 'PASS', 'PASS-PLATFORM'],
  ['to answer', 'MANUAL'],
  ['unknown', 'UNKNOWN'],
  ['do not apply', 'NA', 'NA-PROVIDER'],
];

export const SEVERITY_TONES: Readonly<Record<ControlSeverity, Tone>> = {
  critical: 'bad',
  high: 'bad',
  medium: 'unsure',
  low: 'dim',
  info: 'dim',
};

/** More of one control are counted; every format but this one has all. */
const MOST_LISTED = 10;

function findingLines(control: ControlEntry, findings: readonly Finding[], options: TextOptions): string[] {
  // Places may weigh less than the control, or more.
  const worst = SEVERITIES.find((each) => findings.some(({ severity }) => severity === each)) ?? control.severity;
  const head: Cell[] = [
    { text: escapeControl(control.id), tone: 'strong' },
    { text: worst, tone: SEVERITY_TONES[worst] },
    { text: escapeControl(control.title), tone: 'strong' },
  ];
  const shown = options.verbose === true ? findings : findings.slice(0, MOST_LISTED);
  const left = findings.length - shown.length;
  const framed = findings.find(({ frame }) => frame !== undefined);
  const lines = tableLines([head], { indent: 0 }, options);
  for (const finding of shown) lines.push(...oneFinding(finding, finding === framed, options));
  if (left > 0) lines.push(...paragraphLines(dim(`and ${left} more: -v lists them`), 2, options));
  const summaries = [...new Set(findings.map(({ fix }) => fix?.summary ?? ''))].filter((text) => text !== '');
  if (summaries.length === 1) lines.push(...paragraphLines(dim(`fix: ${escapeControl(summaries[0]!)}`), 2, options));
  return lines;
}

/** One frame for each control keeps the whole calm: its findings look alike. */
function oneFinding(finding: Finding, isFramed: boolean, options: TextOptions): string[] {
  const { where, message, state, suppressed, isNew } = finding;
  const mark: Cell =
    suppressed === null ? { text: state === 'FAIL' ? '✕' : '!', tone: state === 'FAIL' ? 'bad' : 'unsure' } : dim('–');
  const place = options.paint.accent(originText(decidingOrigin(finding)));
  const age = isNew === undefined ? '' : options.paint.dim(isNew ? 'new' : 'known');
  const told = [objectText(where), place, age].filter((text) => text !== '').join('  ');
  const lines = tableLines([[mark, told]], { indent: 2 }, options);
  lines.push(...paragraphLines(escapeControl(message), 5, options));
  const radius = radiusText(finding.blastRadius);
  if (radius !== '') lines.push(...paragraphLines(dim(radius), 5, options));
  if (suppressed !== null) lines.push(...paragraphLines(dim(acceptedText(suppressed)), 5, options));
  if (options.verbose === true) lines.push(...evidenceLines(finding, options));
  if (isFramed || options.verbose === true) lines.push(...frameLines(finding, options));
  return lines;
}

function frameLines({ frame = '' }: Finding, { paint }: TextOptions): string[] {
  if (frame === '') return [];
  return frame.split('\n').map((line) => `     ${paint.dim(escapeControl(line))}`);
}

function evidenceLines({ evidence }: Finding, options: TextOptions): string[] {
  return evidence.flatMap((each) =>
    paragraphLines(dim(`${evidenceText(each)}  ${originText(each.origin)}`.trimEnd()), 7, options),
  );
}

function* answeredText({ controls }: ScanAnswer, options: TextOptions): Generator<string> {
  const rows = controls.flatMap(({ id, answer, question = '' }): Cell[][] =>
    answer === undefined
      ? []
      : [[escapeControl(id), answer.answer, escapeControl(question), dim(escapeControl(answeredBy(answer)))]],
  );
  if (rows.length === 0) return;
  yield `${options.paint.strong(`answered by a person  ${rows.length}`)}\n`;
  yield `${rows.flatMap((row) => tableLines([row], { indent: 2 }, options)).join('\n')}\n\n`;
}

function ofState({ controls }: ScanAnswer, ...states: readonly ControlState[]): readonly ControlEntry[] {
  return controls.filter(({ state }) => states.includes(state));
}

/** What one input would decide is told together, unless everything is asked for. */
function* undecidedText(controls: readonly ControlEntry[], options: TextOptions): Generator<string> {
  if (options.verbose === true) return yield* groupText('not decided by this input', controls, options);
  if (controls.length === 0) return;
  yield `${options.paint.strong(`not decided by this input  ${controls.length}`)}\n`;
  for (const [wanted, own] of Map.groupBy(controls, wantedBy)) {
    const isMany = wanted !== '' && own.length >= FEWEST_TOGETHER;
    const lines = isMany
      ? [
          ...paragraphLines(escapeControl(`${wanted}:`), 2, options),
          ...paragraphLines(dim(own.map(({ id }) => escapeControl(id)).join(', ')), 4, options),
        ]
      : own.flatMap((control) => tableLines([rowOf(control)], { indent: 2 }, options));
    yield `${lines.join('\n')}\n`;
  }
  yield '\n';
}

const FEWEST_TOGETHER = 3;

/** `the input does not show its subnets: give --azure`: what stands behind the colon would decide. */
function wantedBy({ why }: ControlEntry): string {
  const at = why.lastIndexOf(': ');
  return at < 0 ? '' : why.slice(at + 2);
}

function* groupText(title: string, controls: readonly ControlEntry[], options: TextOptions): Generator<string> {
  if (controls.length === 0) return;
  yield `${options.paint.strong(`${title}  ${controls.length}`)}\n`;
  yield `${controls.flatMap((control) => tableLines([rowOf(control)], { indent: 2 }, options)).join('\n')}\n\n`;
}

function rowOf({ id, state, question, title, why }: ControlEntry): Cell[] {
  return [escapeControl(id), dim(state), escapeControl(question ?? title), dim(escapeControl(why))];
}
