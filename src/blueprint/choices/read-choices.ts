import { escapeControl } from '#base/escape.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import { isPlainObject, type PlainObject, type PlainValue } from '#model/plain.ts';
import type { Node, SourceText } from '#parse/text/node.ts';
import { diagnosticOf } from '#parse/text/problem.ts';
import { readDocuments } from '#parse/text/read-documents.ts';
import { CHOICES, type Choices } from './choices.ts';
import { refusalsOf } from './refusals.ts';

export interface ChoicesReading {
  /** undefined where anything at all is wrong: nothing is built of half an answer. */
  readonly choices: Choices | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads `blueprint.yaml`: its form, and then whether its choices go together. */
export function readChoices(source: SourceText): ChoicesReading {
  const { documents, diagnostics } = readDocuments(source);
  const [first, second] = documents;
  const problems = [...diagnostics];
  const refuse = (node: Node | undefined, message: string, help?: string) =>
    problems.push(
      diagnosticOf(source, {
        code: 'RF6001',
        message,
        offset: node?.start ?? 0,
        length: 1,
        ...(help !== undefined && { help }),
      }),
    );
  if (first === undefined) refuse(undefined, 'there are no choices in it');
  if (second !== undefined) refuse(second.root, 'the choices are one document');
  if (first === undefined || problems.some(({ severity }) => severity === 'error'))
    return { choices: undefined, diagnostics: problems };
  const read = CHOICES.safeParse(plainOf(first.root));
  if (!read.success) {
    for (const { path, message } of read.error.issues)
      refuse(nodeAt(first.root, path), `\`${escapeControl(path.join('.'))}\`: ${escapeControl(lowered(message))}`);
    return { choices: undefined, diagnostics: problems };
  }
  const refusals = refusalsOf(read.data);
  for (const { at, why, instead } of refusals) refuse(nodeAt(first.root, at), why, instead);
  return { choices: refusals.length === 0 ? read.data : undefined, diagnostics: problems };
}

/** What a text of choices holds, whether or not it can stand; undefined where it is no mapping. */
export function plainChoices(source: SourceText): PlainObject | undefined {
  const root = readDocuments(source).documents[0]?.root;
  const plain = root === undefined ? undefined : plainOf(root);
  return isPlainObject(plain) ? plain : undefined;
}

function plainOf(node: Node): PlainValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'seq') return node.items.map(plainOf);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainOf(value)]));
}

/** The node at a path, or the last one on the way that is there. */
function nodeAt(root: Node, path: readonly PropertyKey[]): Node {
  let at = root;
  for (const step of path) {
    const next =
      at.kind === 'map'
        ? at.entries.find(({ key }) => key === step)?.value
        : at.kind === 'seq'
          ? at.items[Number(step)]
          : undefined;
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

function lowered(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
