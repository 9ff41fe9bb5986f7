import type { Paint } from '#report/paint.ts';
import { widthOf } from '#report/text/layout.ts';
import type { Verb } from './commands/verb.ts';

export interface HelpLook {
  readonly program: string;
  readonly paint: Paint;
  readonly width: number | undefined;
}

/** What `--help` prints without a verb. */
export function overviewText(verbs: readonly Verb[], look: HelpLook): string {
  const { program, paint } = look;
  const lines = [
    `${paint.strong('ringfence')}: who can reach whom in a Kubernetes cluster, and which rule in which line decides`,
    '',
    `usage: ${program} VERB [ARGUMENT...] [OPTION...]`,
    '',
    ...verbLines(verbs, look),
    paint.strong('what may be read'),
    ...rowsText(PATHS, look),
    '',
    paint.strong('exit codes'),
    ...rowsText(EXIT_CODES, look),
    '',
    `\`${program} VERB --help\` tells the options of a verb, with examples. \`${program} --version\` tells the version.`,
  ];
  return `${lines.join('\n')}\n`;
}

/** What `snapshot --help` prints: the verbs that begin with a word. */
export function groupText(group: string, verbs: readonly Verb[], look: HelpLook): string {
  const { program } = look;
  const lines = [`usage: ${program} ${group} VERB [ARGUMENT...] [OPTION...]`, '', ...verbLines(verbs, look)];
  return `${lines.join('\n')}\n\`${program} ${group} VERB --help\` tells the options of a verb, with examples.\n`;
}

function verbLines(verbs: readonly Verb[], look: HelpLook): string[] {
  return [
    look.paint.strong('verbs'),
    ...rowsText(
      verbs.map(({ name, brief }) => [name, brief] as const),
      look,
    ),
    '',
  ];
}

/** What `VERB --help` prints. */
export function verbText(verb: Verb, look: HelpLook): string {
  const { program, paint } = look;
  const lines = [
    `${paint.strong(verb.name)}: ${verb.brief}`,
    '',
    `usage: ${program} ${verb.name}${verb.usage === '' ? '' : ` ${verb.usage}`} [OPTION...]`,
    ...verb.about.flatMap((paragraph) => ['', ...wrapped(paragraph, 0, look)]),
    '',
    paint.strong('options'),
    ...rowsText([...optionRows(verb), ['-h, --help', 'print this'] as const], look),
    '',
    paint.strong('examples'),
    ...verb.examples.flatMap(([command, text]) => [
      `  ${paint.accent(`${program} ${command}`)}`,
      ...wrapped(text, 6, look),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

const PATHS = [
  ['PATH', 'a file, a folder, a glob in quotes, a snapshot; without any, the current folder'],
  ['-', 'standard input'],
  ['git:REV[:FOLDER]', 'the files of a git revision'],
  ['--context NAME', 'the live cluster of a kubeconfig context, through kubectl, read-only'],
] as const;

const EXIT_CODES = [
  ['0', 'answered, nothing to worry about, or yes'],
  ['1', 'answered, and you should care: denied, broken, different'],
  ['2', 'bad usage, or nothing that can be read'],
  ['3', 'answered, but incomplete: something is unknown or could not be read (--allow-unknown makes it 0)'],
  ['4', 'credentials are missing, or a source is out of reach'],
  ['70', 'a bug in ringfence'],
  ['130', 'interrupted'],
] as const;

function optionRows({ command }: Verb): (readonly [string, string])[] {
  const { flags = {}, aliases = {} } = command.parameters;
  const letters = new Map(Object.entries(aliases).map(([letter, name]) => [name, letter]));
  return Object.entries(flags)
    .filter(([, flag]) => !('hidden' in flag && flag.hidden === true))
    .map(([name, flag]) => {
      const letter = letters.get(name);
      const value = flag.kind === 'boolean' || flag.kind === 'counter' ? '' : ` ${flag.placeholder ?? 'VALUE'}`;
      return [`${letter === undefined ? '    ' : `-${letter}, `}--${kebab(name)}${value}`, flag.brief] as const;
    });
}

/** `podCidr` as `pod-cidr` */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function rowsText(rows: readonly (readonly [string, string])[], look: HelpLook): string[] {
  const left = Math.max(...rows.map(([name]) => widthOf(name)));
  return rows.flatMap(([name, text]) => {
    const [first = '', ...rest] = wrapped(text, left + 4, look).map((line) => line.trimStart());
    const indent = ' '.repeat(left + 4);
    return [
      `  ${look.paint.accent(name)}${' '.repeat(left - widthOf(name))}  ${first}`,
      ...rest.map((line) => indent + line),
    ];
  });
}

function wrapped(text: string, indent: number, { width }: HelpLook): string[] {
  const room = Math.max(40, Math.min(width ?? 100, 100) - indent);
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= room) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => ' '.repeat(indent) + line);
}
