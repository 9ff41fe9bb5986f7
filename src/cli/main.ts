import { basename } from 'node:path';
import type { CliContext, Surroundings } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { Output } from './output.ts';
import { SILENT } from './progress.ts';
import { VERSION } from './version.ts';

/** Runs one command line and sets the exit code of the process. Never throws. */
export async function main(args: readonly string[]): Promise<void> {
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  const surroundings = surroundingsOf();
  process.exitCode = await runIn(surroundings, args);
}

async function runIn(surroundings: Surroundings, args: readonly string[]): Promise<ExitCode> {
  try {
    if (args[0] === '__complete') {
      const { complete } = await import('./complete.ts');
      return await complete(surroundings, args.slice(1));
    }
    return await runVerb(surroundings, args);
  } catch (error) {
    const { errorText } = await import('./messages.ts');
    surroundings.err.say(`${errorText(surroundings, error)}\n`);
    return EXIT.bug;
  }
}

async function runVerb(surroundings: Surroundings, args: readonly string[]): Promise<ExitCode> {
  const [{ run }, { applicationFor }] = await Promise.all([import('@stricli/core'), import('./app.ts')]);
  const context = contextOf(surroundings);
  await run(applicationFor(surroundings), normalized(args), context);
  return exitCodeOf(context);
}

function contextOf(surroundings: Surroundings): CliContext {
  const { out, err, environment } = surroundings;
  const context: CliContext = {
    process: {
      stdout: { write: (text) => out.say(text) },
      stderr: {
        write: (text) => {
          context.progress.end();
          err.say(text);
        },
      },
      env: environment,
    },
    surroundings,
    exitCode: EXIT.ok,
    progress: SILENT,
  };
  return context;
}

/** The framework's own codes are negative; ours are those of the verb, or of what stopped it (see `exitCodeOfError`). */
function exitCodeOf({ process: { exitCode }, exitCode: answered }: CliContext): ExitCode {
  const code = Number(exitCode ?? 0);
  if (code === 0) return answered;
  if (code === UNKNOWN_COMMAND || code === INVALID_ARGUMENT) return EXIT.usage;
  return Object.values(EXIT).find((known) => known === code) ?? EXIT.bug;
}

const UNKNOWN_COMMAND = -5;
const INVALID_ARGUMENT = -4;

/**
 * `help VERB` as `VERB --help`, and a letter with its value attached, as `-ojson`, in two words: the framework would take
 * that for five letters.
 */
function normalized(args: readonly string[]): string[] {
  if (args[0] === 'help') return [...args.slice(1), '--help'];
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  const rest = end < 0 ? [] : args.slice(end);
  const split = options.flatMap((arg) => (/^-[on][^=]/.test(arg) ? [arg.slice(0, 2), arg.slice(2)] : [arg]));
  // The framework would take what follows an option for its value.
  return [...split.map((arg) => (arg === '--fix' ? '--fix=write' : arg)), ...rest];
}

function surroundingsOf(): Surroundings {
  return {
    out: new Output(process.stdout),
    err: new Output(process.stderr),
    environment: process.env,
    folder: process.cwd(),
    program: basename(process.argv[1] ?? '').startsWith('kubectl-') ? 'kubectl ringfence' : 'ringfence',
  };
}
