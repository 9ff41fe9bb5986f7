import { ANY, type BuiltinTable, type FormTable } from '../builtin.ts';
import { sameValue } from '../equality.ts';
import { derived, faulty, result } from '../results.ts';
import type { Call } from '../scope.ts';
import type { Expression } from '../syntax.ts';
import { isNumber, isOpen, isText, type ObjectValue, type Open, object, open, type Value } from '../values.ts';

/** "Logical functions for ARM templates". */
export const LOGICAL_FUNCTIONS: BuiltinTable = {
  true: { least: 0, most: 0, run: (_args, call) => result(true, call) },
  false: { least: 0, most: 0, run: (_args, call) => result(false, call) },
  not: { least: 1, most: 1, run: not },
  bool: { least: 1, most: 1, run: bool },
};

/** Those that stop as soon as the answer is known. */
export const LOGICAL_FORMS: FormTable = {
  if: { least: 3, most: 3, run: choose },
  and: { least: 2, most: ANY, run: (args, call) => settledBy(args, call, false) },
  or: { least: 2, most: ANY, run: (args, call) => settledBy(args, call, true) },
};

function not([value]: readonly Value[], call: Call): Value {
  const truth = value && truthOf(value);
  return truth === undefined ? faulty(call.expression, call.frame, '`not` takes true or false') : result(!truth, call);
}

function truthOf(value: Value): boolean | undefined {
  return value.kind === 'scalar' && typeof value.value === 'boolean' ? value.value : undefined;
}

function bool([value]: readonly Value[], call: Call): Value {
  if (value === undefined) return derived(call, []);
  if (isNumber(value)) return result(value.value !== 0, call);
  const word = isText(value) ? value.value.toLowerCase() : undefined;
  const truth = word === undefined ? truthOf(value) : word === 'true' || word === '1' ? true : falseWord(word);
  return truth === undefined
    ? faulty(call.expression, call.frame, '`bool` cannot read its argument')
    : result(truth, call);
}

function falseWord(word: string): false | undefined {
  return word === 'false' || word === '0' ? false : undefined;
}

/** `or` is settled by one true argument, `and` by one false one, whatever the others are. */
function settledBy(args: readonly Expression[], call: Call, deciding: boolean): Value {
  const unsettled: Value[] = [];
  for (const arg of args) {
    const value = call.evaluate(arg, call.frame);
    const truth = truthOf(value);
    if (truth === deciding) return result(deciding, call);
    if (isOpen(value)) unsettled.push(value);
    else if (truth === undefined)
      return faulty(call.expression, call.frame, `\`${call.expression.name}\` takes true and false`);
  }
  return unsettled.length > 0 ? derived(call, unsettled) : result(!deciding, call);
}

function choose(args: readonly Expression[], call: Call): Value {
  const [condition, positive, negative] = args;
  if (condition === undefined || positive === undefined || negative === undefined) return derived(call, []);
  const value = call.evaluate(condition, call.frame);
  if (!isOpen(value)) {
    const truth = truthOf(value);
    if (truth === undefined) return faulty(call.expression, call.frame, '`if` needs true or false');
    return call.evaluate(truth ? positive : negative, call.frame);
  }
  return either(value, [call.evaluate(positive, call.frame), call.evaluate(negative, call.frame)], call);
}

/** One of two values: what they have in common is known all the same. */
function either(condition: Open, [a, b]: readonly [Value, Value], call: Call): Value {
  if (sameValue(a, b) === true) return a;
  const undecided = derived(call, [condition, a, b]);
  const telling = { ...undecided, why: condition.why };
  return a.kind === 'object' && b.kind === 'object' ? eitherObject(telling, a, b) : telling;
}

function eitherObject(undecided: Open, a: ObjectValue, b: ObjectValue): Value {
  const entries = new Map<string, Value>();
  for (const key of new Set([...a.entries.keys(), ...b.entries.keys()])) {
    const [left, right] = [a.entries.get(key), b.entries.get(key)];
    const same = left !== undefined && right !== undefined && sameValue(left, right) === true;
    entries.set(key, same ? left : undecidedEntry(undecided, key));
  }
  const unlisted = a.unlisted ?? b.unlisted;
  return { ...object(entries, undecided.origin, unlisted), blurred: undecided };
}

function undecidedEntry({ expression, why, origin }: Open, key: string): Open {
  return open({ expression, why, origin, token: `${expression}.${key}` });
}
