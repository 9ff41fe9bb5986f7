import { CODES, type CodeEntry, type DiagnosticCode } from '#model/codes.ts';
import { apiPages } from './docs-apis.ts';
import { controlPages } from './docs-controls.ts';
import { type CodeExample, codeExamples, type InputExample, saidOf } from './docs-examples.ts';
import { fieldsPage } from './docs-fields.ts';

const NOTE = '<!-- Written by scripts/docs.ts: edit what it is made from. -->';

/** Every page of docs/ that is made from the code, by path. */
export function generatedPages(): Map<string, string> {
  const pages = new Map<string, string>();
  const examples = codeExamples();
  for (const code of codes()) pages.set(`docs/diagnostics/${code}.md`, codePage(code, examples.get(code)));
  pages.set('docs/diagnostics/README.md', codeIndex());
  pages.set('docs/fields.md', fieldsPage(NOTE));
  for (const [path, text] of [...apiPages(), ...controlPages(NOTE)]) pages.set(path, text);
  return pages;
}

export function codes(): DiagnosticCode[] {
  return (Object.keys(CODES) as DiagnosticCode[]).sort();
}

// ---------------------------------------------------------------- diagnostics

const GROUPS: Readonly<Record<string, string>> = {
  RF1: 'Bytes and syntax',
  RF2: 'Objects that an API server would refuse',
  RF3: 'Objects that do not do what they seem to',
  RF4: 'The environment, and what was assumed of it',
  RF5: 'Invariants, questions and cloud documents',
  RF9: 'Ringfence itself',
};

function codePage(code: DiagnosticCode, example: CodeExample | undefined): string {
  const { severity, title, why, fix }: CodeEntry = CODES[code];
  const group = GROUPS[code.slice(0, 3)];
  const parts = [
    `# ${code}: ${title}`,
    NOTE,
    `*${severity}* · ${group} · [all codes](README.md)`,
    why,
    '## What to do',
    fix,
    '## Example',
    ...(example === undefined ? [] : exampleParts(code, example)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function exampleParts(code: DiagnosticCode, example: CodeExample): string[] {
  if (example.kind === 'input') return inputParts(code, example);
  const sketch = example.sketch === undefined ? [] : [fence('console', example.sketch)];
  return [`It takes ${example.reason}.`, ...sketch];
}

function inputParts(code: DiagnosticCode, example: InputExample): string[] {
  const said = saidOf(example).find((each) => each.code === code);
  const under = example.engine === undefined ? '' : ` with \`--engine ${example.engine}\``;
  const help = said?.help === undefined || said.help === CODES[code].fix ? '' : `\n  help: ${said.help}`;
  const lines = said === undefined ? '' : `${said.message}${help}`;
  return [fence('yaml', example.shown), `gives${under}`, fence('text', lines)];
}

function codeIndex(): string {
  const lines = ['# Diagnostic codes', '', NOTE, ''];
  lines.push(
    'Ringfence reads everything that it can and says what it could not, or what you must know to trust the answer. Every',
    'such message has a code. `ringfence explain CODE` prints the same text. A code never changes its meaning.',
    '',
    '- An **error** means that something took no part in the answer.',
    '- A **warning** means that something may not do what it seems to.',
    '- An **info** says what was assumed.',
  );
  for (const [prefix, title] of Object.entries(GROUPS)) {
    lines.push('', `## ${title}`, '', '| code | severity | what |', '| --- | --- | --- |');
    for (const code of codes()) {
      if (!code.startsWith(prefix)) continue;
      lines.push(`| [${code}](${code}.md) | ${CODES[code].severity} | ${CODES[code].title} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}
