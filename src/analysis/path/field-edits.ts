import type { FieldEdit } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import { isPlainList, isPlainObject, type PlainValue } from '#model/plain.ts';

/** The edits of fields that make one value of another: what both have stays as it is written. */
export function fieldEdits(before: PlainValue, after: PlainValue, path: FieldPath = []): readonly FieldEdit[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isPlainList(before) && isPlainList(after)) return listEdits(before, after, path);
  if (!isPlainObject(before) || !isPlainObject(after)) return [{ op: 'set', path, value: after }];
  const gone = Object.keys(before).filter((key) => !(key in after));
  return [
    ...Object.entries(after).flatMap(([key, value]): readonly FieldEdit[] => {
      const was = before[key];
      return was === undefined ? [{ op: 'set', path: [...path, key], value }] : fieldEdits(was, value, [...path, key]);
    }),
    ...gone.map((key): FieldEdit => ({ op: 'remove', path: [...path, key] })),
  ];
}

/** Entries that come are at the end; those that go are taken out from the last on, so that the others keep their place. */
function listEdits(before: readonly PlainValue[], after: readonly PlainValue[], path: FieldPath): readonly FieldEdit[] {
  if (after.length < before.length) {
    const kept = new Set(after.map((each) => JSON.stringify(each)));
    const gone = [...before.keys()].filter((index) => !kept.has(JSON.stringify(before[index])));
    if (before.length - gone.length === after.length)
      return gone.reverse().map((index): FieldEdit => ({ op: 'remove', path: [...path, index] }));
    return [{ op: 'set', path, value: after }];
  }
  const common = before.flatMap((each, index) => fieldEdits(each, after[index]!, [...path, index]));
  return [...common, ...after.slice(before.length).map((value): FieldEdit => ({ op: 'append', path, value }))];
}
