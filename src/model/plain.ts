/** A value as JSON has it. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };
export type PlainObject = { readonly [key: string]: PlainValue };

/** The value at a path; undefined where it, or a parent of it, is not there. */
export function plainAt(value: PlainValue | undefined, ...path: readonly (string | number)[]): PlainValue | undefined {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    if (isPlainList(at)) at = typeof step === 'number' ? at[step] : undefined;
    else at = Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

/** The text at a path; undefined for anything else. */
export function textAt(value: PlainValue | undefined, ...path: readonly (string | number)[]): string | undefined {
  const found = plainAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: PlainValue | undefined, ...path: readonly (string | number)[]): number | undefined {
  const found = plainAt(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

export function flagAt(value: PlainValue | undefined, ...path: readonly (string | number)[]): boolean | undefined {
  const found = plainAt(value, ...path);
  return typeof found === 'boolean' ? found : undefined;
}

/** The list at a path; empty for anything else. */
export function listAt(value: PlainValue | undefined, ...path: readonly (string | number)[]): readonly PlainValue[] {
  const found = plainAt(value, ...path);
  return found !== undefined && isPlainList(found) ? found : [];
}

/** The texts of the list at a path. */
export function textsAt(value: PlainValue | undefined, ...path: readonly (string | number)[]): readonly string[] {
  return listAt(value, ...path).filter((item) => typeof item === 'string');
}

/** The entries of the mapping at a path; none for anything else. */
export function entriesAt(
  value: PlainValue | undefined,
  ...path: readonly (string | number)[]
): readonly (readonly [string, PlainValue])[] {
  const found = plainAt(value, ...path);
  return isPlainObject(found) ? Object.entries(found) : [];
}

export function isPlainObject(value: PlainValue | undefined): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isPlainList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value);
}
