import type { DiagnosticCode } from '#model/codes.ts';
import type { Origin } from '#model/origin.ts';
import type { Gap, Labels } from '#model/resource.ts';
import type { MapNode, Node, ScalarNode, SeqNode } from '../text/node.ts';
import { type Draft, oneOf, type Place, type PlacedText, quote } from './draft.ts';
import { type FieldTree, nearestField } from './field-tree.ts';

export const NO_LABELS: Labels = new Map();

/** One entry of a mapping from text to text. */
export interface Pair {
  readonly key: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

interface Position {
  readonly parent?: Reader;
  /** `from`, or `[2]` for an entry of a list. */
  readonly step: string;
  readonly start: number;
  readonly end: number;
  readonly fields: FieldTree | undefined;
}

/**
 * One mapping of an object, read by field name as Go's decoder reads it: a null field is an absent field, a null entry
 * of a list is an empty one, and a value of another type is refused (RF2002). Every method reports and goes on with an
 * empty value, so that all problems of an object are found in one pass.
 */
export class Reader {
  readonly draft: Draft;
  readonly #map: MapNode | undefined;
  readonly #position: Position;

  constructor(draft: Draft, map: MapNode | undefined, position: Position) {
    this.draft = draft;
    this.#map = map;
    this.#position = position;
  }

  /** The reader of a whole object. `fields` is given for the kinds whose unknown fields are reported. */
  static of(draft: Draft, root: MapNode, fields?: FieldTree): Reader {
    return new Reader(draft, root, { step: '', start: root.start, end: root.end, fields });
  }

