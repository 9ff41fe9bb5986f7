import { type Bits, difference, hasBit, intersection, isEmpty } from '#base/bits.ts';
import type { TrafficSet } from '#model/traffic.ts';
import { type Cell, type CellTable, cellTable } from './cells.ts';
import { fold, type Probe } from './fold.ts';
import type { Box } from './form.ts';
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

export function rowTable(everyone: Bits, grants: GrantTable): RowTable {
  const cells = cellTable();
  const open: Row = [{ grant: grants.all, peers: everyone }];
  return { open, rowOf };

  function rowOf(program: Program): Row {
    if (program.tiers.length === 0) return open;
    const slices: Slice[] = [];
    for (const cell of cells.cut(trafficNumbers(program, cells))) {
      const { allow, deny } = fold(program, everyone, probeOf(cell, cells));
      if (isEmpty(allow)) continue;
      slices.push({ traffic: cell.traffic, allowed: difference(allow, deny), possible: allow });
    }
    return partition(slices, everyone, grants);
  }
}

/** The grant that a row gives one peer. */
export function grantIn(row: Row, peer: number, grants: GrantTable): Grant {
  for (const entry of row) if (hasBit(entry.peers, peer)) return entry.grant;
  return grants.none;
}

function trafficNumbers(program: Program, cells: CellTable): number[] {
  const numbers: number[] = [];
  for (const tier of program.tiers) {
    for (const { rules } of tier.levels.flat()) {
      for (const { boxes } of rules) {
        for (const { box } of boxes) numbers.push(cells.numberOf(box.traffic.must), cells.numberOf(box.traffic.may));
      }
    }
  }
  return numbers;
}

function probeOf(cell: Cell, cells: CellTable): Probe {
  return {
    must: (box: Box) => (cell.within.has(cells.numberOf(box.traffic.must)) ? box.peers.must : undefined),
    may: (box: Box) => (cell.within.has(cells.numberOf(box.traffic.may)) ? box.peers.may : undefined),
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
  const certain = intersection(part.peers, allowed);
  const open = difference(part.peers, possible);
  const unsure = difference(intersection(part.peers, possible), allowed);
  const out: Part[] = [];
  if (!isEmpty(certain)) out.push({ peers: certain, allowed: [...part.allowed, traffic], possible: [...part.possible, traffic] });
  if (!isEmpty(unsure)) out.push({ peers: unsure, allowed: part.allowed, possible: [...part.possible, traffic] });
  if (!isEmpty(open)) out.push({ peers: open, allowed: part.allowed, possible: part.possible });
  return out;
}
