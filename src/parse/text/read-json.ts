import { escapeControl } from '#base/escape.ts';
import { MAX_DEPTH } from './limits.ts';
import type { Entry, Node, ScalarNode, ScalarValue, SourceText } from './node.ts';
import type { Problem } from './problem.ts';

/** The values found, what was wrong, and whether reading stopped before the end. */
export interface JsonResult {
  readonly roots: readonly Node[];
  readonly problems: readonly Problem[];
  readonly failed: boolean;
}

/**
 * Reads the JSON values (RFC 8259) that follow one another in `text[from … to)`, with a position for every value. After
 * a syntax error it goes on at the next line that begins with `{` or `[`: in indented output and in one-per-line output
 * that is the next value.
 */
export function readJson(source: SourceText, from: number, to: number): JsonResult {
  const text = source.text;
  const reader: Reader = { text, end: to, at: from, depth: 0, failure: undefined, problems: [] };
  const roots: Node[] = [];
  let failed = false;
  for (skipSpace(reader); reader.at < to; skipSpace(reader)) {
    const start = reader.at;
    reader.depth = 0;
    const node = readValue(reader);
    if (reader.failure === undefined) {
      roots.push(node);
      continue;
    }
    failed = true;
    if (reader.problems.length < MAX_PROBLEMS) reader.problems.push(reader.failure);
    reader.at = nextValueLine(reader, Math.max(start + 1, reader.failure.offset));
    reader.failure = undefined;
  }
  return { roots, problems: reader.problems, failed };
}

interface Reader {
  readonly text: string;
  readonly end: number;
  at: number;
  depth: number;
  /** The first error; once it is set, what is returned up the stack has no meaning. */
  failure: Problem | undefined;
  readonly problems: Problem[];
}

const NULL_NODE: ScalarNode = { kind: 'scalar', value: null, start: 0, end: 0 };
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
/** A file full of errors is not worth the memory of listing them all. */
const MAX_PROBLEMS = 1000;
/** Beyond this many keys duplicates are found through a table and not by looking at each. */
const FEW_KEYS = 8;

function readValue(reader: Reader): Node {
  switch (reader.text.charCodeAt(reader.at)) {
    case 0x7b:
      return readObject(reader);
    case 0x5b:
      return readArray(reader);
    case 0x22: {
      const start = reader.at;
      const value = readString(reader);
      return { kind: 'scalar', value, start, end: reader.at };
    }
    case 0x74:
      return readWord(reader, 'true', true);
    case 0x66:
      return readWord(reader, 'false', false);
    case 0x6e:
      return readWord(reader, 'null', null);
    default:
      return readNumber(reader);
  }
}

function readObject(reader: Reader): Node {
  const start = reader.at;
  if (!descend(reader)) return NULL_NODE;
  const open: OpenObject = { entries: [], table: undefined };
  reader.at++;
  skipSpace(reader);
  if (reader.text.charCodeAt(reader.at) === 0x7d) reader.at++;
  else if (!readMembers(reader, open)) return NULL_NODE;
  reader.depth--;
  return { kind: 'map', entries: open.entries.slice(), start, end: reader.at };
}

interface OpenObject {
  readonly entries: Entry[];
  /** Index by key, once there are many. */
  table: Map<string, number> | undefined;
}

function readMembers(reader: Reader, open: OpenObject): boolean {
  for (;;) {
    if (reader.text.charCodeAt(reader.at) !== 0x22) return fail(reader, 'a key in double quotes is expected here');
    const keyStart = reader.at;
    const key = readString(reader);
    if (reader.failure !== undefined) return false;
    skipSpace(reader);
    if (reader.text.charCodeAt(reader.at) !== 0x3a) return fail(reader, 'a colon is expected after a key');
    reader.at++;
    skipSpace(reader);
    const value = readValue(reader);
    if (reader.failure !== undefined) return false;
    addMember(reader, { key, keyStart, value }, open);
    skipSpace(reader);
    const next = reader.text.charCodeAt(reader.at);
    if (next !== 0x2c && next !== 0x7d) return fail(reader, 'a comma or `}` is expected here');
    reader.at++;
    if (next === 0x7d) return true;
    skipSpace(reader);
  }
}

/** The last of equal keys stays (RFC 8259 §4 leaves it open; Go's encoding/json keeps the last). */
function addMember(reader: Reader, entry: Entry, open: OpenObject): void {
  const { entries } = open;
  const index = indexOfKey(open, entry.key);
  if (index < 0) {
    open.table?.set(entry.key, entries.length);
    entries.push(entry);
    return;
  }
  entries[index] = entry;
  reader.problems.push(duplicateKey(entry.key, entry.keyStart));
}

function indexOfKey(open: OpenObject, key: string): number {
  const { entries } = open;
  if (open.table === undefined) {
    if (entries.length < FEW_KEYS) {
      for (let i = 0; i < entries.length; i++) if (entries[i]!.key === key) return i;
      return -1;
    }
    open.table = new Map(entries.map((entry, index) => [entry.key, index]));
  }
  return open.table.get(key) ?? -1;
}

