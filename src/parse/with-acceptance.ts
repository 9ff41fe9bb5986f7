import { readControlSettings } from './control-settings.ts';
import type { Node, SourceText } from './text/node.ts';
import { readDocuments } from './text/read-documents.ts';

/** A finding that somebody lives with, in the words of `ringfence.yaml`. */
export interface WrittenAcceptance {
  readonly control: string;
  readonly where: string;
  readonly reason: string;
  readonly owner: string;
  /** The last day, as 2027-01-31. */
  readonly until: string;
}

export type SettingsEdit =
  | { readonly kind: 'edited'; readonly text: string }
  /** Why it cannot be put there by itself, for a person. */
  | { readonly kind: 'left'; readonly why: string };

/** The settings with one more entry of `controls.accepted`; all else stays as it is written. */
export function withAcceptance(source: SourceText, acceptance: WrittenAcceptance): SettingsEdit {
  const before = acceptedIn(source);
  if (before === undefined) return left('is not a valid configuration');
  const text = insertedInto(source, acceptance);
  if (text === undefined) return left('has `controls` in the form of JSON: add the entry by hand');
  const after = acceptedIn({ file: source.file, text });
  if (after?.length !== before.length + 1) return left('cannot be edited safely: add the entry by hand');
  return { kind: 'edited', text };
}

function left(why: string): SettingsEdit {
  return { kind: 'left', why };
}

function acceptedIn(source: SourceText) {
  const { documents, diagnostics } = readDocuments(source);
  if (documents.length > 1 || diagnostics.some(({ severity }) => severity === 'error')) return undefined;
  const controls = valueOf(documents[0]?.root, 'controls');
  if (controls === undefined) return [];
  let isValid = true;
  const { accepted = [] } = readControlSettings(source, controls, () => {
    isValid = false;
  });
  return isValid ? accepted : undefined;
}

function insertedInto(source: SourceText, acceptance: WrittenAcceptance): string | undefined {
  const { text } = source;
  const root = readDocuments(source).documents[0]?.root;
  const controls = valueOf(root, 'controls');
  if (root === undefined || (root.kind === 'scalar' && root.value === null))
    return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}controls:\n  accepted:\n${entryLines(acceptance, 4)}`;
  if (isFlow(source, root)) return undefined;
  if (controls === undefined)
    return `${text.endsWith('\n') ? text : `${text}\n`}controls:\n  accepted:\n${entryLines(acceptance, 4)}`;
  if (controls.kind !== 'map' || isFlow(source, controls)) return undefined;
  const accepted = valueOf(controls, 'accepted');
  if (accepted === undefined) {
    const [first] = controls.entries;
    if (first === undefined) return undefined;
    const indent = columnOf(text, first.keyStart);
    const lines = `${' '.repeat(indent)}accepted:\n${entryLines(acceptance, indent + 2)}`;
    return insertedAt(text, lineStart(text, first.keyStart), lines);
  }
  if (accepted.kind !== 'seq' || accepted.items.length === 0 || isFlow(source, accepted)) return undefined;
  const dash = /^ *(?=-)/.exec(text.slice(lineStart(text, accepted.items[0]!.start)))?.[0].length;
  if (dash === undefined) return undefined;
  return insertedAt(text, lineStart(text, accepted.items[0]!.start), entryLines(acceptance, dash));
}

function valueOf(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
}

function isFlow({ text }: SourceText, { start }: Node): boolean {
  return text[start] === '{' || text[start] === '[';
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

function insertedAt(text: string, at: number, lines: string): string {
  return `${text.slice(0, at)}${lines}${text.slice(at)}`;
}

function entryLines({ control, where, reason, owner, until }: WrittenAcceptance, indent: number): string {
  const fields = Object.entries({ control, where, reason, owner, until });
  const pad = ' '.repeat(indent);
  return fields.map(([key, value], at) => `${pad}${at === 0 ? '- ' : '  '}${key}: ${yamlText(value)}\n`).join('');
}

/** A text of JSON is one of YAML too (YAML 1.2, 1.3 Relation to JSON); what YAML takes for a line or refuses is escaped. */
function yamlText(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
