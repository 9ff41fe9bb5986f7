import type { AzureResource, AzureSource } from '#model/azure/resource.ts';
import {
  type AzureObject,
  type AzureScalar,
  type AzureUnsettled,
  type AzureValue,
  UNSETTLED_WHY,
  type UnsettledWhy,
} from '#model/azure/value.ts';
import type { PlainObject, PlainValue } from '#model/plain.ts';
import { MAX_DEPTH } from '../text/limits.ts';
import type { MapNode, Node, SourceText } from '../text/node.ts';
import { isSecretKey, isSecretText } from './secrets.ts';
import { fieldOf, mapOf, originOf, stringOf } from './template/nodes.ts';

/**
 * One resource as a snapshot file holds it: what came out of reading, so no secret is in it, and what could not be known
 * stays so. `$unsettled` stands for a value that is not known; keys of users that look like it get one more `$`.
 */
export function capturedObject(resource: AzureResource): PlainObject {
  const { id, type, name, apiVersion, source, condition, body } = resource;
  return {
    [MARK]: RESOURCE,
    id,
    type,
    name,
    ...(apiVersion !== undefined && { apiVersion }),
    source,
    ...(condition !== undefined && { condition: plainUnsettled(condition) }),
    body: plainOf(body),
  };
}

/** The value that stands at a key of what `capturedObject` gives, for places; undefined where there is none. */
export function capturedValue(resource: AzureResource, key: string): AzureValue | undefined {
  if (key === 'body') return resource.body;
  return key === 'condition' ? resource.condition : undefined;
}

/** The entry that a key of a captured object stands for. */
export function capturedEntry({ entries }: AzureObject, key: string): AzureValue | undefined {
  return entries.get(unescaped(key));
}

export function isCaptured(root: MapNode): boolean {
  return root.entries[0]?.key === MARK && stringOf(root, MARK) === RESOURCE;
}

/** The resource of one document, or undefined where it is damaged. */
export function readCaptured(root: MapNode, source: SourceText): AzureResource | undefined {
  const id = stringOf(root, 'id');
  const type = stringOf(root, 'type');
  const from = SOURCES.find((each) => each === stringOf(root, 'source'));
  const body = mapOf(root, 'body');
  if (id === undefined || type === undefined || from === undefined || body === undefined) return undefined;
  const value = valueOf(body, source);
  if (value.kind !== 'object') return undefined;
  const apiVersion = stringOf(root, 'apiversion');
  const condition = fieldOf(root, 'condition');
  const open = condition === undefined ? undefined : valueOf(condition, source);
  return {
    id,
    type,
    name: stringOf(root, 'name') ?? id.slice(id.lastIndexOf('/') + 1),
    ...(apiVersion !== undefined && { apiVersion }),
    body: value,
    ...(open?.kind === 'unsettled' && { condition: open }),
    source: from,
    origin: originOf(source, root),
  };
}

const MARK = 'ringfence';
const RESOURCE = 'azure-resource';
const UNSETTLED = '$unsettled';
const WHY = '$why';

/** Levels that a captured resource has around its body, and an unsettled value inside. */
const ROOM = 5;

const SOURCES: readonly AzureSource[] = [
  ...(['export', 'template', 'terraform', 'terraform-plan', 'terraform-state', 'resource-graph'] as const),
];

function plainOf(value: AzureValue, under = '', depth = 0): PlainValue {
  if (depth > MAX_DEPTH - ROOM) return { [UNSETTLED]: 'nested too deep', [WHY]: 'not-readable' };
  if (value.kind === 'scalar') return isSecret(value, under) ? { [UNSETTLED]: under, [WHY]: 'secret' } : value.value;
  if (value.kind === 'unsettled') return plainUnsettled(value);
  if (value.kind === 'list') return value.items.map((item) => plainOf(item, under, depth + 1));
  // Not by assignment: a key `__proto__` is a key like any other.
  return Object.fromEntries([...value.entries].map(([key, entry]) => [escaped(key), plainOf(entry, key, depth + 1)]));
}

/** Reading leaves secrets out already. This is the second lock, whatever form a document had. */
function isSecret({ value }: AzureScalar, key: string): boolean {
  return typeof value === 'string' && value !== '' && (isSecretKey(key) || isSecretText(value));
}

function plainUnsettled({ expression, why }: AzureUnsettled): PlainObject {
  return { [UNSETTLED]: expression, [WHY]: why };
}

function escaped(key: string): string {
  return /^\$+unsettled$/.test(key) ? `$${key}` : key;
}

function unescaped(key: string): string {
  return /^\$\$+unsettled$/.test(key) ? key.slice(1) : key;
}

function valueOf(node: Node, source: SourceText): AzureValue {
  const origin = originOf(source, node);
  if (node.kind === 'scalar') return { kind: 'scalar', value: node.value, origin };
  if (node.kind === 'seq') return { kind: 'list', items: node.items.map((item) => valueOf(item, source)), origin };
  const open = unsettledOf(node);
  if (open !== undefined) return { kind: 'unsettled', ...open, origin };
  const entries = node.entries.map(({ key, value }): [string, AzureValue] => [unescaped(key), valueOf(value, source)]);
  return { kind: 'object', entries: new Map(entries), origin };
}

function unsettledOf(node: MapNode): { expression: string; why: UnsettledWhy } | undefined {
  if (node.entries[0]?.key !== UNSETTLED) return undefined;
  const why = UNSETTLED_WHY.find((each) => each === stringOf(node, WHY));
  return why === undefined ? undefined : { expression: stringOf(node, UNSETTLED) ?? '', why };
}
