import { RETIREMENTS } from '../../../data/azure/retirements.ts';
import type { ControlContext } from '../context.ts';

/** Whether something of the table of retirements is gone on the day of the scan, and how that is said. */
export interface Retired {
  readonly isGone: boolean;
  /** `retired on 2026-03-31`, `to be retired on 2026-11-30` */
  readonly text: string;
  readonly replacement: string;
}

export function retiredThing({ today }: Pick<ControlContext, 'today'>, id: string): Retired | undefined {
  const found = RETIREMENTS.find((each) => each.id === id);
  if (found === undefined) return undefined;
  const { date, replacement, state } = found;
  const isGone = date === undefined ? state === 'retired' : date < today;
  const on = date === undefined ? '' : ` on ${date}`;
  return { isGone, text: isGone ? `retired${on}` : `to be retired${on}`, replacement };
}
