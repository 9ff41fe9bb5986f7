import type { Judged } from '#model/control.ts';
import type { Words } from './assessment.ts';

const VERBS: Readonly<Record<Judged['state'], string>> = {
  FAIL: 'fail',
  UNKNOWN: 'cannot be decided',
  MANUAL: 'have to be answered for',
  WARN: 'are not as they should be',
  PASS: 'are as they should be',
};
const ORDER = ['FAIL', 'UNKNOWN', 'MANUAL', 'WARN', 'PASS'] as const;

/** What one place says where there is one, else how many of `things` are in the state that decides. */
export function stateWords(places: readonly Judged[], things: string): Words {
  const [only] = places;
  const deciding = ORDER.find((state) => places.some((place) => place.state === state)) ?? 'PASS';
  return (count) =>
    only !== undefined && places.length === 1 ? only.message : `${count} ${things} ${VERBS[deciding]}`;
}
