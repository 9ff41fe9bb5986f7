import { isExpression, isList, type Value, type ValueObject } from '../../../azure/value.ts';

/**
 * A body while it is said in other words: whatever is taken is ticked off, leaf by leaf. What is left over at the end has
 * no argument, so that a mapping cannot forget a part of a body.
 */
export interface Taking {
  /** The value at a path of ARM, `properties.sku.tier`, with everything below it. */
  readonly take: (path: string) => Value | undefined;
  /** The value, without taking it. */
  readonly see: (path: string) => Value | undefined;
  /** The object at a path, to be taken part by part. */
  readonly part: (path: string) => Taking | undefined;
  /** The objects of the list at a path. */
  readonly each: (path: string) => readonly Taking[];
}

export interface TakenBody extends Taking {
  /** Paths of the leaves that nobody took. */
  readonly left: () => readonly string[];
}

export function takingOf(body: ValueObject): TakenBody {
  const open = new Set(leavesOf(body, ''));
  return { ...within(body, '', open), left: () => [...open] };
}

function within(object: ValueObject, prefix: string, open: Set<string>): Taking {
  const see = (path: string) => valueAt(object, path.split('.'));
  return {
    see,
    take(path) {
      const full = `${prefix}${path}`;
      for (const leaf of open) if (leaf === full || leaf.startsWith(`${full}.`)) open.delete(leaf);
      return see(path);
    },
    part(path) {
      const value = see(path);
      return value !== undefined && isPlain(value) ? within(value, `${prefix}${path}.`, open) : undefined;
    },
    each(path) {
      const value = see(path);
      if (typeof value !== 'object' || !isList(value)) return [];
      return value.flatMap((item, index) => (isPlain(item) ? [within(item, `${prefix}${path}.${index}.`, open)] : []));
    },
  };
}

function valueAt(object: ValueObject, path: readonly string[]): Value | undefined {
  let value: Value | undefined = object;
  for (const step of path) value = value !== undefined && isPlain(value) ? value[step] : undefined;
  return value;
}

/** What is empty is a leaf: it was said. */
function leavesOf(value: Value, path: string): readonly string[] {
  if (typeof value !== 'object' || isExpression(value)) return [path];
  const entries = isList(value) ? value.map((item, index) => [index, item] as const) : Object.entries(value);
  if (entries.length === 0) return path === '' ? [] : [path];
  return entries.flatMap(([key, item]) => leavesOf(item, path === '' ? `${key}` : `${path}.${key}`));
}

function isPlain(value: Value): value is ValueObject {
  return typeof value === 'object' && !isList(value) && !isExpression(value);
}
