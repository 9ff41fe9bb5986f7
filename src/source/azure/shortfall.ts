import { escapeControl } from '#base/escape.ts';
import { CODES, type DiagnosticCode } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { ArmFailure } from './arm.ts';

/** A part of Azure that is missing from a live read. */
export interface Shortfall {
  readonly why: ArmFailure | 'truncated' | 'invisible';
  /** What is missing, ready to print: `resources of subscription ...`. */
  readonly what: string;
  /** What Azure said, without secrets. */
  readonly said: string;
  /** Whether verdicts about traffic depend on it. */
  readonly decides: boolean;
}

/** Every missing part once. What only controls look at makes no answer about traffic incomplete. */
export function shortfallDiagnostics(shortfalls: readonly Shortfall[]): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const shortfall of shortfalls) {
    const diagnostic = diagnosticOf(shortfall);
    found.set(diagnostic.message, diagnostic);
  }
  return [...found.values()];
}

function diagnosticOf({ why, what, said, decides }: Shortfall): Diagnostic {
  const { code, verb } = WORDS[why];
  const because = said === '' ? '' : `: ${said}`;
  return {
    code,
    severity: decides ? CODES[code].severity : 'warning',
    message: `${what} ${verb}${because}`,
    help: CODES[code].fix,
    origin: { file: LIVE, line: 1, column: 1 },
  };
}

/** How a live read is called where a file would be named. */
export const LIVE = 'azure';

const WORDS: Readonly<Record<Shortfall['why'], { readonly code: DiagnosticCode; readonly verb: string }>> = {
  denied: { code: 'RF5121', verb: 'may not be read' },
  invisible: { code: 'RF5121', verb: 'cannot be seen with these credentials' },
  'signed-out': { code: 'RF5122', verb: 'cannot be read: the sign-in is not taken any more' },
  absent: { code: 'RF5122', verb: 'cannot be read' },
  refused: { code: 'RF5122', verb: 'cannot be read' },
  throttled: { code: 'RF5122', verb: 'cannot be read: Azure asks for fewer requests' },
  failed: { code: 'RF5122', verb: 'cannot be read' },
  nonsense: { code: 'RF5122', verb: 'cannot be read' },
  truncated: { code: 'RF5123', verb: 'are not complete' },
};

/** A name from outside, in backticks. */
export function named(text: string): string {
  return `\`${escapeControl(text.length > 200 ? `${text.slice(0, 200)}…` : text)}\``;
}
