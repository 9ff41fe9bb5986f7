import { type AddressRange, formatRange, mergeRanges, parseCidr } from '#base/address.ts';
import { type Bits, bitsOf, countCommon, hasBit } from '#base/bits.ts';
import { meet, subtract, unite } from '#base/intervals.ts';
import { allPairs } from '#engine/all-pairs.ts';
import type { Engine } from '#engine/engine.ts';
import type { Grant } from '#engine/grants.ts';
import type { Connection, EndpointEntry, MapAnswer } from '#model/answers.ts';
import { NO_TRAFFIC } from '#model/traffic.ts';
import type { Placed } from '../endpoints.ts';
import { touchesInternet } from '../outside.ts';
import type { Scope } from '../scope.ts';
import { trafficEntries, trafficList } from '../traffic-list.ts';

/** What a folded endpoint stands for. */
interface Group {
  readonly entry: EndpointEntry;
  readonly members: number[];
  readonly isPods: boolean;
}

/** A group in the engine's terms: its points, and how many members stand on each that has several. */
interface Weighed {
  readonly points: Bits;
  /** The machine words of `points` that are not empty: a namespace is a short stretch. */
  readonly words: { readonly first: number; readonly end: number };
  readonly several: readonly { readonly point: number; readonly more: number }[];
}

/** Pairs of members of two groups, by what they may send. */
type Sum = Map<Grant, number>;

export interface FoldOptions {
  /** Namespaces that one end must be; empty: any. */
  readonly keep: ReadonlySet<string>;
  readonly scope: Scope;
}

/**
 * Namespaces in place of their workloads, nodes as one, outside addresses as public and private ones. Allowed is what
 * every pair of members may send; what only some may is mixed. Cost: rows × namespaces, never pairs of workloads.
 */
export function foldByNamespace(
  engine: Engine,
  all: readonly Placed[],
  { keep, scope }: FoldOptions,
): Pick<MapAnswer, 'endpoints' | 'connections'> {
  const groups = groupsOf(all);
  const weighed = groups.map((group) => weigh(engine, all, group));
  const sums = sumsOf(engine, all, { groups, weighed });
  const speech = [1, 2, 3].map((families) => bitsOf(engine.world.size, indexesSpeaking(engine.world.points, families)));
  const heard = weighed.map((group) => speech.map((bits) => countIn(group, bits)));
  const connections: Connection[] = [];
  for (const [from, row] of sums.entries()) {
    for (const [to, sum] of row.entries()) {
      const ends = { from: groups[from]!, to: groups[to]! };
      if (keep.size > 0 && !keep.has(ends.from.entry.name ?? '') && !keep.has(ends.to.entry.name ?? '')) continue;
      const connection = connectionOf(sum, { ...ends, possible: possiblePairs(heard[from]!, heard[to]!), scope });
      if (connection !== undefined) connections.push(connection);
    }
  }
  return { endpoints: groups.map(({ entry }) => entry), connections };
}

/** What endpoints are folded to, in the order of the folded map. */
export function foldedEndpoints(all: readonly Placed[]): readonly EndpointEntry[] {
  return groupsOf(all).map(({ entry }) => entry);
}

function groupsOf(all: readonly Placed[]): Group[] {
  const groups = new Map<string, Group>();
  for (const [index, { entry }] of all.entries()) {
    const folded = foldedEntry(entry);
    const group = groups.get(folded.id) ?? { entry: folded, members: [], isPods: folded.kind === 'namespace' };
    groups.set(folded.id, group);
    group.members.push(index);
  }
  return [...groups.values()].map((group) => ({ ...group, entry: described(group, all) }));
}

function foldedEntry(entry: EndpointEntry): EndpointEntry {
  if (entry.kind === 'node') return { id: 'nodes', kind: 'node', name: 'all nodes' };
  if (entry.kind !== 'external') return { id: `ns:${entry.namespace}`, kind: 'namespace', name: entry.namespace ?? '' };
  const isPublic = rangesOf(entry).some(touchesInternet);
  return { id: isPublic ? 'external:1' : 'external:2', kind: 'external' };
}

function described({ entry, members }: Group, all: readonly Placed[]): EndpointEntry {
  if (entry.kind === 'namespace') return { ...entry, members: members.length };
  if (entry.kind !== 'external') return entry;
  const ranges = mergeRanges(members.flatMap((index) => rangesOf(all[index]!.entry)));
  return { ...entry, ranges: ranges.flatMap(formatRange) };
}

function rangesOf({ ranges = [] }: EndpointEntry): AddressRange[] {
  return ranges.flatMap((text) => parseCidr(text)?.cidr ?? []);
}

