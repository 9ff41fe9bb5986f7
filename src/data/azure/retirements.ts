import table from './retirements.json' with { type: 'json' };

/** Something of Azure or Kubernetes that is gone, or will be. */
export interface Retirement {
  readonly id: string;
  /** As it stands in a sentence: `the Basic load balancer`. */
  readonly thing: string;
  /** As of `RETIREMENTS_AS_OF`. `deprecated`: without a date. */
  readonly state: 'retired' | 'retiring' | 'deprecated';
  /** `2028-03-31`: the last day. */
  readonly date?: string;
  readonly replacement: string;
  /** Where it is announced. */
  readonly source: string;
}

/** The day of which the states are. */
export const RETIREMENTS_AS_OF: string = table.asOf;

export const RETIREMENTS: readonly Retirement[] = table.retirements.map(
  ({ id, thing, state, date, replacement, source }): Retirement => ({
    id,
    thing,
    state: stateNamed(state),
    ...(date !== undefined && { date }),
    replacement,
    source: new Map(Object.entries(table.sources)).get(source) ?? source,
  }),
);

function stateNamed(text: string): Retirement['state'] {
  return text === 'retired' || text === 'retiring' ? text : 'deprecated';
}
