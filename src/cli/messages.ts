import {
  type ApplicationText,
  ArgumentParseError,
  ArgumentScannerError,
  formatMessageForArgumentScannerError,
  text_en,
} from '@stricli/core';
import { escapeControl } from '#base/escape.ts';
import type { Surroundings } from './context.ts';
import { EXIT } from './exit.ts';
import { kebab } from './help.ts';
import { didYouMean, Refusal } from './refusal.ts';
import { VERSION } from './version.ts';

/** Every message of the command line in one form: `error: …`, and `hint: …` where something helps. */
export function messagesFor(surroundings: Surroundings): ApplicationText {
  const { program } = surroundings;
  return {
    ...text_en,
    noCommandRegisteredForInput: ({ input, corrections }) => {
      const shown = escapeControl(input);
      if (input.startsWith('-')) {
        return said(surroundings, `\`${shown}\` comes before the verb`, `options follow it: ${program} VERB ${shown}`);
      }
      const near = didYouMean(corrections.map((correction) => correction.replaceAll('`', '')));
      const hint = `${near === '' ? '' : `${near} `}\`${program} --help\` lists the verbs`;
      return said(surroundings, `\`${shown}\` is not a verb`, hint);
    },
    exceptionWhileParsingArguments: (error) => argumentText(surroundings, error),
    exceptionWhileRunningCommand: (error) => errorText(surroundings, error),
    exceptionWhileLoadingCommandFunction: (error) => errorText(surroundings, error),
    exceptionWhileLoadingCommandContext: (error) => errorText(surroundings, error),
    exceptionWhileRunningIntegrationFlag: ({ exception }) => errorText(surroundings, exception),
    exceptionWhileRunningIntegrationHook: ({ exception }) => errorText(surroundings, exception),
    commandErrorResult: (error) => errorText(surroundings, error),
  };
}

/** What stopped the run, for people. Without a final line end. */
export function errorText(surroundings: Surroundings, error: unknown): string {
  return error instanceof Refusal ? said(surroundings, error.message, error.hint) : bugText(surroundings, error);
}

export function exitCodeOfError(error: unknown): number {
  return error instanceof Refusal ? error.exitCode : EXIT.bug;
}

function said({ err, environment }: Surroundings, message: string, hint?: string): string {
  const paint = err.paint('auto', environment);
  const head = `${paint.strong(paint.bad('error'))}: ${message}`;
  return hint === undefined ? head : `${head}\n${paint.dim('hint')}: ${hint}`;
}

/** Calm, with all that a report needs and nothing of the input. */
function bugText(surroundings: Surroundings, error: unknown): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = what
    .split('\n')
    .slice(0, STACK_LINES)
    .map((line) => `  ${escapeControl(line)}`);
  const hint = 'please report it with the lines above and, if you can, the input that shows it';
  const facts = `  ringfence ${VERSION}, node ${process.version}, ${process.platform} ${process.arch}`;
  const head = said(surroundings, 'this is a bug in ringfence (RF9001); your input is not at fault');
  return [head, ...lines, facts, said(surroundings, '', hint).split('\n')[1]].join('\n');
}

const STACK_LINES = 12;

function argumentText(surroundings: Surroundings, error: unknown): string {
  if (error instanceof ArgumentParseError && error.exception instanceof Refusal)
    return errorText(surroundings, error.exception);
  if (!(error instanceof ArgumentScannerError)) return errorText(surroundings, error);
  const { program } = surroundings;
  const [message = '', hint] = formatMessageForArgumentScannerError(error, {
    FlagNotFoundError: ({ input, corrections }) =>
      `\`--${input}\` is not an option here\n${didYouMean(corrections.map((name) => `--${kebab(name)}`))}`,
    AliasNotFoundError: ({ input }) => `\`-${input}\` is not an option here`,
    EnumValidationError: ({ externalFlagName, input, values }) =>
      `\`${input}\` is not a value of --${externalFlagName}\nit takes ${values.map((value) => `\`${value}\``).join(', ')}`,
    UnsatisfiedFlagError: ({ externalFlagName }) => `--${externalFlagName} needs a value`,
    UnexpectedFlagError: ({ externalFlagName, previousInput, input }) =>
      `--${externalFlagName} is given twice: \`${previousInput}\` and \`${input}\``,
    UnexpectedPositionalError: ({ expectedCount, input }) =>
      expectedCount === 0
        ? `this verb takes no arguments, and \`${input}\` is one`
        : `\`${input}\` is one argument too many`,
    InvalidNegatedFlagSyntaxError: ({ externalFlagName }) => `--${externalFlagName} takes no value`,
    ArgumentParseError: ({ externalFlagNameOrPlaceholder, input }) =>
      `\`${input}\` is not a value of ${externalFlagNameOrPlaceholder}`,
  })
    .split('\n')
    .map(escapeControl);
  return said(
    surroundings,
    message,
    hint === undefined || hint === '' ? `\`${program} VERB --help\` lists the options` : hint,
  );
}