function weigh({ world }: Engine, all: readonly Placed[], { members }: Group): Weighed {
  const counts = new Map<number, number>();
  for (const point of members.flatMap((index) => all[index]!.points)) counts.set(point, (counts.get(point) ?? 0) + 1);
  const several = [...counts].filter(([, count]) => count > 1).map(([point, count]) => ({ point, more: count - 1 }));
  const points = [...counts.keys()].sort((a, b) => a - b);
  const words = { first: points[0]! >>> 5, end: (points.at(-1)! >>> 5) + 1 };
  return { points: bitsOf(world.size, points), words, several };
}

function countIn({ points, words, several }: Weighed, peers: Bits): number {
  let count = countCommon(points, peers, words);
  for (const { point, more } of several) if (hasBit(peers, point)) count += more;
  return count;
}

interface Folded {
  readonly groups: readonly Group[];
  readonly weighed: readonly Weighed[];
}

function sumsOf(engine: Engine, all: readonly Placed[], { groups, weighed }: Folded): Sum[][] {
  const sums: Sum[][] = groups.map(() => groups.map(() => new Map()));
  const sources = new Map<number, Map<number, number>>();
  for (const [group, { members }] of groups.entries()) {
    for (const point of members.flatMap((index) => all[index]!.points)) {
      const counts = sources.get(point) ?? new Map<number, number>();
      sources.set(point, counts.set(group, (counts.get(group) ?? 0) + 1));
    }
  }
  for (const { from, to } of allPairs(engine.reach)) {
    for (const [group, own] of sources.get(from) ?? []) {
      for (const { grant, peers } of to)
        addRow({ sums: sums[group]!, groups, weighed }, { group, from, own, grant, peers });
    }
  }
  return sums;
}

interface Reached {
  readonly group: number;
  readonly from: number;
  /** Members of the group that stand on the source. */
  readonly own: number;
  readonly grant: Grant;
  readonly peers: Bits;
}

function addRow(
  { sums, groups, weighed }: { readonly sums: readonly Sum[] } & Folded,
  { group, from, own, grant, peers }: Reached,
): void {
  for (const [to, target] of weighed.entries()) {
    if (!groups[group]!.isPods && !groups[to]!.isPods) continue;
    // No member is paired with itself.
    const itself = to === group && hasBit(peers, from) ? own : 0;
    const pairs = own * countIn(target, peers) - itself;
    if (pairs > 0) sums[to]!.set(grant, (sums[to]!.get(grant) ?? 0) + pairs);
  }
}

/** Pairs of members that share an address family, each family for itself where a workload has a point for each. */
function possiblePairs(from: readonly number[], to: readonly number[]): number {
  let pairs = 0;
  for (const [a, own] of from.entries()) {
    for (const [b, other] of to.entries()) if (((a + 1) & (b + 1)) !== 0) pairs += own * other;
  }
  return from === to ? pairs - from.reduce((sum, count) => sum + count, 0) : pairs;
}

function* indexesSpeaking(points: Engine['world']['points'], families: number): Generator<number> {
  for (const [index, point] of points.entries()) if (point.families === families) yield index;
}

interface Ends {
  readonly from: Group;
  readonly to: Group;
  readonly possible: number;
  readonly scope: Scope;
}

function connectionOf(sum: Sum, { from, to, possible, scope }: Ends): Connection | undefined {
  let pairs = 0;
  let unknown = NO_TRAFFIC;
  let allowedByAll = scope.traffic;
  let allowedBySome = NO_TRAFFIC;
  let possibleBySome = NO_TRAFFIC;
  for (const [grant, count] of sum) {
    const allowed = meet(grant.allowed, scope.traffic);
    if (meet(grant.possible, scope.traffic).length > 0) pairs += count;
    allowedByAll = meet(allowedByAll, allowed);
    allowedBySome = unite(allowedBySome, allowed);
    possibleBySome = unite(possibleBySome, meet(grant.possible, scope.traffic));
    unknown = unite(unknown, subtract(meet(grant.possible, scope.traffic), allowed));
  }
  if (possibleBySome.length === 0) return undefined;
  const allowed = pairs === possible ? allowedByAll : NO_TRAFFIC;
  const why = `some of ${possible} pairs of workloads`;
  const mixed = trafficEntries(subtract(allowedBySome, allowed)).map((entry) => ({ ...entry, why }));
  const connection = {
    from: from.entry.id,
    to: to.entry.id,
    allowed: trafficList(allowed, scope.traffic),
    unknown: trafficEntries(unknown).map((entry) => ({ ...entry, reasons: [] })),
  };
  return mixed.length === 0 ? connection : { ...connection, mixed };
}
