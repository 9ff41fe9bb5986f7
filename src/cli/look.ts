import type { Diagnostic } from '#model/diagnostic.ts';
import type { Paint } from '#report/paint.ts';
import { diagnosticsSummary, diagnosticsText } from '#report/text/diagnostics.ts';
import type { CliContext } from './context.ts';
import type { LookFlags } from './flags.ts';

/** What of the diagnostics a person sees unasked; the rest is counted in one line. */
export type Attention = 'everything' | 'warnings' | 'errors';

interface Look {
  readonly context: CliContext;
  readonly flags: Pick<LookFlags, 'color' | 'quiet' | 'verbose'>;
}

/** Prints diagnostics on standard error. `-q` leaves errors only, `-v` shows every one. */
export function sayDiagnostics(
  look: Look,
  diagnostics: readonly Diagnostic[],
  attention: Attention = 'everything',
): void {
  const { err } = look.context.surroundings;
  const options = { paint: paintOf(look), width: err.width, verbose: look.flags.verbose === true };
  const shown = diagnostics.filter(({ severity }) => isShown(severity, look.flags, attention));
  let text = '';
  for (const piece of diagnosticsText(shown, options)) text += piece;
  if (text === '') return;
  look.context.progress.end();
  err.say(`${text}\n`);
}

/** Counts in one line what `sayDiagnostics` did not show. */
export function sayHidden(look: Look, diagnostics: readonly Diagnostic[], attention: Attention): void {
  const hidden = diagnostics.filter(({ severity }) => !isShown(severity, look.flags, attention));
  if (hidden.length === 0 || look.flags.quiet === true) return;
  const text = `${diagnosticsSummary(hidden)} about the input not shown; --verbose shows them`;
  look.context.surroundings.err.say(`${paintOf(look).dim(text)}\n`);
}

function paintOf({ context: { surroundings }, flags }: Look): Paint {
  return surroundings.err.paint(flags.color ?? 'auto', surroundings.environment);
}

function isShown(
  severity: Diagnostic['severity'],
  flags: Pick<LookFlags, 'quiet' | 'verbose'>,
  attention: Attention,
): boolean {
  if (flags.quiet === true) return severity === 'error';
  if (flags.verbose === true || attention === 'everything') return true;
  return severity === 'error' || (severity === 'warning' && attention === 'warnings');
}
