import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml';
import { escapeControl } from '#base/escape.ts';
import {
  isSurprisingBoolean,
  keyOf,
  plainValue,
  type Resolution,
  resolvePlain,
  resolveTagged,
  type ScalarTag,
  valueOf,
} from './kubectl-scalars.ts';
import { MAX_DEPTH, MAX_EXPANDED_NODES } from './limits.ts';
import type { Entry, MapNode, Node, ScalarNode, ScalarValue, SeqNode, SourceText } from './node.ts';
import type { Problem } from './problem.ts';
import { duplicateKey } from './read-json.ts';

export interface YamlResult {
  /** Empty documents are left out. */
  readonly roots: readonly Node[];
  readonly problems: readonly Problem[];
  readonly failed: boolean;
}

/** Where in the source to read. */
export interface Part {
  readonly from: number;
  readonly to: number;
  /** Texts already met in this file; shared by its parts. */
  readonly known: Map<string, string>;
}

/**
 * Reads the YAML documents in one part of the source (usually one: the caller splits) as kubectl would: scalars through
 * `kubectl-scalars.ts`, the last of equal keys kept, merge keys applied where they stand.
 */
export function readYaml(source: SourceText, part: Part): YamlResult {
  const { from, to } = part;
  const text = from === 0 && to === source.text.length ? source.text : source.text.slice(from, to);
  const parsed = eventsOf(text, from);
  if ('code' in parsed) return { roots: [], problems: [parsed], failed: true };
  const roots: Node[] = [];
  const problems: Problem[] = [];
  let failed = false;
  for (let at = 0; at < parsed.events.length; ) {
    const walk = newWalk(text, part, parsed.events);
    walk.at = at;
    const root = readDocument(walk);
    at = walk.at;
    if (walk.failure !== undefined) {
      failed = true;
      problems.push(walk.failure);
    } else {
      problems.push(...walk.problems);
      if (looksLikeObject(root)) problems.push(...walk.surprises);
      if (root.kind !== 'scalar' || root.value !== null) roots.push(root);
    }
  }
  return { roots, problems, failed };
}

type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;
type CollectionEvent = Extract<Event, { type: typeof EVENT_ID.MAPPING | typeof EVENT_ID.SEQUENCE }>;

/** A node with a name, and what an alias to it costs. */
interface Anchored {
  readonly node: Node;
  /** Undefined while the node is still being read: an alias to it then is a cycle. */
  readonly size: number;
  readonly height: number;
  /** As a mapping key; undefined where it cannot be one. */
  readonly key: string | undefined;
}

/** Where the walk over the events of one document stands. Made in one place so that its shape never changes. */
interface Walk {
  readonly text: string;
  /** Added to offsets into `text` to give offsets into the source. */
  readonly base: number;
  readonly events: readonly Event[];
  /** One copy of each short text, for the whole file. */
  readonly known: Map<string, string>;
  readonly anchors: Map<string, Anchored | 'open'>;
  readonly problems: Problem[];
  /** Warnings that only make sense about a Kubernetes object. */
  readonly surprises: Problem[];
  handles: ReadonlyMap<string, string>;
  at: number;
  /** End of the last thing read, the best position for what is empty. */
  last: number;
  depth: number;
  deepest: number;
  nodes: number;
  expanded: number;
  failure: Problem | undefined;
}

const NO_HANDLES: ReadonlyMap<string, string> = new Map();
const NULL_NODE: ScalarNode = { kind: 'scalar', value: null, start: 0, end: 0 };
const YAML_TAG = 'tag:yaml.org,2002:';
const MERGE_KEY = '<<';
const FEW_KEYS = 8;
const MAX_KNOWN_LENGTH = 40;

function newWalk(text: string, part: Part, events: readonly Event[]): Walk {
  return {
    text,
    base: part.from,
    events,
    known: part.known,
    anchors: new Map(),
    problems: [],
    surprises: [],
    handles: NO_HANDLES,
    at: 0,
    last: 0,
    depth: 0,
    deepest: 0,
    nodes: 0,
    expanded: 0,
    failure: undefined,
  };
}

