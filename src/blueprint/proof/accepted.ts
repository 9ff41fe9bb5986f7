import type { PlainObject } from '#model/plain.ts';
import type { Design } from '../plan/design.ts';
import { lossesOf } from '../plan/lost.ts';

/** Findings that follow from the choices, each with its reason; without an end, as nobody has said one. */
export function acceptedFindings({ choices }: Design): readonly PlainObject[] {
  const owner = choices.alertsTo[0]!;
  return lossesOf(choices).flatMap(({ controls, reason }) => controls.map((control) => ({ control, reason, owner })));
}
