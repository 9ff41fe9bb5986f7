import { escapeControl } from '#base/escape.ts';
import type { FieldPath } from '#model/object.ts';
import { isPlainObject, listAt, type PlainObject, type PlainValue, plainAt, textAt } from '#model/plain.ts';
import type { Breach } from './violation.ts';

/** A pod as checks look at it. */
export interface PodParts {
  readonly metadata: PlainObject;
  readonly spec: PlainObject;
  /** Of every kind: init containers and ephemeral ones are held to the same. */
  readonly containers: readonly PodContainer[];
  /** The pod and its containers: what has a security context. */
  readonly owners: readonly ContextOwner[];
  readonly isWindows: boolean;
  /** KEP-127: users of the pod are not those of the node. */
  readonly hasOwnUsers: boolean;
}

export interface ContextOwner {
  /** `the pod`, ``container `web` `` */
  readonly title: string;
  /** Of its security context, from the top of the pod. */
  readonly path: FieldPath;
  readonly context: PlainValue | undefined;
}

export interface PodContainer extends ContextOwner {
  readonly value: PlainObject;
  /** Of the container. */
  readonly at: FieldPath;
  readonly isEphemeral: boolean;
}

const LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

export function podPartsOf(metadata: PlainObject, spec: PlainObject): PodParts {
  const containers = LISTS.flatMap((list) =>
    listAt(spec, list).flatMap((value, index) => (isPlainObject(value) ? [containerOf(value, list, index)] : [])),
  );
  const pod = { title: 'the pod', path: ['spec', 'securityContext'], context: plainAt(spec, 'securityContext') };
  return {
    metadata,
    spec,
    containers,
    owners: [pod, ...containers],
    isWindows: textAt(spec, 'os', 'name') === 'windows',
    hasOwnUsers: plainAt(spec, 'hostUsers') === false,
  };
}

function containerOf(value: PlainObject, list: (typeof LISTS)[number], index: number): PodContainer {
  const at = ['spec', list, index];
  return {
    title: `container \`${escapeControl(textAt(value, 'name') ?? '')}\``,
    path: [...at, 'securityContext'],
    context: plainAt(value, 'securityContext'),
    value,
    at,
    isEphemeral: list === 'ephemeralContainers',
  };
}

/** Fields of the pod that every owner of a security context has: `fieldOf(owners, 'seccompProfile', 'type')`. */
export function* fieldOf(
  owners: readonly ContextOwner[],
  ...path: readonly string[]
): Generator<{ readonly owner: ContextOwner; readonly at: FieldPath; readonly value: PlainValue }> {
  for (const owner of owners) {
    const value = plainAt(owner.context, ...path);
    if (isSet(value)) yield { owner, at: [...owner.path, ...path], value };
  }
}

/** `null` is not there, as everywhere in Kubernetes. */
export function isSet(value: PlainValue | undefined): value is PlainValue {
  return value !== undefined && value !== null;
}

/** What a breach says of a value that stands there. */
export function breach(path: FieldPath, value: PlainValue | undefined, message: string): Breach {
  return value === undefined ? { path, message } : { path, value, message };
}

/** Text of a value within a message. */
export function shown(value: PlainValue): string {
  return `\`${escapeControl(typeof value === 'string' ? value : JSON.stringify(value))}\``;
}
