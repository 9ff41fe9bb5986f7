import { addAll, addBit, addCommon, type Bits, countBits, emptyBits, intersection, intersects, isEmpty, removeAll } from '#base/bits.ts';
import type { Grant } from './grants.ts';
import type { Reach } from './reach.ts';
import type { Row, RowEntry } from './rows.ts';

/** What one point may send, by grant. Peers of different entries are disjoint; those in none get nothing. */
export interface Sent {
  readonly from: number;
  readonly to: readonly RowEntry[];
}

/** Sources are handled so many words of 32 at a time: rows are read in stretches that fit cache lines. */
const STRETCH = 32;

/**
 * The whole reachability relation, source by source, both directions met. Destinations that share an ingress row are
 * handled together, and each row only where it differs from what it gives most peers, so the cost follows the number
 * of distinct exceptions and not the number of pairs. Yields every point once, in order.
 */
export function* allPairs(reach: Reach): Generator<Sent> {
  const groups = groupsOf(reach);
  const meeting: Meeting = { reach, groups, base: baseOf(groups, reach.world.size), room: new Map() };
  const { size } = reach.world;
  for (let first = 0; first * 32 < size; first += STRETCH) {
    const exceptions = exceptionsAt(groups, first);
    const end = Math.min(STRETCH * 32, size - first * 32);
    for (let offset = 0; offset < end; offset++) {
      const from = first * 32 + offset;
      yield { from, to: send(meeting, from, exceptions[offset]!) };
    }
  }
}

/** Destinations with one ingress row. */
interface Group {
  readonly members: Bits;
  readonly list: readonly number[];
  /** What most peers get from it. */
  readonly usual: Grant;
  /** What the other peers get. */
  readonly others: readonly RowEntry[];
}

/** An exception: this group gives this source not its usual grant but another. */
interface Exception {
  readonly group: Group;
  readonly grant: Grant;
}

interface Meeting {
  readonly reach: Reach;
  readonly groups: readonly Group[];
  /** What every source gets unless a group makes an exception for it. */
  readonly base: readonly RowEntry[];
  /** Sets to work in, by grant; empty between two sources. */
  readonly room: Map<Grant, Bits>;
}

function groupsOf(reach: Reach): Group[] {
  const lists = new Map<Row, number[]>();
  for (const [point, row] of reach.ingress.rows.entries()) {
    const list = lists.get(row);
    if (list === undefined) lists.set(row, [point]);
    else list.push(point);
  }
  return [...lists].map(([row, list]) => groupOf(reach, row, list));
}

function groupOf({ world, grants }: Reach, row: Row, list: readonly number[]): Group {
  const members = emptyBits(world.size);
  for (const point of list) addBit(members, point);
  const rest = world.everything.slice();
  for (const entry of row) removeAll(rest, entry.peers);
  const entries = isEmpty(rest) ? row : [...row, { grant: grants.none, peers: rest }];
  const counts = entries.map((entry) => countBits(entry.peers));
  const usual = entries[counts.indexOf(Math.max(...counts))]!;
  return { members, list, usual: usual.grant, others: entries.filter((entry) => entry !== usual) };
}

function baseOf(groups: readonly Group[], size: number): RowEntry[] {
  const byGrant = new Map<Grant, Bits>();
  for (const { usual, members } of groups) {
    const bits = byGrant.get(usual) ?? emptyBits(size);
    byGrant.set(usual, bits);
    addAll(bits, members);
  }
  return [...byGrant].map(([grant, peers]) => ({ grant, peers }));
}

function exceptionsAt(groups: readonly Group[], first: number): Exception[][] {
  const out: Exception[][] = Array.from({ length: STRETCH * 32 }, () => []);
  for (const group of groups) {
    for (const { grant, peers } of group.others) {
      const exception: Exception = { group, grant };
      const end = Math.min(STRETCH, peers.length - first);
      for (let word = 0; word < end; word++) {
        let rest = peers[first + word]!;
        while (rest !== 0) {
          out[word * 32 + 31 - Math.clz32(rest & -rest)]!.push(exception);
          rest &= rest - 1;
        }
      }
    }
  }
  return out;
}

/** Meets what the groups admit from one source with what its own egress row lets out. */
function send(meeting: Meeting, from: number, exceptions: readonly Exception[]): RowEntry[] {
  const { reach, base } = meeting;
  const admitted = admittedBy(meeting, exceptions);
  const reachable = speakingTo(reach, from);
  const usual = reachable.slice();
  for (const { group } of exceptions) removeMembers(usual, group);
  const out = new Map<Grant, Bits>();
  for (const sent of reach.egress.rows[from]!) {
    const toUsual = intersection(sent.peers, usual);
    for (const entry of base) addMet(reach, out, { sent: sent.grant, admitted: entry, among: toUsual });
    const toOthers = intersection(sent.peers, reachable);
    for (const entry of admitted) addMet(reach, out, { sent: sent.grant, admitted: entry, among: toOthers });
  }
  for (const { peers } of admitted) peers.fill(0);
  return [...out].map(([grant, peers]) => ({ grant, peers }));
}

/** The members of excepted groups by what they admit. */
function admittedBy({ reach, room }: Meeting, exceptions: readonly Exception[]): readonly RowEntry[] {
  const used = new Map<Grant, Bits>();
  for (const { group, grant } of exceptions) {
    if (grant === reach.grants.none) continue;
    let bits = used.get(grant);
    if (bits === undefined) {
      bits = room.get(grant) ?? emptyBits(reach.world.size);
      room.set(grant, bits);
      used.set(grant, bits);
    }
    if (group.list.length > bits.length) addAll(bits, group.members);
    else for (const member of group.list) addBit(bits, member);
  }
  return [...used].map(([grant, peers]) => ({ grant, peers }));
}

interface Met {
  readonly sent: Grant;
  readonly admitted: RowEntry;
  readonly among: Bits;
}

function addMet({ grants }: Reach, out: Map<Grant, Bits>, { sent, admitted, among }: Met): void {
  const grant = grants.meet(sent, admitted.grant);
  if (grant === grants.none || !intersects(among, admitted.peers)) return;
  const bits = out.get(grant);
  if (bits === undefined) out.set(grant, intersection(among, admitted.peers));
  else addCommon(bits, among, admitted.peers);
}

function removeMembers(bits: Bits, group: Group): void {
  if (group.list.length > bits.length) return removeAll(bits, group.members);
  for (const member of group.list) bits[member >>> 5]! &= ~(1 << (member & 31));
}

/** Points that have an address family in common with a point. */
function speakingTo({ world }: Reach, from: number): Bits {
  const { families } = world.points[from]!;
  if (families === 3) return world.everything;
  return families === 1 ? world.speaks[4] : world.speaks[6];
}
