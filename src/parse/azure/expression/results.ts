import type { UnsettledWhy } from '#model/azure/value.ts';
import type { DiagnosticCode } from '#model/codes.ts';
import { uniqueText } from './hashes.ts';
import type { Call, Frame } from './scope.ts';
import type { CallExpression, Expression } from './syntax.ts';
import { type TextFacts, tokenOfText } from './text.ts';
import { isOpen, type ListValue, type ObjectValue, type Open, open, scalar, type Value, weightOf } from './values.ts';

/** A settled result of a call. */
export function result(value: string | number | boolean | null, call: Call): Value {
  return scalar(value, call.frame.origin);
}

/** The expression as it is written. */
export function writtenOf(expression: Expression, frame: Frame): string {
  return frame.text.slice(expression.start, expression.end);
}

/** A call whose result cannot be known because an argument is not: of one reason, the argument's. */
export function derived(call: Call, args: readonly Value[]): Open {
  const why = whyOf(args) ?? 'made-by-azure';
  return open({
    expression: writtenOf(call.expression, call.frame),
    why,
    origin: call.frame.origin,
    token: tokenOfCall(call.expression, args),
  });
}

/** A call whose result only Azure knows, or nobody. */
export function unknown(call: Call, args: readonly Value[], why: UnsettledWhy): Open {
  return open({
    expression: writtenOf(call.expression, call.frame),
    why: whyOf(args) === 'secret' ? 'secret' : why,
    origin: call.frame.origin,
    token: tokenOfCall(call.expression, args),
  });
}

/** An expression that Azure would refuse too. */
export function faulty(expression: Expression, frame: Frame, message: string): Open {
  return refusal(expression, frame, { code: 'RF5101', message, why: 'not-readable' });
}

export interface Refusal {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly why: UnsettledWhy;
}

export function refusal(expression: Expression, frame: Frame, { code, message, why }: Refusal): Open {
  frame.scope.report({ code, message, origin: frame.origin });
  return open({ expression: writtenOf(expression, frame), why, origin: frame.origin });
}

/** What the text that a call makes is told by. */
export function factsOf(call: Call, args: readonly Value[]): TextFacts {
  const from = args.find(isOpen);
  return {
    expression: writtenOf(call.expression, call.frame),
    origin: call.frame.origin,
    from: from === undefined ? derived(call, args) : { ...from, why: whyOf(args) ?? from.why },
  };
}

/** The reason that counts: a secret makes all that is made of it secret. Otherwise the first. */
export function whyOf(args: readonly Value[]): UnsettledWhy | undefined {
  let first: UnsettledWhy | undefined;
  for (const arg of args) {
    const why = isOpen(arg) ? arg.why : hiddenWhy(arg);
    if (why === 'secret') return why;
    first ??= why;
  }
  return first;
}

/** The reason of the first unsettled part of a list or object, unless it is large. */
function hiddenWhy(value: Value): UnsettledWhy | undefined {
  if (weightOf(value) > HEAVY) return undefined;
  if (value.kind === 'list') return whyOf(value.items);
  return value.kind === 'object' ? whyOf([...value.entries.values()]) : undefined;
}

const LONG_TOKEN = 160;
const HEAVY = 200;

/** Equal for equal functions of equal arguments. */
export function tokenOfCall(call: CallExpression, args: readonly Value[]): string {
  const full = `${call.name}(${args.map(tokenOf).join(', ')})`;
  return full.length <= LONG_TOKEN ? full : `${call.name}(${uniqueText(full)})`;
}

export function tokenOf(value: Value): string {
  if (isOpen(value)) return tokenOfOpen(value);
  if (value.kind === 'scalar') return typeof value.value === 'string' ? `'${value.value}'` : String(value.value);
  const { file, line, column } = value.origin;
  // Beyond this size the place tells values apart, and equal ones may get different tokens: that is allowed.
  const told = weightOf(value) > HEAVY ? `${file}:${line}:${column}` : contentsOf(value);
  return `${value.kind}(${uniqueText(told)})`;
}

function tokenOfOpen({ parts }: Open): string {
  const [first] = parts;
  return parts.length === 1 && typeof first !== 'string' && first !== undefined ? first.token : tokenOfText(parts);
}

function contentsOf(value: ListValue | ObjectValue): string {
  if (value.kind === 'list') return value.items.map(tokenOf).join(', ');
  return [...value.entries].map(([key, entry]) => `${key}: ${tokenOf(entry)}`).join(', ');
}
