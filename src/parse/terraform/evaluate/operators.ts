import type { AzureUnsettled, AzureValue } from '#model/azure/value.ts';
import type { BinaryExpression, UnaryExpression } from '../hcl/syntax.ts';
import { failure, scalar, textValue } from '../values.ts';
import { because, originOf } from './run.ts';

export function readUnary(expression: UnaryExpression, operand: AzureValue): AzureValue {
  if (operand.kind === 'unsettled') return because(operand, expression);
  const origin = originOf(expression);
  if (expression.operator === '!') {
    const truth = booleanOf(operand);
    return truth === undefined ? failure('! of something that is no boolean', origin) : scalar(!truth, origin);
  }
  const number = numberOf(operand);
  return number === undefined ? failure('- of something that is no number', origin) : scalar(-number, origin);
}

/** The right side is computed only where the left one does not decide. */
export function readBinary(expression: BinaryExpression, left: AzureValue, rightOf: () => AzureValue): AzureValue {
  const { operator } = expression;
  if (operator === '&&' || operator === '||') return logical(expression, left, rightOf);
  const right = rightOf();
  if (operator === '==' || operator === '!=') return compared(expression, left, right);
  if (left.kind === 'unsettled') return because(left, expression);
  if (right.kind === 'unsettled') return because(right, expression);
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined)
    return failure(`${operator} of something that is no number`, originOf(expression));
  return scalar(computed(operator, a, b), originOf(expression));
}

/** A known side that decides, decides: what is unsettled in the other does not matter. */
function logical(expression: BinaryExpression, left: AzureValue, rightOf: () => AzureValue): AzureValue {
  const deciding = expression.operator === '||';
  const origin = originOf(expression);
  const a = booleanOf(left);
  if (a === deciding) return scalar(deciding, origin);
  const right = rightOf();
  const b = booleanOf(right);
  if (b === deciding && left.kind === 'unsettled') return scalar(deciding, origin);
  if (left.kind === 'unsettled') return because(left, expression);
  if (right.kind === 'unsettled') return because(right, expression);
  if (a === undefined || b === undefined)
    return failure(`${expression.operator} of something that is no boolean`, origin);
  return scalar(b, origin);
}

function compared(expression: BinaryExpression, left: AzureValue, right: AzureValue): AzureValue {
  const same = isEqual(left, right);
  if (typeof same !== 'boolean') return because(same, expression);
  return scalar(same === (expression.operator === '=='), originOf(expression));
}

/** Whether two values are equal, or the unsettled part on which that depends. */
export function isEqual(left: AzureValue, right: AzureValue): boolean | AzureUnsettled {
  if (left.kind === 'unsettled') return left;
  if (right.kind === 'unsettled') return right;
  if (left.kind === 'scalar' || right.kind === 'scalar')
    return left.kind === 'scalar' && right.kind === 'scalar' && left.value === right.value;
  if (left.kind === 'list' && right.kind === 'list') return areEqual(left.items, right.items);
  if (left.kind !== 'object' || right.kind !== 'object') return false;
  if (left.entries.size !== right.entries.size) return false;
  const others: AzureValue[] = [];
  for (const key of left.entries.keys()) {
    const other = right.entries.get(key);
    if (other === undefined) return false;
    others.push(other);
  }
  return areEqual([...left.entries.values()], others);
}

function areEqual(left: readonly AzureValue[], right: readonly AzureValue[]): boolean | AzureUnsettled {
  if (left.length !== right.length) return false;
  let open: AzureUnsettled | undefined;
  for (const [index, item] of left.entries()) {
    const same = isEqual(item, right[index]!);
    if (same === false) return false;
    if (same !== true) open ??= same;
  }
  return open ?? true;
}

/** As Terraform converts: text that is a number is one. */
export function numberOf(value: AzureValue): number | undefined {
  if (value.kind !== 'scalar') return undefined;
  if (typeof value.value === 'number') return value.value;
  if (typeof value.value !== 'string' || !/^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(value.value))
    return undefined;
  return Number(value.value);
}

function booleanOf(value: AzureValue): boolean | undefined {
  const text = textValue(value);
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

type NumberOperator = Exclude<BinaryExpression['operator'], '&&' | '||' | '==' | '!='>;

function computed(operator: NumberOperator, a: number, b: number): number | boolean {
  switch (operator) {
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
  }
}
