import { VERBS } from '#cli/app.ts';
import type { Verb } from '#cli/commands/verb.ts';
import { kebab } from '#cli/help.ts';

/** The verbs by the page that they share: `snapshot take` and `snapshot list` are on that of `snapshot`. */
export const VERB_PAGES: Readonly<Partial<Record<string, readonly Verb[]>>> = Object.groupBy(
  VERBS,
  ({ name }) => name.split(' ')[0] ?? name,
);

/** Usage, options and examples of a verb's page, from what `--help` prints. */
export function usageText(page: string): string {
  const verbs = VERB_PAGES[page];
  if (verbs === undefined) throw new Error(`no verb called ${page}`);
  return verbs
    .map((verb) => (verbs.length === 1 ? verbText(verb) : `## ${verb.name}\n\n${verbText(verb)}`))
    .join('\n\n');
}

function verbText({ brief, name, usage, about, examples, command }: Verb): string {
  const rows = optionRows(command.parameters);
  const options = rows.length === 0 ? [] : [['| option | |', '| --- | --- |', ...rows].join('\n')];
  const lines = examples.map(([line, what]) => [`# ${what}`, `ringfence ${line}`].join('\n'));
  return [
    `${brief[0]?.toUpperCase()}${brief.slice(1)}.`,
    fence(
      ['ringfence', name, usage, rows.length === 0 ? '' : '[OPTION...]'].filter((part) => part !== '').join(' '),
      'text',
    ),
    ...about,
    ...options,
    fence(lines.join('\n'), ''),
  ].join('\n\n');
}

function optionRows({ flags = {}, aliases = {} }: Verb['command']['parameters']): string[] {
  const letters = new Map(Object.entries(aliases).map(([letter, name]) => [name, letter]));
  return Object.entries(flags).map(([name, flag]) => {
    const letter = letters.get(name);
    const value = flag.kind === 'boolean' || flag.kind === 'counter' ? '' : ` ${flag.placeholder ?? 'VALUE'}`;
    return `| \`${letter === undefined ? '' : `-${letter}, `}--${kebab(name)}${value}\` | ${flag.brief} |`;
  });
}

function fence(text: string, language: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
