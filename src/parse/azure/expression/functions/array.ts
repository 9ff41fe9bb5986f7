import { MAX_RANGE } from '../../limits.ts';
import { ANY, type BuiltinTable } from '../builtin.ts';
import { sameValue } from '../equality.ts';
import { isUncertain, memberOf } from '../members.ts';
import { derived, faulty, result } from '../results.ts';
import type { Call } from '../scope.ts';
import { lengthAtLeast, literalHead, textOf } from '../text.ts';
import { entryOf, isNull, isNumber, isOpen, isText, type ListValue, list, scalar, type Value } from '../values.ts';

/** "Array functions for ARM templates", with those that texts and objects share. */
export const ARRAY_FUNCTIONS: BuiltinTable = {
  array: { least: 1, most: 1, opens: true, run: toArray },
  createarray: { least: 0, most: ANY, opens: true, run: (args, call) => list(args, call.frame.origin) },
  contains: { least: 2, most: 2, deep: true, opens: true, run: contains },
  empty: { least: 1, most: 1, opens: true, run: empty },
  length: { least: 1, most: 1, run: length },
  first: { least: 1, most: 1, opens: true, run: (args, call) => end(args, call, 'first') },
  last: { least: 1, most: 1, opens: true, run: (args, call) => end(args, call, 'last') },
  skip: { least: 2, most: 2, run: skip },
  take: { least: 2, most: 2, opens: true, run: take },
  indexof: { least: 2, most: 2, deep: true, run: (args, call) => indexOf(args, call, 'first') },
  lastindexof: { least: 2, most: 2, deep: true, run: (args, call) => indexOf(args, call, 'last') },
  range: { least: 2, most: 2, run: range },
  indexfromend: { least: 2, most: 2, run: (args, call) => fromEnd(args, call) ?? outside(call) },
  tryindexfromend: { least: 2, most: 2, run: (args, call) => fromEnd(args, call) ?? result(null, call) },
  tryget: { least: 2, most: ANY, opens: true, run: tryGet },
  flatten: { least: 1, most: 1, run: flatten },
};

function toArray(args: readonly Value[], call: Call): Value {
  const [value] = args;
  // What is not known may be a list already.
  if (value === undefined || isOpen(value)) return derived(call, args);
  return value.kind === 'list' ? value : list([value], call.frame.origin);
}

function contains(args: readonly Value[], call: Call): Value {
  const [container, sought] = args;
  if (container === undefined || sought === undefined) return derived(call, args);
  const found = isIn(container, sought);
  if (found === 'no-container')
    return faulty(call.expression, call.frame, '`contains` takes a list, an object or a text');
  return found === undefined ? derived(call, args) : result(found, call);
}

function isIn(container: Value, sought: Value): boolean | undefined | 'no-container' {
  if (container.kind === 'list') return anySame(container, sought);
  if (container.kind === 'object') {
    if (!isText(sought) || container.blurred !== undefined) return undefined;
    if (entryOf(container, sought.value) !== undefined) return true;
    return container.unlisted === undefined ? false : undefined;
  }
  const text = textOf(container);
  if (text === undefined) return 'no-container';
  const needle = textOf(sought);
  if (needle === undefined) return 'no-container';
  if (needle.some((part) => typeof part !== 'string')) return undefined;
  const plain = needle.join('');
  if (text.some((part) => typeof part === 'string' && part.includes(plain))) return true;
  return isOpen(container) ? undefined : plain === '';
}

function anySame(container: ListValue, sought: Value): boolean | undefined {
  let answer: boolean | undefined = false;
  for (const item of container.items) {
    const same = sameValue(item, sought);
    if (same === true) return true;
    if (same === undefined) answer = undefined;
  }
  return answer;
}

function empty(args: readonly Value[], call: Call): Value {
  const [value] = args;
  if (value === undefined) return derived(call, args);
  if (isNull(value)) return result(true, call);
  if (isOpen(value)) return lengthAtLeast(value.parts) > 0 ? result(false, call) : derived(call, args);
  if (value.kind === 'object' && value.entries.size > 0 && value.blurred === undefined) return result(false, call);
  if (isUncertain(value) && !(value.kind === 'object' && value.entries.size === 0 && value.unlisted === undefined))
    return derived(call, args);
  const size = sizeOf(value);
  return size === undefined ? wrongKind(call) : result(size === 0, call);
}

function length([value]: readonly Value[], call: Call): Value {
  const size = value === undefined ? undefined : sizeOf(value);
  return size === undefined ? wrongKind(call) : result(size, call);
}

