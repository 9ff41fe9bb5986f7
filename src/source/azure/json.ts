import { isShallow } from '../shallow.ts';

/** An object of JSON, or undefined. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return recordOf(value) !== undefined;
}

/** A text that is not empty, at the end of a path of keys. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  let at = value;
  for (const key of keys) at = recordOf(at)?.[key];
  return typeof at === 'string' && at !== '' ? at : undefined;
}

/** What ARM says of an error: `{error: {code, message}}`, or the status alone. */
export function messageOf(body: unknown, status: number): string {
  const error = recordOf(body)?.['error'];
  const parts = [textAt(error, 'code'), textAt(error, 'message')].filter((part) => part !== undefined);
  return parts.length === 0 ? `status ${status}` : parts.join(': ');
}

/** Something with an id that the parser of documents can hold: one row that nests too deep would take all others along. */
export function isResourceRow(value: unknown): value is ResourceRow {
  return typeof recordOf(value)?.['id'] === 'string' && isShallow(value, DEEPEST);
}

export type ResourceRow = Readonly<Record<string, unknown>> & { readonly id: string };

/** Levels of one row. ARM refuses what nests deeper than 100. */
const DEEPEST = 120;
