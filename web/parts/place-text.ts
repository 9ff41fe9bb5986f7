import { escapeControl } from '#base/escape.ts';
import type { Place } from '#model/control.ts';

/** `shop/web`, `namespace shop`; kinds are said where the name alone would mislead. */
export function placeText({ kind, namespace, name }: Place): string {
  if (namespace !== '') return escapeControl(`${namespace}/${name}`);
  return escapeControl(kind === name ? `the ${name}` : `${kind} ${name}`);
}
