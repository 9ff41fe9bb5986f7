import { ANY, type BuiltinTable } from '../builtin.ts';
import { nameGuid, uniqueText } from '../hashes.ts';
import { jsonText } from '../json.ts';
import { derived, factsOf, faulty, result, unknown } from '../results.ts';
import type { Call } from '../scope.ts';
import { joined, literalHead, literalTail, surePieces, textOf, textValue } from '../text.ts';
import { type Hole, isNumber, isOpen, isText, list, type Text, type Value } from '../values.ts';
import { formatted } from './format.ts';

/** "String functions for ARM templates", those that take and give plain text. */
export const STRING_FUNCTIONS: BuiltinTable = {
  concat: { least: 1, most: ANY, opens: true, run: concat },
  format: { least: 1, most: ANY, opens: true, deep: true, run: formatted },
  join: { least: 2, most: 2, opens: true, run: join },
  split: { least: 2, most: 2, opens: true, run: split },
  tolower: { least: 1, most: 1, opens: true, run: (args, call) => mapped(args, call, (text) => text.toLowerCase()) },
  toupper: { least: 1, most: 1, opens: true, run: (args, call) => mapped(args, call, (text) => text.toUpperCase()) },
  trim: { least: 1, most: 1, run: (args, call) => plain(args, call, ([text = '']) => text.trim()) },
  replace: { least: 3, most: 3, opens: true, run: replace },
  substring: { least: 2, most: 3, opens: true, run: substring },
  padleft: { least: 2, most: 3, run: padLeft },
  startswith: { least: 2, most: 2, opens: true, run: startsWith },
  endswith: { least: 2, most: 2, opens: true, run: endsWith },
  string: { least: 1, most: 1, deep: true, opens: true, run: toText },
  guid: { least: 1, most: ANY, run: (args, call) => plain(args, call, (texts) => nameGuid(texts.join('-'))) },
  uniquestring: { least: 1, most: ANY, run: (args, call) => plain(args, call, (texts) => uniqueText(texts.join('-'))) },
  newguid: { least: 0, most: 0, run: madeAnew },
};

/** Every call gives another value, so each gets a number. */
function madeAnew(args: readonly Value[], call: Call): Value {
  const value = unknown(call, args, 'made-by-azure');
  return { ...value, parts: [{ token: `newGuid() ${call.frame.scope.meter.spent}` }] };
}

function concat(args: readonly Value[], call: Call): Value {
  if (args.some((arg) => arg.kind === 'list')) return concatLists(args, call);
  const texts = args.map(textOf);
  if (texts.includes(undefined)) return faulty(call.expression, call.frame, '`concat` takes texts, or lists');
  return textValue(joined(texts.filter((text) => text !== undefined)), factsOf(call, args));
}

function concatLists(args: readonly Value[], call: Call): Value {
  if (args.some(isOpen)) return derived(call, args);
  const items: Value[] = [];
  for (const arg of args) {
    if (arg.kind !== 'list') return faulty(call.expression, call.frame, '`concat` cannot join a list and a text');
    for (const item of arg.items) items.push(item);
  }
  return list(items, call.frame.origin);
}

function join(args: readonly Value[], call: Call): Value {
  const [items, separator] = args;
  if (items === undefined || separator === undefined || isOpen(items)) return derived(call, args);
  const between = textOf(separator);
  if (items.kind !== 'list' || between === undefined)
    return faulty(call.expression, call.frame, '`join` takes a list and a text');
  const pieces: Text[] = [];
  for (const item of items.items) {
    const text = textOf(item);
    if (text === undefined) return faulty(call.expression, call.frame, '`join` takes a list of texts');
    if (pieces.length > 0) pieces.push(between);
    pieces.push(text);
  }
  return textValue(joined(pieces), factsOf(call, [...items.items, separator]));
}

function split(args: readonly Value[], call: Call): Value {
  const [whole, by] = args;
  if (whole === undefined || by === undefined || isOpen(by)) return derived(call, args);
  const text = textOf(whole);
  const separators = by.kind === 'list' ? by.items : [by];
  if (text === undefined || !separators.every(isText))
    return faulty(call.expression, call.frame, '`split` takes a text and one or more separators');
  const pieces = surePieces(
    text,
    separators.map((separator) => separator.value),
  );
  if (pieces === undefined) return derived(call, args);
  const facts = factsOf(call, args);
  return list(
    pieces.map((piece) => textValue(piece, facts)),
    call.frame.origin,
  );
}

function mapped(args: readonly Value[], call: Call, change: (text: string) => string): Value {
  return eachPart(args, call, {
    text: change,
    hole: (hole) => ({
      ...hole,
      token: `${call.expression.name}(${hole.token})`,
      ...(hole.shown === undefined ? {} : { shown: change(hole.shown) }),
    }),
  });
}

interface PartChange {
  readonly text: (text: string) => string;
  readonly hole: (hole: Hole) => Hole;
}

