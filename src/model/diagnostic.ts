import type { DiagnosticCode } from './codes.ts';
import type { Origin } from './origin.ts';

export type Severity = 'error' | 'warning' | 'info';

/**
 * What is wrong with the input, or what the reader must know to trust the answer. Never thrown. Messages start lower
 * case, end without a full stop and quote user text in backticks; control characters of user text are already escaped.
 */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  readonly help?: string;
  readonly origin?: Origin;
  /** The lines around the origin with a marker, ready to print. */
  readonly frame?: string;
  /** The object it is about, as `NetworkPolicy shop/web`. */
  readonly object?: string;
}
