import { tokenOf } from './results.ts';
import { entryOf, isNumber, isOpen, isText, type Open, open, type Value } from './values.ts';

/** The member of a list or object; undefined where there is none. What Azure may add to an object stays open below it. */
export function memberOf(value: Value, key: Value): Value | undefined {
  if (value.kind === 'list' && isNumber(key)) return value.items[key.value];
  if (value.kind !== 'object' || !isText(key)) return undefined;
  const found = entryOf(value, key.value);
  if (found?.kind !== 'object' || value.unlisted === undefined) return found;
  if (found.whole === true || found.unlisted !== undefined) return found;
  return { ...found, unlisted: below(value.unlisted, key.value) };
}

function below(unlisted: Open, key: string): Open {
  const { why, origin } = unlisted;
  return open({
    expression: `${unlisted.expression}.${key}`,
    why,
    origin,
    token: `${tokenOf(unlisted)}.${key}`,
  });
}

/** Whether a function that needs to know all of its argument cannot have it. */
export function isUncertain(value: Value): boolean {
  return isOpen(value) || (value.kind === 'object' && (value.blurred ?? value.unlisted) !== undefined);
}
