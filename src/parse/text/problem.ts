import { CODES, type DiagnosticCode } from '#model/codes.ts';
import type { Diagnostic, Severity } from '#model/diagnostic.ts';
import { guardedFrame } from './guarded-frame.ts';
import type { SourceText } from './node.ts';
import { originAt } from './positions.ts';

/** A diagnostic before its line, column and frame are worked out, which costs time that most problems never need. */
export interface Problem {
  readonly code: DiagnosticCode;
  readonly message: string;
  /** Offset into the source's text. */
  readonly offset: number;
  /** How many characters the frame marks; 1 unless given. */
  readonly length?: number;
  /** Unless given, that of the code. */
  readonly severity?: Severity;
  readonly help?: string;
}

export function diagnosticOf(source: SourceText, problem: Problem): Diagnostic {
  return {
    code: problem.code,
    severity: problem.severity ?? CODES[problem.code].severity,
    message: problem.message,
    ...(problem.help === undefined ? {} : { help: problem.help }),
    origin: originAt(source, problem.offset),
    frame: guardedFrame(source, problem.offset, problem.length ?? 1),
  };
}
