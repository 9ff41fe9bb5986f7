import type { CalicoSelectorNode } from '#model/calico.ts';

/** Where and why an expression is not one. `at` is an offset into its text. */
export interface SelectorProblem {
  readonly kind: 'problem';
  readonly at: number;
  readonly message: string;
}

export type SelectorResult = { readonly kind: 'ok'; readonly node: CalicoSelectorNode } | SelectorProblem;

/** Deeper than any hand wrote; the parser calls itself for each level. */
const DEEPEST = 100;
const LONGEST_KEY = 512;

/**
 * Parses Calico's selector language (libcalico-go lib/selector): `k == 'v'`, `!=`, `in`, `not in`, `contains`,
 * `starts with`, `ends with`, `has(k)`, `all()`, `global()`, `!`, `&&`, `||`, parentheses. One pass, linear in the text.
 * White space is spaces and tabs only: a line break is an error there too.
 */
export function parseSelector(text: string): SelectorResult {
  const scanner = new Scanner(text);
  try {
    scanner.skipSpace();
    if (scanner.atEnd()) return { kind: 'ok', node: { kind: 'all' } };
    const node = readOr(scanner, 0);
    scanner.skipSpace();
    if (!scanner.atEnd()) scanner.fail(`\`${clip(text.slice(scanner.at))}\` follows a whole expression`);
    return { kind: 'ok', node };
  } catch (error) {
    if (error instanceof SyntaxProblem) return { kind: 'problem', at: error.at, message: error.message };
    throw error;
  }
}

class SyntaxProblem extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

const SPACE = /[ \t]*/y;
const KEY = /[A-Za-z0-9_./-]+/y;

class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  atEnd(): boolean {
    return this.at >= this.text.length;
  }

  skipSpace(): void {
    this.#match(SPACE);
  }

  /** Takes a mark such as `&&`, with the space before it. */
  takes(mark: string): boolean {
    const start = this.at;
    this.skipSpace();
    const found = this.text.startsWith(mark, this.at);
    this.at = found ? this.at + mark.length : start;
    return found;
  }

  /** Takes a mark that must stand here, without space before it. */
  takesAtOnce(mark: string): boolean {
    return this.text.startsWith(mark, this.at) && this.takes(mark);
  }

  expects(mark: string): void {
    if (!this.takes(mark)) this.fail(`\`${mark}\` is missing`);
  }

  key(): string {
    this.skipSpace();
    const start = this.at;
    const key = this.#match(KEY);
    if (key === '')
      this.fail(this.atEnd() ? 'a label is missing at the end' : `\`${clip(this.text.slice(start))}\` is no label`);
    if (key.length > LONGEST_KEY) this.fail(`a label has more than ${LONGEST_KEY} characters`, start);
    return key;
  }

  /** In single or double quotes; there are no escapes. */
  value(): string {
    this.skipSpace();
    const quote = this.text[this.at];
    if (quote !== "'" && quote !== '"') return this.fail('a value in quotes is missing');
    const end = this.text.indexOf(quote, this.at + 1);
    if (end < 0) this.fail('the value has no closing quote');
    const value = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    return value;
  }

  fail(message: string, at = this.at): never {
    throw new SyntaxProblem(at, message);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }
}

function readOr(scanner: Scanner, depth: number): CalicoSelectorNode {
  const parts = [readAnd(scanner, depth)];
  while (scanner.takes('||')) parts.push(readAnd(scanner, depth));
  return parts.length === 1 ? parts[0]! : { kind: 'or', parts };
}

function readAnd(scanner: Scanner, depth: number): CalicoSelectorNode {
  const parts = [readUnary(scanner, depth)];
  while (scanner.takes('&&')) parts.push(readUnary(scanner, depth));
  return parts.length === 1 ? parts[0]! : { kind: 'and', parts };
}

function readUnary(scanner: Scanner, depth: number): CalicoSelectorNode {
  let negated = false;
  while (scanner.takes('!')) negated = !negated;
  const node = readPrimary(scanner, depth);
  return negated ? { kind: 'not', inner: node } : node;
}

function readPrimary(scanner: Scanner, depth: number): CalicoSelectorNode {
  if (depth > DEEPEST) scanner.fail(`parentheses nest deeper than ${DEEPEST}`);
  if (scanner.takes('(')) {
    const inner = readOr(scanner, depth + 1);
    scanner.expects(')');
    return inner;
  }
  const start = scanner.at;
  const key = scanner.key();
  // The tokenizer takes `has(` as one: with a space before the parenthesis it is no call.
  if (scanner.takesAtOnce('(')) return readCall(scanner, key, start);
  return readComparison(scanner, key);
}

function readCall(scanner: Scanner, name: string, start: number): CalicoSelectorNode {
  if (name === 'has') {
    const key = scanner.key();
    scanner.expects(')');
    return { kind: 'has', key };
  }
  if (name !== 'all' && name !== 'global')
    scanner.fail(`\`${clip(name)}()\` is no function; there are has, all and global`, start);
  scanner.expects(')');
  return { kind: name === 'all' ? 'all' : 'global' };
}

function readComparison(scanner: Scanner, key: string): CalicoSelectorNode {
  for (const operator of ['==', '!='] as const) {
    if (scanner.takes(operator)) return { kind: 'compare', operator, key, value: scanner.value() };
  }
  if (scanner.takes('contains')) return { kind: 'compare', operator: 'contains', key, value: scanner.value() };
  for (const [word, operator] of [
    ['starts', 'starts with'],
    ['ends', 'ends with'],
  ] as const) {
    if (!scanner.takes(word)) continue;
    if (!scanner.takes('with')) scanner.fail(`\`with\` is missing after \`${word}\``);
    return { kind: 'compare', operator, key, value: scanner.value() };
  }
  if (scanner.takes('in')) return { kind: 'in', key, values: readSet(scanner) };
  if (scanner.takes('not')) {
    if (!scanner.takes('in')) scanner.fail('`in` is missing after `not`');
    return { kind: 'not in', key, values: readSet(scanner) };
  }
  return scanner.fail('an operator is missing: ==, !=, in, not in, contains, starts with or ends with');
}

/** `{'a', 'b'}`; may be empty, and may end with a comma. */
function readSet(scanner: Scanner): string[] {
  scanner.expects('{');
  const values: string[] = [];
  while (!scanner.takes('}')) {
    values.push(scanner.value());
    if (scanner.takes(',')) continue;
    scanner.expects('}');
    break;
  }
  return values;
}

function clip(text: string): string {
  return text.length > 20 ? `${text.slice(0, 20)}…` : text;
}
