import type { Call } from './scope.ts';
import type { Expression } from './syntax.ts';
import type { Value } from './values.ts';

/** A function of values. */
export interface Builtin {
  readonly least: number;
  readonly most: number;
  /** Whether it looks at all of its arguments down to the leaves; what it costs. */
  readonly deep?: true;
  /** Whether it can work with arguments that are unsettled. All others are unsettled where one argument is. */
  readonly opens?: true;
  readonly run: (args: readonly Value[], call: Call) => Value;
}

/** A function that evaluates its arguments itself: not all of them, or not as values. */
export interface Form {
  readonly least: number;
  readonly most: number;
  readonly run: (args: readonly Expression[], call: Call) => Value;
}

export type BuiltinTable = Readonly<Record<string, Builtin>>;
export type FormTable = Readonly<Record<string, Form>>;

export const ANY = Number.POSITIVE_INFINITY;
