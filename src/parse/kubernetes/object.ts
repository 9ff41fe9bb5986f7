import { escapeControl } from '#base/escape.ts';
import type { MapNode, Node } from '../text/node.ts';
import { type FieldTree, fieldTree } from './field-tree.ts';
import { strictKinds, supportTable } from './fields.ts';

/** What a document says it is, looked at before any of it is read. */
export interface Identity {
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly namespace: string;
  readonly name: string;
  readonly hasMetadata: boolean;
}

export function identityOf(root: MapNode): Identity {
  const metadata = valueOf(root, 'metadata');
  const inner = metadata?.kind === 'map' ? metadata : undefined;
  return {
    apiVersion: textOf(valueOf(root, 'apiVersion')),
    kind: textOf(valueOf(root, 'kind')),
    namespace: textOf(valueOf(inner, 'namespace')) ?? '',
    name: textOf(valueOf(inner, 'name')) ?? '',
    hasMetadata: inner !== undefined,
  };
}

/** `NetworkPolicy shop/web` */
export function titleOf(kind: string, namespace: string, name: string): string {
  const full = namespace === '' ? name : `${namespace}/${name}`;
  return escapeControl(`${kind} ${full}`.slice(0, 200)).trimEnd();
}

/** The entries of a `List`, or of a typed list as `PodList`; undefined where the document is no list. */
export function itemsOf(root: MapNode, kind: string | undefined): readonly Node[] | undefined {
  if (kind === undefined || !kind.endsWith('List')) return undefined;
  const items = valueOf(root, 'items');
  if (items?.kind === 'seq') return items.items;
  return kind === 'List' ? [] : undefined;
}

/** The known fields of the kinds whose unknown fields are reported. */
export function strictFields({ group, kind }: KindName): FieldTree | undefined {
  return STRICT.get(`${group}/${kind}`);
}

/** A kind by the group that identifies it. */
export interface KindName {
  readonly group: string;
  readonly kind: string;
}

const STRICT = new Map(
  strictKinds().map((name) => [
    name,
    fieldTree(supportTable().filter(({ group, kind }) => `${group}/${kind}` === name)),
  ]),
);

function valueOf(map: MapNode | undefined, key: string): Node | undefined {
  return map?.entries.findLast((entry) => entry.key === key)?.value;
}

function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' && node.value !== '' ? node.value : undefined;
}
