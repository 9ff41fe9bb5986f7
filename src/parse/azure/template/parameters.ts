import type { Origin } from '#model/origin.ts';
import type { MapNode, Node, SourceText } from '../../text/node.ts';
import { literalValue } from '../expression/json.ts';
import { Entries, isOpen, list, object, open, scalar, type Text, type Value } from '../expression/values.ts';
import { fieldOf, itemsOf, mapOf, originOf, stringOf } from './nodes.ts';

/** What is handed to a template for one of its parameters. */
export type Given = () => Value;

/** The values that a file of parameters gives, by name in lower case. */
export function givenIn({ source, root }: { source: SourceText; root: Node }): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>();
  for (const { key, value } of mapOf(root, 'parameters')?.entries ?? [])
    given.set(key.toLowerCase(), () => fileValue(value, key, source));
  return given;
}

function fileValue(node: Node, name: string, source: SourceText): Value {
  const origin = originOf(source, node);
  // Azure fetches it from a key vault and shows it to nobody.
  if (fieldOf(node, 'reference') !== undefined) return secretParameter(name, origin);
  const value = fieldOf(node, 'value');
  if (value === undefined) return scalar(null, origin);
  return withVariables(literalValue(value, (part) => originOf(source, part)));
}

export function secretParameter(name: string, origin: Origin): Value {
  return open({ expression: `parameters('${name}')`, why: 'secret', origin });
}

/** The Azure Developer CLI puts variables of its environment where `${NAME}` stands. */
function withVariables(value: Value): Value {
  if (value.kind === 'list') return list(value.items.map(withVariables), value.origin);
  if (value.kind === 'object') {
    const entries = new Map([...value.entries].map(([key, entry]) => [key, withVariables(entry)]));
    return object(entries, value.origin);
  }
  if (isOpen(value) || typeof value.value !== 'string' || !value.value.includes('${')) return value;
  const text = value.value;
  const parts: Text = text
    .split(/(\$\{[^}]*\})/)
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('${') ? { token: part } : part));
  if (parts.every((part) => typeof part === 'string')) return value;
  return open({ expression: text, why: 'not-given', origin: value.origin, parts });
}

/** What a parameter or output is declared to be, references to definitions followed. */
export function declaredType(declaration: Node, root: MapNode): Node {
  let node = declaration;
  // More steps than definitions people chain; a circle ends here too.
  for (let step = 0; step < 20; step++) {
    const name = stringOf(node, '$ref')?.match(/^#\/definitions\/(.+)$/)?.[1];
    const next = name === undefined ? undefined : fieldOf(fieldOf(root, 'definitions'), name.toLowerCase());
    if (next === undefined) break;
    node = next;
  }
  return node;
}

export function isSecureType(node: Node): boolean {
  return /^secure(?:string|object)$/i.test(stringOf(node, 'type') ?? '');
}

/** Without what its type declares to be secret inside of it. */
export function withoutSecrets(value: Value, type: Node, root: MapNode): Value {
  return hidden(value, declaredType(type, root), { root, depth: 0, name: '' });
}

interface Hiding {
  readonly root: MapNode;
  readonly depth: number;
  readonly name: string;
}

function hidden(value: Value, type: Node, { root, depth, name }: Hiding): Value {
  if (depth > DEEPEST) return value;
  if (depth > 0 && isSecureType(type)) return secretParameter(name, value.origin);
  if (value.kind === 'list') {
    const items = mapOf(type, 'items');
    const prefix = itemsOf(type, 'prefixitems');
    if (items === undefined && prefix.length === 0) return value;
    const inside = { root, depth: depth + 1, name };
    return list(
      value.items.map((item, index) => {
        const itemType = prefix[index] ?? items;
        return itemType === undefined ? item : hidden(item, declaredType(itemType, root), inside);
      }),
      value.origin,
    );
  }
  return value.kind === 'object' ? hiddenEntries(value, type, { root, depth, name }) : value;
}

const DEEPEST = 30;

function hiddenEntries(value: Value & { kind: 'object' }, type: Node, { root, depth, name }: Hiding): Value {
  const properties = mapOf(type, 'properties');
  const others = mapOf(type, 'additionalproperties');
  if (properties === undefined && others === undefined) return value;
  const entries = new Entries<Value>();
  for (const [key, entry] of value.entries) {
    const entryType = fieldOf(properties, key.toLowerCase()) ?? others;
    const inside = { root, depth: depth + 1, name: name === '' ? key : `${name}.${key}` };
    entries.set(key, entryType === undefined ? entry : hidden(entry, declaredType(entryType, root), inside));
  }
  return object(entries.map, value.origin);
}

/** The value of a parameter that nobody gives one. */
export function missingParameter(name: string, home: string, origin: Origin): Value {
  const expression = `parameters('${name}')`;
  // Two templates may each have a parameter of the name, with values of their own.
  return open({ expression, why: 'not-given', origin, token: home === '' ? expression : `${expression} of ${home}` });
}

export function isNullable(declaration: Node): boolean {
  const nullable = fieldOf(declaration, 'nullable');
  return nullable?.kind === 'scalar' && nullable.value === true;
}

/** What a declaration says that a parameter is unless it is given; null counts. */
export function defaultOf(declaration: Node): Node | undefined {
  if (declaration.kind !== 'map') return undefined;
  return declaration.entries.findLast(({ key }) => key.toLowerCase() === 'defaultvalue')?.value;
}
