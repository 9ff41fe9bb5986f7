import type { AzureObject, AzureUnsettled, AzureValue } from '#model/azure/value.ts';
import { shownText } from '../expression/text.ts';
import { isNull, isOpen, type ObjectValue, type Open, type Value } from '../expression/values.ts';
import { isSecretKey, isSecretText, secretEntriesOf } from '../secrets.ts';

/**
 * What others get to see of a value: no secrets, no half-known texts. Ids keep their holes, as `{parameters('name')}`:
 * they are compared and not read.
 */
export function settled(value: Value): AzureValue {
  if (isOpen(value)) return settledOpen(value);
  if (value.kind === 'scalar')
    return typeof value.value === 'string' && isSecretText(value.value) ? hidden(value, 'a text with a secret') : value;
  if (value.kind === 'list') return { kind: 'list', items: value.items.map(settled), origin: value.origin };
  if (value.unlisted !== undefined) return settledOpen(value.unlisted);
  return settledObject(value);
}

/** The body of a resource of a type and name. */
export function settledBody(value: ObjectValue, type: string, name: string): AzureObject {
  const body = settledObject(value);
  const secret = secretEntriesOf(type, name);
  if (secret === undefined) return body;
  const entries = new Map<string, AzureValue>();
  for (const [key, entry] of body.entries)
    entries.set(key, key.toLowerCase() === 'properties' && entry.kind === 'object' ? without(entry, secret) : entry);
  return { kind: 'object', entries, origin: value.origin };
}

function without({ entries, origin }: AzureObject, secret: RegExp): AzureObject {
  const kept = [...entries].map(([key, entry]): [string, AzureValue] => [
    key,
    secret.test(key) ? { kind: 'unsettled', expression: key, why: 'secret', origin: entry.origin } : entry,
  ]);
  return { kind: 'object', entries: new Map(kept), origin };
}

function settledObject(value: ObjectValue): AzureObject {
  const entries = new Map<string, AzureValue>();
  const name = value.entries.get('name');
  const namesSecret = name?.kind === 'scalar' && typeof name.value === 'string' && isSecretKey(name.value);
  for (const [key, entry] of value.entries) {
    // Settings of apps and containers are pairs of a name and a value.
    const secret = isSecretKey(key) || (namesSecret && key === 'value');
    entries.set(key, secret ? secretEntry(key, entry) : settled(entry));
  }
  return { kind: 'object', entries, origin: value.origin };
}

/** Under the key of a secret: all text goes, and flags and emptiness stay, for they say whether there is one. */
function secretEntry(key: string, value: Value): AzureValue {
  if (isOpen(value)) return hidden(value, key);
  if (value.kind === 'scalar')
    return typeof value.value === 'string' && value.value !== '' ? hidden(value, key) : { ...value };
  if (value.kind === 'object' && isReference(value)) return settled(value);
  return value.kind === 'list' && value.items.length === 0 ? settled(value) : hidden(value, key);
}

/** `secrets: {id: …}` refers to something, and holds nothing. */
function isReference(value: ObjectValue): boolean {
  return [...value.entries].every(([key, entry]) => isNull(entry) || /(?:id|uri|url|name|type)$/i.test(key));
}

function hidden({ origin }: Value, what: string): AzureUnsettled {
  return { kind: 'unsettled', expression: what, why: 'secret', origin };
}

function settledOpen(value: Open): AzureValue {
  const { expression, why, origin, parts } = value;
  if (why !== 'secret') {
    const shown = shownText(parts);
    const known = parts.every((part) => typeof part === 'string' || part.shown !== undefined);
    if (known || ID.test(shown)) return { kind: 'scalar', value: shown, origin };
  }
  return { kind: 'unsettled', expression: isSecretText(expression) ? 'a text with a secret' : expression, why, origin };
}

/** An id whose beginning is known. One that is all hole is not: nobody can say what it is the id of. */
const ID = /^\/(?:subscriptions|providers)\/./i;
