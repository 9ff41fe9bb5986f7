import type { Evidence, Judged } from '#model/control.ts';
import { type ClusterObject, DROPPED, type FieldPath } from '#model/object.ts';
import { entriesAt, isPlainList, isPlainObject, type PlainValue, plainAt } from '#model/plain.ts';
import { textsOf, type WithheldText } from '../needs/texts.ts';
import type { ControlContext } from './context.ts';
import { onceKey } from './context.ts';
import { seenAt } from './evidence.ts';
import { objectId } from './objects.ts';
import type { PodOwner } from './pod-owners.ts';

/** An object of which the snapshot has no values, for it was taken without `--values`. */
export interface Withheld {
  readonly object: ClusterObject;
  /** Of workloads: the id of their endpoint. */
  readonly endpoint?: string;
  /** Where a value is missing. */
  readonly evidence: Evidence;
}

/** Workloads that are told something that the snapshot does not have, by themselves or by a ConfigMap that they take. */
export function withheldWorkloads(
  context: ControlContext,
  as: readonly WithheldText['as'][] = ['variable', 'argument', 'file'],
): readonly Withheld[] {
  return withheldTexts(context).flatMap(({ owner, texts }): Withheld[] => {
    const first = texts.find((text) => as.includes(text.as));
    if (first === undefined) return [];
    const evidence = notKept(first.object, first.path);
    return [{ object: owner.object, endpoint: owner.endpoint, evidence }];
  });
}

/** ConfigMaps that have the key, or any, and of which the snapshot does not have what it says. */
export function withheldMaps(context: ControlContext, wanted?: string): readonly Withheld[] {
  if (!hasWithheld(context)) return [];
  return context.objects.of('', 'ConfigMap').flatMap((object): Withheld[] => {
    const found = entriesAt(object.value, 'data').find(
      ([key, value]) => value === DROPPED && (wanted === undefined || key === wanted),
    );
    return found === undefined ? [] : [{ object, evidence: notKept(object, ['data', found[0]]) }];
  });
}

/** Whether a judgement is about an object of which values are missing. */
export function isAbout({ where, endpoints }: Judged, { object, endpoint }: Withheld): boolean {
  return where.id === objectId(object) || (endpoint !== undefined && endpoints?.[0] === endpoint);
}

function notKept(object: ClusterObject, path: FieldPath): Evidence {
  return { ...seenAt(object, path), why: 'the snapshot was taken without `--values`' };
}

// ---------------------------------------------------------------- where values are missing

const ANY = onceKey<boolean>('whether values were withheld');

/** Whether any value but those of Secrets is missing. */
export function hasWithheld(context: ControlContext): boolean {
  return context.once(
    ANY,
    ({ objects, podOwners }) =>
      objects.of('', 'ConfigMap').some(({ value }) => holdsDropped(plainAt(value, 'data'))) ||
      podOwners.some(({ containers }) =>
        containers.some(({ value }) => FIELDS.some((field) => holdsDropped(plainAt(value, field)))),
      ),
  );
}

const FIELDS = ['env', 'args', 'command'];

function holdsDropped(value: PlainValue | undefined): boolean {
  if (value === DROPPED) return true;
  if (value === undefined) return false;
  if (isPlainList(value)) return value.some(holdsDropped);
  return isPlainObject(value) && Object.values(value).some(holdsDropped);
}

interface Told {
  readonly owner: PodOwner;
  readonly texts: readonly WithheldText[];
}

const TEXTS = onceKey<readonly Told[]>('texts that were withheld');

function withheldTexts(context: ControlContext): readonly Told[] {
  if (!hasWithheld(context)) return [];
  return context.once(TEXTS, ({ podOwners, objects }) =>
    podOwners.flatMap((owner) => {
      const texts = textsOf(owner, objects).withheld;
      return texts.length === 0 ? [] : [{ owner, texts }];
    }),
  );
}