export function duplicateKey(key: string, offset: number): Problem {
  return {
    code: 'RF1002',
    message: `key \`${escapeControl(key)}\` is given twice; the last one is used`,
    offset,
    length: Math.max(1, key.length),
  };
}

function readArray(reader: Reader): Node {
  const start = reader.at;
  if (!descend(reader)) return NULL_NODE;
  const items: Node[] = [];
  reader.at++;
  skipSpace(reader);
  if (reader.text.charCodeAt(reader.at) === 0x5d) reader.at++;
  else if (!readItems(reader, items)) return NULL_NODE;
  reader.depth--;
  return { kind: 'seq', items: items.slice(), start, end: reader.at };
}

function readItems(reader: Reader, items: Node[]): boolean {
  for (;;) {
    items.push(readValue(reader));
    if (reader.failure !== undefined) return false;
    skipSpace(reader);
    const next = reader.text.charCodeAt(reader.at);
    if (next !== 0x2c && next !== 0x5d) return fail(reader, 'a comma or `]` is expected here');
    reader.at++;
    if (next === 0x5d) return true;
    skipSpace(reader);
  }
}

function descend(reader: Reader): boolean {
  reader.depth++;
  if (reader.depth <= MAX_DEPTH) return true;
  reader.failure = { code: 'RF1003', message: `nested deeper than ${MAX_DEPTH} levels`, offset: reader.at };
  return false;
}

function readString(reader: Reader): string {
  const { text } = reader;
  const start = reader.at + 1;
  let at = start;
  let escaped = false;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 0x22) break;
    if (code === 0x5c) {
      escaped = true;
      at += 2;
    } else if (code >= 0x20) {
      at++;
    } else {
      reader.at = Math.min(at, reader.end);
      fail(
        reader,
        at >= reader.end ? 'the text ends inside a string' : 'a control character inside a string must be escaped',
      );
      return '';
    }
    // NaN, past the end of the whole text, fails every comparison above and lands in the last branch.
  }
  if (at >= reader.end) {
    reader.at = reader.end;
    fail(reader, 'the text ends inside a string');
    return '';
  }
  reader.at = at + 1;
  return escaped ? unescape(reader, start, at) : text.slice(start, at);
}

/** Lone surrogate escapes become U+FFFD, as in Go's encoding/json. */
function unescape(reader: Reader, start: number, end: number): string {
  const raw = reader.text.slice(start, end);
  const wrong = BAD_ESCAPE.exec(raw);
  if (wrong !== null) {
    reader.at = start + wrong[0].length - 1;
    fail(reader, 'unknown escape in a string');
    return '';
  }
  return raw.replace(ESCAPE, unescapeOne).toWellFormed();
}

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(.))/g;
const BAD_ESCAPE = /^(?:[^\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescapeOne(_match: string, hex: string | undefined, short: string): string {
  return hex === undefined ? (SHORT_ESCAPES[short] ?? short) : String.fromCharCode(Number.parseInt(hex, 16));
}

function readWord(reader: Reader, word: string, value: ScalarValue): Node {
  const start = reader.at;
  if (!reader.text.startsWith(word, start)) {
    fail(reader, 'a JSON value is expected here');
    return NULL_NODE;
  }
  reader.at = start + word.length;
  return { kind: 'scalar', value, start, end: reader.at };
}

function readNumber(reader: Reader): Node {
  const start = reader.at;
  NUMBER.lastIndex = start;
  const match = NUMBER.exec(reader.text);
  if (match === null || start + match[0].length > reader.end) {
    fail(reader, start >= reader.end ? 'the text ends where a value is expected' : 'a JSON value is expected here');
    return NULL_NODE;
  }
  const value = Number(match[0]);
  if (!Number.isFinite(value)) {
    fail(reader, 'the number is too large');
    return NULL_NODE;
  }
  reader.at = start + match[0].length;
  // Go reads an integral number as an integer, which has no negative zero.
  return { kind: 'scalar', value: value === 0 ? 0 : value, start, end: reader.at };
}

function skipSpace(reader: Reader): void {
  const { text, end } = reader;
  let at = reader.at;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
    at++;
  }
  reader.at = at;
}

function fail(reader: Reader, message: string): false {
  reader.failure ??= { code: 'RF1001', message: `not valid JSON: ${message}`, offset: reader.at };
  return false;
}

/** An indented bracket is inside of something; one in the first column begins a value. */
function nextValueLine(reader: Reader, from: number): number {
  const { text, end } = reader;
  for (let at = text.indexOf('\n', from - 1); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) {
    const code = text.charCodeAt(at + 1);
    if (code === 0x7b || code === 0x5b) return Math.min(at + 1, end);
  }
  return end;
}
