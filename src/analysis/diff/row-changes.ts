import { addAll, type Bits, difference, emptyBits, intersection, isEmpty } from '#base/bits.ts';
import type { Grant } from '#engine/grants.ts';
import type { Side } from '#engine/reach.ts';
import type { Row } from '#engine/rows.ts';
import type { Direction } from '#model/resource.ts';
import type { Aligned } from './align.ts';
import type { Seats } from './seats.ts';

/** Where the rows of one subject differ between the inputs. */
export interface RowChange {
  /** Peers with another grant than before. */
  readonly touched: Bits;
  /** The same peers, by what they had and what they have. */
  readonly parts: readonly Bits[];
}

/** For each seat, as a subject in one direction; undefined where nothing changed. Equal rows share the object. */
export type RowChanges = readonly (RowChange | undefined)[];

/**
 * Compares what every subject sends (egress) or admits (ingress). Between endpoints of which one input has only one,
 * the new or lost endpoint's own rows are enough: so the rows of all others are compared over shared seats only.
 */
export function rowChangesOf({ base, head }: Aligned, seats: Seats, direction: Direction): RowChanges {
  const before = base.reach[direction];
  const after = head.reach[direction];
  const grants = grantNumbers();
  const compared = new Map<Row, Map<Row, RowChange | undefined>>();
  const everyone = everySeat(seats);
  return seats.base.map((point, seat) => {
    const own = { before: rowAt(before, point), after: rowAt(after, seats.head[seat]!) };
    const byAfter = compared.get(own.before) ?? new Map<Row, RowChange | undefined>();
    compared.set(own.before, byAfter);
    if (!byAfter.has(own.after)) {
      const among = point >= 0 && seats.head[seat]! >= 0 ? seats.shared : everyone;
      byAfter.set(own.after, compareRows({ seats, among, grants }, own));
    }
    return byAfter.get(own.after);
  });
}

/** The row of an endpoint that one input does not have: nothing is sent and nothing is admitted. */
const ABSENT: Row = [];

function rowAt(side: Side, point: number): Row {
  return point < 0 ? ABSENT : side.rows[point]!;
}

function everySeat({ size }: Seats): Bits {
  return emptyBits(size).fill(0xffffffff);
}

/** Numbers by content, because each engine interns its own grants. */
type GrantNumbers = (grant: Grant) => number;

function grantNumbers(): GrantNumbers {
  const byGrant = new Map<Grant, number>();
  const byText = new Map<string, number>();
  return (grant) => {
    let number = byGrant.get(grant);
    if (number === undefined) {
      const text = `${grant.allowed.join()}/${grant.possible.join()}`;
      number = byText.get(text) ?? byText.size;
      byText.set(text, number);
      byGrant.set(grant, number);
    }
    return number;
  };
}

interface Comparing {
  readonly seats: Seats;
  readonly among: Bits;
  readonly grants: GrantNumbers;
}

interface RowPair {
  readonly before: Row;
  readonly after: Row;
}

function compareRows(comparing: Comparing, { before, after }: RowPair): RowChange | undefined {
  const { seats, among, grants } = comparing;
  const old = new Map(before.map(({ grant, peers }) => [grants(grant), seats.fromBase(peers)]));
  const now = new Map(after.map(({ grant, peers }) => [grants(grant), seats.fromHead(peers)]));
  if (equalRows(old, now, among)) return undefined;
  const parts: Bits[] = [];
  const touched = emptyBits(seats.size);
  for (const [had, these] of withNone(old, among)) {
    for (const [has, those] of withNone(now, among)) {
      if (had === has) continue;
      const part = intersection(intersection(these, those), among);
      if (isEmpty(part)) continue;
      parts.push(part);
      addAll(touched, part);
    }
  }
  return parts.length === 0 ? undefined : { touched, parts };
}

/** The fast path: most rows are what they were. */
function equalRows(old: ReadonlyMap<number, Bits>, now: ReadonlyMap<number, Bits>, among: Bits): boolean {
  if (old.size !== now.size) return false;
  for (const [grant, these] of old) {
    const those = now.get(grant);
    if (those === undefined) return false;
    for (let i = 0; i < among.length; i++) if (((these[i]! ^ those[i]!) & among[i]!) !== 0) return false;
  }
  return true;
}

const NONE = -1;

function withNone(row: ReadonlyMap<number, Bits>, among: Bits): [number, Bits][] {
  let rest = among;
  for (const peers of row.values()) rest = difference(rest, peers);
  return [...row, [NONE, rest]];
}
