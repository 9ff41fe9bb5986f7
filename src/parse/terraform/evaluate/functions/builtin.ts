import type { AzureValue } from '#model/azure/value.ts';
import type { Origin } from '#model/origin.ts';
import type { CallExpression, Expression } from '../../hcl/syntax.ts';
import { failure, list, object, scalar, textValue } from '../../values.ts';
import { numberOf } from '../operators.ts';
import type { Scope } from '../run.ts';

/** A call on its way: its expression, where it stands, and the evaluator that functions themselves may need. */
export interface Call {
  readonly expression: CallExpression;
  readonly scope: Scope;
  readonly evaluate: (expression: Expression, scope: Scope) => AzureValue;
}

/**
 * A function of Terraform. `settled`: no part of an argument may be unsettled; `known`: no argument itself may be;
 * `any`: the function deals with what is unsettled.
 */
export interface Builtin {
  readonly takes: 'settled' | 'known' | 'any';
  readonly apply: (args: readonly AzureValue[], place: Place) => AzureValue;
}

export interface Place {
  readonly origin: Origin;
  readonly call: Call;
}

export type Table = Readonly<Record<string, Builtin>>;

/** What a function makes, before it has an origin; undefined where the arguments are wrong. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain } | undefined;

/** A function of settled arguments that makes plain data. */
export function plain(apply: (args: readonly AzureValue[]) => Plain): Builtin {
  return { takes: 'settled', apply: (args, { origin }) => valueOfPlain(apply(args), origin) };
}

export function known(apply: Builtin['apply']): Builtin {
  return { takes: 'known', apply };
}

export function any(apply: Builtin['apply']): Builtin {
  return { takes: 'any', apply };
}

export function valueOfPlain(data: Plain, origin: Origin): AzureValue {
  if (data === undefined) return failure('a function with wrong arguments', origin);
  if (data === null || typeof data !== 'object') return scalar(data, origin);
  if (isItems(data)) {
    return list(
      data.map((item) => valueOfPlain(item, origin)),
      origin,
    );
  }
  const entries = Object.entries(data).map(([key, item]) => [key, valueOfPlain(item, origin)] as const);
  return object(new Map(entries), origin);
}

function isItems(data: readonly Plain[] | { readonly [key: string]: Plain }): data is readonly Plain[] {
  return Array.isArray(data);
}

// ---------------------------------------------------------------- arguments

export function text(args: readonly AzureValue[], index: number): string | undefined {
  return textValue(args[index]);
}

export function number(args: readonly AzureValue[], index: number): number | undefined {
  const arg = args[index];
  return arg === undefined ? undefined : numberOf(arg);
}

/** The items of a list. Where a list is wanted an object is none. */
export function items(args: readonly AzureValue[], index: number): readonly AzureValue[] | undefined {
  const arg = args[index];
  return arg?.kind === 'list' ? arg.items : undefined;
}

export function entries(args: readonly AzureValue[], index: number): ReadonlyMap<string, AzureValue> | undefined {
  const arg = args[index];
  return arg?.kind === 'object' ? arg.entries : undefined;
}

/** The texts of a list, or undefined where an item is none. */
export function texts(args: readonly AzureValue[], index: number): string[] | undefined {
  return allOf(items(args, index), textValue);
}

export function numbers(args: readonly AzureValue[], index: number): number[] | undefined {
  return allOf(items(args, index), numberOf);
}

function allOf<T>(
  from: readonly AzureValue[] | undefined,
  read: (value: AzureValue) => T | undefined,
): T[] | undefined {
  if (from === undefined) return undefined;
  const out: T[] = [];
  for (const item of from) {
    const value = read(item);
    if (value === undefined) return undefined;
    out.push(value);
  }
  return out;
}
