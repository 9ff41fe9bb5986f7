import type { PlainObject } from '#model/plain.ts';

/** What a control asks of one object when it is written, in the two languages that clusters judge by. */
export interface ExportRule {
  /** The control that it is a part of. */
  readonly control: string;
  /** `service-ports`: names of what is made begin with `ringfence-`. */
  readonly name: string;
  /** `RingfenceServicePorts`: the kind of the constraint. */
  readonly kind: string;
  /** What it refuses, in one sentence. */
  readonly about: string;
  readonly matches: readonly Matched[];
  /** What lists and numbers the rule is given. */
  readonly parameters: PlainObject;
  /** Types of the parameters, as a schema of OpenAPI has them. */
  readonly schema: PlainObject;
  /** The body of a template of Gatekeeper, without its package. */
  readonly rego: string;
  /** Expressions that hold where the object may be; `variables.params` has the parameters. */
  readonly cel: readonly CelRule[];
  /** What of the control an admission rule cannot say. */
  readonly leavesOut: string;
}

export interface Matched {
  readonly group: string;
  readonly versions: readonly string[];
  /** `pods` */
  readonly resource: string;
  /** `Pod` */
  readonly kind: string;
}

export interface CelRule {
  readonly expression: string;
  readonly message: string;
}

/** A control that no admission rule can say, and why. */
export interface Unsayable {
  readonly control: string;
  readonly why: string;
}
