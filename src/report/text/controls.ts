import { escapeControl } from '#base/escape.ts';
import type { ControlsAnswer, ToldControl } from '#model/scan.ts';
import { count } from '../words.ts';
import { dim } from './footer.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines } from './layout.ts';
import { SEVERITY_TONES } from './scan.ts';

/** One control in full, or a line for each of several, by family. */
export function* controlsText(answer: ControlsAnswer, options: TextOptions): Generator<string> {
  const [first, ...others] = answer.controls;
  if (first === undefined) return;
  if (others.length === 0) yield `${fullLines(first, options).join('\n')}\n`;
  else yield* listText(answer, options);
}

function* listText({ controls }: ControlsAnswer, options: TextOptions): Generator<string> {
  for (const [family, members] of Map.groupBy(controls, (control) => control.family)) {
    const rows = members.map(({ id, severity, title }): Cell[] => [
      { text: escapeControl(id), tone: 'strong' },
      { text: severity, tone: SEVERITY_TONES[severity] },
      escapeControl(title),
    ]);
    yield `${dimLine(family, options)}\n${tableLines(rows, { indent: 2 }, options).join('\n')}\n\n`;
  }
  yield `${options.paint.strong(count(controls.length, 'control'))}\n`;
}

function dimLine(text: string, { paint }: TextOptions): string {
  return paint.dim(escapeControl(text));
}

function fullLines(control: ToldControl, options: TextOptions): string[] {
  const { id, family, severity, title, rationale, states, frameworks } = control;
  const head: Cell[] = [
    { text: escapeControl(id), tone: 'strong' },
    { text: severity, tone: SEVERITY_TONES[severity] },
    dim(escapeControl(family)),
  ];
  return [
    ...tableLines([head], { indent: 0 }, options),
    ...paragraphLines(escapeControl(title), 0, options),
    '',
    ...paragraphLines(escapeControl(rationale), 0, options),
    '',
    ...tableLines(factRows(control), { indent: 0 }, options),
    '',
    ...tableLines(
      states.map(({ state, when }): Cell[] => [dim(state), escapeControl(when)]),
      { indent: 0 },
      options,
    ),
    ...(frameworks.length === 0 ? [] : ['', ...frameworkLines(control, options)]),
  ];
}

function factRows({ evidence, remedy, question, fix }: ToldControl): Cell[][] {
  return [
    [dim('looks at'), escapeControl(evidence)],
    [dim('what to do'), escapeControl(remedy)],
    ...(question === undefined ? [] : [[dim('asks'), escapeControl(question)]]),
    ...(fix
      ? [
          [
            dim('fixes'),
            'findings may come with changes that close them: `scan --fix=diff` shows those that are proven',
          ],
        ]
      : []),
  ];
}

function frameworkLines({ frameworks }: ToldControl, options: TextOptions): string[] {
  const rows = frameworks.map(({ framework, id, title }): Cell[] => [
    dim(framework),
    escapeControl(id),
    escapeControl(title),
  ]);
  return tableLines(rows, { indent: 0 }, options);
}