function eventsOf(text: string, base: number): { readonly events: readonly Event[] } | Problem {
  try {
    // js-yaml counts a scalar as one more level than the collection that holds it.
    return { events: parseEvents(text, { maxDepth: MAX_DEPTH + 1 }) };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const offset = base + (error.mark?.position ?? 0);
    if (error.reason.startsWith('nesting exceeded')) return tooDeep(offset);
    return syntaxProblem(error.reason, offset);
  }
}

function tooDeep(offset: number): Problem {
  return { code: 'RF1003', message: `nested deeper than ${MAX_DEPTH} levels`, offset };
}

function syntaxProblem(reason: string, offset: number, length = 1): Problem {
  return { code: 'RF1001', message: `not valid YAML: ${escapeControl(reason)}`, offset, length };
}

function readDocument(walk: Walk): Node {
  const event = walk.events[walk.at++]!;
  if (event.type === EVENT_ID.DOCUMENT && event.directives.length > 0) {
    const handles = new Map<string, string>();
    for (const directive of event.directives)
      if (directive.kind === 'tag') handles.set(directive.handle, directive.prefix);
    walk.handles = handles;
  }
  const root = readNode(walk);
  while (walk.events[walk.at]?.type === EVENT_ID.POP) walk.at++;
  return root;
}

function readNode(walk: Walk): Node {
  const event = walk.events[walk.at++]!;
  walk.nodes++;
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return readScalar(walk, event);
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return readCollection(walk, event);
    case EVENT_ID.ALIAS:
      return readAlias(walk, walk.text.slice(event.anchorStart, event.anchorEnd), event.anchorStart)?.node ?? NULL_NODE;
    default:
      return NULL_NODE;
  }
}

function readCollection(walk: Walk, event: CollectionEvent): Node {
  walk.depth++;
  if (walk.depth > walk.deepest) walk.deepest = walk.depth;
  const node = event.anchorStart < 0 ? readChildren(walk, event) : readAnchored(walk, event);
  walk.depth--;
  return node;
}

function readChildren(walk: Walk, event: CollectionEvent): Node {
  walk.last = event.start;
  return event.type === EVENT_ID.MAPPING ? readMap(walk, event) : readSeq(walk, event);
}

function readAnchored(walk: Walk, event: CollectionEvent): Node {
  const name = walk.text.slice(event.anchorStart, event.anchorEnd);
  const { nodes, deepest } = walk;
  walk.anchors.set(name, 'open');
  walk.deepest = walk.depth;
  const node = readChildren(walk, event);
  walk.anchors.set(name, { node, size: walk.nodes - nodes + 1, height: walk.deepest - walk.depth + 1, key: undefined });
  walk.deepest = Math.max(walk.deepest, deepest);
  return node;
}

function readAlias(walk: Walk, name: string, offset: number): Anchored | undefined {
  walk.last = offset + name.length;
  const target = walk.anchors.get(name);
  if (target === undefined) {
    fail(
      walk,
      syntaxProblem(`alias \`*${name}\` refers to no anchor before it`, walk.base + offset - 1, name.length + 1),
    );
  } else if (target === 'open') {
    const message = `alias \`*${escapeControl(name)}\` refers to itself`;
    fail(walk, { code: 'RF1005', message, offset: walk.base + offset - 1, length: name.length + 1 });
  } else {
    walk.deepest = Math.max(walk.deepest, walk.depth + target.height);
    if (walk.deepest > MAX_DEPTH) fail(walk, tooDeep(walk.base + offset - 1));
    expand(walk, target.size, offset - 1);
    return target;
  }
  return undefined;
}

/** Aliases share one tree here, but whoever walks the document meets every copy. */
function expand(walk: Walk, size: number, offset: number): void {
  walk.nodes += size;
  walk.expanded += size;
  if (walk.expanded <= MAX_EXPANDED_NODES) return;
  const message = `aliases expand to more than ${MAX_EXPANDED_NODES} nodes`;
  fail(walk, { code: 'RF1004', message, offset: walk.base + offset });
}

