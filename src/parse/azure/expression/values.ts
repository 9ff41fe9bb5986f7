import type { AzureScalar, AzureUnsettled, UnsettledWhy } from '#model/azure/value.ts';
import type { Origin } from '#model/origin.ts';
import { MAX_SHOWN } from '../limits.ts';
import { uniqueText } from './hashes.ts';

/**
 * What expressions compute with: `AzureValue`, where of a text that cannot be known the parts that can be are still at
 * hand. So `vnet-` and an unknown name and `/subnets/aks` can be taken apart, compared, and put into an id.
 */
export type Value = AzureScalar | ListValue | ObjectValue | Open;

export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
  readonly origin: Origin;
  readonly weight: number;
  readonly height: number;
}

export interface ObjectValue {
  readonly kind: 'object';
  readonly entries: ReadonlyMap<string, Value>;
  readonly origin: Origin;
  readonly weight: number;
  readonly height: number;
  /** What reading a key gives that is not there. Absent where the object is known whole. */
  readonly unlisted?: Open;
  /** Whether it is known whole even as a part of an object that is not. */
  readonly whole?: true;
  /** Present where it is not certain which of the keys are there: what decides. An unsettled entry may be none. */
  readonly blurred?: Open;
}

export interface Open extends AzureUnsettled {
  readonly parts: Text;
}

/** Text with holes. No two literal parts stand side by side, and none is empty. */
export type Text = readonly (string | Hole)[];

/** A part of a text that cannot be known. */
export interface Hole {
  /** Equal tokens stand for equal values; different tokens may. */
  readonly token: string;
  /** Whether it is known to hold no slash, as the name of a resource. */
  readonly plain?: true;
  /** What stands for it in ids and names, if not the token in braces: one of the placeholders of `model`. */
  readonly shown?: string;
}

export function scalar(value: string | number | boolean | null, origin: Origin): AzureScalar {
  return { kind: 'scalar', value, origin };
}

export function list(items: readonly Value[], origin: Origin): ListValue {
  let weight = 1;
  let height = 0;
  for (const item of items) {
    weight += weightOf(item);
    height = Math.max(height, heightOf(item));
  }
  return { kind: 'list', items, origin, weight, height: height + 1 };
}

export function object(entries: ReadonlyMap<string, Value>, origin: Origin, unlisted?: Open): ObjectValue {
  let weight = 1;
  let height = 0;
  for (const value of entries.values()) {
    weight += weightOf(value);
    height = Math.max(height, heightOf(value));
  }
  const whole: ObjectValue = { kind: 'object', entries, origin, weight, height: height + 1 };
  return unlisted === undefined ? whole : { ...whole, unlisted };
}

/** An object of a few fixed keys. */
export function record(fields: Readonly<Record<string, Value>>, origin: Origin): ObjectValue {
  return object(new Map(Object.entries(fields)), origin);
}

export interface OpenFacts {
  readonly expression: string;
  readonly why: UnsettledWhy;
  readonly origin: Origin;
  /** Defaults to the expression. */
  readonly token?: string;
  readonly shown?: string;
  readonly parts?: Text;
}

export function open(facts: OpenFacts): Open {
  const { expression, why, origin, token = expression, shown } = facts;
  const short = token.length <= MAX_TOKEN ? token : `${token.slice(0, SHORT)}…${uniqueText(token)}`;
  const hole = shown === undefined ? { token: short } : { token: short, shown };
  return { kind: 'unsettled', expression: clip(expression), why, origin, parts: facts.parts ?? [hole] };
}

/** The same value, said to stand elsewhere. */
export function placedAt(value: Value, origin: Origin): Value {
  return { ...value, origin };
}

export function weightOf(value: Value): number {
  return value.kind === 'list' || value.kind === 'object' ? value.weight : 1;
}

function heightOf(value: Value): number {
  return value.kind === 'list' || value.kind === 'object' ? value.height : 0;
}

export function isText(value: Value): value is AzureScalar & { readonly value: string } {
  return value.kind === 'scalar' && typeof value.value === 'string';
}

export function isNumber(value: Value): value is AzureScalar & { readonly value: number } {
  return value.kind === 'scalar' && typeof value.value === 'number';
}

export function isNull(value: Value): boolean {
  return value.kind === 'scalar' && value.value === null;
}

export function isOpen(value: Value): value is Open {
  return value.kind === 'unsettled';
}

/** What a key holds, whatever its case, as Azure reads keys. */
export function entryOf(value: ObjectValue, key: string): Value | undefined {
  const written = keyOf(value.entries, key);
  return written === undefined ? undefined : value.entries.get(written);
}

/** Entries while they are gathered: one for each key without regard to case, as first written. */
export class Entries<T> {
  readonly map = new Map<string, T>();
  readonly #written = new Map<string, string>();

  constructor(entries: Iterable<readonly [string, T]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  get(key: string): T | undefined {
    const written = this.#written.get(key.toLowerCase());
    return written === undefined ? undefined : this.map.get(written);
  }

  set(key: string, value: T): void {
    const lower = key.toLowerCase();
    const written = this.#written.get(lower);
    if (written === undefined) this.#written.set(lower, key);
    this.map.set(written ?? key, value);
  }
}

/** The key as it is written in a map that does not change any more. */
function keyOf(entries: ReadonlyMap<string, unknown>, key: string): string | undefined {
  if (entries.has(key)) return key;
  const wanted = key.toLowerCase();
  if (entries.size > FEW) return indexOf(entries).get(wanted);
  for (const written of entries.keys())
    if (written.length === key.length && written.toLowerCase() === wanted) return written;
  return undefined;
}

const FEW = 12;
/** Keys in lower case, made once for an object of many. */
const INDEXES = new WeakMap<ReadonlyMap<string, unknown>, ReadonlyMap<string, string>>();

function indexOf(entries: ReadonlyMap<string, unknown>): ReadonlyMap<string, string> {
  let index = INDEXES.get(entries);
  if (index === undefined) {
    index = new Map([...entries.keys()].map((key) => [key.toLowerCase(), key]));
    INDEXES.set(entries, index);
  }
  return index;
}

const MAX_TOKEN = 400;
const SHORT = 60;

function clip(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
