import type { Entry, Node, SourceText } from '../../text/node.ts';
import { originAt } from '../../text/positions.ts';
import type { Problem } from '../../text/problem.ts';
import { isProblem, readLoneExpression, readTemplate } from './read-hcl.ts';
import type { Attribute, Block, Body, Expression, Placed } from './syntax.ts';

export interface JsonBodyResult {
  readonly body: Body;
  readonly problems: readonly Problem[];
}

/** Where a text of JSON is not a template but what it says, or an expression (Terraform, "JSON Configuration Syntax"). */
type Reading = 'template' | 'literal' | 'expression';

interface Draft {
  readonly source: SourceText;
  readonly problems: Problem[];
}

/**
 * The blocks of a file in Terraform's JSON syntax. Without a schema nested blocks cannot be told from attributes, so
 * inside of a resource everything is an attribute but `dynamic`; whoever reads blocks takes objects and lists of objects.
 */
export function readTfJson(source: SourceText, root: Node): JsonBodyResult {
  const draft: Draft = { source, problems: [] };
  const blocks: Block[] = [];
  for (const entry of entriesOf(root)) {
    const depth = LABELS.get(entry.key);
    if (depth !== undefined) addBlocks(draft, blocks, { type: entry.key, labels: [], depth, node: entry.value });
  }
  return { body: { attributes: new Map(), blocks }, problems: draft.problems };
}

/** Values of variables: `terraform.tfvars.json`. Nothing in it is a template. */
export function readTfvarsJson(source: SourceText, root: Node): JsonBodyResult {
  const draft: Draft = { source, problems: [] };
  return {
    body: { attributes: attributesOf(draft, entriesOf(root), 'literal'), blocks: [] },
    problems: draft.problems,
  };
}

const LABELS: ReadonlyMap<string, number> = new Map([
  ['resource', 2],
  ['data', 2],
  ['module', 1],
  ['variable', 1],
  ['output', 1],
  ['provider', 1],
  ['locals', 0],
  ['terraform', 0],
]);

interface Pending {
  readonly type: string;
  readonly labels: readonly string[];
  /** How many labels are still to come. */
  readonly depth: number;
  readonly node: Node;
}

function addBlocks(draft: Draft, blocks: Block[], { type, labels, depth, node }: Pending): void {
  const items = node.kind === 'seq' ? node.items : [node];
  for (const item of items) {
    if (depth > 0) {
      for (const { key, value } of entriesOf(item))
        addBlocks(draft, blocks, { type, labels: [...labels, key], depth: depth - 1, node: value });
    } else if (item.kind === 'map') {
      blocks.push({ type, labels, body: bodyOf(draft, type, item), ...placeOf(draft, item) });
    }
  }
}

function bodyOf(draft: Draft, type: string, node: Node): Body {
  const blocks: Block[] = [];
  const entries: Entry[] = [];
  for (const entry of entriesOf(node)) {
    if (entry.key === 'dynamic') addDynamics(draft, blocks, entry.value);
    else entries.push(entry);
  }
  const reading = type === 'variable' ? 'literal' : 'template';
  return { attributes: attributesOf(draft, entries, reading), blocks };
}

function addDynamics(draft: Draft, blocks: Block[], node: Node): void {
  for (const { key, value } of node.kind === 'seq' ? node.items.flatMap(entriesOf) : entriesOf(node)) {
    for (const item of value.kind === 'seq' ? value.items : [value]) {
      const entries = entriesOf(item);
      const content = entries.find((entry) => entry.key === 'content')?.value;
      const attributes = attributesOf(
        draft,
        entries.filter((entry) => entry.key !== 'content'),
        'template',
      );
      const place = placeOf(draft, item);
      const inner: Block[] =
        content === undefined
          ? []
          : [{ type: 'content', labels: [], body: bodyOf(draft, 'content', content), ...place }];
      blocks.push({ type: 'dynamic', labels: [key], body: { attributes, blocks: inner }, ...place });
    }
  }
}

function attributesOf(draft: Draft, entries: readonly Entry[], reading: Reading): Map<string, Attribute> {
  const attributes = new Map<string, Attribute>();
  for (const { key, value } of entries) {
    if (key === '//') continue;
    const how = key === 'type' && reading === 'literal' ? 'expression' : reading;
    attributes.set(key, { name: key, value: expressionOf(draft, value, how), ...placeOf(draft, value) });
  }
  return attributes;
}

function expressionOf(draft: Draft, node: Node, reading: Reading): Expression {
  const place = placeOf(draft, node);
  switch (node.kind) {
    case 'seq':
      return { kind: 'tuple', items: node.items.map((item) => expressionOf(draft, item, reading)), ...place };
    case 'map': {
      const items = node.entries
        .filter((entry) => entry.key !== '//')
        .map((entry) => {
          const at = { ...place, start: entry.keyStart };
          return { key: textOf(draft, entry.key, { reading, at }), value: expressionOf(draft, entry.value, reading) };
        });
      return { kind: 'object', items, ...place };
    }
    case 'scalar':
      if (typeof node.value === 'string') return textOf(draft, node.value, { reading, at: place });
      return { kind: 'literal', value: node.value, ...place };
  }
}

interface TextForm {
  readonly reading: Reading;
  readonly at: Placed;
}

/** A text is read as a source of its own; every place in it is where the text begins. */
function textOf(draft: Draft, text: string, { reading, at }: TextForm): Expression {
  if (reading === 'literal' || (reading === 'template' && !text.includes('{')))
    return { kind: 'literal', value: text, ...at };
  const origin = originAt(draft.source, at.start);
  const inner: SourceText = { file: draft.source.file, text, originAt: () => origin };
  const read = reading === 'template' ? readTemplate(inner) : readLoneExpression(inner);
  if (!isProblem(read)) return read;
  draft.problems.push({ code: read.code, message: read.message, offset: at.start, length: at.end - at.start });
  return { kind: 'name', name: 'unreadable', ...at };
}

function entriesOf(node: Node): readonly Entry[] {
  return node.kind === 'map' ? node.entries : [];
}

function placeOf({ source }: Draft, node: Node): Placed {
  return { source, start: node.start, end: node.end };
}
