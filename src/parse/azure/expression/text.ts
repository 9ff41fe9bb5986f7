import type { Origin } from '#model/origin.ts';
import { MAX_OPEN_TEXT, MAX_PARTS } from '../limits.ts';
import { uniqueText } from './hashes.ts';
import { type Hole, isNumber, isOpen, isText, type Open, open, scalar, type Text, type Value } from './values.ts';

/** The text that a value is, with holes; undefined for what is no text. Numbers and truth values are as .NET prints them. */
export function textOf(value: Value): Text | undefined {
  if (isOpen(value)) return value.parts;
  if (isText(value)) return value.value === '' ? [] : [value.value];
  if (isNumber(value)) return [String(value.value)];
  if (value.kind === 'scalar' && typeof value.value === 'boolean') return [value.value ? 'True' : 'False'];
  return undefined;
}

/** Several texts after one another. */
export function joined(texts: Iterable<Text>): Text {
  const out: (string | Hole)[] = [];
  for (const text of texts) for (const part of text) append(out, part);
  return out;
}

/** The pieces between separators, where no hole can hold one. */
export function surePieces(text: Text, separators: readonly string[]): Text[] | undefined {
  const bySlash = separators.every((separator) => separator === '/');
  const sure = text.every((part) => typeof part === 'string' || (bySlash && (part.plain ?? part.shown !== undefined)));
  return sure ? splitText(text, separators) : undefined;
}

/** The pieces between separators; a hole is taken to hold none. */
export function splitText(text: Text, separators: readonly string[]): Text[] {
  const pieces: (string | Hole)[][] = [[]];
  for (const part of text) {
    if (typeof part !== 'string') {
      append(pieces.at(-1)!, part);
      continue;
    }
    const [first = '', ...rest] = splitPlain(part, separators);
    append(pieces.at(-1)!, first);
    for (const piece of rest) pieces.push(piece === '' ? [] : [piece]);
  }
  return pieces;
}

/** At every place the first of the separators that matches, as .NET's `String.Split`. */
export function splitPlain(text: string, separators: readonly string[]): string[] {
  const used = separators.filter((separator) => separator !== '');
  if (used.length === 0) return [text];
  if (used.length === 1) return text.split(used[0]!);
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; ) {
    const found = used.find((separator) => text.startsWith(separator, at));
    if (found === undefined) {
      at++;
      continue;
    }
    pieces.push(text.slice(from, at));
    at += found.length;
    from = at;
  }
  pieces.push(text.slice(from));
  return pieces;
}

/** What a name or an id shows: each hole as its placeholder, or in braces and without slashes. */
export function shownText(text: Text): string {
  return text
    .map((part) => (typeof part === 'string' ? part : (part.shown ?? `{${part.token.replaceAll('/', '|')}}`)))
    .join('');
}

/** What two texts are compared by. */
export function tokenOfText(text: Text): string {
  return text.map((part) => (typeof part === 'string' ? part : `{${part.token}}`)).join('');
}

/** Whether two texts are the same; undefined where that cannot be known. */
export function sameText(a: Text, b: Text): boolean | undefined {
  if (tokenOfText(a) === tokenOfText(b)) return true;
  const settled = (text: Text): boolean => text.every((part) => typeof part === 'string');
  if (settled(a) && settled(b)) return false;
  const [headA, headB] = [literalHead(a), literalHead(b)];
  const shared = Math.min(headA.length, headB.length);
  if (headA.slice(0, shared) !== headB.slice(0, shared)) return false;
  const [tailA, tailB] = [literalTail(a), literalTail(b)];
  const end = Math.min(tailA.length, tailB.length);
  if (end > 0 && tailA.slice(-end) !== tailB.slice(-end)) return false;
  if (lengthAtLeast(a) > lengthAtLeast(b) && settled(b)) return false;
  if (lengthAtLeast(b) > lengthAtLeast(a) && settled(a)) return false;
  return undefined;
}

/** The value of a text: settled where it has no holes. `from` is an unsettled value that made the holes. */
export function textValue(text: Text, facts: TextFacts): Value {
  if (text.every((part) => typeof part === 'string')) return scalar(text.join(''), facts.origin);
  return open({ expression: facts.expression, why: facts.from.why, origin: facts.origin, parts: kept(text) });
}

function kept(text: Text): Text {
  if (text.length <= MAX_PARTS && lengthAtLeast(text) <= MAX_OPEN_TEXT) return text;
  return [{ token: `text(${uniqueText(tokenOfText(text))})` }];
}

export interface TextFacts {
  readonly expression: string;
  readonly origin: Origin;
  readonly from: Open;
}

export function lengthAtLeast(text: Text): number {
  return text.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0);
}

export function literalHead(text: Text): string {
  const [first] = text;
  return typeof first === 'string' ? first : '';
}

export function literalTail(text: Text): string {
  const last = text.at(-1);
  return typeof last === 'string' ? last : '';
}

function append(out: (string | Hole)[], part: string | Hole): void {
  if (part === '') return;
  const last = out.at(-1);
  if (typeof part === 'string' && typeof last === 'string') out[out.length - 1] = last + part;
  else out.push(part);
}
