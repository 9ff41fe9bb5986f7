import type { AzureUnsettled, AzureValue } from '#model/azure/value.ts';
import type { Block, Expression } from '../hcl/syntax.ts';
import { failure, isNull, isSet, object, scalar, textValue, unsettled } from '../values.ts';
import { attributeOf } from './config.ts';
import { evaluate } from './evaluate.ts';
import { numberOf } from './operators.ts';
import { because, originOf, type Scope, spend, tell } from './run.ts';
import { pairsOf } from './traverse.ts';

/** One of the copies that `count` or `for_each` makes of a block. */
export interface Copy {
  readonly key: string | number | undefined;
  /** `each` or `count`. */
  readonly names: ReadonlyMap<string, AzureValue>;
}

/**
 * The copies of a block. Where it cannot be told which there are, there is one that stands for all of them, with the
 * condition on which they depend.
 */
export interface Copies {
  readonly form: 'single' | 'list' | 'map';
  readonly copies: readonly Copy[];
  readonly condition?: AzureUnsettled;
}

/** Copies of one block. Nobody writes so many; a hostile count would. */
const MOST_COPIES = 10_000;

export function copiesOf(block: Block, scope: Scope): Copies {
  const count = attributeOf(block, 'count');
  if (count !== undefined) return counted(count.value, scope);
  const each = attributeOf(block, 'for_each');
  if (each !== undefined) return keyed(each.value, scope);
  return { form: 'single', copies: [{ key: undefined, names: new Map() }] };
}

function counted(expression: Expression, scope: Scope): Copies {
  const value = evaluate(expression, scope);
  const origin = originOf(expression);
  if (value.kind === 'unsettled') {
    const index = isZeroOrOne(expression) ? scalar(0, origin) : unsettled('count.index', value.why, origin);
    return { form: 'list', copies: [countCopy(0, index)], condition: value };
  }
  const number = numberOf(value);
  if (number === undefined || number < 0 || !Number.isInteger(number)) {
    const copy = countCopy(0, failure('count.index', origin));
    return { form: 'list', copies: [copy], condition: failure('a count that is no whole number', origin) };
  }
  const refused = tooMany(number, expression, scope);
  if (refused !== undefined) return { form: 'list', copies: [countCopy(0, refused)], condition: refused };
  const copies = Array.from({ length: number }, (_, index) => countCopy(index, scalar(index, origin)));
  return { form: 'list', copies };
}

/** `enabled ? 1 : 0`: the one copy that there may be is the first. */
function isZeroOrOne(expression: Expression): boolean {
  if (expression.kind !== 'conditional') return false;
  return [expression.whenTrue, expression.whenFalse].every(
    (side) => side.kind === 'literal' && (side.value === 0 || side.value === 1),
  );
}

function countCopy(key: number, index: AzureValue): Copy {
  return { key, names: new Map([['count', object(new Map([['index', index]]), index.origin)]]) };
}

function keyed(expression: Expression, scope: Scope): Copies {
  const value = evaluate(expression, scope);
  const origin = originOf(expression);
  if (value.kind === 'unsettled') return openMap(value);
  const pairs = pairsOf(value);
  if (pairs === undefined || isNull(value)) return openMap(failure('for_each over something that is no map', origin));
  const refused = tooMany(pairs.length, expression, scope);
  if (refused !== undefined) return openMap(refused);
  const copies: Copy[] = [];
  for (const [key, item] of pairs) {
    // Of a set the values are the keys.
    const name = value.kind === 'list' ? item : key;
    const text = textValue(name);
    if (name.kind === 'unsettled') {
      const open = because(name, expression);
      return openMap(open.kind === 'unsettled' ? open : name);
    }
    if (text === undefined) return openMap(failure('for_each over something that is no set of text', origin));
    copies.push(eachCopy(text, scalar(text, name.origin), item));
  }
  return { form: 'map', copies };
}

function eachCopy(text: string, key: AzureValue, value: AzureValue): Copy {
  const each = object(new Map([['key', key] as const, ['value', value] as const]), key.origin);
  return { key: text, names: new Map([['each', each]]) };
}

function openMap(condition: AzureUnsettled): Copies {
  const open = (name: string) => unsettled(name, condition.why, condition.origin);
  return { form: 'map', copies: [eachCopy('*', open('each.key'), open('each.value'))], condition };
}

function tooMany(count: number, expression: Expression, scope: Scope): AzureUnsettled | undefined {
  if (count <= MOST_COPIES && spend(scope, count)) return undefined;
  tell(scope.run, { code: 'RF5203', at: expression, message: `${count} copies of one block are too many to look at` });
  return unsettled('too many copies', 'not-supported', originOf(expression));
}

/** The rounds of a `dynamic` block: the iterator of each, or why they are not known. */
export function roundsOf(expression: Expression, scope: Scope): readonly AzureValue[] | AzureUnsettled {
  const value = evaluate(expression, scope);
  const origin = originOf(expression);
  if (value.kind === 'unsettled') return value;
  const pairs = isNull(value) ? undefined : pairsOf(value);
  if (pairs === undefined) return failure('for_each over something that is no list', origin);
  const refused = tooMany(pairs.length, expression, scope);
  if (refused !== undefined) return refused;
  return pairs.map(([key, item]) => {
    const name = isSet(value) ? item : key;
    return object(new Map([['key', name] as const, ['value', item] as const]), origin);
  });
}
