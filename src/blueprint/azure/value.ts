/**
 * Resources of Azure as ARM has them, before any form is chosen: the body is the JSON of the REST API, and what is only
 * known in a deployment is an expression. Three writers (ARM, Bicep, Terraform) make text of the same drafts, so that
 * the forms cannot say different things.
 */
export type Value = string | number | boolean | Expression | readonly Value[] | ValueObject;
export interface ValueObject {
  readonly [key: string]: Value;
}

/** The key tells an expression from an object of a body, which never has it. */
export interface Expression {
  readonly $: Told;
}

export type Told =
  /** The id of a resource of this blueprint, or of a part of it: `subnets/snet-nodes`. */
  | { readonly kind: 'id'; readonly of: string; readonly part?: string }
  /** A part of the resource in whose body this stands, which that body cannot name by a reference: `httpListeners/web`. */
  | { readonly kind: 'own'; readonly of: string; readonly part: string }
  /** What Azure decides when it makes the resource: `properties.principalId`. */
  | { readonly kind: 'property'; readonly of: string; readonly path: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'subscription' }
  | { readonly kind: 'tenant' }
  /** Parts one after the other. */
  | { readonly kind: 'text'; readonly parts: readonly (string | Expression)[] }
  /** A name that is a hash of its parts, as role assignments need: the same parts give the same name. */
  | { readonly kind: 'guid'; readonly parts: readonly (string | Expression)[] };

/** Resource groups, by what stands in them. `watcher` is the one that Azure itself makes for Network Watcher. */
export const GROUPS = ['hub', 'spoke', 'operations', 'backup', 'watcher'] as const;
export type Group = (typeof GROUPS)[number];

/** One file of each form. */
export const MODULES = [
  'groups',
  'operations',
  'network',
  'firewall',
  'peerings',
  'private-dns',
  'registry',
  'key-vault',
  'services',
  'identities',
  'cluster',
  'way-in',
  'api-gateway',
  'on-premises',
  'bastion',
  'arc',
  'access',
  'policy',
  'monitoring',
  'backup',
] as const;
export type Module = (typeof MODULES)[number];

/** A resource to be made. */
export interface Draft {
  /** How this blueprint calls it, in every form: lower camel case, unique. */
  readonly key: string;
  readonly module: Module;
  readonly group: Group | 'subscription';
  /** `Microsoft.Network/virtualNetworks`; of a child every segment: `Microsoft.Network/virtualNetworks/subnets`. */
  readonly type: string;
  readonly apiVersion: string;
  /** Its own name, without those of its parents. */
  readonly name: Value;
  /** The key of the resource that it is a part of. */
  readonly parent?: string;
  /** The key of the resource that it extends: of a role assignment, what it is for. */
  readonly scope?: string;
  /** Said above it in every form that has comments: why it is as it is. */
  readonly why?: string;
  /** `location`, `tags`, `sku`, `identity`, `properties`: all but type, version and name. */
  readonly body: ValueObject;
  /** Keys that must be there first, beyond those that the body names. */
  readonly after?: readonly string[];
}

/** A parameter of the templates: what the blueprint cannot know, and must not hold. */
export interface Parameter {
  readonly name: string;
  readonly type: 'string' | 'int' | 'bool' | 'array';
  readonly description: string;
  readonly secure?: true;
  readonly default?: string | number | boolean | readonly string[];
}

export function idOf(of: string, part?: string): Expression {
  return { $: { kind: 'id', of, ...(part !== undefined && { part }) } };
}

/** A part of the resource `of`, in its own body. */
export function ownPart(of: string, part: string): Expression {
  return { $: { kind: 'own', of, part } };
}

export function propertyOf(of: string, path: string): Expression {
  return { $: { kind: 'property', of, path } };
}

export function parameter(name: string): Expression {
  return { $: { kind: 'parameter', name } };
}

export function text(...parts: readonly (string | Expression)[]): Expression {
  return { $: { kind: 'text', parts } };
}

export function guid(...parts: readonly (string | Expression)[]): Expression {
  return { $: { kind: 'guid', parts } };
}

export const SUBSCRIPTION: Expression = { $: { kind: 'subscription' } };
export const TENANT: Expression = { $: { kind: 'tenant' } };

/** In an `identity`, the ids of identities as a list: ARM has them as the keys of an object, Terraform as a list. */
export const USER_ASSIGNED = 'userAssigned';

export function isExpression(value: Value): value is Expression {
  return typeof value === 'object' && !Array.isArray(value) && '$' in value;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Every expression in a value, outermost first. */
export function* expressionsIn(value: Value): Generator<Expression> {
  if (typeof value !== 'object') return;
  if (isExpression(value)) {
    yield value;
    if (value.$.kind === 'text' || value.$.kind === 'guid')
      for (const part of value.$.parts) if (typeof part !== 'string') yield* expressionsIn(part);
    return;
  }
  for (const each of isList(value) ? value : Object.values(value)) yield* expressionsIn(each);
}

/** The keys of resources that a draft names: they are made before it. */
export function neededBy({ name, parent, scope, body, after = [] }: Draft): ReadonlySet<string> {
  const keys = new Set(after);
  if (parent !== undefined) keys.add(parent);
  if (scope !== undefined) keys.add(scope);
  for (const each of [name, body])
    for (const { $ } of expressionsIn(each)) if ($.kind === 'id' || $.kind === 'property') keys.add($.of);
  return keys;
}
