import {
  type Assessment,
  CONTROL_STATES,
  type ControlState,
  type Evidence,
  type Judged,
  type Place,
} from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import type { Origin } from '#model/origin.ts';
import type { ControlContext } from './context.ts';
import { objectId } from './objects.ts';

/**
 * The state of a control from its places: FAIL where all that can be decided fail, PARTIAL where some do; then UNKNOWN,
 * MANUAL, WARN, PASS. `absent` is what is said without any place.
 */
export function assessmentOf(places: readonly Judged[], absent: Assessment, words: Words): Assessment {
  if (places.length === 0) return absent;
  const state = stateOf(places);
  const concerned = places.filter((place) => place.state === (state === 'PARTIAL' ? 'FAIL' : state)).length;
  return {
    state,
    why: `${words(concerned, state)}${concerned < places.length ? `, of ${places.length}` : ''}`,
    places,
    evidence: [],
  };
}

/** `(count) => '3 namespaces do not deny ingress by default'`, for the state that the places come to. */
export type Words = (count: number, state: ControlState) => string;

/** What places come to together; there is one at least. */
export function stateOf(places: readonly Pick<Judged, 'state'>[]): Judged['state'] | 'PARTIAL' {
  const worst = worstOf(places.map(({ state }) => state)) ?? 'PASS';
  return worst === 'FAIL' && places.some(({ state }) => state !== 'FAIL') ? 'PARTIAL' : worst;
}

/** Of several states, the one that speaks for all; undefined for none. */
export function worstOf<STATE extends ControlState>(states: readonly STATE[]): STATE | undefined {
  return states.toSorted((a, b) => CONTROL_STATES.indexOf(a) - CONTROL_STATES.indexOf(b))[0];
}

/** An assessment without places. */
export function plain(state: ControlState, why: string, evidence: readonly Evidence[] = []): Assessment {
  return { state, why, places: [], evidence };
}

/** Where an object of Kubernetes is judged. */
export function placeOf(object: ClusterObject): Place {
  const { kind, namespace, name, origin } = object;
  return { kind, namespace, name, id: objectId(object), origin };
}

/** A namespace; where the input has no object of it, something in it shows that there is one. */
export function placeOfNamespace({ objects }: Pick<ControlContext, 'objects'>, name: string, shown?: Origin): Place {
  const named = { group: '', kind: 'Namespace', namespace: '', name };
  const object = objects.get(named);
  if (object !== undefined) return placeOf(object);
  return { kind: 'Namespace', namespace: '', name, id: objectId(named), ...(shown !== undefined && { origin: shown }) };
}

/** The cluster as a whole. */
export const CLUSTER: Place = { kind: 'cluster', namespace: '', name: 'cluster', id: 'cluster' };

/** What a control says that a person has to answer: their answer where `ringfence.yaml` has one, else `MANUAL`. */
export function answeredOr({ settings }: Pick<ControlContext, 'settings'>, id: string, otherwise: string): Assessment {
  const given = settings.answers.get(id);
  if (given === undefined) return plain('MANUAL', otherwise);
  const { answer, by, on, note } = given;
  const evidence: Evidence = {
    object: `answer of ${by}`,
    field: `controls.answers.${id}`,
    value: answer,
    why: note === undefined ? `on ${on}` : `on ${on}: ${note}`,
  };
  return plain(answer === 'yes' ? 'PASS' : 'FAIL', `${by} answered ${answer} on ${on}`, [evidence]);
}
