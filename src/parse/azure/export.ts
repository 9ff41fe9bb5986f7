import type { AzureResource, AzureSource } from '#model/azure/resource.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Document, Entry, MapNode, Node, SourceText } from '../text/node.ts';
import { diagnosticOf } from '../text/problem.ts';
import { isResource } from './document-kind.ts';
import { typeInId } from './expression/resource-id.ts';
import { list, type ObjectValue, object, scalar, type Value } from './expression/values.ts';
import { fieldOf, originOf, stringOf } from './template/nodes.ts';
import { settledBody } from './template/settle.ts';

export interface ExportResult {
  readonly resources: readonly AzureResource[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The resources of one document as Azure, Resource Graph or `az` give them: alone, in lists, in pages. */
export function readExport({ source, root }: Document, kind: 'export' | 'resource-graph'): ExportResult {
  const from: AzureSource = kind === 'export' ? 'export' : 'resource-graph';
  const resources: AzureResource[] = [];
  for (const node of resourceNodes(root)) resources.push(resourceOf(node, source, from));
  return { resources, diagnostics: pagesMissing(root, source) };
}

function* resourceNodes(root: Node): Generator<MapNode> {
  if (root.kind === 'map' && isResource(root)) {
    yield root;
    return;
  }
  if (root.kind === 'seq') for (const item of root.items) yield* resourceNodes(item);
  if (root.kind !== 'map') return;
  const inside = fieldOf(root, 'value') ?? fieldOf(root, 'data');
  if (inside?.kind === 'seq') for (const item of inside.items) yield* resourceNodes(item);
  if (inside?.kind === 'map') yield* tableRows(inside);
}

/** Resource Graph's `table` form: names of columns, and rows of values. */
function* tableRows(table: MapNode): Generator<MapNode> {
  const columns = fieldOf(table, 'columns');
  const rows = fieldOf(table, 'rows');
  if (columns?.kind !== 'seq' || rows?.kind !== 'seq') return;
  const names = columns.items.map((column) => stringOf(column, 'name') ?? '');
  for (const row of rows.items) {
    if (row.kind !== 'seq') continue;
    const entries: Entry[] = row.items.map((value, index) => ({
      key: names[index] ?? '',
      keyStart: value.start,
      value,
    }));
    const made: MapNode = { kind: 'map', entries, start: row.start, end: row.end };
    if (isResource(made)) yield made;
  }
}

/** Any of these says that there is more than the document holds. */
const MORE = ['nextlink', '@odata.nextlink', 'skip_token', '$skiptoken', 'skiptoken'];

function pagesMissing(root: Node, source: SourceText): readonly Diagnostic[] {
  if (root.kind !== 'map' || isResource(root)) return [];
  const more = MORE.map((key) => fieldOf(root, key)).find((node) => node?.kind === 'scalar' && node.value !== '');
  const truncated = fieldOf(root, 'resulttruncated');
  const cut = truncated?.kind === 'scalar' && /^true$/i.test(String(truncated.value)) ? truncated : undefined;
  const at = more ?? cut;
  if (at === undefined) return [];
  const message = 'the answer has more pages than this one';
  return [diagnosticOf(source, { code: 'RF5105', message, offset: at.start, length: at.end - at.start })];
}

function resourceOf(node: MapNode, source: SourceText, from: AzureSource): AzureResource {
  const id = stringOf(node, 'id') ?? '';
  const apiVersion = stringOf(node, 'apiversion');
  const type = typeOf(node, id);
  const name = id.slice(id.lastIndexOf('/') + 1);
  return {
    id,
    type,
    name,
    ...(apiVersion === undefined ? {} : { apiVersion }),
    body: settledBody(asArm(node, source), type, name),
    source: from,
    origin: originOf(source, node),
  };
}

function typeOf(node: MapNode, id: string): string {
  const type = stringOf(node, 'type');
  return type?.includes('/') === true ? type : (typeInId(id) ?? '');
}

/** In ARM's shape. `az` puts what ARM has under `properties` beside it, and adds the group to everything that has an id. */
function asArm(node: MapNode, source: SourceText): ObjectValue {
  return isFlat(node) ? unflattened(node, source) : asWritten(node, source);
}

function isFlat(node: MapNode): boolean {
  return fieldOf(node, 'properties') === undefined;
}

function asWritten(node: MapNode, source: SourceText): ObjectValue {
  const entries = new Map<string, Value>();
  for (const { key, value } of node.entries) entries.set(key, plainValue(value, source));
  return object(entries, originOf(source, node));
}

function plainValue(node: Node, source: SourceText): Value {
  if (node.kind === 'scalar') return scalar(node.value, originOf(source, node));
  if (node.kind === 'map') return asWritten(node, source);
  return list(
    node.items.map((item) => plainValue(item, source)),
    originOf(source, node),
  );
}

/** Keys that ARM has beside `properties`. */
const TOP = new Set([
  ...['id', 'name', 'type', 'location', 'tags', 'sku', 'kind', 'identity', 'zones', 'etag', 'plan', 'managedby'],
  ...['systemdata', 'extendedlocation', 'apiversion', 'placement', 'changedtime', 'createdtime', 'subscriptionid'],
]);

/** `typePropertiesType`: so `az` names what is `properties.type` in ARM, where the resource has a `type` of its own. */
const DOUBLED = /^(\w+)Properties\1$/i;

function unflattened(node: MapNode, source: SourceText): ObjectValue {
  const entries = new Map<string, Value>();
  const properties = new Map<string, Value>();
  const origin = originOf(source, node);
  for (const { key, value } of node.entries) {
    const lower = key.toLowerCase();
    if (lower === 'resourcegroup') continue;
    const own = DOUBLED.exec(key)?.[1];
    if (own !== undefined) properties.set(own, partValue(value, source));
    else (TOP.has(lower) ? entries : properties).set(key, partValue(value, source));
  }
  entries.set('properties', object(properties, origin));
  return object(entries, origin);
}

/** Inside, what has an id and a name is a part of the resource and flat too; what has only an id refers to another. */
function partValue(node: Node, source: SourceText): Value {
  const origin = originOf(source, node);
  if (node.kind === 'scalar') return scalar(node.value, origin);
  if (node.kind === 'seq') {
    return list(
      node.items.map((item) => partValue(item, source)),
      origin,
    );
  }
  const isPart = isResource(node) && fieldOf(node, 'name') !== undefined && isFlat(node);
  if (isPart) return unflattened(node, source);
  const entries = new Map<string, Value>();
  const refers = isResource(node);
  for (const { key, value } of node.entries)
    if (!refers || key.toLowerCase() !== 'resourcegroup') entries.set(key, partValue(value, source));
  return object(entries, origin);
}
