import {
  type Bits,
  copyBits,
  difference,
  hasBit,
  intersection,
  intersects,
  isEmpty,
  isSubset,
  keepBits,
  union,
  withScratch,
} from '#base/bits.ts';
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
  /** Set where `peers` is everybody and the grant is all: nothing limits the subject. */
  readonly isEveryone?: true;
}

export interface RowTable {
  /** The row of a subject that nothing selects. */
  readonly open: Row;
  rowOf(program: Program): Row;
}

export function rowTable(everyone: Bits, grants: GrantTable, cells: CellTable): RowTable {
  const open: Row = [{ grant: grants.all, peers: everyone, isEveryone: true }];
  const room = foldRoom(everyone.length);
  return { open, rowOf };

  function rowOf(program: Program): Row {
    if (program.tiers.length === 0) return open;
    return withScratch(() =>
      partition(slicesOf(program), grants).map(({ grant, peers }) => ({ grant, peers: keepBits(peers) })),
    );
  }

  function slicesOf(program: Program): Slice[] {
    const slices: Slice[] = [];
    for (const cell of cells.cut(trafficNumbers(program))) {
      const { allow, deny } = fold(program, everyone, probeOfCell(cell), { room });
      if (isEmpty(allow)) continue;
      const possible = copyBits(allow);
      const allowed = intersects(allow, deny) ? difference(allow, deny) : possible;
      slices.push({ traffic: cell.traffic, allowed, possible });
    }
    return slices;
  }
}

/** The grant that a row gives one peer. */
export function grantIn(row: Row, peer: number, grants: GrantTable): Grant {
  for (const entry of row) if (hasBit(entry.peers, peer)) return entry.grant;
  return grants.none;
}

/** What two rows both grant. */
export function meetRows(a: Row, b: Row, grants: GrantTable): Row {
  if (isOpen(b, grants)) return a;
  if (isOpen(a, grants)) return b;
  const byGrant = new Map<Grant, Bits>();
  for (const left of a) {
    const holding = b.find(({ peers }) => isSubset(left.peers, peers));
    if (holding !== undefined) {
      addPeers(byGrant, grants.meet(left.grant, holding.grant), left.peers);
      continue;
    }
    for (const right of b) {
      if (intersects(left.peers, right.peers))
        addPeers(byGrant, grants.meet(left.grant, right.grant), intersection(left.peers, right.peers));
    }
  }
  byGrant.delete(grants.none);
  return [...byGrant].map(([grant, peers]) => ({ grant, peers }));
}

/** Sets may be those of other rows, so none is changed. */
function addPeers(byGrant: Map<Grant, Bits>, grant: Grant, peers: Bits): void {
  const known = byGrant.get(grant);
  byGrant.set(grant, known === undefined ? peers : union(known, peers));
}

/** A row of one entry that grants all is open: `RowTable.open` is the only such row for all peers. */
function isOpen(row: Row, grants: GrantTable): boolean {
  return row.length === 1 && row[0]!.grant === grants.all && row[0]!.isEveryone === true;
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

/** Turns "for this traffic, these peers" round into "for these peers, this traffic". Parts are disjoint. */
function partition(slices: readonly Slice[], grants: GrantTable): Row {
  let parts: Part[] = [];
  for (const { traffic, allowed, possible } of slices) {
    if (allowed === possible) {
      parts = mark(parts, allowed, (part) => ({
        peers: part.peers,
        allowed: [...part.allowed, traffic],
        possible: [...part.possible, traffic],
      }));
    } else {
      parts = mark(parts, possible, (part) => ({ ...part, possible: [...part.possible, traffic] }));
      parts = mark(parts, allowed, (part) => ({ ...part, allowed: [...part.allowed, traffic] }));
    }
  }
  return parts.map(({ peers, allowed, possible }) => ({
    peers,
    grant: grants.of(uniteTraffic(allowed), uniteTraffic(possible)),
  }));
}

/** Splits parts at a set of peers, so that each is wholly in it or wholly out, and marks those that are in. */
function mark(parts: readonly Part[], set: Bits, marked: (part: Part) => Part): Part[] {
  const out: Part[] = [];
  let left = set;
  for (const part of parts) {
    if (!intersects(part.peers, set)) {
      out.push(part);
      continue;
    }
    const rest = difference(part.peers, set);
    left = difference(left, part.peers);
    if (isEmpty(rest)) {
      out.push(marked(part));
    } else {
      out.push(marked({ ...part, peers: intersection(part.peers, set) }), { ...part, peers: rest });
    }
  }
  if (!isEmpty(left)) out.push(marked({ peers: left, allowed: [], possible: [] }));
  return out;
}
