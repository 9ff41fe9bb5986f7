import type { Evidence } from '#model/control.ts';
import type { ClusterObject, FieldPath } from '#model/object.ts';
import { plainAt } from '#model/plain.ts';
import { titleOf } from './context.ts';

/** A field of an object as evidence, with what stands there; of what is not there, where it would stand. */
export function seenAt(object: ClusterObject, path: FieldPath, why?: string): Evidence {
  const value = plainAt(object.value, ...path);
  return {
    object: titleOf(object),
    ...(path.length > 0 && { field: pathText(path), ...(value === undefined ? { absent: true } : { value }) }),
    ...(why !== undefined && { why }),
    origin: object.originAt(path),
  };
}

/** `spec.containers[0].image`; keys with dots in brackets: `metadata.annotations["a.b/c"]`. */
export function pathText(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/[./]/.test(step)) text += `["${step}"]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}
