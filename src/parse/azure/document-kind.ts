import type { MapNode, Node } from '../text/node.ts';
import { isCaptured } from './captured.ts';
import { typeInId } from './expression/resource-id.ts';
import { fieldOf, mapOf, stringOf } from './template/nodes.ts';

/**
 * - `template`: an ARM template, as Bicep compiles to and `az group export` writes;
 * - `parameters`: a file of parameters for one;
 * - `export`: resources as Azure or `az` give them, one or many;
 * - `resource-graph`: an answer of Azure Resource Graph;
 * - `captured`: a resource of a snapshot file.
 */
export type AzureDocumentKind = 'template' | 'parameters' | 'export' | 'resource-graph' | 'captured';

/** What of Azure a document holds, by its form; undefined for everything else. Looks at its top only. */
export function isAzureDocument(root: Node): AzureDocumentKind | undefined {
  if (root.kind === 'seq') return holdsResources(root.items) ? 'export' : undefined;
  if (root.kind !== 'map') return undefined;
  if (isCaptured(root)) return 'captured';
  const schema = stringOf(root, '$schema') ?? '';
  if (/deploymentParameters\.json/i.test(schema)) return 'parameters';
  if (/deploymentTemplate\.json/i.test(schema)) return 'template';
  if (isResource(root)) return 'export';
  if (fieldOf(root, 'contentversion') !== undefined) return kindByContent(root);
  const rows = fieldOf(root, 'data');
  if (rows !== undefined && isGraphAnswer(root)) return graphKind(rows);
  const value = fieldOf(root, 'value');
  return value?.kind === 'seq' && holdsResources(value.items) ? 'export' : undefined;
}

function kindByContent(root: MapNode): AzureDocumentKind | undefined {
  if (fieldOf(root, 'resources') !== undefined) return 'template';
  return mapOf(root, 'parameters') === undefined ? undefined : 'parameters';
}

function isGraphAnswer(root: MapNode): boolean {
  return ['count', 'total_records', 'totalrecords', 'resulttruncated', 'skip_token', '$skiptoken'].some(
    (key) => fieldOf(root, key) !== undefined,
  );
}

/** Rows are objects, or one table of columns and rows. */
function graphKind(data: Node): AzureDocumentKind | undefined {
  if (data.kind === 'seq') return data.items.length === 0 || holdsResources(data.items) ? 'resource-graph' : undefined;
  return fieldOf(data, 'columns') !== undefined && fieldOf(data, 'rows') !== undefined ? 'resource-graph' : undefined;
}

function holdsResources(items: readonly Node[]): boolean {
  const [first] = items;
  return first !== undefined && (isResource(first) || (first.kind === 'seq' && holdsResources(first.items)));
}

/** An id of Azure, and something that says what it is the id of. */
export function isResource(node: Node): boolean {
  const id = stringOf(node, 'id');
  return id !== undefined && /^\/(?:subscriptions|providers)\//i.test(id) && typeInId(id) !== undefined;
}
