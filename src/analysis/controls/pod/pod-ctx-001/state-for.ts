import type { Judged, Mapping } from '#model/control.ts';
import { MOST_SHOWN } from './assess.ts';

/** The benchmark asks field by field. */
const FIELDS: ReadonlyMap<string, RegExp> = new Map([
  ['5.2.7', /runAs(?:NonRoot|User)$/],
  ['5.2.8', /capabilities|privileged$|hostNetwork$/],
  ['5.2.9', /capabilities|privileged$/],
  ['5.6.2', /seccompProfile/],
]);
/** A setting of the kubelet. */
const ELSEWHERE = '4.2.14';

export function stateForField(judged: Judged, { framework, id }: Mapping): Judged['state'] | undefined {
  const { state, evidence } = judged;
  if (framework !== 'cis-kubernetes') return state;
  if (id === ELSEWHERE) return undefined;
  const field = FIELDS.get(id);
  if (field === undefined || state === 'PASS') return state;
  if (evidence.some((each) => each.field !== undefined && field.test(each.field))) return state;
  // What is not shown may be about it.
  return evidence.length < MOST_SHOWN ? 'PASS' : undefined;
}
