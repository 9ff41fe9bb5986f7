import type { AzureValue } from '#model/azure/value.ts';
import { decodedJson } from '../evaluate/functions/decoded.ts';
import { isEncoded, object, textValue } from '../values.ts';
import { COMMON, type Field, put } from './fields.ts';
import { firstOf, type IdRule, segment, type Values } from './ids.ts';
import type { Mapping, Mappings } from './mapping.ts';

/** `Microsoft.Network/virtualNetworks@2024-05-01` */
function typeOf(values: Values): string {
  return (textValue(values.get('type')) ?? 'Microsoft.Unknown/unknown').split('@')[0] ?? '';
}

function apiVersionOf(values: Values): string | undefined {
  return textValue(values.get('type'))?.split('@')[1];
}

/** Below a parent of the type before the last slash, otherwise in a scope, or an extension of what it is attached to. */
const idOf: IdRule = (values, place) => {
  const type = typeOf(values);
  const last = type.slice(type.lastIndexOf('/') + 1);
  const name = segment(values.get('name'), `${place.address}.name`);
  const given = firstOf(values, 'parent_id');
  const parent =
    given === undefined ? `/subscriptions/${place.subscription}` : segment(given, `${place.address}.parent_id`, true);
  if (type === 'Microsoft.Resources/resourceGroups') return `${parent}/resourceGroups/${name}`;
  return isChildOf(type, parent) ? `${parent}/${last}/${name}` : `${parent}/providers/${type}/${name}`;
};

function isChildOf(type: string, parent: string): boolean {
  const [provider, ...types] = type.split('/');
  if (types.length < 2) return false;
  if (!parent.startsWith('/')) return true;
  const tail = parent.slice(parent.lastIndexOf('/providers/') + '/providers/'.length).split('/');
  const parentType = [tail[0], ...tail.filter((_, index) => index % 2 === 1)].join('/');
  return parentType.toLowerCase() === [provider, ...types.slice(0, -1)].join('/').toLowerCase();
}

/** The body: an object, up to version 1 of the provider as JSON text. */
function bodyOf(values: Values): AzureValue | undefined {
  const body = firstOf(values, 'body');
  if (body === undefined) return undefined;
  if (isEncoded(body)) return body.encoded;
  const text = textValue(body);
  return text === undefined ? body : decodedJson(text, body.origin);
}

const BODY: Field = (from, to) => {
  const body = bodyOf(from.values);
  if (body?.kind === 'object') for (const [key, value] of body.entries) to.entries.set(key, value);
  else if (body !== undefined) put(to, 'properties', body);
};

const UPDATE: Mapping = {
  id: (values, place) => {
    const id = firstOf(values, 'resource_id');
    return id === undefined ? idOf(values, place) : segment(id, `${place.address}.resource_id`, true);
  },
  more: (made) => {
    const body = bodyOf(made.values);
    if (body === undefined) return {};
    const target = firstOf(made.values, 'resource_id') ?? { kind: 'scalar', value: made.id, origin: made.origin };
    const value = body.kind === 'object' ? body : object(new Map([['properties', body]]), made.origin);
    return { edits: [{ target, type: typeOf(made.values), path: [], how: 'merge', value }] };
  },
};

/** Resources whose body is ARM's own. */
export const AZAPI_MAPPINGS: Mappings = {
  azapi_resource: { type: typeOf, apiVersion: apiVersionOf, id: idOf, fields: [...COMMON, BODY] },
  azapi_update_resource: UPDATE,
};
