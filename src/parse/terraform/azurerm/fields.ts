import type { AzureObject, AzureScalar, AzureValue } from '#model/azure/value.ts';
import type { Origin } from '#model/origin.ts';
import { isNull, list, object, scalar, textValue, unsettled } from '../values.ts';
import { firstOf, type Values } from './ids.ts';

/** A resource of Terraform or a block of one, while its values are carried over to ARM's names. */
export interface From {
  readonly values: Values;
  readonly origin: Origin;
  /** The id of the resource, of which its parts' ids are made. */
  readonly owner: string;
}

/** An object of ARM while it is made. */
export interface Draft {
  readonly entries: Map<string, AzureValue | Draft>;
  readonly origin: Origin;
}

/**
 * One step of a translation: takes from the values, puts into the object. Names are Terraform's, `a|b` where versions of
 * the provider differ; paths are ARM's, `properties.ipRules`. What is null or empty text was not given.
 */
export type Field = (from: From, to: Draft) => void;

type Constant = AzureScalar['value'];

/** The object that fields make of a resource or a block. */
export function made(from: From, fields: readonly Field[]): AzureValue {
  const draft: Draft = { entries: new Map(), origin: from.origin };
  for (const field of fields) field(from, draft);
  return finished(draft);
}

export function madeObject(from: From, fields: readonly Field[]): AzureObject {
  const value = made(from, fields);
  return value.kind === 'object'
    ? value
    : { kind: 'object', entries: new Map([['properties', value]]), origin: from.origin };
}

// ---------------------------------------------------------------- plain values

/** The value as it is. `otherwise` is the provider's default, where it matters. */
export function copy(name: string, path = camelCase(name), otherwise?: Constant): Field {
  return (from, to) => {
    const value = firstOf(from.values, name);
    if (value !== undefined) put(to, path, value);
    else if (otherwise !== undefined) put(to, path, scalar(otherwise, from.origin));
  };
}

export function fixed(path: string, value: Constant): Field {
  return (from, to) => put(to, path, scalar(value, from.origin));
}

/** `{ true: 'Enabled', false: 'Disabled' }`; `otherwise` where nothing is given. */
export type Words = Readonly<Record<string, Constant>>;

/** Text by text, or boolean by boolean. Other values stay. */
export function words(name: string, path: string, table: Words): Field {
  return (from, to) => {
    const value = firstOf(from.values, name);
    if (value === undefined) {
      if (table['otherwise'] !== undefined) put(to, path, scalar(table['otherwise'], from.origin));
      return;
    }
    const word = table[textValue(value) ?? ''];
    put(to, path, word === undefined ? value : scalar(word, value.origin));
  };
}

const ENABLED = { true: 'Enabled', false: 'Disabled' };

/** A boolean that ARM writes as `Enabled` and `Disabled`. */
export function enabled(name: string, path: string, otherwise?: boolean): Field {
  return words(
    name,
    path,
    otherwise === undefined ? ENABLED : { ...ENABLED, otherwise: otherwise ? 'Enabled' : 'Disabled' },
  );
}

/** A boolean that ARM means the other way round; `otherwise` is ARM's. */
export function not(name: string, path: string, otherwise?: boolean): Field {
  return words(name, path, { true: false, false: true, ...(otherwise === undefined ? {} : { otherwise }) });
}

/** The first item of a list, where ARM has one value and Terraform a list. */
export function first(name: string, path: string): Field {
  return (from, to) => {
    const value = firstOf(from.values, name);
    const item = value?.kind === 'list' ? value.items[0] : value;
    if (item !== undefined && !isNull(item)) put(to, path, item);
  };
}

/** A value as the only item of a list. */
export function asList(name: string, path: string): Field {
  return (from, to) => {
    const value = firstOf(from.values, name);
    if (value !== undefined) put(to, path, value.kind === 'list' ? value : list([value], value.origin));
  };
}

/** Lists of texts as one text: `["UDR", "NSG"]` → `UDR, NSG`. */
export function joined(name: string, path: string, separator: string): Field {
  return (from, to) => {
    const value = firstOf(from.values, name);
    if (value === undefined) return;
    const texts = value.kind === 'list' ? value.items.map(textValue) : [textValue(value)];
    if (texts.length === 0) return;
    const open =
      value.kind === 'unsettled'
        ? value
        : value.kind === 'list'
          ? value.items.find((item) => item.kind === 'unsettled')
          : undefined;
    put(to, path, open ?? scalar(texts.join(separator), value.origin));
  };
}

// ---------------------------------------------------------------- references

/** An id, as `{ id }`. An id that is not known may as well be none, so the whole reference is not known. */
export function ref(name: string, path: string): Field {
  return (from, to) => {
    const value = firstOf(from.values, name);
    if (value !== undefined) put(to, path, reference(value));
  };
}

export function refs(name: string, path: string): Field {
  return (from, to) => {
    const value = firstOf(from.values, name);
    if (value !== undefined) put(to, path, references(value));
  };
}

/** The name of another part of the same resource, as its id: `partRef('probe_name', 'properties.probe', 'probes')`. */
export function partRef(name: string, path: string, segment: string): Field {
  return (from, to) => {
    const value = firstOf(from.values, name);
    if (value !== undefined) put(to, path, partReference(from, value, segment));
  };
}

export function partRefs(name: string, path: string, segment: string): Field {
  return (from, to) => {
    const value = firstOf(from.values, name);
    if (value === undefined) return;
    if (value.kind !== 'list') return put(to, path, value);
    const items = value.items.map((item) => partReference(from, item, segment));
    put(to, path, list(items, value.origin));
  };
}

