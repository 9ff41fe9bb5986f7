import {
  type Cursor,
  deeper,
  fail,
  needs,
  placed,
  sees,
  skipLines,
  skipSpace,
  takeIdentifier,
  takes,
  takesKeyword,
} from './cursor.ts';
import { readForHead } from './for-head.ts';
import type { BinaryOperator, Expression, ObjectItem, Step } from './syntax.ts';
import { readHeredoc, readQuoted } from './template.ts';

/** Reads one expression, as far as it goes. */
export function readExpression(cursor: Cursor): Expression {
  const start = cursor.at;
  return deeper(cursor, cursor.multiline, () => readConditional(cursor)) ?? nothing(cursor, start);
}

/** What is returned after a failure. */
function nothing(cursor: Cursor, start: number): Expression {
  return { kind: 'literal', value: null, ...placed(cursor, start) };
}

function readConditional(cursor: Cursor): Expression {
  const start = cursor.at;
  const condition = readBinary(cursor, 0);
  const mark = cursor.at;
  skipSpace(cursor);
  if (!takes(cursor, '?')) {
    cursor.at = cursor.failure === undefined ? mark : cursor.at;
    return condition;
  }
  skipSpace(cursor);
  const whenTrue = readExpression(cursor);
  skipSpace(cursor);
  needs(cursor, ':', 'between the two results of a condition');
  skipSpace(cursor);
  const whenFalse = readExpression(cursor);
  return { kind: 'conditional', condition, whenTrue, whenFalse, ...placed(cursor, start) };
}

// ---------------------------------------------------------------- operators

/** Weakest first (HCL spec, "Operations"). */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Operators of one level in a row: evaluating them recurses, and nobody writes so many. */
const MOST_OPERATORS = 500;

function readBinary(cursor: Cursor, level: number): Expression {
  const start = cursor.at;
  const operators = LEVELS[level];
  if (operators === undefined) return readUnary(cursor);
  let left = readBinary(cursor, level + 1);
  for (let count = 0; ; count++) {
    const mark = cursor.at;
    skipSpace(cursor);
    const operator = takeOperator(cursor, operators);
    if (operator === undefined) {
      if (cursor.failure === undefined) cursor.at = mark;
      return left;
    }
    if (count >= MOST_OPERATORS) fail(cursor, 'too many operators in one expression', 'RF1003');
    skipSpace(cursor);
    const right = readBinary(cursor, level + 1);
    left = { kind: 'binary', operator, left, right, ...placed(cursor, start) };
  }
}

function takeOperator(cursor: Cursor, operators: readonly BinaryOperator[]): BinaryOperator | undefined {
  // `=>` belongs to a `for`, `%{` and `%}` to no expression.
  return operators.find((operator) => !(operator === '%' && sees(cursor, '%{')) && takes(cursor, operator));
}

function readUnary(cursor: Cursor): Expression {
  const start = cursor.at;
  const operator = sees(cursor, '-') ? '-' : sees(cursor, '!') ? '!' : undefined;
  if (operator === undefined) return readTerm(cursor);
  cursor.at++;
  skipSpace(cursor);
  const operand = deeper(cursor, cursor.multiline, () => readUnary(cursor)) ?? nothing(cursor, start);
  return { kind: 'unary', operator, operand, ...placed(cursor, start) };
}

// ---------------------------------------------------------------- terms

function readTerm(cursor: Cursor): Expression {
  const start = cursor.at;
  const root = readRoot(cursor);
  const steps = readSteps(cursor, 'all');
  return steps.length === 0 ? root : { kind: 'traversal', root, steps, ...placed(cursor, start) };
}

function readRoot(cursor: Cursor): Expression {
  switch (cursor.at < cursor.end ? cursor.text[cursor.at] : undefined) {
    case '"':
      return deeper(cursor, cursor.multiline, () => readQuoted(cursor)) ?? nothing(cursor, cursor.at);
    case '<':
      return deeper(cursor, cursor.multiline, () => readHeredoc(cursor)) ?? nothing(cursor, cursor.at);
    case '(':
      return readParentheses(cursor);
    case '[':
      return readBracketed(cursor);
    case '{':
      return readBraced(cursor);
    default:
      return readNumber(cursor) ?? readNamed(cursor);
  }
}

