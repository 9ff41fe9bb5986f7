import { majorVersion } from '../azurerm/old-defaults.ts';
import type { Attribute, Block, Body, Expression } from '../hcl/syntax.ts';

/** What the files of one folder declare together. */
export interface ModuleConfig {
  readonly folder: string;
  readonly variables: ReadonlyMap<string, Block>;
  readonly locals: ReadonlyMap<string, Attribute>;
  /** By `type.name`. */
  readonly resources: ReadonlyMap<string, Block>;
  readonly data: ReadonlyMap<string, Block>;
  readonly calls: ReadonlyMap<string, Block>;
  readonly outputs: ReadonlyMap<string, Block>;
  readonly providers: ReadonlyMap<string, Block>;
  /** The major version of azurerm that `required_providers` asks for. */
  readonly azurerm: number | undefined;
}

export interface ConfigFile {
  readonly file: string;
  readonly body: Body;
}

/** The configuration of a folder. `override.tf` and files that end so change what the others declare. */
export function configOf(folder: string, files: readonly ConfigFile[]): ModuleConfig {
  const draft: Draft = {
    folder,
    variables: new Map(),
    locals: new Map(),
    resources: new Map(),
    data: new Map(),
    calls: new Map(),
    outputs: new Map(),
    providers: new Map(),
    azurerm: undefined,
  };
  const sorted = [...files].sort((a, b) => (a.file < b.file ? -1 : 1));
  for (const { file, body } of sorted) if (!OVERRIDE.test(file)) addBody(draft, body, false);
  for (const { file, body } of sorted) if (OVERRIDE.test(file)) addBody(draft, body, true);
  return draft;
}

/** The expression of an attribute of a block. */
export function attributeOf(block: Block, name: string): Attribute | undefined {
  return block.body.attributes.get(name);
}

/** The text of an attribute that is written out: the `source` of a module, the `alias` of a provider. */
export function literalOf(block: Block, name: string): string | undefined {
  const value = attributeOf(block, name)?.value;
  return value?.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;
}

export function flagOf(block: Block, name: string): boolean | undefined {
  const value = attributeOf(block, name)?.value;
  return value?.kind === 'literal' && typeof value.value === 'boolean' ? value.value : undefined;
}

const OVERRIDE = /(?:^|[/_])override\.tf(?:\.json)?$/;

interface Draft {
  readonly folder: string;
  readonly variables: Map<string, Block>;
  readonly locals: Map<string, Attribute>;
  readonly resources: Map<string, Block>;
  readonly data: Map<string, Block>;
  readonly calls: Map<string, Block>;
  readonly outputs: Map<string, Block>;
  readonly providers: Map<string, Block>;
  azurerm: number | undefined;
}

function addBody(draft: Draft, body: Body, overrides: boolean): void {
  for (const block of body.blocks) {
    if (block.type === 'locals') {
      for (const [name, attribute] of block.body.attributes) draft.locals.set(name, attribute);
      continue;
    }
    if (block.type === 'terraform') draft.azurerm ??= requiredVersion(block);
    const place = placeOf(draft, block);
    if (place === undefined) continue;
    const before = place.map.get(place.key);
    place.map.set(place.key, overrides && before !== undefined ? overridden(before, block) : block);
  }
}

function requiredVersion({ body }: Block): number | undefined {
  const required = body.blocks.find(({ type }) => type === 'required_providers')?.body.attributes ?? body.attributes;
  const written = (required.get('azurerm') ?? required.get('required_providers'))?.value;
  const version = written && versionIn(written, 0);
  return version === undefined ? undefined : majorVersion(version);
}

/** The constraint as text, or in an object; in JSON syntax in an object of objects. */
function versionIn(expression: Expression, depth: number): string | undefined {
  if (expression.kind === 'literal') return typeof expression.value === 'string' ? expression.value : undefined;
  if (expression.kind !== 'object' || depth > 1) return undefined;
  const named = (name: string) =>
    expression.items.find(({ key }) => key.kind === 'literal' && key.value === name)?.value;
  const inner = named('azurerm') ?? named('version');
  return inner && versionIn(inner, depth + 1);
}

interface BlockPlace {
  readonly map: Map<string, Block>;
  readonly key: string;
}

function placeOf(draft: Draft, block: Block): BlockPlace | undefined {
  const [first = '', second = ''] = block.labels;
  switch (block.type) {
    case 'variable':
      return { map: draft.variables, key: first };
    case 'output':
      return { map: draft.outputs, key: first };
    case 'module':
      return { map: draft.calls, key: first };
    case 'resource':
      return { map: draft.resources, key: `${first}.${second}` };
    case 'data':
      return { map: draft.data, key: `${first}.${second}` };
    case 'provider': {
      const alias = literalOf(block, 'alias');
      return { map: draft.providers, key: alias === undefined ? first : `${first}.${alias}` };
    }
    default:
      return undefined;
  }
}

/** Attributes one by one; nested blocks of a type all at once (Terraform, "Override Files"). */
function overridden(before: Block, after: Block): Block {
  const attributes = new Map([...before.body.attributes, ...after.body.attributes]);
  const replaced = new Set(after.body.blocks.map(typeOf));
  const kept = before.body.blocks.filter((block) => !replaced.has(typeOf(block)));
  return { ...before, body: { attributes, blocks: [...kept, ...after.body.blocks] } };
}

function typeOf(block: Block): string {
  return block.type === 'dynamic' ? (block.labels[0] ?? '') : block.type;
}
