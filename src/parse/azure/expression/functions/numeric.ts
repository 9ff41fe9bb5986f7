import { ANY, type BuiltinTable } from '../builtin.ts';
import { derived, faulty, result } from '../results.ts';
import type { Call } from '../scope.ts';
import { isNumber, isOpen, isText, type Value } from '../values.ts';

/** "Numeric functions for ARM templates". Numbers are whole, but for those that `float` makes. */
export const NUMERIC_FUNCTIONS: BuiltinTable = {
  add: arithmetic((a, b) => a + b),
  sub: arithmetic((a, b) => a - b),
  mul: arithmetic((a, b) => a * b),
  div: arithmetic((a, b) => (b === 0 ? undefined : Math.trunc(a / b))),
  mod: arithmetic((a, b) => (b === 0 ? undefined : a % b)),
  min: { least: 1, most: ANY, run: (args, call) => extreme(args, call, (a, b) => Math.min(a, b)) },
  max: { least: 1, most: ANY, run: (args, call) => extreme(args, call, (a, b) => Math.max(a, b)) },
  int: { least: 1, most: 1, run: ([value], call) => converted(value, call, Math.trunc) },
  float: { least: 1, most: 1, run: ([value], call) => converted(value, call, (number) => number) },
};

function arithmetic(compute: (a: number, b: number) => number | undefined) {
  return {
    least: 2,
    most: 2,
    run: ([a, b]: readonly Value[], call: Call): Value => {
      const number = a && b && isNumber(a) && isNumber(b) ? compute(a.value, b.value) : undefined;
      // Whole numbers are exact up to 2^53 here, and to 2^63 in Azure.
      if (number !== undefined && Math.abs(number) <= Number.MAX_SAFE_INTEGER) return result(number, call);
      return faulty(call.expression, call.frame, `\`${call.expression.name}\` cannot be worked out`);
    },
  };
}

function extreme(args: readonly Value[], call: Call, choose: (a: number, b: number) => number): Value {
  const [first] = args;
  const values = args.length === 1 && first?.kind === 'list' ? first.items : args;
  if (values.some(isOpen)) return derived(call, values);
  const numbers = values.filter(isNumber).map((value) => value.value);
  if (numbers.length === 0 || numbers.length < values.length)
    return faulty(call.expression, call.frame, `\`${call.expression.name}\` takes numbers`);
  return result(numbers.reduce(choose), call);
}

function converted(value: Value | undefined, call: Call, change: (number: number) => number): Value {
  if (value !== undefined && isNumber(value)) return result(change(value.value), call);
  const text = value !== undefined && isText(value) ? value.value.trim() : '';
  if (/^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return result(change(Number(text)), call);
  return faulty(call.expression, call.frame, `\`${call.expression.name}\` cannot read its argument`);
}
