import type { Origin } from '#model/origin.ts';
import { object, scalar, type Value } from './values.ts';

/** A fixed object of texts, as deep as it is. */
export interface Literal {
  readonly [key: string]: string | Literal;
}

export function literalOf(literal: Literal, origin: Origin): Value {
  const entries = new Map<string, Value>();
  for (const [key, value] of Object.entries(literal))
    entries.set(key, typeof value === 'string' ? scalar(value, origin) : literalOf(value, origin));
  return object(entries, origin);
}
