import type { AzureValue } from '#model/azure/value.ts';
import type { Node, SourceText } from '../text/node.ts';
import { originAt } from '../text/positions.ts';
import { list, object, scalar, unsettled } from './values.ts';

/** The value of a node of JSON. What `sensitive` marks with `true` is a secret. */
export function valueOfNode(source: SourceText, node: Node, sensitive?: Node): AzureValue {
  const origin = originAt(source, node.start);
  if (sensitive?.kind === 'scalar' && sensitive.value === true) {
    const isNothing = node.kind === 'scalar' && node.value === null;
    return isNothing ? scalar(null, origin) : unsettled('(sensitive)', 'secret', origin);
  }
  switch (node.kind) {
    case 'scalar':
      return scalar(node.value, origin);
    case 'seq': {
      const marks = sensitive?.kind === 'seq' ? sensitive.items : [];
      return list(
        node.items.map((item, index) => valueOfNode(source, item, marks[index])),
        origin,
      );
    }
    case 'map': {
      const entries = node.entries.map(
        ({ key, value }) => [key, valueOfNode(source, value, childOf(sensitive, key))] as const,
      );
      return object(new Map(entries), origin);
    }
  }
}

/** The value of a key of a map; undefined where there is none. */
export function childOf(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'map' ? node.entries.findLast((entry) => entry.key === key)?.value : undefined;
}

export function textOfNode(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

export function itemsOfNode(node: Node | undefined): readonly Node[] {
  return node?.kind === 'seq' ? node.items : [];
}
