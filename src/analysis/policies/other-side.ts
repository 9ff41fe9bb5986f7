import { type Bits, intersects } from '#base/bits.ts';
import { unite } from '#base/intervals.ts';
import type { Row } from '#engine/rows.ts';
import { NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';

/** What a peer's own side lets through to, or from, any of a group of subjects. */
export interface Heard {
  readonly allowed: TrafficSet;
  readonly possible: TrafficSet;
}

/** What a row grants any of some points. */
export function heardFrom(row: Row, members: Bits, known: Map<Row, Heard>): Heard {
  let heard = known.get(row);
  if (heard === undefined) {
    heard = unitedGrants(row, members);
    known.set(row, heard);
  }
  return heard;
}

function unitedGrants(row: Row, members: Bits): Heard {
  let allowed = NO_TRAFFIC;
  let possible = NO_TRAFFIC;
  for (const { grant, peers } of row) {
    if (!intersects(peers, members)) continue;
    allowed = unite(allowed, grant.allowed);
    possible = unite(possible, grant.possible);
  }
  return { allowed, possible };
}
