import type { Judged } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import { listAt, type PlainValue, plainAt } from '#model/plain.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import type { PodOwner } from '../../pod-owners.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';

const SHOWN = 10;

/** Variables go on to every child process, and into dumps and logs of those that print what they were started with. */
export function judgeVariables(context: ControlContext): readonly Judged[] {
  return context.podOwners.flatMap((owner): Judged[] => {
    const { object, endpoint } = owner;
    const paths = isSystemNamespace(context, object.namespace) ? [] : variablePaths(owner);
    if (paths.length === 0) return [];
    return [
      {
        where: placeOf(object),
        detail: 'variables',
        endpoints: [endpoint],
        state: 'WARN',
        severity: 'low',
        message: 'it takes secrets as variables, which every process in it has; a file is read only by who asks for it',
        evidence: paths.slice(0, SHOWN).map((path) => seenAt(object, path)),
      },
    ];
  });
}

/** Where containers take a Secret as variables, one by one or whole. */
export function variablePaths({ containers }: PodOwner): readonly FieldPath[] {
  return containers.flatMap(({ value, path }) => [
    ...indicesWith(value, 'env', ['valueFrom', 'secretKeyRef']).map((index) => [...path, 'env', index, 'valueFrom']),
    ...indicesWith(value, 'envFrom', ['secretRef']).map((index) => [...path, 'envFrom', index]),
  ]);
}

function indicesWith(container: PlainValue, field: string, path: readonly string[]): readonly number[] {
  return [...listAt(container, field).entries()].flatMap(([index, each]) =>
    plainAt(each, ...path) === undefined ? [] : [index],
  );
}
