import { quote } from './draft.ts';
import type { Reader } from './reader.ts';

/**
 * The one field that is set of those that exclude each other; refused where it is none or several. A mapping that has
 * only unknown fields is not refused: they are gaps, and a newer API may know what they mean.
 */
export function exactlyOne<const T extends string>(reader: Reader, fields: readonly T[]): T | undefined {
  const known = fields.filter((field) => reader.has(field));
  if (known.length === 1) return known[0];
  const list = fields.map(quote).join(', ');
  if (known.length > 1)
    reader.refuse('RF2009', undefined, `has ${known.map(quote).join(' and ')}; only one of ${list} is allowed`);
  else if (reader.isEmpty()) reader.refuse('RF2003', undefined, `is empty; one of ${list} is needed`);
  return undefined;
}
