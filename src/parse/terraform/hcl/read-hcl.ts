import type { SourceText } from '../../text/node.ts';
import type { Problem } from '../../text/problem.ts';
import {
  type Cursor,
  deeper,
  fail,
  isAtEnd,
  needs,
  placed,
  sees,
  skipLines,
  skipSpace,
  takeIdentifier,
  takes,
} from './cursor.ts';
import { readExpression } from './expression.ts';
import type { Attribute, Block, Body, Expression } from './syntax.ts';
import { readQuoted, readWholeTemplate } from './template.ts';

export interface HclResult {
  readonly body: Body;
  readonly problems: readonly Problem[];
}

/**
 * Reads one file of HCL 2 in its native syntax. A block that cannot be read is left out with a problem and hides no
 * other: reading goes on at the next line that begins a block of Terraform. Never throws; time is linear in the text.
 */
export function readHcl(source: SourceText): HclResult {
  const cursor = cursorOf(source);
  if (source.text.charCodeAt(0) === 0xfeff) cursor.at = 1;
  const draft: BodyDraft = { attributes: new Map(), blocks: [], problems: [] };
  for (;;) {
    skipLines(cursor);
    if (isAtEnd(cursor)) break;
    const start = cursor.at;
    readEntry(cursor, draft, undefined);
    if (cursor.failure === undefined) continue;
    draft.problems.push(cursor.failure);
    if (draft.problems.length >= MOST_PROBLEMS) break;
    recover(cursor, start);
  }
  return { body: { attributes: draft.attributes, blocks: draft.blocks }, problems: draft.problems };
}

/** Reads a text that is one template, as `templatefile` and the strings of JSON syntax are; undefined if it is none. */
export function readTemplate(source: SourceText): Expression | Problem {
  const cursor = cursorOf(source);
  const template = readWholeTemplate(cursor);
  return cursor.failure ?? template;
}

/** Reads a text that is one expression. */
export function readLoneExpression(source: SourceText): Expression | Problem {
  const cursor = cursorOf(source);
  cursor.multiline = true;
  skipLines(cursor);
  const expression = readExpression(cursor);
  skipLines(cursor);
  if (!isAtEnd(cursor)) fail(cursor, 'the expression should end here');
  return cursor.failure ?? expression;
}

export function isProblem(read: Expression | Problem): read is Problem {
  return 'code' in read;
}

/** Diagnostics for one file; each costs reading up to the end of the file again. */
const MOST_PROBLEMS = 50;

interface BodyDraft {
  readonly attributes: Map<string, Attribute>;
  readonly blocks: Block[];
  readonly problems: Problem[];
}

function cursorOf(source: SourceText): Cursor {
  const { text } = source;
  return {
    source,
    text,
    at: 0,
    end: text.length,
    depth: 0,
    multiline: false,
    failure: undefined,
    expression: readExpression,
  };
}

/** An attribute or a block, to the end of its line. `parent` is the block that it stands in. */
function readEntry(cursor: Cursor, draft: BodyDraft, parent: OpenBlock | undefined): void {
  const start = cursor.at;
  const name = takeIdentifier(cursor);
  if (name === undefined) {
    fail(cursor, 'the name of an attribute or a block is expected here');
    return;
  }
  skipSpace(cursor);
  if (sees(cursor, '=') && !sees(cursor, '==')) readAttribute(cursor, draft, { name, start });
  else readBlock(cursor, draft, { name, start, parent });
  if (cursor.failure === undefined) endOfEntry(cursor);
}

interface Named {
  readonly name: string;
  readonly start: number;
}

interface OpenBlock extends Named {
  readonly parent: OpenBlock | undefined;
}

function readAttribute(cursor: Cursor, draft: BodyDraft, { name, start }: Named): void {
  cursor.at++;
  skipSpace(cursor);
  const value = readExpression(cursor);
  if (cursor.failure !== undefined) return;
  if (draft.attributes.has(name)) {
    cursor.at = start;
    fail(cursor, `the attribute \`${name}\` stands twice in one block`);
    return;
  }
  draft.attributes.set(name, { name, value, ...placed(cursor, start) });
}

function readBlock(cursor: Cursor, draft: BodyDraft, block: OpenBlock): void {
  const labels = readLabels(cursor);
  if (block.parent !== undefined && beginsFile(cursor, block, labels.length)) {
    cursor.at = block.start;
    fail(cursor, `a block begins here, and the \`${block.parent.name}\` before it is not closed`);
    return;
  }
  if (!takes(cursor, '{')) {
    fail(cursor, `\`=\` or \`{\` is expected after \`${block.name}\``);
    return;
  }
  const body = deeper(cursor, false, () => readBody(cursor, block));
  if (cursor.failure !== undefined || body === undefined) return;
  draft.blocks.push({ type: block.name, labels, body, ...placed(cursor, block.start) });
}

function readLabels(cursor: Cursor): string[] {
  const labels: string[] = [];
  for (;;) {
    skipSpace(cursor);
    if (!sees(cursor, '"')) {
      const name = takeIdentifier(cursor);
      if (name === undefined) return labels;
      labels.push(name);
      continue;
    }
    const label = readQuoted(cursor);
    if (label.kind === 'literal' && typeof label.value === 'string') labels.push(label.value);
    else fail(cursor, 'the label of a block must be plain text');
  }
}

function readBody(cursor: Cursor, block: OpenBlock): Body {
  const draft: BodyDraft = { attributes: new Map(), blocks: [], problems: [] };
  for (skipLines(cursor); !takes(cursor, '}'); skipLines(cursor)) {
    if (isAtEnd(cursor)) {
      needs(cursor, '}', `at the end of \`${block.name}\``);
      break;
    }
    readEntry(cursor, draft, block);
  }
  return { attributes: draft.attributes, blocks: draft.blocks };
}

/** Of the blocks that only a file holds: how many labels they have. */
const FILE_BLOCKS: ReadonlyMap<string, number> = new Map([
  ['resource', 2],
  ['data', 2],
  ['module', 1],
  ['variable', 1],
  ['output', 1],
  ['provider', 1],
  ['locals', 0],
  ['terraform', 0],
]);

/** Unclosed braces would swallow the rest of the file: such a block in the first column belongs to the file. */
function beginsFile(cursor: Cursor, { name, start, parent }: OpenBlock, labels: number): boolean {
  if (FILE_BLOCKS.get(name) !== labels || parent?.name === 'check') return false;
  return start === 0 || cursor.text[start - 1] === '\n';
}

function endOfEntry(cursor: Cursor): void {
  skipSpace(cursor);
  if (isAtEnd(cursor) || sees(cursor, '\n') || sees(cursor, '\r') || sees(cursor, '}')) return;
  fail(cursor, 'a new line is expected here');
}

const NEXT_BLOCK =
  /^(?:resource|data|ephemeral|module|variable|output|locals|provider|terraform|moved|import|removed|check|action)\b[^\r\n=]*\{/gm;

function recover(cursor: Cursor, start: number): void {
  cursor.failure = undefined;
  cursor.depth = 0;
  cursor.multiline = false;
  NEXT_BLOCK.lastIndex = start + 1;
  cursor.at = NEXT_BLOCK.exec(cursor.text)?.index ?? cursor.end;
}
