import { readdirSync, readFileSync } from 'node:fs';
import { isExpression, isList, USER_ASSIGNED, type Value, type ValueObject } from '../value.ts';

/**
 * What a published type says of a field. `…`: it is there, and nothing more was noted, because nothing of ours sets it.
 * Lists of words are those of the API; names of fields are as the API spells them. `any`: the API takes every value.
 */
export type Shape =
  | '…'
  | 'any'
  | 'text'
  | 'number'
  | 'boolean'
  | { readonly oneOf: readonly string[] }
  | { readonly list: Shape }
  | { readonly map: Shape }
  | Kinds
  | Fields;

/** Of several kinds of object: which one, the field named in `by` says. */
interface Kinds {
  readonly by: string;
  readonly kinds: Readonly<Record<string, Fields>>;
}

interface Fields {
  readonly fields: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
}

interface TypeFacts {
  /** Where the types are published, and when they were read. */
  readonly source: string;
  /** Where the source has one: of each version, if they are at several. */
  readonly commit?: string | Readonly<Record<string, string>>;
  readonly checkedOn: string;
  readonly types: Readonly<Record<string, Fields>>;
}

/** By type and version: `Microsoft.Network/routeTables@2024-05-01`. Names and versions of types are in no file twice. */
export function publishedTypes(): ReadonlyMap<string, Fields> {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.json'));
  const facts = files.map((file): TypeFacts => JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')));
  return new Map(facts.flatMap(({ types }) => Object.entries(types)));
}

/** What of a value is not as its type is published: a line each, with its path. */
export function strayIn(value: Value, shape: Shape, path: string): readonly string[] {
  if (shape === 'any') return [];
  if (shape === '…') return [`${path}: set, and not described`];
  if (!isList(value) && typeof value === 'object' && isExpression(value)) {
    const isText = shape === 'text' || (typeof shape === 'object' && 'oneOf' in shape);
    return isText || (typeof value.$ === 'object' && value.$.kind === 'parameter') ? [] : [`${path}: an expression`];
  }
  if (typeof shape === 'string') {
    const kind = shape === 'text' ? 'string' : shape;
    return typeof value === kind ? [] : [`${path}: no ${shape}`];
  }
  if ('oneOf' in shape)
    return shape.oneOf.some((word) => word === value) ? [] : [`${path}: ${JSON.stringify(value)} is no word of it`];
  if ('list' in shape)
    return isList(value)
      ? value.flatMap((each, at) => strayIn(each, shape.list, `${path}[${at}]`))
      : [`${path}: no list`];
  if (isList(value) || typeof value !== 'object') return [`${path}: no object`];
  if ('map' in shape) return Object.entries(value).flatMap(([key, each]) => strayIn(each, shape.map, `${path}.${key}`));
  return 'by' in shape ? strayKind(value as ValueObject, shape, path) : strayFields(value as ValueObject, shape, path);
}

function strayKind(value: ValueObject, { by, kinds }: Kinds, path: string): readonly string[] {
  const word = value[by];
  const kind = typeof word === 'string' && Object.hasOwn(kinds, word) ? kinds[word] : undefined;
  if (kind === undefined) return [`${path}.${by}: ${JSON.stringify(word)} is no kind of it`];
  return strayFields(value, { ...kind, fields: { ...kind.fields, [by]: 'text' } }, path);
}

function strayFields(value: ValueObject, { fields, required = [] }: Fields, path: string): readonly string[] {
  const lacking = required.filter((name) => value[name] === undefined).map((name) => `${path}.${name}: lacks`);
  const stray = Object.entries(value).flatMap(([name, each]) => {
    if (name === USER_ASSIGNED) return identitiesIn(each, fields, path);
    const shape = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return shape === undefined ? [`${path}.${name}: not of the type`] : strayIn(each, shape, `${path}.${name}`);
  });
  return [...lacking, ...stray];
}

/** Drafts list them; as ARM takes them they are the keys of an object. */
function identitiesIn(value: Value, fields: Fields['fields'], path: string): readonly string[] {
  const shape = fields['userAssignedIdentities'];
  if (typeof shape !== 'object' || !('map' in shape)) return [`${path}.userAssignedIdentities: not of the type`];
  return strayIn(value, { list: 'text' }, `${path}.userAssignedIdentities`);
}
