import type {
  AzureList,
  AzureObject,
  AzureScalar,
  AzureUnsettled,
  AzureValue,
  UnsettledWhy,
} from '#model/azure/value.ts';
import type { Origin } from '#model/origin.ts';

/** An object of which only a part is written: what else is asked of it is unsettled. Resources are such objects. */
export interface OpenObject extends AzureObject {
  readonly open: { readonly expression: string; readonly why: UnsettledWhy };
}

/** A list in which every value stands once and in which none has a place: Terraform's set. */
export interface SetList extends AzureList {
  readonly isSet: true;
}

/** What Terraform would stop at with an error, and `try` would step over. */
export interface Failure extends AzureUnsettled {
  readonly failed: true;
}

/** What `jsonencode` makes of a value that is not settled in all its parts: the text is not known, the value is. */
export interface EncodedObject extends AzureUnsettled {
  readonly encoded: AzureValue;
}

/** Values that one value may hold, itself included: documents that double themselves stay small. */
const MOST_PARTS = 200_000;
/** Levels of values inside of one another: whoever reads them may recurse. */
const MOST_LEVELS = 100;
/** Characters of one text. */
export const LONGEST_TEXT = 1 << 20;
const LONGEST_EXPRESSION = 300;

export function scalar(value: AzureScalar['value'], origin: Origin): AzureValue {
  if (typeof value === 'string' && value.length > LONGEST_TEXT)
    return unsettled('a long text', 'not-supported', origin);
  if (typeof value === 'number' && !Number.isFinite(value)) return failure('not a number', origin);
  return { kind: 'scalar', value, origin };
}

export function list(items: readonly AzureValue[], origin: Origin): AzureValue {
  return measured({ kind: 'list', items, origin }, items);
}

export function object(entries: ReadonlyMap<string, AzureValue>, origin: Origin): AzureValue {
  return measured({ kind: 'object', entries, origin }, entries.values());
}

export function openObject(
  entries: ReadonlyMap<string, AzureValue>,
  origin: Origin,
  open: OpenObject['open'],
): AzureValue {
  const made: OpenObject = { kind: 'object', entries, origin, open };
  return measured(made, entries.values());
}

/** Sorted, each value once. */
export function setOf(items: readonly AzureValue[], origin: Origin): AzureValue {
  const byText = new Map<string, AzureValue>();
  for (const item of items) byText.set(sortKey(item), item);
  const sorted = [...byText].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
  const made: SetList = { kind: 'list', items: sorted, origin, isSet: true };
  return measured(made, sorted);
}

export function unsettled(expression: string, why: UnsettledWhy, origin: Origin): AzureUnsettled {
  return { kind: 'unsettled', expression: shortened(expression), why, origin };
}

export function failure(expression: string, origin: Origin): AzureUnsettled {
  const made: Failure = {
    kind: 'unsettled',
    expression: shortened(expression),
    why: 'not-readable',
    origin,
    failed: true,
  };
  return made;
}

export function encoded(value: AzureValue, because: AzureUnsettled, origin: Origin): AzureValue {
  const made: EncodedObject = { ...unsettled(because.expression, because.why, origin), encoded: value };
  return made;
}

export function isEncoded(value: AzureValue): value is EncodedObject {
  return value.kind === 'unsettled' && 'encoded' in value;
}

export function isFailure(value: AzureValue): boolean {
  return value.kind === 'unsettled' && 'failed' in value;
}

export function isOpen(value: AzureValue): value is OpenObject {
  return value.kind === 'object' && 'open' in value;
}

export function isSet(value: AzureValue): boolean {
  return value.kind === 'list' && 'isSet' in value;
}

export function isNull(value: AzureValue | undefined): boolean {
  return value?.kind === 'scalar' && value.value === null;
}

/** The text of a settled value that is text; numbers and booleans are written out as Terraform converts them. */
export function textValue(value: AzureValue | undefined): string | undefined {
  return value?.kind === 'scalar' && value.value !== null ? String(value.value) : undefined;
}

/** The first part of a value that is unsettled, secrets before all others; undefined where it is settled throughout. */
export function unsettledPart(value: AzureValue): AzureUnsettled | undefined {
  if (value.kind === 'unsettled') return value;
  if (value.kind === 'scalar') return undefined;
  const found = MEMO.get(value);
  if (found !== undefined) return found.part;
  return partOf(value.kind === 'list' ? value.items : value.entries.values());
}

interface Measure {
  readonly parts: number;
  readonly levels: number;
  readonly part: AzureUnsettled | undefined;
}

const MEMO = new WeakMap<AzureList | AzureObject, Measure>();

function measured(value: AzureList | AzureObject, inner: Iterable<AzureValue>): AzureValue {
  let parts = 1;
  let levels = 0;
  let part: AzureUnsettled | undefined;
  for (const each of inner) {
    const measure = measureOf(each);
    parts += measure.parts;
    levels = Math.max(levels, measure.levels);
    part = moreTelling(part, measure.part);
  }
  if (parts > MOST_PARTS || levels >= MOST_LEVELS) return unsettled('a large value', 'not-supported', value.origin);
  MEMO.set(value, { parts, levels: levels + 1, part });
  return value;
}

function measureOf(value: AzureValue): Measure {
  if (value.kind === 'unsettled') return { parts: 1, levels: 0, part: value };
  if (value.kind === 'scalar') {
    const parts = typeof value.value === 'string' ? 1 + (value.value.length >>> 8) : 1;
    return { parts, levels: 0, part: undefined };
  }
  const known = MEMO.get(value);
  if (known !== undefined) return known;
  measured(value, value.kind === 'list' ? value.items : value.entries.values());
  return MEMO.get(value) ?? { parts: MOST_PARTS, levels: MOST_LEVELS, part: undefined };
}

function partOf(inner: Iterable<AzureValue>): AzureUnsettled | undefined {
  let part: AzureUnsettled | undefined;
  for (const each of inner) part = moreTelling(part, unsettledPart(each));
  return part;
}

function moreTelling(a: AzureUnsettled | undefined, b: AzureUnsettled | undefined): AzureUnsettled | undefined {
  return a === undefined || (a.why !== 'secret' && b?.why === 'secret') ? (b ?? a) : a;
}

/** Equal values have equal keys; text sorts as Terraform sorts it. */
function sortKey(value: AzureValue): string {
  switch (value.kind) {
    case 'scalar':
      return typeof value.value === 'string' ? value.value : `\u0000${String(value.value)}`;
    case 'list':
      return `\u0001[${value.items.map(sortKey).join('\u0001')}]`;
    case 'object':
      return `\u0001{${[...value.entries].map(([key, item]) => `${key}\u0002${sortKey(item)}`).join('\u0001')}}`;
    case 'unsettled':
      return `\u0003${value.expression}`;
  }
}

function shortened(text: string): string {
  const line = text.length > LONGEST_EXPRESSION * 4 ? text.slice(0, LONGEST_EXPRESSION * 4) : text;
  const flat = line.replace(/\s+/g, ' ').trim();
  return flat.length > LONGEST_EXPRESSION ? `${flat.slice(0, LONGEST_EXPRESSION)}…` : flat;
}
