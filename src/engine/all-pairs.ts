import {
  addAll,
  addBit,
  addCommon,
  type Bits,
  copyBits,
  countBits,
  emptyBits,
  emptyWords,
  intersection,
  intersects,
  isEmpty,
  removeAll,
  setCommon,
} from '#base/bits.ts';
import type { Grant } from './grants.ts';
import type { Reach } from './reach.ts';
import type { Row, RowEntry } from './rows.ts';

/** What one point may send, by grant. Peers of different entries are disjoint; those in none get nothing. */
export interface Sent {
  readonly from: number;
  readonly to: readonly RowEntry[];
}

/** Sources are handled so many words of 32 at a time, which bounds the list of exceptions held at once. */
const STRETCH = 64;

/**
 * The whole reachability relation, source by source, both directions met. Destinations that share an ingress row are
 * handled together, and each row only where it differs from what it gives most peers, so the cost follows the number
 * of distinct exceptions and not the number of pairs. Yields every point once, in order.
 */
export function* allPairs(reach: Reach): Generator<Sent> {
  const { size } = reach.world;
  const groups = groupsOf(reach);
  const exceptions = exceptionsOf(groups);
  const room = roomFor(size);
  const base = baseOf(groups, size);
  for (let first = 0; first * 32 < size; first += STRETCH) {
    const index = indexBySource(exceptions, first);
    const end = Math.min(STRETCH * 32, size - first * 32);
    for (let offset = 0; offset < end; offset++) {
      const from = first * 32 + offset;
      const incoming = incomingAt(reach, exceptions, { index, offset, room });
      yield { from, to: send(reach, from, { base, incoming, room }) };
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

/** A group that gives some sources not its usual grant but another. */
interface Exception {
  readonly group: Group;
  readonly grant: Grant;
  readonly sources: Bits;
  /** The only member of the group; -1 where it has more. */
  readonly only: number;
}

/** Sets to work in. */
interface Room {
  readonly usual: Bits;
  readonly others: Bits;
  readonly excepted: Bits;
  /** Empty sets for what a source is admitted with. */
  readonly spare: Bits[];
}

/** What one source gets from groups that make an exception for it. */
interface Incoming {
  /** Members of all those groups. */
  readonly excepted: Bits;
  readonly admitted: RowEntry[];
}

function roomFor(size: number): Room {
  return { usual: emptyBits(size), others: emptyBits(size), excepted: emptyBits(size), spare: [] };
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
  const rest = copyBits(world.everything);
  for (const entry of row) removeAll(rest, entry.peers);
  const entries = isEmpty(rest) ? row : [...row, { grant: grants.none, peers: rest }];
  const counts = entries.map((entry) => countBits(entry.peers));
  const usual = entries[counts.indexOf(Math.max(...counts))]!;
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

function exceptionsOf(groups: readonly Group[]): Exception[] {
  return groups.flatMap((group) => {
    const only = group.list.length === 1 ? group.list[0]! : -1;
    return group.others.map(({ grant, peers }): Exception => ({ group, grant, sources: peers, only }));
  });
}

/** For each source of a stretch the numbers of its exceptions: `list[starts[offset]] … list[starts[offset + 1] - 1]`. */
interface SourceIndex {
  readonly starts: Int32Array;
  readonly list: Int32Array;
}

/** A counting sort: one pass to count, one to place. */
function indexBySource(exceptions: readonly Exception[], first: number): SourceIndex {
  const starts = new Int32Array(STRETCH * 32 + 1);
  for (const { sources } of exceptions) countSources(sources, first, starts);
  for (let offset = 1; offset < starts.length; offset++) starts[offset]! += starts[offset - 1]!;
  const list = new Int32Array(starts[starts.length - 1]!);
  const next = starts.slice();
  for (const [number, { sources }] of exceptions.entries()) placeSources(sources, first, { next, list, number });
  return { starts, list };
}

function countSources(sources: Bits, first: number, starts: Int32Array): void {
  const end = Math.min(STRETCH, sources.length - first);
  for (let word = 0; word < end; word++) {
    let rest = sources[first + word]!;
    while (rest !== 0) {
      starts[word * 32 + 32 - Math.clz32(rest & -rest)]!++;
      rest &= rest - 1;
    }
  }
}

interface Placing {
  readonly next: Int32Array;
  readonly list: Int32Array;
  readonly number: number;
}

function placeSources(sources: Bits, first: number, { next, list, number }: Placing): void {
  const end = Math.min(STRETCH, sources.length - first);
  for (let word = 0; word < end; word++) {
    let rest = sources[first + word]!;
    while (rest !== 0) {
      const offset = word * 32 + 31 - Math.clz32(rest & -rest);
      list[next[offset]!++] = number;
      rest &= rest - 1;
    }
  }
}

interface At {
  readonly index: SourceIndex;
  readonly offset: number;
  readonly room: Room;
}

function incomingAt(reach: Reach, exceptions: readonly Exception[], { index, offset, room }: At): Incoming {
  const admitted: RowEntry[] = [];
  const { excepted } = room;
  const { none } = reach.grants;
  for (let i = index.starts[offset]!; i < index.starts[offset + 1]!; i++) {
    const exception = exceptions[index.list[i]!]!;
    addMembers(excepted, exception);
    if (exception.grant !== none) addMembers(admittedWith(admitted, exception.grant, room), exception);
  }
  return { excepted, admitted };
}

function admittedWith(admitted: RowEntry[], grant: Grant, room: Room): Bits {
  for (const entry of admitted) if (entry.grant === grant) return entry.peers;
  const peers = room.spare.pop() ?? emptyWords(room.usual.length);
  admitted.push({ grant, peers });
  return peers;
}

function addMembers(bits: Bits, { only, group }: Exception): void {
  if (only >= 0) addBit(bits, only);
  else if (group.list.length > bits.length) addAll(bits, group.members);
  else for (const member of group.list) addBit(bits, member);
}

interface Meeting {
  readonly base: readonly RowEntry[];
  readonly incoming: Incoming;
  readonly room: Room;
}

/** Meets what groups admit from one source with what its own egress row lets out. */
function send(reach: Reach, from: number, { base, incoming, room }: Meeting): RowEntry[] {
  const reachable = speakingTo(reach, from);
  const out: { readonly grant: Grant; readonly peers: Bits }[] = [];
  for (const sent of reach.egress.rows[from]!) {
    setCommon(room.usual, sent.peers, reachable);
    setCommon(room.others, room.usual, incoming.excepted);
    removeAll(room.usual, incoming.excepted);
    for (const entry of incoming.admitted)
      addMet(reach, out, { sent: sent.grant, admitted: entry, among: room.others });
    for (const entry of base) addMet(reach, out, { sent: sent.grant, admitted: entry, among: room.usual });
  }
  giveBack(incoming, room);
  return out;
}

function giveBack({ excepted, admitted }: Incoming, { spare }: Room): void {
  excepted.fill(0);
  for (const { peers } of admitted) spare.push(peers.fill(0));
}

interface Met {
  readonly sent: Grant;
  readonly admitted: RowEntry;
  readonly among: Bits;
}

function addMet(
  { grants }: Reach,
  out: { readonly grant: Grant; readonly peers: Bits }[],
  { sent, admitted, among }: Met,
): void {
  const grant = grants.meet(sent, admitted.grant);
  if (grant === grants.none || !intersects(among, admitted.peers)) return;
  const entry = out.find((each) => each.grant === grant);
  if (entry === undefined) out.push({ grant, peers: intersection(among, admitted.peers) });
  else addCommon(entry.peers, among, admitted.peers);
}

/** Points that have an address family in common with a point. */
function speakingTo({ world }: Reach, from: number): Bits {
  const { families } = world.points[from]!;
  if (families === 3) return world.everything;
  return families === 1 ? world.speaks[4] : world.speaks[6];
}
