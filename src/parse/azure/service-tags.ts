import { type AddressRange, parseCidr } from '#base/address.ts';
import type { Node } from '../text/node.ts';

/**
 * The list of service tags that Azure publishes every week, and that its API answers with: `values[]` with a name and
 * `properties.addressPrefixes`. Undefined for another document.
 */
export function serviceTagsOf(root: Node): Map<string, readonly AddressRange[]> | undefined {
  if (field(root, 'changeNumber') === undefined) return undefined;
  const values = field(root, 'values');
  if (values?.kind !== 'seq') return undefined;
  const tags = new Map<string, readonly AddressRange[]>();
  for (const value of values.items) {
    const name = field(value, 'name');
    const properties = field(value, 'properties');
    const prefixes = properties === undefined ? undefined : field(properties, 'addressPrefixes');
    if (name?.kind !== 'scalar' || prefixes?.kind !== 'seq') continue;
    const ranges = prefixes.items.flatMap((item) =>
      item.kind === 'scalar' ? (parseCidr(String(item.value))?.cidr ?? []) : [],
    );
    tags.set(String(name.value).toLowerCase(), ranges);
  }
  return tags;
}

function field(node: Node, key: string): Node | undefined {
  if (node.kind !== 'map') return undefined;
  return node.entries.find((entry) => entry.key.toLowerCase() === key.toLowerCase())?.value;
}
