import type { CalicoSelector, CalicoSelectorNode } from '#model/calico.ts';
import { quote } from '../kubernetes/draft.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { parseSelector } from './selector-syntax.ts';

/** A selector of a rule: absent and empty both mean that it does not restrict. */
export function readSelector(reader: Reader, key: string): CalicoSelector | undefined {
  const text = reader.text(key);
  return text === undefined || text === '' ? undefined : selectorOf(reader, key, text);
}

/** The selector of whom a policy is for: absent and empty both mean everybody. */
export function readSubject(reader: Reader, key: string): CalicoSelector {
  return selectorOf(reader, key, reader.text(key) ?? '');
}

function selectorOf(reader: Reader, key: string, text: string): CalicoSelector {
  const result = parseSelector(text);
  if (result.kind === 'ok') return { text, node: result.node, origin: reader.originOf(key) };
  const place = `at character ${result.at + 1}`;
  reader.refuse('RF2015', key, `is ${quote(text)}: ${result.message} ${place}`);
  return { text, node: { kind: 'all' }, origin: reader.originOf(key) };
}

/** Whether an expression asks for `global()` beside anything else: Calico takes it alone only. */
export function mixesGlobal({ node }: CalicoSelector): boolean {
  return node.kind !== 'global' && asksGlobal(node);
}

function asksGlobal(node: CalicoSelectorNode): boolean {
  switch (node.kind) {
    case 'global':
      return true;
    case 'not':
      return asksGlobal(node.inner);
    case 'and':
    case 'or':
      return node.parts.some(asksGlobal);
    default:
      return false;
  }
}