function eachPart(args: readonly Value[], call: Call, change: PartChange): Value {
  const text = args[0] && textOf(args[0]);
  if (text === undefined) return wantsText(call);
  const parts = text.map((part) => (typeof part === 'string' ? change.text(part) : change.hole(part)));
  return textValue(joined([parts]), factsOf(call, args));
}

function replace(args: readonly Value[], call: Call): Value {
  const [whole, old, fresh] = args;
  if (whole === undefined || old === undefined || fresh === undefined) return derived(call, args);
  if (isOpen(old) || isOpen(fresh)) return derived(call, args);
  if (!isText(old) || !isText(fresh)) return wantsText(call);
  if (old.value === '') return faulty(call.expression, call.frame, '`replace` cannot replace an empty text');
  // A longer text could begin before a hole and end in it.
  if (isOpen(whole) && old.value.length > 1) return derived(call, args);
  return eachPart([whole], call, {
    text: (text) => text.replaceAll(old.value, () => fresh.value),
    hole: (hole) => ({ token: `replace(${hole.token}, '${old.value}', '${fresh.value}')` }),
  });
}

function substring(args: readonly Value[], call: Call): Value {
  const [whole, start, length] = args;
  if (whole === undefined || start === undefined) return derived(call, args);
  if (isOpen(start) || (length !== undefined && isOpen(length))) return derived(call, args);
  if (!isNumber(start) || (length !== undefined && !isNumber(length)))
    return faulty(call.expression, call.frame, '`substring` takes a text and one or two numbers');
  const from = start.value;
  if (isOpen(whole)) {
    const head = literalHead(whole.parts);
    const end = length === undefined ? Number.POSITIVE_INFINITY : from + length.value;
    return from >= 0 && end <= head.length ? result(head.slice(from, end), call) : derived(call, args);
  }
  const text = textOf(whole)?.join('');
  if (text === undefined) return wantsText(call);
  const end = length === undefined ? text.length : from + length.value;
  if (from < 0 || end < from || end > text.length)
    return faulty(call.expression, call.frame, `the text has ${text.length} characters, and the part ends after it`);
  return result(text.slice(from, end), call);
}

function padLeft(args: readonly Value[], call: Call): Value {
  const [whole, length, filler] = args;
  const text = whole && textOf(whole)?.join('');
  const fill = filler === undefined ? ' ' : textOf(filler)?.join('');
  if (text === undefined || fill === undefined || length === undefined || !isNumber(length))
    return faulty(call.expression, call.frame, '`padLeft` takes a text, a length and a character');
  if (fill.length !== 1 || length.value > LONGEST_PAD)
    return faulty(call.expression, call.frame, '`padLeft` takes one character and a sensible length');
  return result(text.padStart(length.value, fill), call);
}

const LONGEST_PAD = 100_000;

function startsWith(args: readonly Value[], call: Call): Value {
  const texts = twoTexts(args);
  if (texts === undefined) return args.some(isOpen) ? derived(call, args) : wantsText(call);
  const { whole, sought } = texts;
  const head = literalHead(whole).toLowerCase();
  if (isSettled(whole) || head.length >= sought.length) return result(head.startsWith(sought), call);
  return sought.startsWith(head) ? derived(call, args) : result(false, call);
}

function endsWith(args: readonly Value[], call: Call): Value {
  const texts = twoTexts(args);
  if (texts === undefined) return args.some(isOpen) ? derived(call, args) : wantsText(call);
  const { whole, sought } = texts;
  const tail = literalTail(whole).toLowerCase();
  if (isSettled(whole) || tail.length >= sought.length) return result(tail.endsWith(sought), call);
  return sought.endsWith(tail) ? derived(call, args) : result(false, call);
}

function twoTexts([a, b]: readonly Value[]): { whole: Text; sought: string } | undefined {
  const whole = a && textOf(a);
  return whole === undefined || b === undefined || !isText(b) ? undefined : { whole, sought: b.value.toLowerCase() };
}

function isSettled(text: Text): boolean {
  return text.every((part) => typeof part === 'string');
}

function toText(args: readonly Value[], call: Call): Value {
  const [value] = args;
  if (value === undefined) return derived(call, args);
  const text = textOf(value);
  if (text !== undefined) return textValue(text, factsOf(call, args));
  const json = jsonText(value);
  return json === undefined ? derived(call, args) : result(value.kind === 'scalar' ? '' : json, call);
}

/** A function of settled texts; numbers are taken as texts. */
function plain(args: readonly Value[], call: Call, make: (texts: readonly string[]) => string): Value {
  const texts: string[] = [];
  for (const arg of args) {
    const text = textOf(arg);
    if (text === undefined) return wantsText(call);
    texts.push(text.join(''));
  }
  return result(make(texts), call);
}

function wantsText(call: Call): Value {
  return faulty(call.expression, call.frame, `\`${call.expression.name}\` takes texts`);
}
