import { joined, surePieces } from './text.ts';
import type { Hole, Text } from './values.ts';

/**
 * The id of a resource: where it stands, then its type and its names by turns. Undefined where the numbers of types and
 * names do not fit.
 */
export function resourceIdText(prefix: Text, type: string, names: readonly Text[]): Text | undefined {
  const [namespace, ...types] = type.split('/');
  if (namespace === undefined || types.length === 0 || types.length !== names.length) return undefined;
  // A resource group has an id of its own form.
  if (type.toLowerCase() === 'microsoft.resources/resourcegroups')
    return joined([prefix, ['/resourceGroups/'], names.flatMap(plainText)]);
  const pieces: Text[] = [prefix, [`/providers/${namespace}`]];
  for (const [index, kind] of types.entries()) pieces.push([`/${kind}/`], plainText(names[index]!));
  return joined(pieces);
}

/** The type that an id is of: `Microsoft.Network/virtualNetworks/subnets`. Undefined for what is no id of a resource. */
export function typeInId(id: string): string | undefined {
  const at = id.toLowerCase().lastIndexOf('/providers/');
  if (at < 0) return GROUP_ID.test(id) ? 'Microsoft.Resources/resourceGroups' : undefined;
  const [namespace = '', ...rest] = id.slice(at + '/providers/'.length).split('/');
  const types = rest.filter((_, index) => index % 2 === 0);
  return rest.length < 2 || namespace === '' ? undefined : [namespace, ...types].join('/');
}

const GROUP_ID = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i;

/** One name of a resource holds no slash. */
function plainText(text: Text): Text {
  if (text.every((part) => typeof part === 'string')) return text;
  return text.map((part): string | Hole => (typeof part === 'string' ? part : { ...part, plain: true }));
}

/** The last piece of an id or a name. */
export function lastPiece(text: Text): Text {
  return surePieces(text, ['/'])?.at(-1) ?? text;
}
