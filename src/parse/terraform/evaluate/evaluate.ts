import type { AzureValue } from '#model/azure/value.ts';
import {
  type CallExpression,
  type ConditionalExpression,
  type Expression,
  type ForExpression,
  type ForTemplate,
  type ObjectExpression,
  type TemplateExpression,
  type TupleExpression,
  textOf,
} from '../hcl/syntax.ts';
import { failure, isNull, isSet, list, object, scalar, textValue, unsettled } from '../values.ts';
import { callFunction } from './functions/call.ts';
import { readBinary, readUnary } from './operators.ts';
import { because, descend, originOf, type Scope, spend } from './run.ts';
import { pairsOf, traverse } from './traverse.ts';

/** The value of an expression. Never throws; what cannot be known is unsettled. */
export function evaluate(expression: Expression, scope: Scope): AzureValue {
  return descend(scope.run, expression, () => valueOf(expression, scope));
}

function valueOf(expression: Expression, scope: Scope): AzureValue {
  switch (expression.kind) {
    case 'literal':
      return scalar(expression.value, originOf(expression));
    case 'template':
      return templateOf(expression, scope);
    case 'name':
      return traverse({ expression, name: expression.name, steps: [] }, scope, evaluate);
    case 'traversal':
      return expression.root.kind === 'name'
        ? traverse({ expression, name: expression.root.name, steps: expression.steps }, scope, evaluate)
        : traverse({ expression, value: evaluate(expression.root, scope), steps: expression.steps }, scope, evaluate);
    case 'call':
      return callOf(expression, scope);
    case 'unary':
      return readUnary(expression, evaluate(expression.operand, scope));
    case 'binary':
      return readBinary(expression, evaluate(expression.left, scope), () => evaluate(expression.right, scope));
    case 'conditional':
      return conditionalOf(expression, scope);
    case 'tuple':
      return tupleOf(expression, scope);
    case 'object':
      return objectOf(expression, scope);
    case 'for':
      return forOf(expression, scope);
    case 'for-template':
      return forTemplateOf(expression, scope);
  }
}

function templateOf(expression: TemplateExpression, scope: Scope): AzureValue {
  return joined(
    expression,
    expression.parts.map((part) => evaluate(part, scope)),
  );
}

/** Text of which a part is unsettled is unsettled as a whole; a secret part makes it a secret. */
function joined(expression: Expression, parts: readonly AzureValue[]): AzureValue {
  const open = parts.filter((part) => part.kind === 'unsettled');
  const worst = open.find((part) => part.why === 'secret') ?? open[0];
  if (worst !== undefined) return because(worst, expression);
  const texts = parts.map(textValue);
  if (texts.includes(undefined)) return failure('a template of something that is not text', originOf(expression));
  return scalar(texts.join(''), originOf(expression));
}

function conditionalOf(expression: ConditionalExpression, scope: Scope): AzureValue {
  const condition = truthOf(evaluate(expression.condition, scope));
  if (condition === true) return evaluate(expression.whenTrue, scope);
  if (condition === false) return evaluate(expression.whenFalse, scope);
  if (condition === undefined) return failure('a condition that is neither true nor false', originOf(expression));
  const [left, right] = [evaluate(expression.whenTrue, scope), evaluate(expression.whenFalse, scope)];
  const isSame = left.kind === 'scalar' && right.kind === 'scalar' && left.value === right.value;
  return isSame ? left : because(condition, expression);
}

/** A condition as Terraform converts it: the text `true` is true. */
export function truthOf(value: AzureValue): boolean | AzureValue | undefined {
  if (value.kind === 'unsettled') return value;
  const text = textValue(value);
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function callOf(expression: CallExpression, scope: Scope): AzureValue {
  return callFunction({ expression, scope, evaluate });
}

function tupleOf(expression: TupleExpression, scope: Scope): AzureValue {
  return list(
    expression.items.map((item) => evaluate(item, scope)),
    originOf(expression),
  );
}

function objectOf(expression: ObjectExpression, scope: Scope): AzureValue {
  const entries = new Map<string, AzureValue>();
  for (const item of expression.items) {
    const key = evaluate(item.key, scope);
    const name = textValue(key);
    if (key.kind === 'unsettled') return because(key, expression);
    if (name === undefined) return failure('a key that is not text', originOf(item.key));
    entries.set(name, evaluate(item.value, scope));
  }
  return object(entries, originOf(expression));
}

function forOf(expression: ForExpression, scope: Scope): AzureValue {
  const rounds = roundsOf(expression, scope);
  if (!Array.isArray(rounds)) return rounds;
  const items: AzureValue[] = [];
  const entries = new Map<string, AzureValue[]>();
  for (const inner of rounds) {
    const condition = expression.condition === undefined ? true : truthOf(evaluate(expression.condition, inner));
    if (condition === false) continue;
    if (condition === undefined) return failure('a condition that is neither true nor false', originOf(expression));
    if (condition !== true) return because(condition, expression);
    const value = evaluate(expression.value, inner);
    if (expression.key === undefined) {
      items.push(value);
      continue;
    }
    const key = evaluate(expression.key, inner);
    const name = textValue(key);
    if (key.kind === 'unsettled') return because(key, expression);
    if (name === undefined) return failure('a key that is not text', originOf(expression));
    const group = entries.get(name);
    if (group === undefined) entries.set(name, [value]);
    else if (expression.grouped) group.push(value);
    else return failure(`the key ${name} twice`, originOf(expression));
  }
  if (expression.key === undefined) return list(items, originOf(expression));
  return keyed(expression, entries);
}

function keyed(expression: ForExpression, groups: ReadonlyMap<string, readonly AzureValue[]>): AzureValue {
  const origin = originOf(expression);
  const entries = [...groups].map(
    ([key, values]) => [key, expression.grouped ? list(values, origin) : values[0]!] as const,
  );
  return object(new Map(entries), origin);
}

/** The scopes of the rounds of a `for`, or why they are not known. */
function roundsOf(expression: ForExpression | ForTemplate, scope: Scope): Scope[] | AzureValue {
  const collection = evaluate(expression.collection, scope);
  if (collection.kind === 'unsettled') return because(collection, expression);
  const pairs = pairsOf(collection);
  if (pairs === undefined || isNull(collection))
    return failure('a loop over something that is no list', originOf(expression));
  if (!spend(scope, pairs.length)) return unsettled(textOf(expression), 'not-supported', originOf(expression));
  return pairs.map(([key, value]) => {
    const names = new Map(scope.names);
    if (expression.keyName !== undefined) names.set(expression.keyName, isSet(collection) ? value : key);
    names.set(expression.valueName, value);
    return { ...scope, names };
  });
}

function forTemplateOf(expression: ForTemplate, scope: Scope): AzureValue {
  const rounds = roundsOf(expression, scope);
  if (!Array.isArray(rounds)) return rounds;
  return joined(
    expression,
    rounds.map((inner) => templateOf(expression.body, inner)),
  );
}
