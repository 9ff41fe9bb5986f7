import type { Origin } from '#model/origin.ts';
import type { MapNode, Node, SourceText } from '../../text/node.ts';
import { originAt } from '../../text/positions.ts';

/** The value of a key without regard to case; the last one of several. Null is as good as absent. */
export function fieldOf(node: Node | undefined, key: string): Node | undefined {
  if (node?.kind !== 'map') return undefined;
  const found = node.entries.findLast((entry) => entry.key.toLowerCase() === key);
  return found === undefined || isNullNode(found.value) ? undefined : found.value;
}

export function mapOf(node: Node | undefined, key: string): MapNode | undefined {
  const value = fieldOf(node, key);
  return value?.kind === 'map' ? value : undefined;
}

export function itemsOf(node: Node | undefined, key: string): readonly Node[] {
  const value = fieldOf(node, key);
  return value?.kind === 'seq' ? value.items : [];
}

export function stringOf(node: Node | undefined, key: string): string | undefined {
  const value = fieldOf(node, key);
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

/** The entries of a mapping by their keys in lower case. */
export function indexOf(node: Node | undefined): ReadonlyMap<string, Node> {
  const index = new Map<string, Node>();
  if (node?.kind === 'map') for (const { key, value } of node.entries) index.set(key.toLowerCase(), value);
  return index;
}

export function isNullNode(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

export function originOf(source: SourceText, node: Node): Origin {
  return originAt(source, node.start);
}
