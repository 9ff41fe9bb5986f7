import { FAMILIES, toldControls } from '#analysis/controls/told.ts';
import type { ToldControl } from '#model/scan.ts';
import { FRAMEWORKS } from '../src/data/frameworks/frameworks.ts';

/** A page of each control, and their list by family. */
export function controlPages(note: string): Map<string, string> {
  const controls = toldControls();
  const pages = new Map(controls.map((control) => [`docs/controls/${control.id}.md`, pageOf(control, note)]));
  return pages.set('docs/controls/README.md', listOf(controls, note));
}

function pageOf(control: ToldControl, note: string): string {
  const { id, title, family, severity, rationale, evidence, states, remedy, question, fix, frameworks } = control;
  const more = fix
    ? ' Findings may come with changes that close them; `ringfence scan --fix=diff` shows those that are proven.'
    : '';
  const parts = [
    `# ${id}: ${title}`,
    note,
    `*${severity}* · ${family} · [all controls](README.md)`,
    rationale,
    '## What is looked at',
    evidence,
    '## What it says',
    table(
      ['state', 'when'],
      states.map(({ state, when }) => [`\`${state}\``, when]),
    ),
    '## What to do',
    `${remedy}${more}`,
    ...(question === undefined ? [] : askedParts(id, question)),
    ...(frameworks.length === 0 ? [] : ['## Who asks for it', frameworkList(control)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function askedParts(id: string, question: string): string[] {
  return [
    '## What a person is asked',
    `${question} The answer stands in [\`ringfence.yaml\`](../configuration.md), with who gave it and when:`,
    `\`\`\`yaml\ncontrols:\n  answers:\n    ${id}: { answer: "yes", by: platform team, on: 2026-11-21 }\n\`\`\``,
  ];
}

/** One line for each framework, with its entries. */
function frameworkList({ frameworks }: ToldControl): string {
  return [...Map.groupBy(frameworks, ({ framework }) => framework)]
    .map(([framework, entries]) => {
      const { title, source } = FRAMEWORKS[framework];
      const name = source.startsWith('https:') ? `[${title}](${source})` : title;
      return `- ${name}: ${entries.map((entry) => `\`${entry.id}\` ${entry.title}`).join('; ')}`;
    })
    .join('\n');
}

function listOf(controls: readonly ToldControl[], note: string): string {
  const lines = [
    '# Controls',
    '',
    note,
    '',
    'What `ringfence scan` judges. Each control has one page: why it matters, what is looked at, when it passes and fails, what',
    'to do, and which frameworks ask for it. `ringfence controls ID` prints the same.',
  ];
  for (const [, family] of FAMILIES) {
    const members = controls.filter((control) => control.family === family);
    if (members.length === 0) continue;
    const rows = members.map(({ id, severity, title }) => [`[${id}](${id}.md)`, severity, title]);
    lines.push(
      '',
      `## ${family.charAt(0).toUpperCase()}${family.slice(1)}`,
      '',
      table(['control', 'severity', 'what holds'], rows),
    );
  }
  return `${lines.join('\n')}\n`;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [columns, columns.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  );
  return lines.join('\n');
}
