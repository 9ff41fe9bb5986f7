import { jsonText } from '../json.ts';
import { derived, factsOf, faulty, refusal } from '../results.ts';
import type { Call } from '../scope.ts';
import { joined, textOf, textValue } from '../text.ts';
import { isNull, isNumber, isOpen, isText, type Text, type Value } from '../values.ts';

/** `format`, by the rules of .NET's composite formatting: `{index[,width][:form]}`, with `{{` and `}}` for braces. */
export function formatted(args: readonly Value[], call: Call): Value {
  const [pattern, ...rest] = args;
  if (pattern === undefined || !isText(pattern)) return derived(call, args);
  const pieces: Text[] = [];
  for (const match of pattern.value.matchAll(PIECE)) {
    const piece = pieceOf(match, rest);
    if (piece === 'not-supported') return unsupported(call);
    if (piece === 'unsettled') return derived(call, args);
    if (piece === undefined)
      return faulty(call.expression, call.frame, 'the format names an argument that is not there');
    pieces.push(piece);
  }
  return textValue(joined(pieces), factsOf(call, args));
}

const PIECE = /\{\{|\}\}|\{\s*(\d{1,4})\s*(?:,\s*(-?\d{1,4})\s*)?(?::([^{}]*))?\}|[^{}]+|[{}]/g;

type Piece = Text | 'not-supported' | 'unsettled' | undefined;

function pieceOf(match: RegExpMatchArray, args: readonly Value[]): Piece {
  const [whole, index, width, form] = match;
  if (whole === '{{' || whole === '}}') return [whole[0]!];
  if (index === undefined) return whole === '{' || whole === '}' ? undefined : [whole];
  const value = args[Number(index)];
  if (value === undefined) return undefined;
  const text = form === undefined || form === '' ? shown(value) : shaped(value, form);
  if (!Array.isArray(text) || width === undefined) return text;
  return padded(text, Number(width));
}

function shown(value: Value): Piece {
  if (isNull(value)) return [];
  const text = textOf(value) ?? jsonText(value);
  if (text === undefined) return 'unsettled';
  return typeof text === 'string' ? [text] : text;
}

function padded(text: Text, width: number): Piece {
  if (text.some((part) => typeof part !== 'string')) return 'unsettled';
  const plain = text.join('');
  return [width < 0 ? plain.padEnd(-width) : plain.padStart(width)];
}

/** Standard forms of whole numbers, and zeros for digits. Texts and truth values have no forms. */
function shaped(value: Value, form: string): Piece {
  if (isOpen(value)) return 'unsettled';
  if (!isNumber(value)) return shown(value);
  const standard = /^([DdNnFfXx])(\d{0,2})$/.exec(form);
  const sign = value.value < 0 ? '-' : '';
  const digits = String(Math.trunc(Math.abs(value.value)));
  if (standard === null) return /^0+$/.test(form) ? [sign + digits.padStart(form.length, '0')] : 'not-supported';
  const [, letter = '', places = ''] = standard;
  switch (letter.toUpperCase()) {
    case 'D':
      return [sign + digits.padStart(Number(places), '0')];
    case 'X':
      return sign === '' ? [hexOf(value.value, letter).padStart(Number(places), '0')] : 'not-supported';
    default:
      return [sign + withPlaces(digits, letter, places === '' ? 2 : Number(places))];
  }
}

function hexOf(value: number, letter: string): string {
  const hex = value.toString(16);
  return letter === 'X' ? hex.toUpperCase() : hex;
}

/** Numbers of templates are whole, so that what stands behind the point is zeros. */
function withPlaces(digits: string, letter: string, places: number): string {
  const grouped = letter.toUpperCase() === 'N' ? digits.replace(/\B(?=(?:\d{3})+$)/g, ',') : digits;
  return places === 0 ? grouped : `${grouped}.${'0'.repeat(places)}`;
}

function unsupported(call: Call): Value {
  const message = 'the format uses a form of numbers that Ringfence does not know';
  return refusal(call.expression, call.frame, { code: 'RF5101', message, why: 'not-supported' });
}
