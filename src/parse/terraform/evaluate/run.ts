import type { AzureValue } from '#model/azure/value.ts';
import { CODES, type DiagnosticCode } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Origin } from '#model/origin.ts';
import type { SourceText } from '../../text/node.ts';
import { codeFrame, originAt } from '../../text/positions.ts';
import { type Expression, type Placed, type Step, textOf } from '../hcl/syntax.ts';
import { withoutSecretFrame } from '../secrets.ts';
import { failure, unsettled } from '../values.ts';

/** One evaluation of all that is in the input: what it may still spend, and what it found wrong. */
export interface Run {
  readonly files: ReadonlyMap<string, SourceText>;
  readonly diagnostics: Diagnostic[];
  /** Messages already given, so that each is given once. */
  readonly told: Set<string>;
  /** Steps left; at zero everything else is unsettled. */
  budget: number;
  depth: number;
}

/** What names mean where an expression stands. */
export interface Scope {
  readonly run: Run;
  /** `each`, `count`, iterators of dynamic blocks, variables of `for`. */
  readonly names: ReadonlyMap<string, AzureValue>;
  /** The folder of the module, as `path.module` gives it. */
  readonly folder: string;
  /** The folder of the root module, where Terraform runs. */
  readonly rootFolder: string;
  /** `var`, `local`, `module`, `data` and resources. */
  readonly lookUp: (reference: Reference) => Found | undefined;
}

export interface Reference {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly at: Placed;
  readonly scope: Scope;
}

export interface Found {
  readonly value: AzureValue;
  /** How many of the steps the value stands for. */
  readonly used: number;
}

const MOST_STEPS = 3_000_000;
/** Values in the middle of being computed; each takes some frames of the stack. */
const DEEPEST = 600;

export function newRun(files: ReadonlyMap<string, SourceText>): Run {
  return { files, diagnostics: [], told: new Set(), budget: MOST_STEPS, depth: 0 };
}

/** Pays for work ahead; false once there is nothing left to pay with. */
export function spend({ run }: { readonly run: Run }, steps: number): boolean {
  run.budget -= steps;
  return run.budget > 0;
}

/** Computes one level deeper, or tells that it is too deep. */
export function descend(run: Run, at: Placed, compute: () => AzureValue): AzureValue {
  run.budget--;
  if (run.depth >= DEEPEST || run.budget <= 0) {
    const message = 'the configuration is too large or too deep to evaluate; what is left of it is unknown';
    tell(run, { code: 'RF5203', message, ...(run.budget > 0 ? { at } : {}) });
    return unsettled(textOf(at), 'not-supported', originOf(at));
  }
  run.depth++;
  const value = compute();
  run.depth--;
  return value;
}

/** A value that is computed when it is first asked for. One that needs itself is a failure. */
export function lazily(run: Run, at: Placed, compute: () => AzureValue): () => AzureValue {
  let value: AzureValue | undefined;
  let running = false;
  return () => {
    if (value !== undefined) return value;
    if (running) {
      tell(run, { code: 'RF5203', at, message: 'the value refers to itself; what depends on it is unknown' });
      return failure(textOf(at), originOf(at));
    }
    running = true;
    value = descend(run, at, compute);
    running = false;
    return value;
  };
}

export interface Told {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly at?: Placed;
  readonly help?: string;
}

const MOST_TOLD = 500;

/** Reports each message once. */
export function tell(run: Run, { code, message, at, help }: Told): void {
  const key = `${code} ${message} ${at?.source.file ?? ''} ${at?.start ?? ''}`;
  if (run.told.has(key) || run.told.size >= MOST_TOLD) return;
  run.told.add(key);
  const place = at && { origin: originOf(at), frame: codeFrame(at.source, at.start) };
  run.diagnostics.push(
    withoutSecretFrame({ code, severity: CODES[code].severity, message, help: help ?? CODES[code].fix, ...place }),
  );
}

export function originOf({ source, start }: Placed): Origin {
  return originAt(source, start);
}

/** Of an expression that cannot be computed because of one of its parts. */
export function because(part: AzureValue, at: Expression): AzureValue {
  if (part.kind !== 'unsettled') return part;
  const whole = unsettled(textOf(at), part.why, originOf(at));
  return 'failed' in part ? failure(whole.expression, whole.origin) : whole;
}