function partReference({ owner }: From, name: AzureValue, segment: string): AzureValue {
  const text = textValue(name);
  return text === undefined ? name : reference(scalar(`${owner}/${segment}/${text}`, name.origin));
}

export function reference(id: AzureValue): AzureValue {
  return id.kind === 'unsettled' ? id : object(new Map([['id', id]]), id.origin);
}

export function references(ids: AzureValue): AzureValue {
  if (ids.kind !== 'list') return ids.kind === 'unsettled' ? ids : list([reference(ids)], ids.origin);
  const items = ids.items.filter((id) => !isNull(id)).map((id) => object(new Map([['id', id]]), id.origin));
  return list(items, ids.origin);
}

// ---------------------------------------------------------------- blocks

/** The first block of a type as an object. */
export function one(name: string, path: string, fields: readonly Field[]): Field {
  return (from, to) => {
    const block = blocksOf(from, name);
    if (block === undefined) return;
    if (!isBlocks(block)) return put(to, path, block);
    if (block[0] !== undefined) put(to, path, made(block[0], fields));
  };
}

/** The fields of the first block of a type, put into the object that the block stands in. */
export function within(name: string, path: string, fields: readonly Field[]): Field {
  return (from, to) => {
    const block = blocksOf(from, name);
    if (block === undefined) return;
    if (!isBlocks(block)) return put(to, path, block);
    if (block[0] !== undefined) for (const field of fields) field(block[0], to);
  };
}

/** All blocks of a type as a list of objects. */
export function many(name: string, path: string, fields: readonly Field[]): Field {
  return (from, to) => {
    const blocks = blocksOf(from, name);
    if (blocks === undefined) return;
    if (!isBlocks(blocks)) return put(to, path, blocks);
    if (blocks.length > 0) put(to, path, listOf(blocks, fields));
  };
}

function listOf(blocks: readonly From[], fields: readonly Field[]): AzureValue {
  return list(
    blocks.map((block) => made(block, fields)),
    blocks[0]!.origin,
  );
}

/** The blocks of a type; what is unsettled where it is not known which there are; undefined where there are none. */
export function blocksOf(from: From, name: string): readonly From[] | AzureValue | undefined {
  const value = firstOf(from.values, name);
  if (value === undefined || value.kind === 'scalar') return undefined;
  if (value.kind === 'unsettled') return value;
  const items = value.kind === 'object' ? [value] : value.items;
  const blocks: From[] = [];
  for (const item of items) {
    if (item.kind === 'unsettled') return item;
    if (item.kind === 'object') blocks.push({ values: item.entries, origin: item.origin, owner: from.owner });
  }
  return blocks;
}

export function isBlocks(value: readonly From[] | AzureValue): value is readonly From[] {
  return Array.isArray(value);
}

// ---------------------------------------------------------------- what most resources have

/** `West Europe` → `westeurope`, as the provider does. */
export const LOCATION: Field = (from, to) => {
  const value = firstOf(from.values, 'location');
  if (value === undefined) return;
  const text = textValue(value);
  put(to, 'location', text === undefined ? value : scalar(text.toLowerCase().replaceAll(' ', ''), value.origin));
};

const IDENTITY: Field = one('identity', 'identity', [
  (from, to) => {
    const type = firstOf(from.values, 'type');
    const text = textValue(type);
    if (type !== undefined) put(to, 'type', text === undefined ? type : scalar(text.replaceAll(' ', ''), type.origin));
  },
  (from, to) => {
    const ids = firstOf(from.values, 'identity_ids');
    if (ids === undefined) return;
    if (ids.kind !== 'list') return put(to, 'userAssignedIdentities', ids);
    const entries = new Map<string, AzureValue>();
    for (const id of ids.items) {
      const text = textValue(id);
      if (text === undefined)
        return put(
          to,
          'userAssignedIdentities',
          id.kind === 'unsettled' ? id : unsettled('identity_ids', 'not-readable', ids.origin),
        );
      entries.set(text, object(new Map(), id.origin));
    }
    if (entries.size > 0) put(to, 'userAssignedIdentities', object(entries, ids.origin));
  },
]);

export const COMMON: readonly Field[] = [LOCATION, copy('tags'), IDENTITY, copy('zones'), asList('zone', 'zones')];

// ---------------------------------------------------------------- drafts

/** Puts a value at a path, making the objects on the way. What is unsettled on the way stays. */
export function put(to: Draft, path: string, value: AzureValue): void {
  const steps = path.split('.');
  let at = to;
  for (const step of steps.slice(0, -1)) {
    const next = at.entries.get(step);
    if (next !== undefined && 'kind' in next) {
      if (next.kind !== 'object') return;
      const opened: Draft = { entries: new Map(next.entries), origin: next.origin };
      at.entries.set(step, opened);
      at = opened;
    } else {
      const inner: Draft = next ?? { entries: new Map(), origin: value.origin };
      at.entries.set(step, inner);
      at = inner;
    }
  }
  at.entries.set(steps.at(-1)!, value);
}

function finished(draft: Draft): AzureValue {
  const entries = new Map<string, AzureValue>();
  for (const [key, value] of draft.entries) entries.set(key, 'kind' in value ? value : finished(value));
  return object(entries, draft.origin);
}

/** `next_hop_type` → `nextHopType`; of `a|b` the first. */
function camelCase(name: string): string {
  return (name.split('|')[0] ?? '').replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}
