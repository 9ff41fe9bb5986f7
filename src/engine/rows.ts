import { type Bits, difference, hasBit, intersection, intersects, isEmpty } from '#base/bits.ts';
import type { TrafficSet } from '#model/traffic.ts';
import type { Cell, CellTable } from './cells.ts';
import { fold, foldRoom, type Probe } from './fold.ts';
import { type Grant, type GrantTable, uniteTraffic } from './grants.ts';
import type { Program } from './program.ts';

/** What one subject grants each peer in one direction. Peers of different entries are disjoint; a peer in none has nothing. */
export type Row = readonly RowEntry[];

export interface RowEntry {
  readonly grant: Grant;
  readonly peers: Bits;
}

export interface RowTable {
  /** The row of a subject that nothing selects. */
  readonly open: Row;
  rowOf(program: Program): Row;
}

export function rowTable(everyone: Bits, grants: GrantTable, cells: CellTable): RowTable {
  const open: Row = [{ grant: grants.all, peers: everyone }];
  const room = foldRoom(everyone.length);
  return { open, rowOf };

  function rowOf(program: Program): Row {
    if (program.tiers.length === 0) return open;
    const slices: Slice[] = [];
    for (const cell of cells.cut(trafficNumbers(program))) {
      const { allow, deny } = fold(program, everyone, probeOfCell(cell), { room });
      if (isEmpty(allow)) continue;
      const possible = allow.slice();
      const allowed = intersects(allow, deny) ? difference(allow, deny) : possible;
      slices.push({ traffic: cell.traffic, allowed, possible });
    }
    return partition(slices, everyone, grants);
  }
}

/** The grant that a row gives one peer. */
export function grantIn(row: Row, peer: number, grants: GrantTable): Grant {
  for (const entry of row) if (hasBit(entry.peers, peer)) return entry.grant;
  return grants.none;
}

/** The numbers of every traffic set that a program can tell apart. */
export function trafficNumbers(program: Program): Set<number> {
  const numbers = new Set<number>();
  for (const tier of program.tiers) {
    for (const level of tier.levels) {
      for (const { rules } of level) {
        for (const { boxes } of rules) for (const box of boxes) numbers.add(box.mustTraffic).add(box.mayTraffic);
      }
    }
  }
  return numbers;
}

/** Asks a program about one kind of traffic, for all peers at once. */
export function probeOfCell({ within }: Cell): Probe {
  return {
    must: (box) => (within.has(box.mustTraffic) ? box.box.peers.must : undefined),
    may: (box) => (within.has(box.mayTraffic) ? box.box.peers.may : undefined),
  };
}

/** The outcome for one cell of traffic. */
interface Slice {
  readonly traffic: TrafficSet;
  readonly allowed: Bits;
  readonly possible: Bits;
}

interface Part {
  readonly peers: Bits;
  readonly allowed: readonly TrafficSet[];
  readonly possible: readonly TrafficSet[];
}

/** Turns "for this traffic, these peers" round into "for these peers, this traffic". */
function partition(slices: readonly Slice[], everyone: Bits, grants: GrantTable): Row {
  let parts: Part[] = [{ peers: everyone, allowed: [], possible: [] }];
  for (const slice of slices) parts = parts.flatMap((part) => split(part, slice));
  const granted = parts.filter((part) => part.possible.length > 0);
  return granted.map(({ peers, allowed, possible }) => ({
    peers,
    grant: grants.of(uniteTraffic(allowed), uniteTraffic(possible)),
  }));
}

function split(part: Part, { traffic, allowed, possible }: Slice): Part[] {
  if (!intersects(part.peers, possible)) return [part];
  const out: Part[] = [];
  const certain = intersection(part.peers, allowed);
  if (!isEmpty(certain)) out.push({ peers: certain, allowed: [...part.allowed, traffic], possible: [...part.possible, traffic] });
  if (allowed !== possible) {
    const unsure = difference(intersection(part.peers, possible), allowed);
    if (!isEmpty(unsure)) out.push({ peers: unsure, allowed: part.allowed, possible: [...part.possible, traffic] });
  }
  const rest = difference(part.peers, possible);
  if (!isEmpty(rest)) out.push({ peers: rest, allowed: part.allowed, possible: part.possible });
  return out;
}
