import { parseAddress, parseCidr } from '#base/address.ts';
import type { AddressItem, AzureEntity, AzureRef, PortItem, Settled, UnsettledField } from '#model/azure/entity.ts';
import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import type { AzureObject, AzureUnsettled, AzureValue } from '#model/azure/value.ts';
import type { Origin } from '#model/origin.ts';

/**
 * One object of a resource, read by field name without regard to case, as Azure reads it. A path may go through several
 * objects: `networkSecurityGroup.id`. A value of another type than is asked for is an absent one: what Azure itself would
 * refuse does not come out of Azure, and templates are checked by others.
 */
export class Body {
  readonly #object: AzureObject | AzureUnsettled;
  /** Where this object stands in its resource: `properties.securityRules[0]`. */
  readonly path: string;
  readonly #unsettled: UnsettledField[];

  constructor(object: AzureObject | AzureUnsettled, path: string, unsettled: UnsettledField[]) {
    this.#object = object;
    this.path = path;
    this.#unsettled = unsettled;
  }

  get origin(): Origin {
    return this.#object.origin;
  }

  value(path: string): AzureValue | undefined {
    let value: AzureValue | undefined = this.#object;
    for (const key of path.split('.')) {
      if (value?.kind === 'unsettled') return value;
      if (value?.kind !== 'object') return undefined;
      value = fieldOf(value, key);
    }
    return value?.kind === 'scalar' && (value.value === null || value.value === '') ? undefined : value;
  }

