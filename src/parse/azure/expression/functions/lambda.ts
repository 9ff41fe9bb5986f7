import type { FormTable } from '../builtin.ts';
import { derived, faulty } from '../results.ts';
import type { Call } from '../scope.ts';
import type { Expression } from '../syntax.ts';
import { shownText, textOf } from '../text.ts';
import { Entries, isOpen, type ListValue, list, object, scalar, type Value } from '../values.ts';

/** "Lambda functions for ARM templates". */
export const LAMBDA_FORMS: FormTable = {
  lambda: {
    least: 1,
    most: 10,
    run: (_args, call) => faulty(call.expression, call.frame, '`lambda` cannot stand here'),
  },
  lambdavariables: { least: 1, most: 1, run: lambdaVariable },
  map: { least: 2, most: 2, run: map },
  mapvalues: { least: 2, most: 2, run: mapValues },
  filter: { least: 2, most: 2, run: filter },
  reduce: { least: 3, most: 3, run: reduce },
  sort: { least: 2, most: 2, run: sort },
  toobject: { least: 2, most: 3, run: toObject },
  groupby: { least: 2, most: 2, run: groupBy },
};

interface Lambda {
  readonly names: readonly string[];
  readonly body: Expression;
}

function lambdaOf(expression: Expression | undefined): Lambda | undefined {
  if (expression?.kind !== 'call' || expression.name !== 'lambda') return undefined;
  const body = expression.args.at(-1);
  const names = expression.args.slice(0, -1);
  if (body === undefined || !names.every((name) => name.kind === 'text')) return undefined;
  return { names: names.map((name) => name.value.toLowerCase()), body };
}

function lambdaVariable(args: readonly Expression[], call: Call): Value {
  const [name] = args;
  const value = name?.kind === 'text' ? call.frame.lambdas.get(name.value.toLowerCase()) : undefined;
  return value ?? faulty(call.expression, call.frame, 'there is no lambda variable of this name here');
}

/** Values for the lambda's names; those that it does not name are left out. */
function applied({ names, body }: Lambda, values: readonly Value[], call: Call): Value {
  const lambdas = new Map(call.frame.lambdas);
  for (const [index, name] of names.entries()) {
    const value = values[index];
    if (value !== undefined) lambdas.set(name, value);
  }
  return call.evaluate(body, { ...call.frame, lambdas });
}

interface Looping {
  readonly input: ListValue;
  readonly lambda: Lambda;
}

/** The list and the lambda of a call, or what the call is where it has none. */
function loopingOf(args: readonly Expression[], call: Call): Looping | Value {
  const [first] = args;
  const lambda = lambdaOf(args.at(-1));
  if (first === undefined || lambda === undefined)
    return faulty(call.expression, call.frame, `\`${call.expression.name}\` takes a list and a lambda`);
  const input = call.evaluate(first, call.frame);
  if (isOpen(input)) return derived(call, [input]);
  if (input.kind === 'list') return { input, lambda };
  return faulty(call.expression, call.frame, `\`${call.expression.name}\` takes a list`);
}

function map(args: readonly Expression[], call: Call): Value {
  const looping = loopingOf(args, call);
  if ('kind' in looping) return looping;
  const { input, lambda } = looping;
  const items = input.items.map((item, index) => applied(lambda, [item, numberOf(index, call)], call));
  return list(items, call.frame.origin);
}

function numberOf(index: number, call: Call): Value {
  return scalar(index, call.frame.origin);
}

function mapValues(args: readonly Expression[], call: Call): Value {
  const lambda = lambdaOf(args[1]);
  const input = args[0] === undefined ? undefined : call.evaluate(args[0], call.frame);
  if (input !== undefined && isOpen(input)) return derived(call, [input]);
  if (input?.kind !== 'object' || lambda === undefined)
    return faulty(call.expression, call.frame, '`mapValues` takes an object and a lambda');
  const entries = new Map<string, Value>();
  for (const [key, value] of input.entries) entries.set(key, applied(lambda, [value], call));
  const mapped = object(entries, call.frame.origin, input.unlisted);
  return input.blurred === undefined ? mapped : { ...mapped, blurred: input.blurred };
}

function filter(args: readonly Expression[], call: Call): Value {
  const looping = loopingOf(args, call);
  if ('kind' in looping) return looping;
  const { input, lambda } = looping;
  const kept: Value[] = [];
  for (const [index, item] of input.items.entries()) {
    const holds = applied(lambda, [item, numberOf(index, call)], call);
    if (isOpen(holds)) return derived(call, [holds]);
    if (holds.kind === 'scalar' && holds.value === true) kept.push(item);
  }
  return list(kept, call.frame.origin);
}

function reduce(args: readonly Expression[], call: Call): Value {
  const [first, start] = args;
  const looping = loopingOf(args, call);
  if ('kind' in looping) return looping;
  if (first === undefined || start === undefined) return derived(call, []);
  let value = call.evaluate(start, call.frame);
  for (const [index, item] of looping.input.items.entries())
    value = applied(looping.lambda, [value, item, numberOf(index, call)], call);
  return value;
}

function sort(args: readonly Expression[], call: Call): Value {
  const looping = loopingOf(args, call);
  if ('kind' in looping) return looping;
  const { input, lambda } = looping;
  let unsettled: Value | undefined;
  const isBefore = (a: Value, b: Value): boolean => {
    const answer = applied(lambda, [a, b], call);
    if (isOpen(answer)) unsettled ??= answer;
    return answer.kind === 'scalar' && answer.value === true;
  };
  const sorted = [...input.items].sort((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
  return unsettled === undefined ? list(sorted, call.frame.origin) : derived(call, [unsettled]);
}

function toObject(args: readonly Expression[], call: Call): Value {
  const [input, keys, values] = args;
  const looping = loopingOf(
    [input, keys].filter((arg) => arg !== undefined),
    call,
  );
  if ('kind' in looping) return looping;
  const valueOf = values === undefined ? undefined : lambdaOf(values);
  const entries = new Entries<Value>();
  for (const item of looping.input.items) {
    const key = textOf(applied(looping.lambda, [item], call));
    if (key === undefined) return faulty(call.expression, call.frame, 'a key of `toObject` must be text');
    entries.set(shownText(key), valueOf === undefined ? item : applied(valueOf, [item], call));
  }
  return object(entries.map, call.frame.origin);
}

function groupBy(args: readonly Expression[], call: Call): Value {
  const looping = loopingOf(args, call);
  if ('kind' in looping) return looping;
  const groups = new Entries<Value[]>();
  for (const item of looping.input.items) {
    const key = applied(looping.lambda, [item], call);
    if (isOpen(key)) return derived(call, [key]);
    const name = textOf(key)?.join('');
    if (name === undefined) return faulty(call.expression, call.frame, 'a key of `groupBy` must be text');
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  const { origin } = call.frame;
  return object(new Map([...groups.map].map(([key, items]) => [key, list(items, origin)])), origin);
}
