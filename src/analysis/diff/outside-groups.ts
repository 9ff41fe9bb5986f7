import { nextBit } from '#base/bits.ts';
import type { Rows } from './candidates.ts';
import type { Seats } from './seats.ts';
import type { Twin } from './twins.ts';

/**
 * Outside addresses of one family that no changed row tells apart, as one twin each. Policies have no outside subjects,
 * so what changed for an address is in the rows of others alone. Whatever no row names has not changed and is left out.
 */
export function joinOutside(twins: readonly Twin[], seats: Seats, rows: Rows): Twin[] {
  const marks = marksOf(twins, seats, rows);
  const groups = new Map<string, Twin>();
  const inside: Twin[] = [];
  for (const [index, twin] of twins.entries()) {
    if (twin.kin !== 'external') {
      inside.push(twin);
      continue;
    }
    const mark = marks.get(index);
    if (mark === undefined) continue;
    const key = `${twin.facets[0]!.families} ${mark.join()}`;
    const group = groups.get(key);
    // INVARIANT: the rows of all members are alike on both sides, so that the first can speak for the others.
    groups.set(key, group === undefined ? twin : { ...group, ranges: [...group.ranges, ...twin.ranges] });
  }
  return [...groups.values(), ...inside];
}

/** For each outside twin that a changed row touches: which parts of which rows. */
function marksOf(twins: readonly Twin[], seats: Seats, { egress, ingress }: Rows): Map<number, number[]> {
  const outside = new Set<number>();
  for (const [seat, on] of seats.twins.entries())
    if (on.some((twin) => twins[twin]!.kin === 'external')) outside.add(seat);
  const list = [...outside];
  const [first, end] = [list[0] ?? 0, (list.at(-1) ?? -1) + 1];
  const marks = new Map<number, number[]>();
  let number = 0;
  for (const change of new Set([...egress, ...ingress])) {
    for (const part of change?.parts ?? []) {
      number++;
      for (let seat = nextBit(part, first); seat >= 0 && seat < end; seat = nextBit(part, seat + 1)) {
        if (!outside.has(seat)) continue;
        for (const twin of seats.twins[seat]!) append(marks, twin, number);
      }
    }
  }
  return marks;
}

function append(marks: Map<number, number[]>, twin: number, number: number): void {
  const list = marks.get(twin);
  if (list === undefined) marks.set(twin, [number]);
  else list.push(number);
}
