import { sameText, textOf } from './text.ts';
import { entryOf, isOpen, type ListValue, type ObjectValue, type Value } from './values.ts';

/** Whether two values are the same, texts with regard to case; undefined where that cannot be known. */
export function sameValue(a: Value, b: Value): boolean | undefined {
  if (isOpen(a) || isOpen(b)) return sameOpen(a, b);
  if (a.kind === 'scalar' && b.kind === 'scalar') return a.value === b.value;
  if (a.kind === 'list' && b.kind === 'list') return sameLists(a, b);
  if (a.kind === 'object' && b.kind === 'object') return sameObjects(a, b);
  return false;
}

function sameOpen(a: Value, b: Value): boolean | undefined {
  const known = isOpen(a) ? b : a;
  // What is not known may be of any kind, unless a part of it is text.
  if (!isOpen(known) && !(known.kind === 'scalar' && typeof known.value === 'string')) {
    const parts = isOpen(a) ? a.parts : isOpen(b) ? b.parts : [];
    return parts.some((part) => typeof part === 'string') ? false : undefined;
  }
  const [left, right] = [textOf(a), textOf(b)];
  return left === undefined || right === undefined ? undefined : sameText(left, right);
}

function sameLists(a: ListValue, b: ListValue): boolean | undefined {
  if (a.items.length !== b.items.length) return false;
  return all(a.items.map((item, index) => sameValue(item, b.items[index]!)));
}

function sameObjects(a: ObjectValue, b: ObjectValue): boolean | undefined {
  const certain = [a, b].every((value) => value.blurred === undefined && value.unlisted === undefined);
  if (certain && a.entries.size !== b.entries.size) return false;
  const answers: (boolean | undefined)[] = certain ? [] : [undefined];
  for (const [key, value] of a.entries) {
    const other = entryOf(b, key);
    if (other === undefined) answers.push(certain ? false : undefined);
    else answers.push(sameValue(value, other));
  }
  return all(answers);
}

function all(answers: readonly (boolean | undefined)[]): boolean | undefined {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}
