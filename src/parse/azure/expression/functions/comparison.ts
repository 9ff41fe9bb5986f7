import { ANY, type BuiltinTable } from '../builtin.ts';
import { sameValue } from '../equality.ts';
import { derived, faulty, result } from '../results.ts';
import type { Call } from '../scope.ts';
import { isNull, isNumber, isOpen, isText, type Value } from '../values.ts';

/** "Comparison functions for ARM templates". */
export const COMPARISON_FUNCTIONS: BuiltinTable = {
  equals: { least: 2, most: 2, deep: true, opens: true, run: equals },
  greater: ordered((order) => order > 0),
  greaterorequals: ordered((order) => order >= 0),
  less: ordered((order) => order < 0),
  lessorequals: ordered((order) => order <= 0),
  coalesce: { least: 1, most: ANY, opens: true, run: coalesce },
};

/** With regard to case, as documented. */
function equals(args: readonly Value[], call: Call): Value {
  const [a, b] = args;
  const same = a === undefined || b === undefined ? undefined : sameValue(a, b);
  return same === undefined ? derived(call, args) : result(same, call);
}

function ordered(holds: (order: number) => boolean) {
  return {
    least: 2,
    most: 2,
    run: ([a, b]: readonly Value[], call: Call): Value => {
      if (a === undefined || b === undefined) return derived(call, []);
      if (isNumber(a) && isNumber(b)) return result(holds(a.value - b.value), call);
      if (isText(a) && isText(b)) return result(holds(a.value < b.value ? -1 : a.value > b.value ? 1 : 0), call);
      return faulty(call.expression, call.frame, `\`${call.expression.name}\` takes two numbers, or two texts`);
    },
  };
}

/** The first that is not null. What is not known may be null, unless it is text in part. */
function coalesce(args: readonly Value[], call: Call): Value {
  for (const [index, arg] of args.entries()) {
    if (isNull(arg)) continue;
    const certain = !isOpen(arg) || index === args.length - 1 || arg.parts.some((part) => typeof part === 'string');
    return certain ? arg : derived(call, args.slice(index));
  }
  return result(null, call);
}