  get origin(): Origin {
    return this.draft.originAt(this.#position.start);
  }

  /** `spec.ingress[0]` */
  get path(): string {
    const { parent, step } = this.#position;
    if (parent === undefined) return step;
    return joinPath(parent.path, step);
  }

  has(key: string): boolean {
    return this.#value(key) !== undefined;
  }

  /** Whether no field at all is set. */
  isEmpty(): boolean {
    return (this.#map?.entries ?? []).every((entry) => isNull(entry.value));
  }

  /** The names of the fields that are set, in document order. */
  keys(): string[] {
    const set = (this.#map?.entries ?? []).filter((entry) => !isNull(entry.value));
    return [...new Set(set.map((entry) => this.draft.strings.own(entry.key)))];
  }

  originOf(key: string): Origin {
    return this.draft.originAt(this.#value(key)?.start ?? this.#position.start);
  }

  /** Where a field stands (its value; the mapping itself where the field is absent). */
  place(key?: string): Place {
    const { start, end } = this.#position;
    if (key === undefined) return { path: this.path, start, end: Math.min(end, start + 1) };
    const path = joinPath(this.path, key);
    const node = this.#value(key);
    if (node === undefined) return { path, start, end: start + 1 };
    return { path, start: node.start, end: node.kind === 'scalar' ? node.end : node.start + 1 };
  }

  refuse(code: DiagnosticCode, key: string | undefined, message: string): void {
    this.draft.refuse(code, this.place(key), message);
  }

  /** Where one entry of a mapping from text to text stands; the path is that of the mapping. */
  pairPlace(key: string, pair: Pair): Place {
    return { path: joinPath(this.path, key), start: pair.start, end: pair.end };
  }

  // ------------------------------------------------------------ scalars

  text(key: string): string | undefined {
    const node = this.#value(key);
    if (node === undefined) return undefined;
    if (node.kind === 'scalar' && typeof node.value === 'string') return this.draft.strings.own(node.value);
    this.#wrongType(key, node, 'text');
    return undefined;
  }

  /** A text that must be there and not be empty; empty after it was refused. */
  requiredText(key: string): string {
    const text = this.text(key);
    if (text !== undefined && text !== '') return text;
    if (text === '' || !this.has(key)) this.missing(key);
    return '';
  }

  choice<const T extends string>(key: string, values: readonly T[]): T | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const found = values.find((value) => value === text);
    if (found === undefined) this.refuse('RF2004', key, `is ${quote(text)}; must be ${oneOf(values)}`);
    return found;
  }

  integer(key: string): number | undefined {
    const node = this.#value(key);
    if (node === undefined) return undefined;
    if (node.kind === 'scalar' && typeof node.value === 'number' && Number.isInteger(node.value)) return node.value;
    this.#wrongType(key, node, 'a whole number');
    return undefined;
  }

  number(key: string): number | undefined {
    const node = this.#value(key);
    if (node === undefined) return undefined;
    if (node.kind === 'scalar' && typeof node.value === 'number' && Number.isFinite(node.value)) return node.value;
    this.#wrongType(key, node, 'a number');
    return undefined;
  }

  integerWithin(key: string, lowest: number, highest: number): number | undefined {
    const value = this.integer(key);
    if (value === undefined || (value >= lowest && value <= highest)) return value;
    this.refuse('RF2004', key, `is ${value}; must be ${lowest} to ${highest}`);
    return undefined;
  }

  /** Go's IntOrString. */
  integerOrText(key: string): number | string | undefined {
    const node = this.#value(key);
    if (node === undefined) return undefined;
    if (node.kind === 'scalar' && typeof node.value === 'string') return this.draft.strings.own(node.value);
    if (node.kind === 'scalar' && typeof node.value === 'number' && Number.isInteger(node.value)) return node.value;
    this.#wrongType(key, node, 'a whole number or text');
    return undefined;
  }

  boolean(key: string): boolean | undefined {
    const node = this.#value(key);
    if (node === undefined) return undefined;
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
    this.#wrongType(key, node, '`true` or `false`');
    return undefined;
  }

  // ------------------------------------------------------------ maps and lists

  /** A mapping, or undefined where it is absent. */
  child(key: string): Reader | undefined {
    const node = this.#value(key);
    if (node === undefined) return undefined;
    if (node.kind !== 'map') {
      this.#wrongType(key, node, 'a mapping');
      return undefined;
    }
    return this.#down(key, node);
  }

  /** A mapping, empty where it is absent. */
  childOrEmpty(key: string): Reader {
    return this.child(key) ?? this.#empty(key);
  }

  requiredChild(key: string): Reader {
    if (!this.has(key)) this.missing(key);
    return this.childOrEmpty(key);
  }

  /** The mappings of a list; none where it is absent. */
  children(key: string): Reader[] {
    const out: Reader[] = [];
    const list = this.#list(key);
    for (const [index, item] of (list?.items ?? []).entries()) {
      const step = `${key}[${index}]`;
      if (item.kind === 'map') out.push(this.#down(step, item));
      else if (isNull(item)) out.push(this.#at(step, item, undefined));
      else this.draft.refuse('RF2002', this.#placeOf(step, item), `must be a mapping, not ${nounOf(item)}`);
    }
    return out;
  }

  /** The texts of a list; none where it is absent. */
  texts(key: string): PlacedText[] {
    const out: PlacedText[] = [];
    const list = this.#list(key);
    for (const [index, item] of (list?.items ?? []).entries()) {
      const place = this.#placeOf(`${key}[${index}]`, item);
      if (item.kind === 'scalar' && typeof item.value === 'string') {
        out.push({ path: place.path, start: place.start, end: place.end, text: this.draft.strings.own(item.value) });
      } else if (isNull(item)) {
        out.push({ path: place.path, start: place.start, end: place.end, text: '' });
      } else {
        this.draft.refuse('RF2002', place, { message: `must be text, not ${nounOf(item)}`, help: QUOTES });
      }
    }
    return out;
  }

  /** The texts of a list whose entries may be numbers too, as IntOrString. */
  scalars(key: string): PlacedText[] {
    const out: PlacedText[] = [];
    for (const [index, item] of (this.#list(key)?.items ?? []).entries()) {
      const place = this.#placeOf(`${key}[${index}]`, item);
      if (item.kind === 'scalar' && (typeof item.value === 'string' || Number.isInteger(item.value)))
        out.push({ ...place, text: this.draft.strings.own(`${item.value}`) });
      else this.draft.refuse('RF2002', place, `must be a number or text, not ${nounOf(item)}`);
    }
    return out;
  }

  /** How many entries a list has; 0 where it is absent. */
  length(key: string): number {
    const node = this.#value(key);
    return node?.kind === 'seq' ? node.items.length : 0;
  }

  /** Refuses a list whose length is out of bounds. */
  bounded(key: string, fewest: number, most: number): void {
    const node = this.#value(key);
    if (node?.kind !== 'seq') return;
    const count = node.items.length;
    if (count < fewest) this.refuse('RF2014', key, `has ${count} entries; at least ${fewest} needed`);
    if (count > most) this.refuse('RF2014', key, `has ${count} entries; at most ${most} allowed`);
  }

  /** The names and texts of a mapping from text to text. */
  pairs(key: string): Pair[] {
    const node = this.#value(key);
    if (node === undefined) return [];
    if (node.kind !== 'map') {
      this.#wrongType(key, node, 'a mapping');
      return [];
    }
    const out: Pair[] = [];
    for (const entry of node.entries) {
      const text = this.#pairText(key, entry.key, entry.value);
      if (text === undefined) continue;
      out.push({ key: this.draft.strings.own(entry.key), text, start: entry.keyStart, end: entry.value.end });
    }
    return out;
  }

  // ------------------------------------------------------------ what must and must not be there

  missing(key: string): void {
    this.refuse('RF2003', key, 'is missing');
  }

  /** Which of the fields are set. */
  present(keys: readonly string[]): string[] {
    return keys.filter((key) => this.has(key));
  }

  /**
   * Fields here and below that the table of fields does not know: each is reported (RF2013) and returned as a gap.
   * `except` names fields that are looked at by somebody else.
   */
  unread(...except: readonly string[]): Gap[] {
    const fields = this.#position.fields;
    if (fields === undefined || this.#map === undefined) return [];
    const gaps: Gap[] = [];
    this.#collectUnread(this.#map, fields, { path: this.path, except, gaps });
    return gaps;
  }

  #collectUnread(map: MapNode, fields: FieldTree, walk: UnreadWalk): void {
    for (const entry of map.entries) {
      if (walk.except.includes(entry.key) || isNull(entry.value)) continue;
      const below = fields.children.get(entry.key);
      const path = joinPath(walk.path, entry.key);
      if (below === undefined) {
        if (!fields.open) walk.gaps.push(this.#reportUnread(path, entry.keyStart, nearestField(entry.key, fields)));
      } else if (below.children.size > 0) {
        this.#collectBelow(entry.value, below, { path, except: [], gaps: walk.gaps });
      }
    }
  }

  #collectBelow(node: Node, fields: FieldTree, walk: UnreadWalk): void {
    if (node.kind === 'map') this.#collectUnread(node, fields, walk);
    if (node.kind !== 'seq') return;
    for (const [index, item] of node.items.entries()) {
      const path = `${walk.path}[${index}]`;
      if (item.kind === 'map') this.#collectUnread(item, fields, { path, except: [], gaps: walk.gaps });
    }
  }

  #reportUnread(path: string, start: number, nearest: string | undefined): Gap {
    const key = path.slice(path.lastIndexOf('.') + 1);
    const place = { path, start, end: start + key.length };
    const message = 'is not a field of this kind that Ringfence knows';
    const text = nearest === undefined ? message : { message, help: `did you mean ${quote(nearest)}?` };
    this.draft.warn('RF2013', place, text);
    return { path, reason: 'unread-field', origin: this.draft.originAt(start) };
  }

  // ------------------------------------------------------------ inside

  /** The last value of a key that is not null: a later duplicate wins, as with kubectl. */
  #value(key: string): Node | undefined {
    const entries = this.#map?.entries;
    if (entries === undefined) return undefined;
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i]!;
      if (entry.key === key) return isNull(entry.value) ? undefined : entry.value;
    }
    return undefined;
  }

  #list(key: string): SeqNode | undefined {
    const node = this.#value(key);
    if (node === undefined || node.kind === 'seq') return node;
    this.#wrongType(key, node, 'a list');
    return undefined;
  }

  #down(step: string, map: MapNode): Reader {
    return this.#at(step, map, map);
  }

  #empty(key: string): Reader {
    const { start, end } = this.#position;
    return this.#at(key, { start, end }, undefined);
  }

