import type { ClusterObject, FieldPath, SecretKind } from '#model/object.ts';
import { secretKindIn } from '#model/object.ts';
import { isPlainList, type PlainValue, plainAt } from '#model/plain.ts';
import type { ControlContext } from '../../context.ts';
import { onceKey } from '../../context.ts';
import { objectId } from '../../objects.ts';

/** A secret that stood in plain sight: where its mark is now. */
export interface Marked {
  readonly path: FieldPath;
  readonly kind: SecretKind;
  /** Whether nothing but the secret stood there. */
  readonly isWhole: boolean;
}

export interface MarkedObject {
  readonly object: ClusterObject;
  readonly marks: readonly Marked[];
}

const MARKED = onceKey<ReadonlyMap<string, MarkedObject>>('secrets in plain sight');

/** Objects in which secrets stand in plain sight, in the fields where people put them, by their id. */
export function markedObjects(context: ControlContext): ReadonlyMap<string, MarkedObject> {
  return context.once(MARKED, () => new Map(lookedAt(context).map((marked) => [objectId(marked.object), marked])));
}

function lookedAt(context: ControlContext): readonly MarkedObject[] {
  const paths = new Map<ClusterObject, FieldPath[]>();
  const look = (object: ClusterObject, path: FieldPath) => {
    const known = paths.get(object);
    if (known === undefined) paths.set(object, [path]);
    else known.push(path);
  };
  for (const object of context.objects.all) {
    if (plainAt(object.value, 'metadata', 'annotations') !== undefined) look(object, ['metadata', 'annotations']);
  }
  for (const object of context.objects.of('', 'ConfigMap')) look(object, ['data']);
  for (const { object, path, containers } of context.podOwners) {
    if (path.length > 0) look(object, [...path, 'metadata', 'annotations']);
    for (const container of containers) for (const field of FIELDS) look(object, [...container.path, field]);
  }
  return [...paths].flatMap(([object, places]) => {
    const marks = places.flatMap((path) => [...marksIn(plainAt(object.value, ...path), path)]);
    return marks.length === 0 ? [] : [{ object, marks }];
  });
}

const FIELDS = ['env', 'args', 'command'];

function* marksIn(value: PlainValue | undefined, path: FieldPath): Generator<Marked> {
  if (typeof value === 'string') {
    if (!value.includes('[secret: ')) return;
    const kind = secretKindIn(value);
    if (kind !== undefined) yield { path, kind, isWhole: value === `[secret: ${kind}]` };
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (isPlainList(value)) for (const [index, item] of value.entries()) yield* marksIn(item, [...path, index]);
  else for (const [key, item] of Object.entries(value)) yield* marksIn(item, [...path, key]);
}
