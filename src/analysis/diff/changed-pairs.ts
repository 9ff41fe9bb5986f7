import type { TrafficSet } from '#model/traffic.ts';
import type { Aligned } from './align.ts';
import { candidatesOf, type Rows } from './candidates.ts';
import { type Change, type ChangeCalculator, changeCalculator } from './change.ts';
import { joinOutside } from './outside-groups.ts';
import { rowChangesOf } from './row-changes.ts';
import { seatsOf } from './seats.ts';
import { type Twin, twinsOf } from './twins.ts';

/** One connection that changed; ends by index into `twins`. */
export interface ChangedPair {
  readonly from: number;
  readonly to: number;
  readonly change: Change;
}

export interface Comparison {
  /** Every endpoint, outside addresses only as far as changes touch them. */
  readonly twins: readonly Twin[];
  readonly calculator: ChangeCalculator;
  /** In no particular order. */
  pairs(): Generator<ChangedPair>;
}

/** Cost follows the rows that differ and the pairs that they touch; rows that are what they were cost one comparison. */
export function compareEngines(aligned: Aligned, scope: TrafficSet): Comparison {
  const all = twinsOf(aligned);
  const fine = seatsOf(aligned, all);
  const rows: Rows = { egress: rowChangesOf(aligned, fine, 'egress'), ingress: rowChangesOf(aligned, fine, 'ingress') };
  const twins = joinOutside(all, fine, rows);
  const calculator = changeCalculator(aligned, scope);
  const on = twinsOnSeats(fine.twins, { all, twins });
  return { twins, calculator, pairs };

  function* pairs(): Generator<ChangedPair> {
    for (const { from, to } of candidatesOf({ ...fine, twins: on }, twins, rows)) {
      const change = calculator.between(twins[from]!, twins[to]!);
      if (change !== undefined) yield { from, to, change };
    }
  }
}

/** The seats of joined outside twins are those of the twins that speak for them. */
function twinsOnSeats(
  seats: readonly (readonly number[])[],
  { all, twins }: { all: readonly Twin[]; twins: readonly Twin[] },
): number[][] {
  const byFacets = new Map(twins.map((twin, index) => [twin.facets, index]));
  return seats.map((list) => list.flatMap((index) => byFacets.get(all[index]!.facets) ?? []));
}
