import { escapeControl } from '#base/escape.ts';
import { MAX_HEIGHT, MAX_TEXT, MAX_WEIGHT } from '../limits.ts';
import { BUILTINS, FORMS } from './builtins.ts';
import { isUncertain, memberOf } from './members.ts';
import { derived, faulty, refusal, tokenOf, unknown, whyOf, writtenOf } from './results.ts';
import type { Call, Frame } from './scope.ts';
import type { AccessExpression, CallExpression, Expression, Step } from './syntax.ts';
import { textOf } from './text.ts';
import { isNull, isOpen, isText, type Open, open, scalar, type Value, weightOf } from './values.ts';

/** What an expression is at one place. Never throws: what cannot be known is unsettled, what is wrong is reported too. */
export function evaluate(expression: Expression, frame: Frame): Value {
  const { meter } = frame.scope;
  if (!meter.enter())
    return tooMuch(expression, frame, 'the template takes too many steps, or refers too deep, to evaluate');
  const value = evaluateOne(expression, frame);
  meter.leave();
  return value;
}

function evaluateOne(expression: Expression, frame: Frame): Value {
  switch (expression.kind) {
    case 'text':
      return scalar(expression.value, frame.origin);
    case 'number':
      return scalar(expression.value, frame.origin);
    case 'call':
      return bounded(evaluateCall(expression, frame), expression, frame);
    case 'access':
      return evaluateAccess(expression, frame);
  }
}

function evaluateCall(expression: CallExpression, frame: Frame): Value {
  const call: Call = { expression, frame, evaluate };
  const form = FORMS.get(expression.name);
  if (form !== undefined) return wrongCount(call, form) ?? form.run(expression.args, call);
  const builtin = BUILTINS.get(expression.name);
  if (builtin !== undefined && wrongCount(call, builtin) !== undefined) return wrongCount(call, builtin)!;
  const args = expression.args.map((arg) => evaluate(arg, frame));
  if (builtin === undefined) return evaluateOther(call, args);
  if (!frame.scope.meter.spend(costOf(args, builtin.deep === true)))
    return tooMuch(expression, frame, 'the template takes too many steps to evaluate');
  if (builtin.opens !== true && args.some(isUncertain)) return derived(call, args);
  return builtin.run(args, call);
}

/** Functions of the template itself, and those that only Azure can answer. */
function evaluateOther(call: Call, args: readonly Value[]): Value {
  const { expression, frame } = call;
  const own = frame.scope.userFunction(expression.name);
  if (own !== undefined) return own.call(args);
  // `listKeys`, `listAccountSas` and whatever else a resource provider lists.
  if (/^list[a-z]+$/.test(expression.name)) return unknown(call, args, 'secret');
  return refusal(expression, frame, {
    code: 'RF5101',
    message: `\`${escapeControl(expression.name)}\` is not a function that Ringfence knows`,
    why: 'not-supported',
  });
}

interface Arity {
  readonly least: number;
  readonly most: number;
}

function wrongCount({ expression, frame }: Call, { least, most }: Arity): Open | undefined {
  const count = expression.args.length;
  if (count >= least && count <= most) return undefined;
  const wanted = least === most ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  return faulty(expression, frame, `\`${expression.name}\` takes ${wanted} arguments and has ${count}`);
}

function costOf(args: readonly Value[], deep: boolean): number {
  let cost = 0;
  for (const arg of args) {
    if (deep) cost += weightOf(arg);
    else if (arg.kind === 'list') cost += arg.items.length;
    else if (arg.kind === 'object') cost += arg.entries.size;
    if (isText(arg)) cost += arg.value.length >> 6;
  }
  return cost;
}

function bounded(value: Value, expression: Expression, frame: Frame): Value {
  const tooLarge =
    value.kind === 'list' || value.kind === 'object'
      ? value.weight > MAX_WEIGHT || value.height > MAX_HEIGHT
      : isText(value) && value.value.length > MAX_TEXT;
  return tooLarge ? tooMuch(expression, frame, 'the value grows past every size that Azure takes') : value;
}

function tooMuch(expression: Expression, frame: Frame, message: string): Open {
  return refusal(expression, frame, { code: 'RF5104', message, why: 'not-supported' });
}

function evaluateAccess(expression: AccessExpression, frame: Frame): Value {
  let value = evaluate(expression.target, frame);
  for (const step of expression.steps) {
    if (step.safe && isNull(value)) return value;
    const key = typeof step.key === 'string' ? scalar(step.key, frame.origin) : evaluate(step.key, frame);
    value = stepInto(value, key, { expression, step, frame });
  }
  return value;
}

interface Access {
  readonly expression: AccessExpression;
  readonly step: Step;
  readonly frame: Frame;
}

function stepInto(value: Value, key: Value, access: Access): Value {
  if (isOpen(value) || isOpen(key)) return openStep(value, key, access);
  const found = memberOf(value, key);
  if (found !== undefined) return found;
  if (value.kind === 'object' && value.unlisted !== undefined) return openStep(value.unlisted, key, access);
  if (access.step.safe) return scalar(null, access.frame.origin);
  return faulty(soFar(access), access.frame, missingText(value, key));
}

function openStep(value: Value, key: Value, access: Access): Open {
  return open({
    expression: writtenOf(soFar(access), access.frame),
    why: whyOf([value, key]) ?? 'made-by-azure',
    origin: access.frame.origin,
    token: isText(key) ? `${tokenOf(value)}.${key.value}` : `${tokenOf(value)}[${tokenOf(key)}]`,
  });
}

function soFar({ expression, step }: Access): Expression {
  return { ...expression, end: step.end };
}

function missingText(value: Value, key: Value): string {
  const shown = textOf(key)?.join('') ?? '';
  const name = `\`${escapeControl(shown.slice(0, 80))}\``;
  if (value.kind === 'list') return `the list has ${value.items.length} items, and none at ${name}`;
  if (value.kind === 'object') return `the object has no property ${name}`;
  return `${isNull(value) ? 'null' : 'a plain value'} has no property ${name}`;
}
