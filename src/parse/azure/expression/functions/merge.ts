import { ANY, type BuiltinTable } from '../builtin.ts';
import { sameValue } from '../equality.ts';
import { derived, faulty, tokenOf } from '../results.ts';
import type { Call } from '../scope.ts';
import {
  Entries,
  entryOf,
  isOpen,
  type ListValue,
  list,
  type ObjectValue,
  object,
  open,
  type Value,
} from '../values.ts';

/** Functions that make one list or object of several. */
export const MERGE_FUNCTIONS: BuiltinTable = {
  union: { least: 1, most: ANY, deep: true, opens: true, run: union },
  shallowmerge: { least: 1, most: 1, deep: true, run: shallowMerge },
  intersection: { least: 2, most: ANY, deep: true, run: intersection },
};

/**
 * Objects: the later wins, objects inside of them are merged in turn, lists are not. Lists: each value once, where it
 * first stood.
 */
function union(args: readonly Value[], call: Call): Value {
  if (args.some(isOpen)) return derived(call, args);
  const objects = args.filter((arg) => arg.kind === 'object');
  if (objects.length === args.length)
    return objects.reduce((merged, next) => mergedObjects(merged, next, { call, deep: true }));
  const lists = args.filter((arg) => arg.kind === 'list');
  if (lists.length !== args.length) return faulty(call.expression, call.frame, '`union` takes lists, or objects');
  return distinct(lists, call) ?? derived(call, args);
}

function shallowMerge([value]: readonly Value[], call: Call): Value {
  if (value?.kind !== 'list') return faulty(call.expression, call.frame, '`shallowMerge` takes a list of objects');
  if (value.items.some(isOpen)) return derived(call, value.items);
  const objects = value.items.filter((item) => item.kind === 'object');
  if (objects.length !== value.items.length)
    return faulty(call.expression, call.frame, '`shallowMerge` takes a list of objects');
  return objects.reduce(
    (merged, next) => mergedObjects(merged, next, { call, deep: false }),
    object(new Map(), call.frame.origin),
  );
}

interface Merging {
  readonly call: Call;
  /** Whether objects inside of objects are merged too. */
  readonly deep: boolean;
}

function mergedObjects(a: ObjectValue, b: ObjectValue, merging: Merging): ObjectValue {
  const entries = new Entries(a.entries);
  const entryMerging = { ...merging, blurred: b.blurred !== undefined };
  for (const [key, value] of b.entries) entries.set(key, mergedEntry(entries.get(key), value, entryMerging));
  const merged = object(entries.map, merging.call.frame.origin, b.unlisted ?? a.unlisted);
  const blurred = a.blurred ?? b.blurred;
  return blurred === undefined ? merged : { ...merged, blurred };
}

interface EntryMerging extends Merging {
  readonly blurred: boolean;
}

function mergedEntry(before: Value | undefined, after: Value, merging: EntryMerging): Value {
  if (before === undefined) return after;
  const { deep, blurred } = merging;
  if (deep && before.kind === 'object' && after.kind === 'object') return mergedObjects(before, after, merging);
  const uncertain = isOpen(after) && (blurred || (deep && before.kind === 'object'));
  if (!uncertain) return after;
  // What is not known may be an object that is merged, or not be there at all.
  return open({
    expression: after.expression,
    why: after.why,
    origin: after.origin,
    token: `union(${tokenOf(before)}, ${tokenOf(after)})`,
  });
}

function distinct(lists: readonly ListValue[], call: Call): Value | undefined {
  const kept: Value[] = [];
  const scalars = new Set<unknown>();
  for (const { items } of lists) {
    for (const item of items) {
      if (item.kind === 'scalar' && scalars.has(item.value)) continue;
      const known = knownAmong(item, kept, call);
      if (known === undefined) return undefined;
      if (known) continue;
      if (item.kind === 'scalar') scalars.add(item.value);
      kept.push(item);
    }
  }
  return list(kept, call.frame.origin);
}

/** Whether a value is among others; undefined where that cannot be known. Looks cost, for they can be many. */
function knownAmong(item: Value, others: readonly Value[], call: Call): boolean | undefined {
  let answer: boolean | undefined = false;
  for (const other of others) {
    if (item.kind === 'scalar' && other.kind === 'scalar') continue;
    if (!call.frame.scope.meter.spend(1)) return undefined;
    const same = sameValue(other, item);
    if (same === true) return true;
    if (same === undefined) answer = undefined;
  }
  return answer;
}

function intersection(args: readonly Value[], call: Call): Value {
  const [first, ...rest] = args;
  if (first?.kind === 'object') return commonEntries(first, rest, call);
  if (first?.kind !== 'list') return faulty(call.expression, call.frame, '`intersection` takes lists, or objects');
  const kept: Value[] = [];
  for (const item of first.items) {
    const answers = rest.map((other) => (other.kind === 'list' ? inList(item, other, call) : false));
    if (answers.includes(false)) continue;
    const twice = inList(item, list(kept, call.frame.origin), call);
    if (answers.includes(undefined) || twice === undefined) return derived(call, args);
    if (!twice) kept.push(item);
  }
  return list(kept, call.frame.origin);
}

function inList(item: Value, { items }: ListValue, call: Call): boolean | undefined {
  let answer: boolean | undefined = false;
  for (const other of items) {
    if (!call.frame.scope.meter.spend(1)) return undefined;
    const same = sameValue(other, item);
    if (same === true) return true;
    if (same === undefined) answer = undefined;
  }
  return answer;
}

function commonEntries(first: ObjectValue, rest: readonly Value[], call: Call): Value {
  const entries = new Map<string, Value>();
  for (const [key, value] of first.entries) {
    const answers = rest.map((other) => {
      const found = other.kind === 'object' ? entryOf(other, key) : undefined;
      return found === undefined ? false : sameValue(value, found);
    });
    if (answers.includes(false)) continue;
    if (answers.includes(undefined)) return derived(call, [first, ...rest]);
    entries.set(key, value);
  }
  return object(entries, call.frame.origin);
}