function sizeOf(value: Value): number | undefined {
  if (value.kind === 'list') return value.items.length;
  if (value.kind === 'object') return value.entries.size;
  return isText(value) ? value.value.length : undefined;
}

function end(args: readonly Value[], call: Call, which: 'first' | 'last'): Value {
  const [value] = args;
  if (value === undefined) return derived(call, args);
  if (isOpen(value)) {
    const head = which === 'first' ? literalHead(value.parts) : '';
    return head === '' ? derived(call, args) : result(head[0]!, call);
  }
  if (value.kind === 'list') return value.items.at(which === 'first' ? 0 : -1) ?? result(null, call);
  return isText(value) ? result(value.value.at(which === 'first' ? 0 : -1) ?? '', call) : wrongKind(call);
}

function skip([value, count]: readonly Value[], call: Call): Value {
  if (value === undefined || count === undefined || !isNumber(count)) return wrongKind(call);
  const from = Math.max(0, count.value);
  if (value.kind === 'list') return list(value.items.slice(from), call.frame.origin);
  return isText(value) ? result(value.value.slice(from), call) : wrongKind(call);
}

function take(args: readonly Value[], call: Call): Value {
  const [value, count] = args;
  if (value === undefined || count === undefined || isOpen(count)) return derived(call, args);
  if (!isNumber(count)) return wrongKind(call);
  const to = Math.max(0, count.value);
  if (isOpen(value)) {
    const head = literalHead(value.parts);
    return head !== '' && head.length >= to ? result(head.slice(0, to), call) : derived(call, args);
  }
  if (value.kind === 'list') return list(value.items.slice(0, to), call.frame.origin);
  return isText(value) ? result(value.value.slice(0, to), call) : wrongKind(call);
}

/** In texts without regard to case, as documented; in lists by equality. */
function indexOf(args: readonly Value[], call: Call, which: 'first' | 'last'): Value {
  const [value, sought] = args;
  if (value === undefined || sought === undefined) return derived(call, args);
  if (value.kind === 'list') return indexInList(args, call, which);
  if (!isText(value) || !isText(sought)) return wrongKind(call);
  const [whole, part] = [value.value.toLowerCase(), sought.value.toLowerCase()];
  return result(which === 'first' ? whole.indexOf(part) : whole.lastIndexOf(part), call);
}

function indexInList(args: readonly Value[], call: Call, which: 'first' | 'last'): Value {
  const [value, sought] = args;
  if (value?.kind !== 'list' || sought === undefined) return wrongKind(call);
  const items = [...value.items.entries()];
  for (const [index, item] of which === 'first' ? items : items.reverse()) {
    const same = sameValue(item, sought);
    if (same === undefined) return derived(call, [item, sought]);
    if (same) return result(index, call);
  }
  return result(-1, call);
}

function range([start, count]: readonly Value[], call: Call): Value {
  if (start === undefined || count === undefined || !isNumber(start) || !isNumber(count)) return wrongKind(call);
  if (count.value < 0 || count.value > MAX_RANGE)
    return faulty(call.expression, call.frame, `\`range\` gives 0 to ${MAX_RANGE} numbers`);
  const numbers = Array.from({ length: count.value }, (_, index) => scalar(start.value + index, call.frame.origin));
  return list(numbers, call.frame.origin);
}

/** The last item has the number 1. */
function fromEnd([value, index]: readonly Value[], call: Call): Value | undefined {
  if (value?.kind !== 'list' || index === undefined || !isNumber(index)) return wrongKind(call);
  return index.value < 1 ? undefined : value.items[value.items.length - index.value];
}

function outside(call: Call): Value {
  return faulty(call.expression, call.frame, 'the list has no item there');
}

function tryGet(args: readonly Value[], call: Call): Value {
  const [target, ...keys] = args;
  if (target === undefined) return derived(call, args);
  let value: Value = target;
  for (const key of keys) {
    if (isNull(value)) return value;
    if (isOpen(value) || isOpen(key)) return derived(call, args);
    const found = memberOf(value, key);
    if (found === undefined)
      return value.kind === 'object' && value.unlisted !== undefined ? derived(call, args) : result(null, call);
    value = found;
  }
  return value;
}

function flatten([value]: readonly Value[], call: Call): Value {
  if (value?.kind !== 'list') return wrongKind(call);
  const items: Value[] = [];
  for (const item of value.items) {
    if (isOpen(item)) return derived(call, [value]);
    if (item.kind !== 'list') return wrongKind(call);
    for (const inner of item.items) items.push(inner);
  }
  return list(items, call.frame.origin);
}

function wrongKind(call: Call): Value {
  return faulty(call.expression, call.frame, `\`${call.expression.name}\` does not take values of this kind`);
}
