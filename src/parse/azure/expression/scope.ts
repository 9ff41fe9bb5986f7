import type { DiagnosticCode } from '#model/codes.ts';
import type { Origin } from '#model/origin.ts';
import type { Meter } from './meter.ts';
import type { CallExpression, Expression } from './syntax.ts';
import type { Value } from './values.ts';

/** What names mean where an expression stands. Names are without regard to case. */
export interface Scope {
  readonly meter: Meter;
  /** Undefined where the template declares no such parameter; so with variables. */
  readonly parameter: (name: string) => Value | undefined;
  readonly variable: (name: string) => Value | undefined;
  /** A function that the template defines, by `namespace.name`. */
  readonly userFunction: (name: string) => UserFunction | undefined;
  readonly deployment: (origin: Origin) => Value;
  readonly resourceGroup: (origin: Origin) => Value;
  readonly subscription: (origin: Origin) => Value;
  readonly tenant: (origin: Origin) => Value;
  readonly managementGroup: (origin: Origin) => Value;
  /** Where resources of this deployment stand: `/subscriptions/S/resourceGroups/G`, as a text. */
  readonly placePrefix: (origin: Origin) => Value;
  /** The resource that an id, a name or a symbolic name names; undefined where this template deploys none. */
  readonly reference: (target: Value, full: boolean) => Value | undefined;
  /** All resources of a loop, by its symbolic name. */
  readonly references: (symbol: string, full: boolean) => readonly Value[] | undefined;
  readonly report: (fault: Fault) => void;
}

export interface UserFunction {
  /** The function's result for arguments in the order of its parameters. */
  readonly call: (args: readonly Value[]) => Value;
}

/** What is wrong with the input, found while it was evaluated. */
export interface Fault {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly origin: Origin;
  readonly help?: string;
}

/** The round of a loop. `index` is undefined where the number of rounds cannot be known. */
export interface Loop {
  readonly name: string;
  readonly kind: 'resource' | 'value';
  readonly index: number | undefined;
}

/** One place where expressions stand. */
export interface Frame {
  readonly scope: Scope;
  /** From the outermost loop to the innermost. */
  readonly loops: readonly Loop[];
  readonly lambdas: ReadonlyMap<string, Value>;
  /** The expression's whole text, without its brackets. */
  readonly text: string;
  /** Where it is written. */
  readonly origin: Origin;
}

/** One call of a function while it is evaluated. */
export interface Call {
  readonly expression: CallExpression;
  readonly frame: Frame;
  readonly evaluate: (expression: Expression, frame: Frame) => Value;
}