  /** The object at a path, or an empty one. Of one that is not known, no field is. */
  at(path: string): Body {
    const value = this.value(path);
    if (value?.kind === 'unsettled') this.#note(path, value);
    if (value?.kind === 'object' || value?.kind === 'unsettled')
      return new Body(value, this.#join(path), this.#unsettled);
    return new Body(EMPTY(this.origin), this.#join(path), this.#unsettled);
  }

  has(path: string): boolean {
    return this.value(path) !== undefined;
  }

  /** The objects of a list. A list that is not known is noted and read as empty. */
  list(path: string): Body[] {
    const value = this.value(path);
    if (value?.kind === 'unsettled') this.#note(path, value);
    if (value?.kind !== 'list') return [];
    return value.items.flatMap((item, index) => {
      if (item.kind === 'unsettled') this.#note(`${path}[${index}]`, item);
      return item.kind === 'object' ? [new Body(item, `${this.#join(path)}[${index}]`, this.#unsettled)] : [];
    });
  }

  /** The fields of an object as bodies, by their names. */
  fields(path: string): [string, Body][] {
    const value = this.value(path);
    if (value?.kind !== 'object') return [];
    return [...value.entries].flatMap(([key, entry]): [string, Body][] =>
      entry.kind === 'object' ? [[key, new Body(entry, `${this.#join(path)}.${key}`, this.#unsettled)]] : [],
    );
  }

  text(path: string): Settled<string> | undefined {
    const value = this.value(path);
    if (value?.kind === 'unsettled') return value;
    return value?.kind === 'scalar' && value.value !== null ? String(value.value) : undefined;
  }

  /** Text where it is known. */
  knownText(path: string): string | undefined {
    const value = this.text(path);
    return typeof value === 'string' ? value : undefined;
  }

  texts(path: string): string[] {
    return this.scalars(path).flatMap((value) => (value.kind === 'scalar' ? [String(value.value)] : []));
  }

  number(path: string): Settled<number> | undefined {
    const value = this.value(path);
    if (value?.kind === 'unsettled') return value;
    if (value?.kind !== 'scalar') return undefined;
    const number = typeof value.value === 'number' ? value.value : Number(value.value);
    return Number.isFinite(number) ? number : undefined;
  }

  flag(path: string, fallback: boolean): Settled<boolean> {
    const value = this.value(path);
    if (value?.kind === 'unsettled') return value;
    if (value?.kind !== 'scalar') return fallback;
    return typeof value.value === 'boolean' ? value.value : String(value.value).toLowerCase() === 'true';
  }

  /** One of several words, without regard to case. */
  word<T extends string>(path: string, words: Readonly<Record<string, T>>): Settled<T> | undefined {
    const text = this.text(path);
    if (text === undefined || typeof text !== 'string') return text;
    return words[text.toLowerCase()];
  }

  /** A reference: an id, or an object with one. */
  ref(path: string): AzureRef | undefined {
    const value = this.value(path);
    const id = value?.kind === 'object' ? fieldOf(value, 'id') : value;
    if (id?.kind === 'unsettled') return id;
    return id?.kind === 'scalar' && typeof id.value === 'string' && id.value !== '' ? azureKey(id.value) : undefined;
  }

  refs(path: string): AzureRef[] {
    const value = this.value(path);
    if (value?.kind === 'unsettled') return [value];
    if (value?.kind !== 'list') return [];
    return value.items.flatMap((item): AzureRef[] => {
      const id = item.kind === 'object' ? fieldOf(item, 'id') : item;
      if (id?.kind === 'unsettled') return [id];
      return id?.kind === 'scalar' && typeof id.value === 'string' ? [azureKey(id.value)] : [];
    });
  }

  /** Scalars and unsettled parts of a list, or a scalar alone. */
  scalars(path: string): Exclude<AzureValue, { kind: 'list' | 'object' }>[] {
    const value = this.value(path);
    if (value === undefined) return [];
    const items = value.kind === 'list' ? value.items : [value];
    return items.flatMap((item) =>
      item.kind === 'unsettled' || (item.kind === 'scalar' && item.value !== null && item.value !== '') ? [item] : [],
    );
  }

  /** Addresses of a singular and a plural field together. */
  addresses(...paths: readonly string[]): AddressItem[] {
    return paths.flatMap((path) => this.scalars(path).flatMap(addressItemsOf));
  }

  address(path: string): AddressItem | undefined {
    return this.addresses(path)[0];
  }

  ports(...paths: readonly string[]): PortItem[] {
    return paths.flatMap((path) => this.scalars(path).flatMap(portItemsOf));
  }

  #join(path: string): string {
    return this.path === '' ? path : `${this.path}.${path}`;
  }

  #note(path: string, value: AzureUnsettled): void {
    this.#unsettled.push({ path: this.#join(path), value });
  }
}

function EMPTY(origin: Origin): AzureObject {
  return { kind: 'object', entries: new Map(), origin };
}

/** Exact spelling first: it is the common case. */
function fieldOf({ entries }: AzureObject, key: string): AzureValue | undefined {
  const exact = entries.get(key);
  if (exact !== undefined) return exact;
  const lower = key.toLowerCase();
  for (const [name, value] of entries) if (name.toLowerCase() === lower) return value;
  return undefined;
}

// ---------------------------------------------------------------- addresses and ports

type Scalar = Exclude<AzureValue, { kind: 'list' | 'object' }>;

/** A list with commas in one text is what the API accepts in singular fields too. */
function addressItemsOf(value: Scalar): AddressItem[] {
  if (value.kind === 'unsettled') return [{ kind: 'unsettled', value, origin: value.origin }];
  return String(value.value)
    .split(',')
    .map((text) => addressItem(text.trim(), value.origin));
}

/** `*`, an address, a CIDR, a range `a-b`, a service tag. */
export function addressItem(text: string, origin: Origin): AddressItem {
  if (text === '*' || text.toLowerCase() === 'any') return { kind: 'any', origin };
  const cidr = parseCidr(text)?.cidr;
  if (cidr !== undefined) return { kind: 'range', range: cidr, text, origin };
  const address = parseAddress(text);
  if (address !== undefined) {
    const { family, value } = address;
    return { kind: 'range', range: { family, lo: value, hi: value }, text, origin };
  }
  const [low, high, ...more] = text.split('-').map((part) => parseAddress(part.trim()));
  if (
    low !== undefined &&
    high !== undefined &&
    more.length === 0 &&
    low.family === high.family &&
    low.value <= high.value
  )
    return { kind: 'range', range: { family: low.family, lo: low.value, hi: high.value }, text, origin };
  return /^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*$/.test(text)
    ? { kind: 'tag', tag: text, origin }
    : { kind: 'invalid', text, origin };
}

const HIGHEST_PORT = 65_535;

function portItemsOf(value: Scalar): PortItem[] {
  if (value.kind === 'unsettled') return [{ kind: 'unsettled', value }];
  return String(value.value)
    .split(',')
    .map((text) => portItem(text.trim()));
}

function portItem(text: string): PortItem {
  if (text === '*') return { kind: 'range', from: 0, to: HIGHEST_PORT };
  const match = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(text);
  if (match === null) return { kind: 'invalid', text };
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from <= to && to <= HIGHEST_PORT ? { kind: 'range', from, to } : { kind: 'invalid', text };
}

// ---------------------------------------------------------------- entities

/** What is read of one resource: its body, and what every entity has. */
export interface Reading {
  readonly body: Body;
  readonly entity: AzureEntity;
}

export function readingOf(resource: AzureResource): Reading {
  const { id, type, name, condition, origin } = resource;
  // Whether it exists at all is the first thing that may not be known of it.
  const unsettled: UnsettledField[] = condition === undefined ? [] : [{ path: '', value: condition }];
  const body = new Body(resource.body, '', unsettled);
  const location = body.knownText('location')?.toLowerCase().replaceAll(' ', '');
  const entity: AzureEntity = {
    id,
    key: azureKey(id),
    type,
    name,
    resourceGroup: /\/resourcegroups\/([^/]+)/i.exec(id)?.[1]?.toLowerCase() ?? '',
    ...(location !== undefined && { location }),
    tags: new Map(tagsOf(resource.body)),
    ...(condition !== undefined && { condition }),
    unsettled,
    origin,
  };
  return { body, entity };
}

function tagsOf(body: AzureObject): [string, string][] {
  const tags = fieldOf(body, 'tags');
  if (tags?.kind !== 'object') return [];
  return [...tags.entries].flatMap(([key, value]): [string, string][] =>
    value.kind === 'scalar' ? [[key, String(value.value)]] : [],
  );
}

/** A child that stands inside its parent: with an id of its own, or one made from the parent's. */
export function childOf(parent: Reading, child: Body, segment: string): Reading {
  const name = child.knownText('name') ?? '';
  const id = child.knownText('id') ?? `${parent.entity.id}/${segment}/${name}`;
  const entity: AzureEntity = {
    ...parent.entity,
    id,
    key: azureKey(id),
    type: `${parent.entity.type}/${segment}`,
    name,
    origin: child.origin,
  };
  return { body: child, entity };
}

/** The key of the resource that this one is a child of. */
export function parentKey({ key }: AzureEntity): string {
  return key.split('/').slice(0, -2).join('/');
}
