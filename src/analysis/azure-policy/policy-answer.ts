import type { Evidence, Place } from '#model/control.ts';
import type { ControlContext } from '../controls/context.ts';

/** What a definition of Azure Policy says of the input. */
export interface PolicyAnswer {
  /** `nothing`: the input has nothing that it looks at; `unknown`: it cannot be judged, `why` says why. */
  readonly state: 'compliant' | 'non-compliant' | 'unknown' | 'nothing';
  readonly why: string;
  readonly violations: readonly PolicyViolation[];
  /** How many objects or resources it looked at. */
  readonly judged: number;
  /** What it looks like it covers and does not. */
  readonly blindSpots: readonly string[];
}

export interface PolicyViolation {
  readonly where: Place;
  /** One sentence, lower case, no full stop. */
  readonly message: string;
  readonly evidence: readonly Evidence[];
}

export type PolicyContext = Pick<ControlContext, 'objects' | 'podOwners' | 'snapshot'>;

/** What judging came to; `open`: something that could not be decided. */
export interface Judging {
  readonly judged: number;
  readonly violations: readonly PolicyViolation[];
  readonly open?: string;
}
