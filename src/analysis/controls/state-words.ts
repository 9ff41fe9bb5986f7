import type { Judged } from '#model/control.ts';
import { stateOf, type Words } from './assessment.ts';

const VERBS: Readonly<Record<Judged['state'], string>> = {
  FAIL: 'fail',
  UNKNOWN: 'cannot be decided',
  MANUAL: 'have to be answered for',
  WARN: 'are not as they should be',
  PASS: 'are as they should be',
};

/** What one place says where there is one, else how many of `things` are in the state that decides. */
export function stateWords(places: readonly Judged[], things: string): Words {
  const [only] = places;
  const state = stateOf(places);
  const deciding = state === 'PARTIAL' ? 'FAIL' : state;
  return (count) =>
    only !== undefined && places.length === 1 ? only.message : `${count} ${things} ${VERBS[deciding]}`;
}
