import {
  type Aliases,
  buildCommand,
  type Command,
  type CommandFunction,
  type FlagParametersForType,
} from '@stricli/core';
import { escapeControl } from '#base/escape.ts';
import type { CliContext } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { Refusal } from '../refusal.ts';

/** What a verb does, in a file of its own that is loaded when the verb is asked for. */
export type VerbRun<FLAGS> = (context: CliContext, flags: FLAGS, args: readonly string[]) => Promise<ExitCode>;

/** An interface has no index signature, so the framework's own `BaseFlags` would refuse it. */
type Flags<FLAGS> = Readonly<Partial<Record<keyof FLAGS, unknown>>>;

export interface VerbRules<FLAGS extends Flags<FLAGS>> {
  readonly name: string;
  readonly brief: string;
  /** What follows the name: `FROM TO [PORT[/PROTO]] [PATH...]`. */
  readonly usage: string;
  /** One sentence for each thing that a person has to know. */
  readonly about: readonly string[];
  /** Command lines without the program's name, and what they do. They work in the repository of Ringfence. */
  readonly examples: readonly (readonly [string, string])[];
  readonly flags: FlagParametersForType<FLAGS, CliContext>;
  readonly aliases: Aliases<keyof FLAGS & string>;
  /** How many arguments are needed, and how many may be given. */
  readonly arguments: readonly [number, number];
  readonly propose?: (this: CliContext, partial: string) => readonly string[] | Promise<readonly string[]>;
  readonly load: () => Promise<VerbRun<FLAGS>>;
}

/** A verb with what its help says. */
export interface Verb {
  readonly name: string;
  readonly brief: string;
  readonly usage: string;
  readonly about: readonly string[];
  readonly examples: readonly (readonly [string, string])[];
  readonly command: Command<CliContext>;
}

export function verb<FLAGS extends Flags<FLAGS>>(rules: VerbRules<FLAGS>): Verb {
  const { name, brief, usage, about, examples, flags, aliases } = rules;
  const command = buildCommand<FLAGS, string[], CliContext>({
    loader: async () => runnerOf(rules),
    parameters: {
      // The compiler cannot follow these through the generic; every call of `verb` is checked against `VerbRules`.
      flags: flags as never,
      aliases: aliases as never,
      positional: {
        kind: 'array',
        parameter: {
          brief: usage,
          parse: argument,
          placeholder: 'ARGUMENT',
          ...(rules.propose !== undefined && { proposeCompletions: rules.propose }),
        },
        maximum: rules.arguments[1],
      },
    },
    docs: { brief },
  });
  return { name, brief, usage, about, examples, command };
}

async function runnerOf<FLAGS extends Flags<FLAGS>>(
  rules: VerbRules<FLAGS>,
): Promise<CommandFunction<FLAGS, string[], CliContext>> {
  const run = await rules.load();
  return async function (this: CliContext, flags: FLAGS, ...args: string[]): Promise<void> {
    if (args.length < rules.arguments[0]) throw missing(this, rules);
    this.exitCode = await run(this, flags, args);
  };
}

function missing(context: CliContext, { name, usage, examples }: Pick<Verb, 'name' | 'usage' | 'examples'>): Refusal {
  const { program } = context.surroundings;
  const example = examples[0] === undefined ? '' : `, as in \`${program} ${examples[0][0]}\``;
  return new Refusal(`\`${name}\` needs ${usage.split(' [')[0]}${example}`, `usage: ${program} ${name} ${usage}`);
}

/** What begins with a dash and is no option known to this verb is a slip, never a file. `-` alone is standard input. */
function argument(input: string): string {
  if (input.startsWith('-') && input !== '-') {
    const shown = escapeControl(input);
    throw new Refusal(`\`${shown}\` is not an option of this verb`, `for a file of that name write \`./${shown}\``);
  }
  return input;
}
