import type { Value } from '../../../azure/value.ts';
import type { Block, HclValue } from '../hcl.ts';
import type { Taking } from './taking.ts';

/** A body of ARM while it is said in arguments and blocks. */
export interface From extends Taking {
  readonly hcl: (value: Value) => HclValue;
}

/** A block of Terraform while it is made. */
export interface To {
  readonly arguments: (readonly [string, HclValue])[];
  readonly blocks: Block[];
}

/** One step: takes leaves, puts an argument or a block. What it cannot say it leaves. */
export type Field = (from: From, to: To) => void;

export function filled(from: From, fields: readonly Field[]): To {
  const to: To = { arguments: [], blocks: [] };
  for (const field of fields) field(from, to);
  return to;
}

/** The value as it is. */
export function copy(name: string, path: string): Field {
  return (from, to) => {
    const value = from.take(path);
    if (value !== undefined) to.arguments.push([name, from.hcl(value)]);
  };
}

/** One value, where Terraform has a list. */
export function asList(name: string, path: string): Field {
  return (from, to) => {
    const value = from.take(path);
    if (value !== undefined) to.arguments.push([name, [from.hcl(value)]]);
  };
}

type Plain = string | number | boolean;

/** By a table from ARM's word to Terraform's; a word that is not in it is left. */
export function words(name: string, path: string, table: readonly (readonly [Plain, Plain])[]): Field {
  return (from, to) => {
    const word = table.find(([arm]) => arm === from.see(path));
    if (word === undefined) return;
    from.take(path);
    to.arguments.push([name, word[1]]);
  };
}

/** ARM's `Enabled` and `Disabled` (some resources write them small) as a boolean. */
export function enabled(name: string, path: string): Field {
  return words(name, path, [
    ['Enabled', true],
    ['enabled', true],
    ['Disabled', false],
    ['disabled', false],
  ]);
}

export function not(name: string, path: string): Field {
  return words(name, path, [
    [true, false],
    [false, true],
  ]);
}

/** What the provider sends without being told; another value is left. */
export function sent(path: string, value: Plain): Field {
  return (from) => {
    if (from.see(path) === value) from.take(path);
  };
}

/** A block for the object at a path. */
export function one(type: string, path: string, fields: readonly Field[]): Field {
  return (from, to) => {
    const part = from.part(path);
    if (part !== undefined) to.blocks.push({ type, body: filled({ ...part, hcl: from.hcl }, fields) });
  };
}

/** A block for each object of the list at a path. */
export function many(type: string, path: string, fields: readonly Field[]): Field {
  return (from, to) => {
    for (const item of from.each(path)) to.blocks.push({ type, body: filled({ ...item, hcl: from.hcl }, fields) });
  };
}

/** `[{ id }, { id }]` or `[{ name: x }]` as a list of what stands under the key. */
export function plucked(name: string, path: string, key: string): Field {
  return (from, to) => {
    const items = from.each(path).map((item) => item.take(key));
    const present = items.filter((item) => item !== undefined);
    if (present.length > 0) to.arguments.push([name, present.map(from.hcl)]);
  };
}

/** Terraform keeps as JSON text what is an object to ARM. */
export function json(name: string, path: string): Field {
  return (from, to) => {
    const value = from.take(path);
    if (value !== undefined) to.arguments.push([name, { call: 'jsonencode', of: from.hcl(value) }]);
  };
}

/** `identity`, whose ids are a list here. */
export const IDENTITY: Field = one('identity', 'identity', [
  copy('type', 'type'),
  copy('identity_ids', 'userAssigned'),
]);

export const LOCATION: Field = copy('location', 'location');
export const TAGS: Field = copy('tags', 'tags');
/** What resources have that stand nowhere: the provider says so by itself. */
export const GLOBAL: Field = (from) => {
  const place = from.see('location');
  if (typeof place === 'string' && place.toLowerCase() === 'global') from.take('location');
};