function readSeq(walk: Walk, event: CollectionEvent): SeqNode {
  const items: Node[] = [];
  while (walk.events[walk.at]!.type !== EVENT_ID.POP) items.push(readNode(walk));
  walk.at++;
  close(walk, event);
  return { kind: 'seq', items: exact(items), start: walk.base + event.start, end: walk.base + walk.last };
}

function readMap(walk: Walk, event: CollectionEvent): MapNode {
  const map: OpenMap = { entries: [], table: undefined, merged: undefined };
  while (walk.events[walk.at]!.type !== EVENT_ID.POP) readEntry(walk, map);
  walk.at++;
  close(walk, event);
  return { kind: 'map', entries: exact(map.entries), start: walk.base + event.start, end: walk.base + walk.last };
}

/** A list that was filled by pushing has room for 17 entries and more; the tree is kept, so give the rest back. */
function exact<T>(list: readonly T[]): readonly T[] {
  return list.slice();
}

/** Block collections end with their last child; flow collections with the bracket behind it. */
function close(walk: Walk, event: CollectionEvent): void {
  if (event.style !== 2) return;
  const { text } = walk;
  let at = Math.max(walk.last, event.start + 1);
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5d || code === 0x7d) break;
    if (code === 0x23) at = endOfLine(text, at);
  }
  walk.last = Math.min(at + 1, text.length);
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

interface OpenMap {
  readonly entries: Entry[];
  /** Index by key, once there are many. */
  table: Map<string, number> | undefined;
  /** Keys that came through a merge and were not written out since. */
  merged: Set<string> | undefined;
}

function readEntry(walk: Walk, map: OpenMap): void {
  const event = walk.events[walk.at]!;
  if (event.type === EVENT_ID.SCALAR && isMergeKey(walk, event)) {
    walk.at++;
    merge(walk, map, walk.base + event.valueStart);
    return;
  }
  const keyOffset = startOf(walk, event);
  const key = readKey(walk, event, keyOffset);
  const plain = event.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0;
  if (plain && (key === 'true' || key === 'false')) noteBooleanKey(walk, event, key);
  noteSurprise(walk, key);
  const value = readNode(walk);
  addEntry(walk, map, { key, keyStart: walk.base + keyOffset, value });
}

function addEntry(walk: Walk, map: OpenMap, entry: Entry): void {
  const index = indexOfKey(map, entry.key);
  if (index < 0) {
    map.table?.set(entry.key, map.entries.length);
    map.entries.push(entry);
    return;
  }
  map.entries[index] = entry;
  if (map.merged?.delete(entry.key) !== true) walk.problems.push(duplicateKey(entry.key, entry.keyStart));
}

function indexOfKey(map: OpenMap, key: string): number {
  const { entries } = map;
  if (map.table === undefined) {
    if (entries.length < FEW_KEYS) {
      for (let i = 0; i < entries.length; i++) if (entries[i]!.key === key) return i;
      return -1;
    }
    map.table = new Map(entries.map((entry, index) => [entry.key, index]));
  }
  return map.table.get(key) ?? -1;
}

function isMergeKey(walk: Walk, event: ScalarEvent): boolean {
  if (event.valueEnd - event.valueStart !== 2 || !walk.text.startsWith(MERGE_KEY, event.valueStart)) return false;
  if (event.tagStart >= 0) return tagOf(walk, event) === `${YAML_TAG}merge`;
  return event.style === SCALAR_STYLE.PLAIN;
}

/**
 * yaml v2 applies a merge where it stands, so it overrides keys written before it and yields to keys after it; of a
 * list of maps the first wins. The YAML merge key draft would let written keys win always; kubectl does not.
 */
function merge(walk: Walk, map: OpenMap, offset: number): void {
  const value = readNode(walk);
  if (walk.failure !== undefined) return;
  const sources = value.kind === 'seq' ? value.items.toReversed() : [value];
  for (const from of sources) {
    if (from.kind !== 'map') {
      fail(walk, syntaxProblem('a merge key needs a mapping or a list of mappings', offset, 2));
      return;
    }
    expand(walk, from.entries.length, offset - walk.base);
    if (walk.failure !== undefined) return;
    noteOverridden(walk, map, { from, offset });
    for (const entry of from.entries) mergeEntry(map, entry);
  }
}

