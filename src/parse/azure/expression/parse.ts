import { MAX_EXPRESSION_DEPTH } from '../limits.ts';
import type { Expression, ExpressionFault, Parsed, Step } from './syntax.ts';

/** Reads one expression. Linear; nesting is bounded; the first fault ends it. */
export function parseExpression(text: string): Parsed {
  const reader: Reader = { text, at: 0, depth: 0, fault: undefined };
  skipSpace(reader);
  const expression = readExpression(reader);
  skipSpace(reader);
  if (reader.fault === undefined && reader.at < text.length) fail(reader, 'the expression should end here');
  return reader.fault === undefined ? { expression } : { fault: reader.fault };
}

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
  /** The first fault; once it is set, what is returned has no meaning. */
  fault: ExpressionFault | undefined;
}

const NOTHING: Expression = { kind: 'number', value: 0, start: 0, end: 0 };
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const KEY = /[A-Za-z_$][A-Za-z0-9_$-]*/y;
const NUMBER = /[+-]?[0-9]+(?:\.[0-9]+)?/y;
const SPACE = /[ \t\r\n]*/y;

function readExpression(reader: Reader): Expression {
  reader.depth++;
  if (reader.depth > MAX_EXPRESSION_DEPTH) return fail(reader, `nested deeper than ${MAX_EXPRESSION_DEPTH} levels`);
  const target = readPrimary(reader);
  const steps: Step[] = [];
  while (reader.fault === undefined) {
    const step = readStep(reader);
    if (step === undefined) break;
    steps.push(step);
  }
  reader.depth--;
  if (steps.length === 0) return target;
  return { kind: 'access', target, steps, start: target.start, end: reader.at };
}

function readPrimary(reader: Reader): Expression {
  const { text, at: start } = reader;
  if (text[start] === "'") return readText(reader);
  const number = take(reader, NUMBER);
  if (number !== undefined) return { kind: 'number', value: Number(number), start, end: reader.at };
  const name = take(reader, NAME);
  if (name === undefined) return fail(reader, 'a function, a text in single quotes or a number is expected here');
  const full = readNamespace(reader, name);
  skipSpace(reader);
  if (text[reader.at] !== '(') return fail(reader, `\`(\` is expected after the name of a function`);
  reader.at++;
  const args = readArguments(reader);
  return { kind: 'call', name: full.toLowerCase(), args, start, end: reader.at };
}

/** `contoso.prefix(` is one name; elsewhere a point goes into a value. */
function readNamespace(reader: Reader, name: string): string {
  if (reader.text[reader.at] !== '.') return name;
  const before = reader.at;
  reader.at++;
  const member = take(reader, NAME);
  if (member !== undefined) return `${name}.${member}`;
  reader.at = before;
  return name;
}

function readArguments(reader: Reader): readonly Expression[] {
  const args: Expression[] = [];
  skipSpace(reader);
  if (reader.text[reader.at] === ')') {
    reader.at++;
    return args;
  }
  while (reader.fault === undefined) {
    args.push(readExpression(reader));
    if (reader.fault !== undefined) break;
    skipSpace(reader);
    const next = reader.text[reader.at];
    if (next !== ',' && next !== ')') {
      fail(reader, 'a comma or `)` is expected here');
      break;
    }
    reader.at++;
    if (next === ')') break;
    skipSpace(reader);
  }
  return args;
}

function readText(reader: Reader): Expression {
  const { text, at: start } = reader;
  let value = '';
  for (let from = start + 1; ; ) {
    const quote = text.indexOf("'", from);
    if (quote < 0) {
      reader.at = text.length;
      return fail(reader, 'the text does not end');
    }
    value += text.slice(from, quote);
    from = quote + 1;
    if (text[from] !== "'") {
      reader.at = from;
      return { kind: 'text', value, start, end: from };
    }
    value += "'";
    from++;
  }
}

function readStep(reader: Reader): Step | undefined {
  const { text } = reader;
  skipSpace(reader);
  const mark = text[reader.at];
  if (mark !== '.' && mark !== '[') return undefined;
  reader.at++;
  const safe = text[reader.at] === '?';
  if (safe) reader.at++;
  skipSpace(reader);
  if (mark === '.') {
    const key = take(reader, KEY);
    if (key === undefined) fail(reader, 'the name of a property is expected after the point');
    return { key: key ?? '', safe, end: reader.at };
  }
  const key = readExpression(reader);
  skipSpace(reader);
  if (reader.fault === undefined && text[reader.at] !== ']') fail(reader, '`]` is expected here');
  reader.at++;
  return { key, safe, end: reader.at };
}

function take(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  if (found !== undefined) reader.at += found.length;
  return found;
}

function skipSpace(reader: Reader): void {
  take(reader, SPACE);
}

function fail(reader: Reader, message: string): Expression {
  reader.fault ??= { message, at: Math.min(reader.at, reader.text.length) };
  return NOTHING;
}
