import type { Origin } from '#model/origin.ts';
import type { Node } from '../../text/node.ts';
import { readJson } from '../../text/read-json.ts';
import { isOpen, list, object, scalar, type Value } from './values.ts';

/** Compact JSON of a value; undefined where a part of it cannot be known. */
export function jsonText(value: Value): string | undefined {
  if (isOpen(value)) return undefined;
  if (value.kind === 'scalar') return JSON.stringify(value.value);
  const pieces: string[] = [];
  if (value.kind === 'list') {
    for (const item of value.items) {
      const piece = jsonText(item);
      if (piece === undefined) return undefined;
      pieces.push(piece);
    }
    return `[${pieces.join(',')}]`;
  }
  if (value.blurred !== undefined || value.unlisted !== undefined) return undefined;
  for (const [key, entry] of value.entries) {
    const piece = jsonText(entry);
    if (piece === undefined) return undefined;
    pieces.push(`${JSON.stringify(key)}:${piece}`);
  }
  return `{${pieces.join(',')}}`;
}

/** The value that a JSON text is; undefined for what is none. */
export function valueOfJson(text: string, origin: Origin): Value | undefined {
  const { roots, failed } = readJson({ file: '', text }, 0, text.length);
  const [root] = roots;
  return failed || root === undefined || roots.length > 1 ? undefined : literalValue(root, () => origin);
}

/** A tree as it is written, expressions as text. */
export function literalValue(node: Node, originOf: (node: Node) => Origin): Value {
  if (node.kind === 'scalar') return scalar(node.value, originOf(node));
  if (node.kind === 'seq') {
    return list(
      node.items.map((item) => literalValue(item, originOf)),
      originOf(node),
    );
  }
  const entries = new Map<string, Value>();
  for (const { key, value } of node.entries) entries.set(key, literalValue(value, originOf));
  return object(entries, originOf(node));
}
