import { escapeControl } from '#base/escape.ts';
import type { Entry, Node, SourceText } from '../../text/node.ts';
import { evaluate } from '../expression/evaluate.ts';
import type { Frame, Loop, Scope } from '../expression/scope.ts';
import { expressionIn, unescaped } from '../expression/syntax.ts';
import { shownText, textOf } from '../expression/text.ts';
import { Entries, isNumber, isOpen, list, type Open, object, open, scalar, type Value } from '../expression/values.ts';
import { MAX_COPIES } from '../limits.ts';
import { fieldOf, originOf, stringOf } from './nodes.ts';

/** Where a part of a template stands, and what names mean there. */
export interface Place {
  readonly source: SourceText;
  readonly scope: Scope;
  readonly loops: readonly Loop[];
}

/** What a part of a template is once its expressions are evaluated and its loops are run. */
export function documentValue(node: Node, place: Place): Value {
  const { meter } = place.scope;
  if (!meter.enter()) return tooMuch(node, place, 'the template takes too many steps, or refers too deep, to evaluate');
  const value = valueInside(node, place);
  meter.leave();
  return value;
}

function valueInside(node: Node, place: Place): Value {
  const origin = originOf(place.source, node);
  if (node.kind === 'scalar')
    return typeof node.value === 'string' ? textNode(node.value, node, place) : scalar(node.value, origin);
  if (node.kind === 'seq') {
    return list(
      node.items.map((item) => documentValue(item, place)),
      origin,
    );
  }
  const entries = new Entries<Value>();
  for (const entry of node.entries) addEntry(entries, entry, place);
  return object(entries.map, origin);
}

function textNode(text: string, node: Node, place: Place): Value {
  const inner = expressionIn(text);
  const origin = originOf(place.source, node);
  if (inner === undefined) return scalar(unescaped(text), origin);
  const parsed = place.scope.meter.parsed(inner);
  const frame: Frame = { scope: place.scope, loops: place.loops, lambdas: NO_LAMBDAS, text: inner, origin };
  if ('expression' in parsed) return evaluate(parsed.expression, frame);
  const message = `the expression cannot be read at its character ${parsed.fault.at + 2}: ${parsed.fault.message}`;
  place.scope.report({ code: 'RF5101', message, origin });
  return open({ expression: inner, why: 'not-readable', origin });
}

const NO_LAMBDAS: ReadonlyMap<string, Value> = new Map();

function addEntry(entries: Entries<Value>, { key, value }: Entry, place: Place): void {
  if (key.toLowerCase() === 'copy' && isCopyList(value)) {
    for (const copy of value.items) addCopy(entries, copy, place);
    return;
  }
  const evaluated = documentValue(value, place);
  if (expressionIn(key) === undefined) {
    entries.set(unescaped(key), evaluated);
    return;
  }
  const made = textOf(textNode(key, value, place));
  entries.set(made === undefined ? key : shownText(made), evaluated);
}

/** A property of the name `copy` is a loop only where it has the form of one. */
export function isCopyList(node: Node): node is Node & { readonly kind: 'seq' } {
  return (
    node.kind === 'seq' &&
    node.items.length > 0 &&
    node.items.every((item) => fieldOf(item, 'count') !== undefined && stringOf(item, 'name') !== undefined)
  );
}

function addCopy(entries: Entries<Value>, copy: Node, place: Place): void {
  const name = stringOf(copy, 'name') ?? '';
  entries.set(name, copiedValue(copy, name, place));
}

/** The list that a loop over values makes. */
export function copiedValue(copy: Node, name: string, place: Place): Value {
  const input = fieldOf(copy, 'input');
  const origin = originOf(place.source, copy);
  const count = countOf(copy, place);
  if (input === undefined) return list([], origin);
  if (typeof count !== 'number') return count;
  const items: Value[] = [];
  for (let index = 0; index < count; index++) {
    const loop: Loop = { name, kind: 'value', index };
    items.push(documentValue(input, { ...place, loops: [...place.loops, loop] }));
  }
  return list(items, origin);
}

/** How often a loop runs. More than Azure allows is not run at all. */
export function countOf(copy: Node, place: Place): number | Open {
  const node = fieldOf(copy, 'count');
  if (node === undefined) return 0;
  const value = documentValue(node, place);
  if (isOpen(value)) return value;
  if (isNumber(value) && Number.isInteger(value.value) && value.value >= 0 && value.value <= MAX_COPIES)
    return value.value;
  if (isNumber(value) && value.value > MAX_COPIES)
    return tooMuch(node, place, `a loop of ${value.value} rounds; Azure runs at most ${MAX_COPIES}`);
  const message = 'the number of rounds of a loop must be a whole number';
  place.scope.report({ code: 'RF5101', message, origin: value.origin });
  return open({ expression: writtenText(node), why: 'not-readable', origin: value.origin });
}

function tooMuch(node: Node, place: Place, message: string): Open {
  const origin = originOf(place.source, node);
  place.scope.report({ code: 'RF5104', message, origin });
  return open({ expression: writtenText(node), why: 'not-supported', origin });
}

function writtenText(node: Node): string {
  if (node.kind !== 'scalar') return node.kind === 'seq' ? 'a list' : 'an object';
  return typeof node.value === 'string' ? (expressionIn(node.value) ?? escapeControl(node.value)) : String(node.value);
}
