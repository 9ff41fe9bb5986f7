import { addAll, addBit, addCommon, type Bits, countBits, emptyBits, hasBit, intersection, isEmpty, removeAll, union } from '#base/bits.ts';
import type { Grant } from './grants.ts';
import type { Reach } from './reach.ts';
import { grantIn, type Row, type RowEntry } from './rows.ts';

/** What one point may send, by grant. Peers of different entries are disjoint; those in none get nothing. */
export interface Sent {
  readonly from: number;
  readonly to: readonly RowEntry[];
}

/**
 * The whole reachability relation, source by source, both directions met. Destinations that share an ingress row are
 * handled together, and each row only where it differs from what it gives most peers, so the cost follows the number
 * of distinct exceptions and not the number of pairs. Yields every point once, in order.
 */
export function* allPairs(reach: Reach): Generator<Sent> {
  const groups = groupsOf(reach);
  const base = baseOf(groups, reach.world.size);
  for (let word = 0; word * 32 < reach.world.size; word++) {
    const exceptions = exceptionsAt(groups, word);
    const end = Math.min(32, reach.world.size - word * 32);
    for (let bit = 0; bit < end; bit++) {
      const from = word * 32 + bit;
      yield { from, to: send(reach, from, { base, exceptions: exceptions[bit]! }) };
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

interface Exception {
  readonly group: Group;
  readonly grant: Grant;
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
  const usual = entries.reduce((best, entry) => (countBits(entry.peers) > countBits(best.peers) ? entry : best));
  return { members, list, usual: usual.grant, others: entries.filter((entry) => entry !== usual) };
}

/** What every source gets unless a group makes an exception for it. */
function baseOf(groups: readonly Group[], size: number): RowEntry[] {
  const byGrant = new Map<Grant, Bits>();
  for (const { usual, members } of groups) {
    const bits = byGrant.get(usual) ?? emptyBits(size);
    byGrant.set(usual, bits);
    addAll(bits, members);
  }
  return [...byGrant].map(([grant, peers]) => ({ grant, peers }));
}

/** The exceptions for 32 sources at once: one machine word of every row. */
function exceptionsAt(groups: readonly Group[], word: number): Exception[][] {
  const out: Exception[][] = Array.from({ length: 32 }, () => []);
  for (const group of groups) {
    for (const { grant, peers } of group.others) {
      let rest = peers[word]!;
      while (rest !== 0) {
        out[31 - Math.clz32(rest & -rest)]!.push({ group, grant });
        rest &= rest - 1;
      }
    }
  }
  return out;
}

interface Incoming {
  readonly base: readonly RowEntry[];
  readonly exceptions: readonly Exception[];
}

function send(reach: Reach, from: number, { base, exceptions }: Incoming): RowEntry[] {
  const { grants, world } = reach;
  const egress = reach.egress.rows[from]!;
  const reachable = speakingTo(reach, from);
  const out = new Map<Grant, Bits>();
  const usual = reachable.slice();
  for (const { group } of exceptions) removeMembers(usual, group);
  for (const sent of egress) {
    for (const admitted of base) {
      const grant = grants.meet(sent.grant, admitted.grant);
      if (grant !== grants.none) addCommon(bitsFor(grant), intersection(sent.peers, admitted.peers), usual);
    }
  }
  for (const { group, grant } of exceptions) {
    if (grant !== grants.none) sendToGroup(group, grant);
  }
  return [...out].filter(([, peers]) => !isEmpty(peers)).map(([grant, peers]) => ({ grant, peers }));

  function bitsFor(grant: Grant): Bits {
    let bits = out.get(grant);
    if (bits === undefined) out.set(grant, (bits = emptyBits(world.size)));
    return bits;
  }

  function sendToGroup(group: Group, admitted: Grant): void {
    for (const to of group.list) {
      if (!hasBit(reachable, to)) continue;
      const grant = grants.meet(grantIn(egress, to, grants), admitted);
      if (grant !== grants.none) addBit(bitsFor(grant), to);
    }
  }
}

function removeMembers(bits: Bits, group: Group): void {
  if (group.list.length === 1) bits[group.list[0]! >>> 5]! &= ~(1 << (group.list[0]! & 31));
  else removeAll(bits, group.members);
}

/** Points that have an address family in common with a point. */
function speakingTo({ world }: Reach, from: number): Bits {
  const { families } = world.points[from]!;
  if (families === 3) return union(world.speaks[4], world.speaks[6]);
  return families === 1 ? world.speaks[4] : world.speaks[6];
}
