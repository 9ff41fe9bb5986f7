import type { Change, FieldEdit } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import type { PlainValue } from '#model/plain.ts';
import type { Control } from '../control.ts';
import { assess, type ControlInput, contextOf, placesOf } from '../controls.test-support.ts';

/** The state of every place once the fixes of all places that fail or warn were applied. */
export function placesAfterFix(control: Control, input: ControlInput): readonly string[] {
  return placesOf(assess(control, { ...input, manifests: fixedManifests(control, input) }));
}

/** The input with the changes of all fixes. */
export function fixedManifests(control: Control, input: ControlInput): string {
  const context = contextOf(input);
  const open = control.assess(context).places.filter(({ state }) => state === 'FAIL' || state === 'WARN');
  const changes = open.flatMap((judged) => control.fix?.(context, judged)?.changes ?? []);
  const values = context.objects.all.map((object) => {
    const edits = changes.flatMap((change) =>
      change.kind === 'edit-object' && change.object === object ? change.edits : [],
    );
    return edits.reduce<PlainValue>(edited, object.value);
  });
  return [...values, ...changes.flatMap(added)].map((value) => JSON.stringify(value)).join('\n---\n');
}

/** What a control writes for its first place that fails or warns. */
export function firstFix(control: Control, input: ControlInput) {
  const context = contextOf(input);
  const judged = control.assess(context).places.find(({ state }) => state === 'FAIL' || state === 'WARN');
  return judged === undefined ? undefined : control.fix?.(context, judged);
}

function added(change: Change): PlainValue[] {
  return change.kind === 'new-object' ? [change.object] : [];
}

function edited(value: PlainValue, edit: FieldEdit): PlainValue {
  const copy = structuredClone({ top: value }) as { top: PlainValue };
  const path: FieldPath = ['top', ...edit.path];
  // biome-ignore lint/suspicious/noExplicitAny: a tree of any shape is walked and changed
  let at: any = copy;
  for (const step of path.slice(0, -1)) {
    at[step] ??= {};
    at = at[step];
  }
  const last = path.at(-1)!;
  if (edit.op === 'set') at[last] = edit.value;
  else if (edit.op === 'append') at[last] = [...(at[last] ?? []), edit.value];
  else if (Array.isArray(at)) at.splice(Number(last), 1);
  else delete at[last];
  return copy.top;
}
