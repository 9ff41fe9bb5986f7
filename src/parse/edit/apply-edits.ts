import type { FieldEdit } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import { isPlainList, isPlainObject, type PlainObject, type PlainValue } from '#model/plain.ts';

/** The value with the edits made, in order. The given one stays as it is. */
export function applyEdits(value: PlainObject, edits: readonly FieldEdit[]): PlainObject {
  let out: PlainValue = value;
  for (const edit of edits) out = edited(out, edit.path, edit) ?? {};
  return isPlainObject(out) ? out : {};
}

/** Undefined: the value itself is removed. */
function edited(value: PlainValue | undefined, path: FieldPath, edit: FieldEdit): PlainValue | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return last(value, edit);
  if (value === undefined && edit.op === 'remove') return undefined;
  if (typeof step === 'number') return inList(value, [step, ...rest], edit);
  const before = isPlainObject(value) ? value : {};
  const child = edited(Object.hasOwn(before, step) ? before[step] : undefined, rest, edit);
  if (child !== undefined) return { ...before, [step]: child };
  const { [step]: _, ...others } = before;
  return others;
}

function inList(
  value: PlainValue | undefined,
  [step, ...rest]: readonly [number, ...FieldPath],
  edit: FieldEdit,
): PlainValue {
  const before = value !== undefined && value !== null && isPlainList(value) ? value : [];
  const child = edited(before[step], rest, edit);
  if (child === undefined) return before.filter((_, index) => index !== step);
  return step < before.length ? before.map((own, index) => (index === step ? child : own)) : [...before, child];
}

function last(value: PlainValue | undefined, edit: FieldEdit): PlainValue | undefined {
  if (edit.op === 'remove') return undefined;
  if (edit.op === 'set') return edit.value;
  return [...(value !== undefined && value !== null && isPlainList(value) ? value : []), edit.value];
}