const NUMBER = /[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

function readNumber(cursor: Cursor): Expression | undefined {
  const start = cursor.at;
  NUMBER.lastIndex = start;
  const match = NUMBER.exec(cursor.text);
  if (match === null || start + match[0].length > cursor.end) return undefined;
  const value = Number(match[0]);
  if (!Number.isFinite(value)) fail(cursor, 'the number is too large');
  else cursor.at = start + match[0].length;
  return { kind: 'literal', value, ...placed(cursor, start) };
}

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function readNamed(cursor: Cursor): Expression {
  const start = cursor.at;
  let name = takeIdentifier(cursor);
  if (name === undefined) {
    fail(cursor, 'a value is expected here');
    return nothing(cursor, start);
  }
  // Functions of providers: `provider::azurerm::parse_resource_id(…)`.
  while (sees(cursor, '::')) {
    cursor.at += 2;
    name += `::${takeIdentifier(cursor) ?? ''}`;
  }
  const mark = cursor.at;
  skipSpace(cursor);
  if (takes(cursor, '(')) return readCall(cursor, name, start);
  cursor.at = mark;
  const constant = CONSTANTS.get(name);
  if (constant !== undefined) return { kind: 'literal', value: constant, ...placed(cursor, start) };
  return { kind: 'name', name, ...placed(cursor, start) };
}

function readCall(cursor: Cursor, name: string, start: number): Expression {
  const args: Expression[] = [];
  const spread =
    deeper(cursor, true, () => {
      for (skipLines(cursor); !takes(cursor, ')'); skipLines(cursor)) {
        args.push(readExpression(cursor));
        skipLines(cursor);
        const isSpread = takes(cursor, '...');
        skipLines(cursor);
        if (isSpread || !takes(cursor, ',')) {
          needs(cursor, ')', 'after the arguments of a function');
          return isSpread;
        }
      }
      return false;
    }) ?? false;
  return { kind: 'call', name, args, spread, ...placed(cursor, start) };
}

function readParentheses(cursor: Cursor): Expression {
  const start = cursor.at++;
  const inner = deeper(cursor, true, () => {
    skipLines(cursor);
    const expression = readExpression(cursor);
    skipLines(cursor);
    needs(cursor, ')', 'here');
    return expression;
  });
  if (inner === undefined) return nothing(cursor, start);
  // `(name)` as a key of an object is a reference; without parentheses the name itself.
  if (inner.kind === 'name') return { kind: 'traversal', root: inner, steps: [], ...placed(cursor, start) };
  return inner;
}

// ---------------------------------------------------------------- what follows a term

/** A splat by `.*` takes only attributes with it, one by `[*]` indexes too (HCL spec, "Splat Operators"). */
function readSteps(cursor: Cursor, which: 'all' | 'attributes'): Step[] {
  const steps: Step[] = [];
  for (;;) {
    const mark = cursor.at;
    skipSpace(cursor);
    const step = readStep(cursor, which);
    if (step === undefined) {
      if (cursor.failure === undefined) cursor.at = mark;
      return steps;
    }
    steps.push(step);
  }
}

function readStep(cursor: Cursor, which: 'all' | 'attributes'): Step | undefined {
  if (sees(cursor, '.') && !sees(cursor, '...')) return readDot(cursor);
  if (which === 'attributes' || !takes(cursor, '[')) return undefined;
  return (
    deeper(cursor, true, () => {
      skipLines(cursor);
      if (takes(cursor, '*')) {
        skipLines(cursor);
        needs(cursor, ']', 'after `[*`');
        return undefined;
      }
      const key = readExpression(cursor);
      skipLines(cursor);
      needs(cursor, ']', 'after an index');
      return { kind: 'index', key } as const;
    }) ?? { kind: 'splat', steps: deeper(cursor, cursor.multiline, () => readSteps(cursor, 'all')) ?? [] }
  );
}

const DIGITS = /[0-9]+/y;

function readDot(cursor: Cursor): Step {
  const start = cursor.at++;
  skipSpace(cursor);
  if (takes(cursor, '*'))
    return { kind: 'splat', steps: deeper(cursor, cursor.multiline, () => readSteps(cursor, 'attributes')) ?? [] };
  const name = takeIdentifier(cursor);
  if (name !== undefined) return { kind: 'attribute', name };
  DIGITS.lastIndex = cursor.at;
  const digits = DIGITS.exec(cursor.text)?.[0];
  if (digits === undefined) fail(cursor, 'a name is expected after `.`');
  else cursor.at += digits.length;
  return { kind: 'index', key: { kind: 'literal', value: Number(digits ?? 0), ...placed(cursor, start + 1) } };
}

// ---------------------------------------------------------------- lists, objects and for

function readBracketed(cursor: Cursor): Expression {
  const start = cursor.at++;
  return (
    deeper(cursor, true, () => {
      skipLines(cursor);
      if (takesKeyword(cursor, 'for')) return readFor(cursor, start, ']');
      const items: Expression[] = [];
      for (; !takes(cursor, ']'); skipLines(cursor)) {
        items.push(readExpression(cursor));
        skipLines(cursor);
        if (takes(cursor, ',')) continue;
        needs(cursor, ']', 'or a comma after an item of a list');
        break;
      }
      return { kind: 'tuple', items, ...placed(cursor, start) } as const;
    }) ?? nothing(cursor, start)
  );
}

function readBraced(cursor: Cursor): Expression {
  const start = cursor.at++;
  return (
    deeper(cursor, true, () => {
      skipLines(cursor);
      if (takesKeyword(cursor, 'for')) return readFor(cursor, start, '}');
      const items = readItems(cursor);
      return { kind: 'object', items, ...placed(cursor, start) } as const;
    }) ?? nothing(cursor, start)
  );
}

/** Items end at a comma or at the end of their line. */
function readItems(cursor: Cursor): ObjectItem[] {
  const items: ObjectItem[] = [];
  cursor.multiline = false;
  for (skipLines(cursor); !takes(cursor, '}'); skipLines(cursor)) {
    items.push(readItem(cursor));
    skipSpace(cursor);
    if (takes(cursor, ',') || sees(cursor, '\n') || sees(cursor, '\r')) continue;
    needs(cursor, '}', 'or a comma or a new line after an entry of an object');
    break;
  }
  return items;
}

function readItem(cursor: Cursor): ObjectItem {
  const written = readExpression(cursor);
  const key: Expression = written.kind === 'name' ? { ...written, kind: 'literal', value: written.name } : written;
  skipSpace(cursor);
  if (!takes(cursor, '=') && !takes(cursor, ':')) fail(cursor, '`=` or `:` is expected after a key');
  skipLines(cursor);
  return { key, value: readExpression(cursor) };
}

function readFor(cursor: Cursor, start: number, close: ']' | '}'): Expression {
  const { keyName, valueName, collection } = readForHead(cursor);
  skipLines(cursor);
  needs(cursor, ':', 'after the collection of a `for`');
  skipLines(cursor);
  const first = readExpression(cursor);
  skipLines(cursor);
  let key: Expression | undefined;
  let value = first;
  if (close === '}') {
    needs(cursor, '=>', 'after the key of a `for`');
    skipLines(cursor);
    key = first;
    value = readExpression(cursor);
    skipLines(cursor);
  }
  const grouped = close === '}' && takes(cursor, '...');
  skipLines(cursor);
  const condition = readForCondition(cursor);
  skipLines(cursor);
  needs(cursor, close, 'at the end of a `for`');
  return { kind: 'for', keyName, valueName, collection, key, value, condition, grouped, ...placed(cursor, start) };
}

function readForCondition(cursor: Cursor): Expression | undefined {
  if (!takesKeyword(cursor, 'if')) return undefined;
  skipLines(cursor);
  return readExpression(cursor);
}
