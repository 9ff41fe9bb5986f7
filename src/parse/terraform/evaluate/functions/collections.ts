import type { AzureValue } from '#model/azure/value.ts';
import { failure, isNull, list, object, scalar, setOf, textValue, unsettledPart } from '../../values.ts';
import { isEqual } from '../operators.ts';
import { because } from '../run.ts';
import { sortedEntries } from '../traverse.ts';
import { any, type Builtin, items, known, number, type Place, plain, type Table, texts } from './builtin.ts';

/** Functions of lists, sets and maps (Terraform, "Collection Functions"). Parts that are unsettled are carried along. */
export const COLLECTION_FUNCTIONS: Table = {
  alltrue: truths(false),
  anytrue: truths(true),
  chunklist: known((args, { origin }) => {
    const [from, size] = [items(args, 0), number(args, 1)];
    if (from === undefined || size === undefined || size < 1) return wrong(origin);
    const chunks: AzureValue[] = [];
    for (let at = 0; at < from.length; at += size) chunks.push(list(from.slice(at, at + size), origin));
    return list(chunks, origin);
  }),
  coalesce: any((args, place) => {
    for (const arg of args) {
      if (arg.kind === 'unsettled') return openIn(arg, place);
      if (!isNull(arg) && !(arg.kind === 'scalar' && arg.value === '')) return arg;
    }
    return wrong(place.origin);
  }),
  coalescelist: any((args, place) => {
    for (const arg of args) {
      if (arg.kind === 'unsettled') return openIn(arg, place);
      if (arg.kind === 'list' && arg.items.length > 0) return arg;
    }
    return wrong(place.origin);
  }),
  compact: plain((args) => {
    const from = items(args, 0);
    return from?.map((item) => textValue(item) ?? '').filter((item) => item !== '');
  }),
  concat: known((args, { origin }) => {
    const out: AzureValue[] = [];
    for (const arg of args) {
      if (arg.kind !== 'list') return wrong(origin);
      for (const item of arg.items) out.push(item);
    }
    return list(out, origin);
  }),
  contains: known((args, place) => {
    const from = items(args, 0);
    const sought = args[1];
    if (from === undefined || sought === undefined) return wrong(place.origin);
    let open: AzureValue | undefined;
    for (const item of from) {
      const same = isEqual(item, sought);
      if (same === true) return scalar(true, place.origin);
      if (same !== false) open ??= same;
    }
    return open === undefined ? scalar(false, place.origin) : openIn(open, place);
  }),
  distinct: known((args, place) => {
    const from = items(args, 0);
    const open = args[0] && unsettledPart(args[0]);
    if (from === undefined) return wrong(place.origin);
    if (open !== undefined) return openIn(open, place);
    const kept = new Map<string, AzureValue>();
    for (const item of from) {
      const key = keyOf(item);
      if (!kept.has(key)) kept.set(key, item);
    }
    return list([...kept.values()], place.origin);
  }),
  element: known((args, { origin }) => {
    const [from, index] = [items(args, 0), number(args, 1)];
    if (from === undefined || index === undefined || from.length === 0 || !Number.isInteger(index))
      return wrong(origin);
    return from[((index % from.length) + from.length) % from.length] ?? wrong(origin);
  }),
  flatten: known((args, place) => {
    const from = items(args, 0);
    if (from === undefined) return wrong(place.origin);
    const out: AzureValue[] = [];
    const open = flattenInto(out, from);
    return open === undefined ? list(out, place.origin) : openIn(open, place);
  }),
  index: known((args, place) => {
    const from = items(args, 0);
    const sought = args[1];
    if (from === undefined || sought === undefined) return wrong(place.origin);
    for (const [at, item] of from.entries()) {
      const same = isEqual(item, sought);
      if (same === true) return scalar(at, place.origin);
      if (same !== false) return openIn(same, place);
    }
    return wrong(place.origin);
  }),
  keys: known((args, { origin }) => {
    const from = args[0];
    if (from?.kind !== 'object') return wrong(origin);
    return list(
      sortedEntries(from).map(([key]) => scalar(key, origin)),
      origin,
    );
  }),
  length: known((args, { origin }) => {
    const [from] = args;
    if (from?.kind === 'list') return scalar(from.items.length, origin);
    if (from?.kind === 'object') return scalar(from.entries.size, origin);
    const value = textValue(from);
    return value === undefined ? wrong(origin) : scalar([...value].length, origin);
  }),
  lookup: any((args, place) => {
    const [from, key, otherwise] = args;
    if (from?.kind === 'unsettled') return openIn(from, place);
    if (key?.kind === 'unsettled') return openIn(key, place);
    const name = textValue(key);
    if (from?.kind !== 'object' || name === undefined) return wrong(place.origin);
    return from.entries.get(name) ?? otherwise ?? wrong(place.origin);
  }),
  matchkeys: known((args, place) => {
    const [values, keys, wanted] = [items(args, 0), items(args, 1), items(args, 2)];
    if (values === undefined || keys === undefined || wanted === undefined) return wrong(place.origin);
    const open = unsettledPart(args[1]!) ?? unsettledPart(args[2]!);
    if (open !== undefined) return openIn(open, place);
    const found = new Set(wanted.map(keyOf));
    return list(
      values.filter((_, at) => keys[at] !== undefined && found.has(keyOf(keys[at]!))),
      place.origin,
    );
  }),
  merge: known((args, { origin }) => {
    const out = new Map<string, AzureValue>();
    for (const arg of args) {
      if (isNull(arg)) continue;
      if (arg.kind !== 'object') return wrong(origin);
      for (const [key, value] of arg.entries) out.set(key, value);
    }
    return object(out, origin);
  }),
  one: known((args, { origin }) => {
    const from = items(args, 0);
    if (from === undefined || from.length > 1) return wrong(origin);
    return from[0] ?? scalar(null, origin);
  }),
  reverse: known((args, { origin }) => {
    const from = items(args, 0);
    return from === undefined ? wrong(origin) : list([...from].reverse(), origin);
  }),
  slice: known((args, { origin }) => {
    const [from, start, end] = [items(args, 0), number(args, 1), number(args, 2)];
    if (from === undefined || start === undefined || end === undefined) return wrong(origin);
    return start < 0 || end > from.length || start > end ? wrong(origin) : list(from.slice(start, end), origin);
  }),
  sort: plain((args) => texts(args, 0)?.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))),
  transpose: known((args, place) => {
    const from = args[0];
    const open = from && unsettledPart(from);
    if (open !== undefined) return openIn(open, place);
    return from?.kind === 'object' ? transposed(from, place) : wrong(place.origin);
  }),
  values: known((args, { origin }) => {
    const from = args[0];
    if (from?.kind !== 'object') return wrong(origin);
    return list(
      sortedEntries(from).map(([, value]) => value),
      origin,
    );
  }),
  zipmap: known((args, place) => {
    const [keys, values] = [items(args, 0), items(args, 1)];
    if (keys === undefined || values === undefined || keys.length !== values.length) return wrong(place.origin);
    const out = new Map<string, AzureValue>();
    for (const [at, key] of keys.entries()) {
      if (key.kind === 'unsettled') return openIn(key, place);
      const name = textValue(key);
      if (name === undefined) return wrong(place.origin);
      out.set(name, values[at]!);
    }
    return object(out, place.origin);
  }),
  setintersection: ofSets((sets) => {
    const [first = new Map(), ...others] = sets;
    return [...first].filter(([key]) => others.every((other) => other.has(key))).map(([, item]) => item);
  }),
  setsubtract: ofSets(([first = new Map(), second = new Map()]) =>
    [...first].filter(([key]) => !second.has(key)).map(([, item]) => item),
  ),
  setunion: ofSets((sets) => sets.flatMap((each) => [...each.values()])),
  setproduct: known((args, { origin }) => {
    let rows: AzureValue[][] = [[]];
    for (const arg of args) {
      if (arg.kind !== 'list' || rows.length * arg.items.length > MOST_ROWS) return wrong(origin);
      rows = rows.flatMap((row) => arg.items.map((item) => [...row, item]));
    }
    return list(
      rows.map((row) => list(row, origin)),
      origin,
    );
  }),
};

