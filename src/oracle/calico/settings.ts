import type { CalicoSettings } from '#model/calico.ts';
import type { Question, Side } from '../party.ts';
import { nodeNameOf } from '../where.ts';

/** What Felix is told for the node that an end is: its own configuration before that for all. */
export function settingOf<Key extends keyof CalicoSettings>(
  question: Question,
  side: Side,
  key: Key,
): CalicoSettings[Key] | undefined {
  const node = nodeNameOf(question, side);
  for (const wanted of [`node.${node}`, 'default']) {
    const value = question.snapshot.calicoSettings.find(({ name }) => name === wanted)?.[key];
    if (value !== undefined) return value;
  }
  return undefined;
}