  #at(step: string, span: { readonly start: number; readonly end: number }, map: MapNode | undefined): Reader {
    const bracket = step.indexOf('[');
    const field = bracket < 0 ? step : step.slice(0, bracket);
    const fields = this.#position.fields?.children.get(field);
    return new Reader(this.draft, map, { parent: this, step, start: span.start, end: span.end, fields });
  }

  #placeOf(step: string, node: Node): Place {
    const end = node.kind === 'scalar' ? node.end : node.start + 1;
    return { path: joinPath(this.path, step), start: node.start, end };
  }

  #pairText(key: string, name: string, node: Node): string | undefined {
    if (node.kind === 'scalar' && typeof node.value === 'string') return this.draft.strings.own(node.value);
    // Go decodes null into an empty text.
    if (isNull(node)) return '';
    const place = this.#placeOf(`${key}.${name}`, node);
    this.draft.refuse('RF2002', place, { message: `must be text, not ${nounOf(node)}`, help: QUOTES });
    return undefined;
  }

  #wrongType(key: string, node: Node, wanted: string): void {
    const message = `must be ${wanted}, not ${nounOf(node)}`;
    const quotable = wanted === 'text' && node.kind === 'scalar';
    this.draft.refuse('RF2002', this.#placeOf(key, node), quotable ? { message, help: QUOTES } : message);
  }
}

const QUOTES = 'put quotes around the value';

interface UnreadWalk {
  readonly path: string;
  readonly except: readonly string[];
  readonly gaps: Gap[];
}

function isNull(node: Node): node is ScalarNode {
  return node.kind === 'scalar' && node.value === null;
}

function nounOf(node: Node): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'seq') return 'a list';
  return typeof node.value === 'string' ? `text` : `the ${typeof node.value} ${quote(String(node.value))}`;
}

function joinPath(path: string, step: string): string {
  return path === '' ? step : `${path}.${step}`;
}
