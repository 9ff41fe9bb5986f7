import { buildApplication, type Command, run } from '@stricli/core';
import type { Verb } from '#cli/commands/verb.ts';
import type { CliContext } from '#cli/context.ts';
import { fencesOf } from './docs-files.ts';
import { VERB_PAGES } from './docs-usage.ts';

export interface DocumentedCommand {
  readonly line: string;
  readonly args: readonly string[];
}

/** Where a command begins: at the start of a line, behind a prompt, a pipe, or the `run:` of a pipeline. */
const BEGIN = /^(?:\s*-? ?(?:run|script): |\$ |.* \| )?(?:ringfence|npm start --)(?: |$)(.*)$/;

/** Every command line of Ringfence in the fenced blocks of a page. */
export function commandsOf(text: string): DocumentedCommand[] {
  const commands: DocumentedCommand[] = [];
  for (const { lines, language } of fencesOf(text)) {
    if (language === 'ts' || language === 'json' || language === 'text') continue;
    for (const line of lines) {
      const match = BEGIN.exec(line);
      if (match !== null) commands.push({ line, args: argumentsOf(match[1] ?? '') });
    }
  }
  return commands;
}

/** As a shell cuts them, up to a pipe, a redirection or a comment. */
function argumentsOf(text: string): string[] {
  const args: string[] = [];
  for (const [, single, double, plain] of text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)) {
    if (plain !== undefined && /^(?:\||>>?|#|&&)/.test(plain)) break;
    args.push(single ?? double ?? plain ?? '');
  }
  return args;
}

/** What is wrong with a command, or undefined where it is one. Nothing is run. */
export async function faultOf(args: readonly string[]): Promise<string | undefined> {
  const [first = ''] = args;
  if (first === '' || first === '--version' || first === '--help') return undefined;
  const verbs = VERB_PAGES[first];
  if (verbs === undefined) return `no verb \`${first}\``;
  const [only] = verbs;
  const verb = verbs.length === 1 ? only : verbs.find(({ name }) => name === `${first} ${args[1]}`);
  if (verb === undefined) return `no verb \`${first} ${args[1]}\``;
  return faultOfVerb(verb, args.slice(verb.name.split(' ').length));
}

async function faultOfVerb(verb: Verb, args: readonly string[]): Promise<string | undefined> {
  let said = '';
  let ran = false;
  const stream = {
    write: (text: string) => {
      said += text;
    },
  };
  const command: Command<CliContext> = {
    ...verb.command,
    loader: async () => () => {
      ran = true;
    },
  };
  const application = buildApplication(command, {
    name: 'ringfence',
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
  });
  const needed = verb.usage.split(' ').filter((word) => /^[A-Z]+$/.test(word)).length;
  const process = { stdout: stream, stderr: stream, env: {} };
  // The verb does not run, so nothing but the streams is used of its context.
  await run(application, [...args], { process } as never).catch((error: unknown) => {
    said += String(error);
  });
  if (!ran) return said.trim() || 'it does not parse';
  return args.filter((arg) => !arg.startsWith('-')).length < needed ? `it needs ${verb.usage}` : undefined;
}
