import type { ScalarValue } from './node.ts';

/**
 * What kubectl takes a scalar for. The rules are those of go.yaml.in/yaml/v2 (`resolve.go`), the YAML reader under
 * sigs.k8s.io/yaml: YAML 1.1 without sexagesimal numbers and with dates left as text.
 */
export type Resolution =
  | { readonly kind: 'str'; readonly value: string }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'null' };

/** Tags by the name behind `tag:yaml.org,2002:` that change how a scalar is read; any other tag makes it text. */
export type ScalarTag = 'str' | 'binary' | 'int' | 'float' | 'bool' | 'null' | 'timestamp';

/** The value of a plain scalar without a tag. Infinity and NaN come back as numbers: JSON cannot hold them. */
export function plainValue(text: string): ScalarValue {
  const hint = hintOf(text);
  if (hint === 0) return text;
  if (hint === DIGIT && isShortDecimal(text)) return Number(text);
  return valueOf(resolvePlain(text));
}

export function resolvePlain(text: string): Resolution {
  const hint = hintOf(text);
  if (hint === 0) return { kind: 'str', value: text };
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (hint === DOT)
    return (POINT_FLOAT.test(text) ? finite(text.replaceAll('_', '')) : undefined) ?? { kind: 'str', value: text };
  if (hint === WORD) return { kind: 'str', value: text };
  return resolveNumber(text) ?? { kind: 'str', value: text };
}

/** A scalar with an explicit tag, plain or quoted; undefined where kubectl refuses the document. */
export function resolveTagged(tag: ScalarTag, text: string): Resolution | undefined {
  if (tag === 'str') return { kind: 'str', value: text };
  if (tag === 'binary') return decodeBase64(text);
  if (tag === 'timestamp') return TIMESTAMP.test(text) ? { kind: 'str', value: text } : undefined;
  const resolution = resolvePlain(text);
  if (resolution.kind === tag) return resolution;
  if (tag === 'float' && resolution.kind === 'int') return { kind: 'float', value: Number(resolution.value) };
  return undefined;
}

/** Integers beyond 2^53 lose digits here, as in every JSON reader of this language; Kubernetes has none. */
export function valueOf(resolution: Resolution): ScalarValue {
  switch (resolution.kind) {
    case 'null':
      return null;
    case 'int':
      return Number(resolution.value);
    case 'float':
      // kubectl writes JSON and reads it back, where -0 becomes the integer 0.
      return resolution.value === 0 ? 0 : resolution.value;
    default:
      return resolution.value;
  }
}

/** The text that sigs.k8s.io/yaml makes of a mapping key; undefined where it refuses the document. */
export function keyOf(resolution: Resolution): string | undefined {
  switch (resolution.kind) {
    case 'str':
      return resolution.value;
    case 'bool':
      return String(resolution.value);
    case 'int':
      return resolution.value > MAX_INT64 ? undefined : String(resolution.value);
    case 'float':
      return floatKey(resolution.value);
    case 'null':
      return undefined;
  }
}

/** Whether a plain scalar is one of the words that only YAML 1.1 takes for a boolean. */
export function isSurprisingBoolean(text: string): boolean {
  return text.length <= 3 && SURPRISING_BOOLEAN.test(text);
}

const WORD = 1;
const DIGIT = 2;
const SIGN = 3;
const DOT = 4;

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;

const HINTS = hintTable();
const WORDS = wordTable();

const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** Go's ParseFloat allows an underscore between two digits. */
const POINT_FLOAT = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;
/** `0b` and then a sign: accepted by accident of how yaml v2 strips the prefix. */
const SIGNED_BINARY = /^0b[-+][01]+$/;
const TIMESTAMP =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2})| \d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?)?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const SURPRISING_BOOLEAN = /^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)$/;

function hintOf(text: string): number {
  if (text === '') return WORD;
  const first = text.charCodeAt(0);
  return first < 128 ? HINTS[first]! : 0;
}

function hintTable(): Uint8Array {
  const table = new Uint8Array(128);
  const mark = (characters: string, hint: number): void => {
    for (const character of characters) table[character.charCodeAt(0)] = hint;
  };
  mark('yYnNtTfFoO~', WORD);
  mark('0123456789', DIGIT);
  mark('+-', SIGN);
  mark('.', DOT);
  return table;
}

function wordTable(): ReadonlyMap<string, Resolution> {
  const table = new Map<string, Resolution>();
  const add = (words: string, resolution: Resolution): void => {
    for (const word of words.split(' ')) table.set(word, resolution);
  };
  add('y Y yes Yes YES true True TRUE on On ON', { kind: 'bool', value: true });
  add('n N no No NO false False FALSE off Off OFF', { kind: 'bool', value: false });
  add('~ null Null NULL', { kind: 'null' });
  table.set('', { kind: 'null' });
  add('.nan .NaN .NAN', { kind: 'float', value: Number.NaN });
  add('.inf .Inf .INF +.inf +.Inf +.INF', { kind: 'float', value: Number.POSITIVE_INFINITY });
  add('-.inf -.Inf -.INF', { kind: 'float', value: Number.NEGATIVE_INFINITY });
  return table;
}

/** Digits only, no leading zero, few enough to be exact. */
function isShortDecimal(text: string): boolean {
  if (text.length > 15 || (text.length > 1 && text.charCodeAt(0) === 48)) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function resolveNumber(text: string): Resolution | undefined {
  const plain = text.replaceAll('_', '');
  if (INTEGER.test(plain)) {
    const value = integerOf(plain);
    const signed = plain.startsWith('+') || plain.startsWith('-');
    if (value >= MIN_INT64 && value <= (signed ? MAX_INT64 : MAX_UINT64)) return { kind: 'int', value };
  }
  if (FLOAT.test(plain)) return finite(plain);
  if (SIGNED_BINARY.test(plain)) {
    const value = BigInt(`0b${plain.slice(3)}`);
    return { kind: 'int', value: plain[2] === '-' ? -value : value };
  }
  return undefined;
}

function integerOf(plain: string): bigint {
  const negative = plain.startsWith('-');
  const digits = plain.replace(/^[-+]/, '').toLowerCase();
  const octal = /^0[0-7]+$/.test(digits);
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  return negative ? -value : value;
}

/** Numbers too large for a double stay text, as a failed `strconv.ParseFloat` leaves them. */
function finite(text: string): Resolution | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? { kind: 'float', value } : undefined;
}

function decodeBase64(text: string): Resolution | undefined {
  const packed = text.replace(/[\r\n]/g, '');
  if (!BASE64.test(packed)) return undefined;
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  return { kind: 'str', value: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
}

/** Go's `strconv.FormatFloat(value, 'g', -1, 32)`, with the YAML names for what is not finite. */
function floatKey(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  const scientific = shortestSingle(single);
  const exponent = Number(scientific.slice(scientific.indexOf('e') + 1));
  if (exponent >= -4 && exponent < 6) return String(Number(scientific));
  return scientific.replace(/e([-+])(\d)$/, 'e$10$2');
}

/** The fewest digits that still read back as the same 32-bit float, as `1.5e+6`. */
function shortestSingle(single: number): string {
  for (let digits = 0; digits < 9; digits++) {
    const text = single.toExponential(digits);
    if (Math.fround(Number(text)) === single) return text;
  }
  return single.toExponential(9);
}
