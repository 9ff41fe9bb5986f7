import type { Service } from '#model/exposure.ts';

/** One endpoint that a name stands for. */
export interface End {
  /** As answers print it: `shop/Deployment/web`. */
  readonly id: string;
  readonly points: readonly number[];
}

export type Named = Resolved | NameProblem;

export interface Resolved {
  readonly kind: 'ok';
  readonly label: string;
  /** Of a Service: the pods behind it. */
  readonly ends: readonly End[];
  readonly service?: Service;
}

/** A name that means nothing here, or more than one thing, with the names that come near. */
export interface NameProblem {
  readonly kind: 'problem';
  readonly message: string;
  readonly near: readonly string[];
}

export function ends(label: string, list: readonly End[]): Named {
  return { kind: 'ok', label, ends: list };
}

export function problem(message: string, near: readonly string[]): NameProblem {
  return { kind: 'problem', message, near };
}
