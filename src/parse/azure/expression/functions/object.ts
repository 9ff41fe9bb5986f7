import { ANY, type BuiltinTable } from '../builtin.ts';
import { derived, faulty, result } from '../results.ts';
import type { Call } from '../scope.ts';
import { shownText, textOf } from '../text.ts';
import { Entries, list, object, record, scalar, type Value } from '../values.ts';

/** "Object functions for ARM templates", without those that lists share. */
export const OBJECT_FUNCTIONS: BuiltinTable = {
  createobject: { least: 0, most: ANY, opens: true, run: createObject },
  items: { least: 1, most: 1, run: items },
  objectkeys: { least: 1, most: 1, run: objectKeys },
  null: { least: 0, most: 0, run: (_args, call) => result(null, call) },
};

function createObject(args: readonly Value[], call: Call): Value {
  if (args.length % 2 !== 0) return faulty(call.expression, call.frame, '`createObject` takes keys, each with a value');
  const entries = new Entries<Value>();
  for (let i = 0; i < args.length; i += 2) {
    const key = textOf(args[i]!);
    if (key === undefined) return faulty(call.expression, call.frame, 'a key of `createObject` must be text');
    entries.set(shownText(key), args[i + 1]!);
  }
  return object(entries.map, call.frame.origin);
}

/** "Items are sorted by key." */
function items(args: readonly Value[], call: Call): Value {
  const [value] = args;
  if (value?.kind !== 'object') return value === undefined ? derived(call, args) : wrongKind(call);
  const { origin } = call.frame;
  return list(
    sortedKeys(value.entries).map((key) =>
      record({ key: scalar(key, origin), value: value.entries.get(key)! }, origin),
    ),
    origin,
  );
}

function objectKeys(args: readonly Value[], call: Call): Value {
  const [value] = args;
  if (value?.kind !== 'object') return value === undefined ? derived(call, args) : wrongKind(call);
  const { origin } = call.frame;
  return list(
    sortedKeys(value.entries).map((key) => scalar(key, origin)),
    origin,
  );
}

/** By code unit of the lower case: no culture has a say. */
function sortedKeys(entries: ReadonlyMap<string, Value>): string[] {
  return [...entries.keys()].sort((a, b) => {
    const [left, right] = [a.toLowerCase(), b.toLowerCase()];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

function wrongKind(call: Call): Value {
  return faulty(call.expression, call.frame, `\`${call.expression.name}\` takes an object`);
}