interface MergeSource {
  readonly from: MapNode;
  readonly offset: number;
}

function noteOverridden(walk: Walk, map: OpenMap, source: MergeSource): void {
  for (const { key } of source.from.entries) {
    if (indexOfKey(map, key) < 0 || map.merged?.has(key) === true) continue;
    walk.problems.push({
      code: 'RF1002',
      message: `key \`${escapeControl(key)}\` was already given; the merged one comes later and is used`,
      offset: source.offset,
      length: 2,
      help: 'write the merge key before the keys that should override it',
    });
  }
}

function mergeEntry(map: OpenMap, entry: Entry): void {
  map.merged ??= new Set();
  map.merged.add(entry.key);
  const index = indexOfKey(map, entry.key);
  if (index >= 0) {
    map.entries[index] = entry;
    return;
  }
  map.table?.set(entry.key, map.entries.length);
  map.entries.push(entry);
}

function readKey(walk: Walk, event: Event, offset: number): string {
  walk.nodes++;
  if (event.type === EVENT_ID.SCALAR) {
    walk.at++;
    const key = scalarKey(walk, event);
    if (key !== undefined) return key;
  } else if (event.type === EVENT_ID.ALIAS) {
    walk.at++;
    const key = readAlias(walk, walk.text.slice(event.anchorStart, event.anchorEnd), event.anchorStart)?.key;
    if (key !== undefined) return key;
  } else {
    readNode(walk);
  }
  fail(walk, syntaxProblem('a mapping key must be text, a number or a boolean', walk.base + offset));
  return '';
}

/** Plain keys that begin with a letter and are no word of YAML's are themselves; that is nearly all of them. */
function scalarKey(walk: Walk, event: ScalarEvent): string | undefined {
  const text = scalarText(walk, event);
  if (event.anchorStart < 0 && event.tagStart < 0) {
    if (event.style !== SCALAR_STYLE.PLAIN) return text;
    return plainValue(text) === text ? text : keyOf(resolvePlain(text));
  }
  const resolution = resolutionOf(walk, event, text);
  if (resolution === undefined) return undefined;
  if (event.anchorStart >= 0) {
    const { start, end } = spanOf(walk, event);
    const node: ScalarNode = { kind: 'scalar', value: valueOf(resolution), start, end };
    defineScalar(walk, event, { node, size: 1, height: 0, key: keyOf(resolution) });
  }
  return keyOf(resolution);
}

function readScalar(walk: Walk, event: ScalarEvent): ScalarNode {
  const text = scalarText(walk, event);
  const { start, end } = spanOf(walk, event);
  if (event.anchorStart < 0 && event.tagStart < 0) {
    const value = event.style === SCALAR_STYLE.PLAIN ? plainValue(text) : text;
    checkFinite(walk, value, start);
    return { kind: 'scalar', value, start, end };
  }
  const resolution = resolutionOf(walk, event, text);
  if (resolution === undefined) {
    fail(walk, syntaxProblem(`\`${text}\` does not fit its tag`, start));
    return NULL_NODE;
  }
  const node: ScalarNode = { kind: 'scalar', value: valueOf(resolution), start, end };
  checkFinite(walk, node.value, start);
  if (event.anchorStart >= 0) defineScalar(walk, event, { node, size: 1, height: 0, key: keyOf(resolution) });
  return node;
}

function defineScalar(walk: Walk, event: ScalarEvent, anchored: Anchored): void {
  walk.anchors.set(walk.text.slice(event.anchorStart, event.anchorEnd), anchored);
}

/** The same few words make up most of a file; one copy of each is kept. */
function scalarText(walk: Walk, event: ScalarEvent): string {
  if (event.valueStart < 0) return '';
  if (!event.fast) return getScalarValue(walk.text, event);
  const text = walk.text.slice(event.valueStart, event.valueEnd);
  if (text.length > MAX_KNOWN_LENGTH) return text;
  const copy = walk.known.get(text);
  if (copy !== undefined) return copy;
  walk.known.set(text, text);
  return text;
}

