import { formatRange } from '#base/address.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { AzureValue } from '#model/azure/value.ts';
import type { Origin } from '#model/origin.ts';
import type { PlainValue } from '#model/plain.ts';
import { capturedEntry, capturedObject, capturedValue } from '#parse/azure/captured.ts';

/** A resource of Azure in a snapshot file. */
export interface AzureItem {
  /** The files that its values came from. */
  readonly files: readonly string[];
  /** Which file, line and column of every value and key, in the order of `object`. */
  readonly at: readonly number[];
  readonly object: PlainValue;
}

/** What a snapshot file holds of Azure. */
export interface AzureCapture {
  readonly resources: readonly AzureItem[];
  /** Addresses of service tags by name, as CIDRs. */
  readonly serviceTags: Readonly<Record<string, readonly string[]>>;
}

/** Everything of the estate that was read, without secrets: reading has left them out already. */
export function azureCapture(estate: AzureEstate): AzureCapture {
  return {
    resources: [...estate.resources.values()].map(itemOf),
    serviceTags: Object.fromEntries(
      [...estate.serviceTags].map(([name, ranges]) => [name, ranges.flatMap(formatRange)]),
    ),
  };
}

function itemOf(resource: AzureResource): AzureItem {
  const object = capturedObject(resource);
  const places: Places = { files: new Map(), at: [] };
  put(places, resource.origin);
  for (const [key, value] of Object.entries(object)) {
    const of = capturedValue(resource, key);
    const origin = of?.origin ?? resource.origin;
    put(places, origin);
    placeAll(places, value, { value: of, around: origin });
  }
  return { files: [...places.files.keys()], at: places.at, object };
}

interface Places {
  readonly files: Map<string, number>;
  readonly at: number[];
}

interface Placed {
  readonly value: AzureValue | undefined;
  /** Of what it stands in. */
  readonly around: Origin;
}

/** The places of a value and all inside it. Keys, and the parts of what is not known, have that of their value. */
function placeAll(places: Places, plain: PlainValue, { value, around }: Placed): void {
  const origin = value?.origin ?? around;
  put(places, origin);
  if (Array.isArray(plain)) {
    const items = value?.kind === 'list' ? value.items : [];
    for (const [index, item] of plain.entries()) placeAll(places, item, { value: items[index], around: origin });
  } else if (typeof plain === 'object' && plain !== null) {
    for (const [key, item] of Object.entries(plain)) {
      const entry = value?.kind === 'object' ? capturedEntry(value, key) : undefined;
      put(places, entry?.origin ?? origin);
      placeAll(places, item, { value: entry, around: origin });
    }
  }
}

function put({ files, at }: Places, { file, line, column }: Origin): void {
  let index = files.get(file);
  if (index === undefined) {
    index = files.size;
    files.set(file, index);
  }
  at.push(index, line, column);
}
