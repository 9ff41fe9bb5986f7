import { type AddressRange, formatRange, mergeRanges, parseAddress, subtractRanges } from '#base/address.ts';
import { atomRange } from '#engine/atoms.ts';
import type { Point, World } from '#engine/world.ts';
import type { EndpointEntry } from '#model/answers.ts';
import type { Aligned } from './align.ts';

/** One endpoint as both inputs have it, or as the only one that has it. */
export interface Twin {
  readonly entry: EndpointEntry;
  readonly presence: Presence;
  /** Twins of one family of twins may be told as one where no change tells them apart; empty: told alone. */
  readonly kin: string;
  readonly ranges: readonly AddressRange[];
  readonly facets: readonly Facet[];
}

export type Presence = 'both' | 'base' | 'head';

/** Points of both worlds that stand for the same thing: the same address, or all that the endpoint has in a family. */
export interface Facet {
  readonly families: number;
  readonly base: readonly number[];
  readonly head: readonly number[];
}

/**
 * The endpoints of both inputs, matched: outside addresses by atom, nodes and workloads by id, and the pods of a
 * workload that policies tell apart by name. Ids of the last are those of the workload; `merge.ts` numbers the parts.
 */
export function twinsOf(aligned: Aligned): Twin[] {
  return [...outsideTwins(aligned), ...nodeTwins(aligned), ...workloadTwins(aligned)];
}

// ---------------------------------------------------------------- outside

/** Addresses that a pod or node of either input owns are that endpoint's and not outside. */
function outsideTwins({ base, head }: Aligned): Twin[] {
  const owned = mergeRanges([...ownedAddresses(base.world), ...ownedAddresses(head.world)]);
  const out: Twin[] = [];
  for (const family of [4, 6] as const) {
    const atoms = base.world.atoms[family];
    for (const atom of atoms.starts.keys()) {
      const ranges = subtractRanges(atomRange(atoms, atom), owned);
      if (ranges.length === 0) continue;
      const facet: Facet = {
        families: family === 4 ? 1 : 2,
        base: [base.world.firstExternal[family] + atom],
        head: [head.world.firstExternal[family] + atom],
      };
      out.push({
        entry: { id: 'external', kind: 'external' },
        presence: 'both',
        kin: 'external',
        ranges,
        facets: [facet],
      });
    }
  }
  return out;
}

function ownedAddresses(world: World): AddressRange[] {
  const out: AddressRange[] = [];
  for (const { addresses } of [...world.units, ...world.nodes]) {
    for (const text of addresses) {
      const address = parseAddress(text);
      if (address !== undefined) out.push({ family: address.family, lo: address.value, hi: address.value });
    }
  }
  return out;
}

export function rangesText(ranges: readonly AddressRange[]): string[] {
  return mergeRanges(ranges).flatMap(formatRange);
}

// ---------------------------------------------------------------- nodes

function nodeTwins(aligned: Aligned): Twin[] {
  const before = nodesOf(aligned.base.world);
  const after = nodesOf(aligned.head.world);
  return unionOfKeys(before, after).map((id) =>
    twinOf(aligned, { id, kin: '', base: before.get(id), head: after.get(id) }),
  );
}

function nodesOf({ nodes, pointsOfNode }: World): Map<string, Side> {
  const sides = nodes.map(({ name, origin }, index): [string, Side] => {
    const id = `node:${name}`;
    return [id, { entry: { id, kind: 'node', name, origin }, points: pointsOfNode[index]! }];
  });
  return new Map(sides);
}

/** One endpoint in one input. */
interface Side {
  readonly entry: EndpointEntry;
  readonly points: readonly number[];
}

interface Match {
  readonly id: string;
  readonly kin: string;
  readonly base: Side | undefined;
  readonly head: Side | undefined;
  readonly pods?: readonly string[];
}

function twinOf({ base, head }: Aligned, match: Match): Twin {
  const entry = (match.head ?? match.base)!.entry;
  return {
    entry: match.pods === undefined ? entry : { ...entry, pods: match.pods },
    presence: match.base === undefined ? 'head' : match.head === undefined ? 'base' : 'both',
    kin: match.kin,
    ranges: [],
    facets: facetsOf(
      { world: base.world, points: match.base?.points ?? [] },
      { world: head.world, points: match.head?.points ?? [] },
    ),
  };
}

function unionOfKeys(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].sort();
}

// ---------------------------------------------------------------- workloads

/** The pods of a workload that stand on the same points. */
interface Part {
  readonly points: readonly number[];
  readonly pods: readonly string[];
}

interface Owned {
  readonly entry: EndpointEntry;
  readonly points: readonly number[];
  readonly parts: readonly Part[];
}

function workloadTwins(aligned: Aligned): Twin[] {
  const before = ownersOf(aligned.base.world);
  const after = ownersOf(aligned.head.world);
  return unionOfKeys(before, after).flatMap((id) => twinsOfOwner(aligned, before.get(id), after.get(id)));
}

