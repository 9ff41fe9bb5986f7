import type { AzureValue } from '#model/azure/value.ts';
import type { CallExpression, Expression } from '../hcl/syntax.ts';
import { isNull, isOpen, list, object, scalar, setOf, textValue, unsettled, unsettledPart } from '../values.ts';
import { numberOf } from './operators.ts';

/** Computes the default of an `optional(type, default)`. */
export type DefaultOf = (expression: Expression) => AzureValue;

/**
 * A value as the `type` of its variable makes it: attributes that are optional are added, those that the type does not
 * have are dropped, text becomes numbers and back. What does not fit stays as it is.
 */
export function converted(value: AzureValue, type: Expression | undefined, defaultOf: DefaultOf): AzureValue {
  if (type === undefined || value.kind === 'unsettled' || isNull(value)) return value;
  if (type.kind === 'name') return convertedScalar(value, type.name);
  if (type.kind !== 'call') return value;
  const [inner] = type.args;
  switch (type.name) {
    case 'list':
      return value.kind === 'list' ? list(itemsAs(value.items, inner, defaultOf), value.origin) : value;
    case 'set':
      return value.kind === 'list' ? asSet(list(itemsAs(value.items, inner, defaultOf), value.origin)) : value;
    case 'map':
      return mapAs(value, inner, defaultOf);
    case 'object':
      return objectAs(value, inner, defaultOf);
    case 'tuple':
      return tupleAs(value, inner, defaultOf);
    case 'optional':
      return converted(value, inner, defaultOf);
    default:
      return value;
  }
}

function convertedScalar(value: AzureValue, type: string): AzureValue {
  if (value.kind !== 'scalar' || value.value === null) return value;
  if (type === 'string') return typeof value.value === 'string' ? value : scalar(String(value.value), value.origin);
  if (type === 'number') {
    const number = numberOf(value);
    return number === undefined || typeof value.value === 'number' ? value : scalar(number, value.origin);
  }
  const text = textValue(value);
  return type === 'bool' && (text === 'true' || text === 'false') ? scalar(text === 'true', value.origin) : value;
}

function itemsAs(items: readonly AzureValue[], type: Expression | undefined, defaultOf: DefaultOf): AzureValue[] {
  return items.map((item) => converted(item, type, defaultOf));
}

/** Which items of a set are equal is not known while a part of one is not. */
function asSet(value: AzureValue): AzureValue {
  if (value.kind !== 'list') return value;
  const open = unsettledPart(value);
  return open === undefined ? setOf(value.items, value.origin) : unsettled(open.expression, open.why, value.origin);
}

function mapAs(value: AzureValue, type: Expression | undefined, defaultOf: DefaultOf): AzureValue {
  if (value.kind !== 'object') return value;
  const entries = [...value.entries].map(([key, item]) => [key, converted(item, type, defaultOf)] as const);
  return object(new Map(entries), value.origin);
}

function objectAs(value: AzureValue, type: Expression | undefined, defaultOf: DefaultOf): AzureValue {
  if (value.kind !== 'object' || type?.kind !== 'object' || isOpen(value)) return value;
  const entries = new Map<string, AzureValue>();
  for (const item of type.items) {
    const name = item.key.kind === 'literal' ? String(item.key.value) : undefined;
    if (name === undefined) return value;
    const given = value.entries.get(name);
    const optional = item.value.kind === 'call' && item.value.name === 'optional' ? item.value : undefined;
    if (given !== undefined && !(isNull(given) && optional?.args[1] !== undefined))
      entries.set(name, converted(given, item.value, defaultOf));
    else if (optional !== undefined) entries.set(name, defaultFor(optional, value, defaultOf));
  }
  return object(entries, value.origin);
}

function defaultFor(optional: CallExpression, value: AzureValue, defaultOf: DefaultOf): AzureValue {
  const [type, written] = optional.args;
  return written === undefined ? scalar(null, value.origin) : converted(defaultOf(written), type, defaultOf);
}

function tupleAs(value: AzureValue, type: Expression | undefined, defaultOf: DefaultOf): AzureValue {
  if (value.kind !== 'list' || type?.kind !== 'tuple') return value;
  return list(
    value.items.map((item, index) => converted(item, type.items[index], defaultOf)),
    value.origin,
  );
}
