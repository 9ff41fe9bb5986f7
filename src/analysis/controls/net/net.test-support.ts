import type { Change } from '#model/control.ts';
import type { PlainValue } from '#model/plain.ts';
import { applyEdits } from '#parse/edit/apply-edits.ts';
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
    return applyEdits(object.value, edits);
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