function ownersOf(world: World): Map<string, Owned> {
  const parts = partsByOwner(world);
  const out = new Map<string, Owned>();
  for (const [index, { id, namespace, kind, name, origin }] of world.owners.entries()) {
    const points = world.pointsOfOwner[index]!;
    const own = [...parts[index]!.values()];
    if (points.length === 0) continue;
    const { hostNetwork } = world.points[points[0]!]!;
    const pods = own.flatMap((part) => part.pods);
    out.set(id, {
      entry: { id, kind: 'workload', namespace, name, workload: kind, pods, hostNetwork, origin },
      points,
      parts: own,
    });
  }
  return out;
}

function partsByOwner(world: World): Map<string, { points: readonly number[]; pods: string[] }>[] {
  const pointsOfUnit: number[][] = world.units.map(() => []);
  for (const [index, { units }] of world.points.entries()) for (const unit of units) pointsOfUnit[unit]!.push(index);
  const parts = world.owners.map(() => new Map<string, { points: readonly number[]; pods: string[] }>());
  for (const [unit, { owner, pod }] of world.units.entries()) {
    const points = pointsOfUnit[unit]!;
    const key = points.join();
    const part = parts[owner]!.get(key) ?? { points, pods: [] };
    parts[owner]!.set(key, part);
    if (pod !== undefined) part.pods.push(pod);
  }
  return parts;
}

function twinsOfOwner(aligned: Aligned, base: Owned | undefined, head: Owned | undefined): Twin[] {
  const { id } = (head ?? base)!.entry;
  if ((base?.parts.length ?? 1) === 1 && (head?.parts.length ?? 1) === 1)
    return [twinOf(aligned, { id, kin: '', base, head })];
  return matchParts(base, head).map(({ before, after, pods }) => {
    const side = (owned: Owned | undefined, points: readonly number[] | undefined) =>
      owned && { entry: owned.entry, points: points ?? owned.points };
    return twinOf(aligned, { id, kin: id, base: side(base, before?.points), head: side(head, after?.points), pods });
  });
}

interface PartMatch {
  readonly before: Part | undefined;
  readonly after: Part | undefined;
  readonly pods: string[];
}

/**
 * Pods of one name are the same pod. Pods that only one input has are compared with all that the workload has in the
 * other one (`before` or `after` undefined): a replica more or less is no new endpoint.
 */
function matchParts(base: Owned | undefined, head: Owned | undefined): PartMatch[] {
  const before = partOfPod(base);
  const after = partOfPod(head);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const common = new Map<string, PartMatch>();
  for (const name of names) {
    const [b, a] = [before.get(name), after.get(name)];
    if (b !== undefined && a !== undefined) addPod(common, { before: b, after: a }, name);
  }
  const all = new Map(common);
  for (const name of names) {
    const [b, a] = [before.get(name), after.get(name)];
    if (b !== undefined && a !== undefined) continue;
    const same = [...common.values()].find((match) => (b ?? a) === (b === undefined ? match.after : match.before));
    if (same === undefined) addPod(all, { before: b, after: a }, name);
    else same.pods.push(name);
  }
  // A template has no pod, and so no name: it is what the pods of the other input are compared with.
  return all.size > 0 ? [...all.values()] : [{ before: undefined, after: undefined, pods: [] }];
}

function partOfPod(owned: Owned | undefined): Map<string, Part> {
  return new Map((owned?.parts ?? []).flatMap((part) => part.pods.map((pod): [string, Part] => [pod, part])));
}

function addPod(matches: Map<string, PartMatch>, { before, after }: Omit<PartMatch, 'pods'>, pod: string): void {
  const key = `${before?.points.join()} ${after?.points.join()}`;
  const match = matches.get(key) ?? { before, after, pods: [] };
  matches.set(key, match);
  match.pods.push(pod);
}

// ---------------------------------------------------------------- facets

interface Stand {
  readonly world: World;
  readonly points: readonly number[];
}

/** Point by point where both sides have the same addresses, else by family: all that one side has against all of the other. */
function facetsOf(base: Stand, head: Stand): Facet[] {
  if (head.points.length === 0)
    return base.points.map((point) => ({ families: base.world.points[point]!.families, base: [point], head: [] }));
  if (base.points.length === 0)
    return head.points.map((point) => ({ families: head.world.points[point]!.families, base: [], head: [point] }));
  const before = byAddress(base);
  const after = byAddress(head);
  const alike =
    before.size === after.size &&
    before.size === base.points.length &&
    after.size === head.points.length &&
    [...before.keys()].every((key) => after.has(key));
  if (alike)
    return [...before].map(([key, point]) => ({
      families: base.world.points[point]!.families,
      base: [point],
      head: [after.get(key)!],
    }));
  const facets = [1, 2].map((families) => ({
    families,
    base: speaking(base, families),
    head: speaking(head, families),
  }));
  return facets.filter((facet) => facet.base.length + facet.head.length > 0);
}

function byAddress({ world, points }: Stand): Map<string, number> {
  return new Map(points.map((point) => [addressKey(world.points[point]!), point]));
}

function addressKey({ facet, families, atom }: Point): string {
  return `${facet} ${families} ${atom ?? ''}`;
}

function speaking({ world, points }: Stand, families: number): number[] {
  return points.filter((point) => (world.points[point]!.families & families) !== 0);
}
