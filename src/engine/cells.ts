import { includes, intervalsOf } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import { ALL_TRAFFIC, type TrafficSet } from '#model/traffic.ts';

/** Traffic that none of some traffic sets tells apart. */
export interface Cell {
  readonly traffic: TrafficSet;
  /** The sets that contain the cell, by their number. */
  readonly within: ReadonlySet<number>;
}

/** Numbers traffic sets by content and cuts the axis by any group of them; both are remembered. */
export interface CellTable {
  numberOf(traffic: TrafficSet): number;
  cut(numbers: Iterable<number>): readonly Cell[];
}

export function cellTable(): CellTable {
  const sets: TrafficSet[] = [];
  const byText = new Map<string, number>();
  const byObject = new WeakMap<TrafficSet, number>();
  const cuts = new Map<string, readonly Cell[]>();
  return { numberOf, cut };

  function numberOf(traffic: TrafficSet): number {
    let number = byObject.get(traffic);
    if (number !== undefined) return number;
    const text = traffic.join();
    number = byText.get(text);
    if (number === undefined) {
      number = sets.push(traffic) - 1;
      byText.set(text, number);
    }
    byObject.set(traffic, number);
    return number;
  }

  function cut(numbers: Iterable<number>): readonly Cell[] {
    const sorted = [...new Set(numbers)].sort((a, b) => a - b);
    return remembered(cuts, sorted.join(), () => cutBy(sorted.map((number) => [number, sets[number]!] as const)));
  }
}

/** Stretches of the axis between two bounds are in the same sets throughout; those in equal sets make one cell. */
function cutBy(sets: readonly (readonly [number, TrafficSet])[]): Cell[] {
  const bounds = new Set<number>();
  for (const set of [ALL_TRAFFIC, ...sets.map(([, set]) => set)]) {
    for (let i = 0; i < set.length; i += 2) bounds.add(set[i]!).add(set[i + 1]! + 1);
  }
  const sorted = [...bounds].sort((a, b) => a - b);
  const groups = new Map<string, { within: number[]; stretches: [number, number][] }>();
  for (let i = 0; i + 1 < sorted.length; i++) {
    const lo = sorted[i]!;
    if (!includes(ALL_TRAFFIC, lo)) continue;
    const within = sets.filter(([, set]) => includes(set, lo)).map(([number]) => number);
    const key = within.join();
    const group = groups.get(key) ?? { within, stretches: [] };
    groups.set(key, group);
    group.stretches.push([lo, sorted[i + 1]! - 1]);
  }
  return [...groups.values()].map(({ within, stretches }) => ({
    traffic: intervalsOf(stretches),
    within: new Set(within),
  }));
}