/** Go's JSON has no infinity and no NaN: kubectl refuses the document. */
function checkFinite(walk: Walk, value: ScalarValue, offset: number): void {
  if (typeof value !== 'number' || Number.isFinite(value)) return;
  fail(walk, syntaxProblem('infinity and NaN cannot be converted to JSON', offset, 4));
}

function resolutionOf(walk: Walk, event: ScalarEvent, text: string): Resolution | undefined {
  if (event.tagStart < 0) return event.style === SCALAR_STYLE.PLAIN ? resolvePlain(text) : { kind: 'str', value: text };
  const tag = tagOf(walk, event);
  const name = tag.startsWith(YAML_TAG) ? tag.slice(YAML_TAG.length) : '';
  return isScalarTag(name) ? resolveTagged(name, text) : { kind: 'str', value: text };
}

function isScalarTag(name: string): name is ScalarTag {
  return /^(?:str|binary|int|float|bool|null|timestamp)$/.test(name);
}

/** The full name behind a shorthand, through the %TAG directives of the document (YAML 1.2 §6.8.2). */
function tagOf(walk: Walk, event: ScalarEvent): string {
  const raw = walk.text.slice(event.tagStart, event.tagEnd);
  if (raw.startsWith('!<')) return raw.slice(2, -1);
  const handleEnd = raw.indexOf('!', 1) + 1;
  const handle = handleEnd === 0 ? '!' : raw.slice(0, handleEnd);
  const prefix = walk.handles.get(handle) ?? (handle === '!!' ? YAML_TAG : handle);
  return prefix + raw.slice(handle.length);
}

/** With the quotes, in offsets of the source. */
function spanOf(walk: Walk, event: ScalarEvent): { readonly start: number; readonly end: number } {
  if (event.valueStart < 0) return { start: walk.base + walk.last, end: walk.base + walk.last };
  const quote = isQuoted(event) ? 1 : 0;
  walk.last = event.valueEnd + quote;
  return { start: walk.base + event.valueStart - quote, end: walk.base + walk.last };
}

function startOf(walk: Walk, event: Event): number {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return event.valueStart < 0 ? walk.last : event.valueStart - (isQuoted(event) ? 1 : 0);
    case EVENT_ID.ALIAS:
      return event.anchorStart - 1;
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return event.start;
    default:
      return walk.last;
  }
}

function isQuoted(event: ScalarEvent): boolean {
  return event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
}

function noteBooleanKey(walk: Walk, event: ScalarEvent, key: string): void {
  const text = scalarText(walk, event);
  if (!isSurprisingBoolean(text)) return;
  const message = `key \`${text}\` is read as \`${key}\``;
  walk.surprises.push({ code: 'RF3005', message, offset: walk.base + event.valueStart, length: text.length });
}

/** File modes are written in octal on purpose. */
const OCTAL_ON_PURPOSE = /mode$/i;
const OCTAL = /^0[0-7]+$/;

/** Looks at the value that follows: words and numbers that kubectl reads differently than most people do. */
function noteSurprise(walk: Walk, key: string): void {
  const event = walk.events[walk.at]!;
  if (event.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.PLAIN || event.tagStart >= 0) return;
  const length = event.valueEnd - event.valueStart;
  if (length === 0 || length > 12) return;
  const text = scalarText(walk, event);
  const octal = length > 1 && text.startsWith('0') && OCTAL.test(text) && !OCTAL_ON_PURPOSE.test(key);
  if (!octal && !isSurprisingBoolean(text)) return;
  const message = `\`${text}\` is read as \`${String(plainValue(text))}\``;
  walk.surprises.push({ code: 'RF1009', message, offset: walk.base + event.valueStart, length });
}

function looksLikeObject(root: Node): boolean {
  if (root.kind !== 'map') return false;
  return ['apiVersion', 'kind'].every((name) => root.entries.some((entry) => entry.key === name));
}

function fail(walk: Walk, problem: Problem): void {
  walk.failure ??= problem;
}
