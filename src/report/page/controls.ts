import type { ControlsAnswer, ToldControl } from '#model/scan.ts';
import { count } from '../words.ts';
import { type Block, code, type Page, type Run } from './page.ts';

/** One control in full, or a table of several for each family. */
export function controlsPage({ controls }: ControlsAnswer): Page {
  const [first, ...others] = controls;
  if (first !== undefined && others.length === 0) return controlPage(first);
  const blocks = [...Map.groupBy(controls, ({ family }) => family)].flatMap(([family, members]): Block[] => [
    { kind: 'heading', text: family },
    {
      kind: 'table',
      columns: ['control', 'severity', 'what holds'],
      rows: members.map(({ id, severity, title }): readonly Run[] => [[code(id)], [severity], [title]]),
    },
  ]);
  return { title: 'Controls', summary: [count(controls.length, 'control')], blocks };
}

/** What documentation says of a control too. */
export function controlPage(control: ToldControl): Page {
  const { id, family, severity, title, rationale, question } = control;
  return {
    title: `${id}: ${title}`,
    summary: [{ kind: 'strong', text: severity }, `, ${family}`],
    blocks: [
      { kind: 'paragraph', run: [rationale] },
      { kind: 'heading', text: 'What is looked at' },
      { kind: 'paragraph', run: [control.evidence] },
      ...statesBlocks(control),
      { kind: 'heading', text: 'What to do' },
      { kind: 'paragraph', run: [control.remedy, ...fixRun(control)] },
      ...(question === undefined ? [] : questionBlocks(id, question)),
      ...frameworkBlocks(control),
    ],
  };
}

function statesBlocks({ states }: ToldControl): Block[] {
  const rows = states.map(({ state, when }): readonly Run[] => [[code(state)], [when]]);
  return [
    { kind: 'heading', text: 'What it says' },
    { kind: 'table', columns: ['state', 'when'], rows },
  ];
}

function fixRun({ fix }: ToldControl): Run {
  return fix
    ? [' Findings may come with changes that close them; ', code('scan --fix=diff'), ' shows those that are proven.']
    : [];
}

function questionBlocks(id: string, question: string): Block[] {
  return [
    { kind: 'heading', text: 'What a person is asked' },
    { kind: 'paragraph', run: [question, ' The answer is kept in ', code('ringfence.yaml'), ':'] },
    {
      kind: 'code',
      text: `controls:\n  answers:\n    ${id}: { answer: yes, by: name, on: 2026-11-21 }`,
    },
  ];
}

function frameworkBlocks({ frameworks }: ToldControl): Block[] {
  if (frameworks.length === 0) return [];
  const rows = frameworks.map(({ framework, id, title }): readonly Run[] => [[code(framework)], [code(id)], [title]]);
  return [
    { kind: 'heading', text: 'Who asks for it' },
    { kind: 'table', columns: ['framework', 'entry', 'in our words'], rows },
  ];
}