const MOST_ROWS = 20_000;

function wrong(origin: AzureValue['origin']): AzureValue {
  return failure('a function with wrong arguments', origin);
}

/** What a call is because of an unsettled part. */
function openIn(part: AzureValue, { call }: Place): AzureValue {
  return because(part, call.expression);
}

/** Equal values have equal keys. Values must be settled. */
function keyOf(value: AzureValue): string {
  if (value.kind === 'scalar') return JSON.stringify(value.value);
  if (value.kind === 'list') return `[${value.items.map(keyOf).join(',')}]`;
  if (value.kind === 'object')
    return `{${sortedEntries(value)
      .map(([key, item]) => `${JSON.stringify(key)}:${keyOf(item)}`)
      .join(',')}}`;
  return '';
}

/** Whether an unsettled item is one value or a list of them decides how long the result is. */
function flattenInto(out: AzureValue[], from: readonly AzureValue[]): AzureValue | undefined {
  for (const item of from) {
    if (item.kind === 'unsettled') return item;
    if (item.kind !== 'list') out.push(item);
    else {
      const open = flattenInto(out, item.items);
      if (open !== undefined) return open;
    }
  }
  return undefined;
}

function truths(deciding: boolean): Builtin {
  return known((args, place) => {
    const from = items(args, 0);
    if (from === undefined) return wrong(place.origin);
    if (from.some((item) => textValue(item) === String(deciding))) return scalar(deciding, place.origin);
    const open = from.find((item) => item.kind === 'unsettled');
    return open === undefined ? scalar(!deciding, place.origin) : openIn(open, place);
  });
}

function ofSets(apply: (sets: readonly ReadonlyMap<string, AzureValue>[]) => AzureValue[]): Builtin {
  return known((args, place) => {
    const sets: ReadonlyMap<string, AzureValue>[] = [];
    for (const arg of args) {
      const open = unsettledPart(arg);
      if (open !== undefined) return openIn(open, place);
      if (arg.kind !== 'list') return wrong(place.origin);
      sets.push(new Map(arg.items.map((item) => [keyOf(item), item])));
    }
    return setOf(apply(sets), place.origin);
  });
}

function transposed(from: Extract<AzureValue, { kind: 'object' }>, { origin }: Place): AzureValue {
  const out = new Map<string, AzureValue[]>();
  for (const [key, value] of sortedEntries(from)) {
    if (value.kind !== 'list') return wrong(origin);
    for (const item of value.items) {
      const name = textValue(item);
      if (name === undefined) return wrong(origin);
      const group = out.get(name);
      if (group === undefined) out.set(name, [scalar(key, origin)]);
      else group.push(scalar(key, origin));
    }
  }
  return object(new Map([...out].map(([key, group]) => [key, list(group, origin)])), origin);
}
