import { type AddressRange, type Cidr, type Family, HIGHEST, mergeRanges, subtractRanges } from '#base/address.ts';
import { addAll, addBit, addRange, type Bits, copyBits, emptyBits, union } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { ReasonCode } from '#model/reason.ts';
import { atomsWithin } from './atoms.ts';
import type { Doubt, PointSpan } from './form.ts';
import type { Point, World } from './world.ts';

/** Answers which points a block of addresses covers. Equal blocks are answered once. */
export interface AddressBook {
  covered(cidr: Cidr, except: readonly Cidr[]): PointSpan;
  /** Blocks of one rule together: an address that may be anywhere in two halves is surely in one of them. */
  coveredByAny(blocks: readonly Block[]): PointSpan;
}

export interface Block {
  readonly cidr: AddressRange;
  readonly except: readonly Cidr[];
}

/** Whether a block covers addresses of the cluster's own: of nodes and host-network pods, and of other pods. */
export interface OwnCover {
  readonly hosts: 'yes' | 'no' | 'undefined-by-api';
  readonly pods: 'yes' | 'no';
}

/** An address is an address, whoever has it. */
export const COVERS_ALL: OwnCover = { hosts: 'yes', pods: 'yes' };

type Cover = 'all' | 'some' | 'none';

export function addressBookOf(world: World, own: OwnCover): AddressBook {
  const pointsOfAtom = indexAtoms(world);
  const unaddressed = groupUnaddressed(world);
  const answered = new Map<string, PointSpan>();
  return { covered: (cidr, except) => coveredByAny([{ cidr, except }]), coveredByAny };

  function coveredByAny(blocks: readonly Block[]): PointSpan {
    const region = mergeRanges(blocks.flatMap(({ cidr, except }) => subtractRanges(cidr, mergeRanges(except))));
    const key = region.map((range) => `${range.family} ${range.lo} ${range.hi}`).join(',');
    return remembered(answered, key, () => cover(region));
  }

  function cover(region: readonly AddressRange[]): PointSpan {
    const must = emptyBits(world.size);
    const doubtful = new Map<ReasonCode, Bits>();
    for (const range of region) {
      // INVARIANT: the world was cut by every range that a policy mentions, so a region is a union of atoms.
      const [first, end] = atomsWithin(world.atoms[range.family], range)!;
      const base = world.firstExternal[range.family];
      addRange(must, base + first, base + end);
      for (let atom = first; atom < end; atom++) {
        for (const group of pointsOfAtom[range.family].get(atom) ?? []) admit(group, 'all');
      }
    }
    for (const group of unaddressed) admit(group, coverOf(group.sample, region));
    return spanOf(must, doubtful);

    function admit(group: Alike, cover: Cover): void {
      if (cover === 'none' || isLeftOut(group.sample, own)) return;
      const reason = doubtOf(group.sample, cover, own);
      if (reason === undefined) addAll(must, group.points);
      else doubtful.set(reason, union(doubtful.get(reason) ?? world.nothing, group.points));
    }
  }

  function coverOf(point: Point, region: readonly AddressRange[]): Cover {
    const own = region.filter((range) => range.family === point.facet);
    return own.length === 0 ? 'none' : coverOfRanges(possibleRanges(world, point), own);
  }
}

/** Where a point of unknown address may be: a pod in the pod ranges, anything else anywhere. */
function possibleRanges(world: World, point: Point): readonly AddressRange[] {
  const onPodNetwork = point.kind === 'pod' && !point.hostNetwork;
  const ranges = onPodNetwork ? world.podRanges.filter((range) => range.family === point.facet) : [];
  return ranges.length > 0 ? ranges : [whole(point.facet)];
}

function coverOfRanges(possible: readonly AddressRange[], region: readonly AddressRange[]): Cover {
  const left = possible.flatMap((range) => subtractRanges(range, region));
  if (left.length === 0) return 'all';
  return left.length === possible.length &&
    left.every((range, index) => range.lo === possible[index]!.lo && range.hi === possible[index]!.hi)
    ? 'none'
    : 'some';
}

function isLeftOut(point: Point, { hosts, pods }: OwnCover): boolean {
  return isHost(point) ? hosts === 'no' : point.kind === 'pod' && pods === 'no';
}

function doubtOf(point: Point, cover: Cover, { hosts }: OwnCover): ReasonCode | undefined {
  // "The plugin cannot properly distinguish hostNetwork pod traffic": whether their node's address is matched is open.
  if (isHost(point) && hosts === 'undefined-by-api') return 'node-address-undefined';
  if (cover === 'all') return undefined;
  return point.kind === 'domain' ? 'domain-name' : 'pod-address-unknown';
}

function spanOf(must: Bits, doubtful: ReadonlyMap<ReasonCode, Bits>): PointSpan {
  if (doubtful.size === 0) return { must, may: must, doubts: [] };
  const may = copyBits(must);
  const doubts: Doubt[] = [];
  for (const [reason, points] of doubtful) {
    addAll(may, points);
    doubts.push({ reason, points });
  }
  return { must, may, doubts };
}

function whole(family: Family): AddressRange {
  return { family, lo: 0n, hi: HIGHEST[family] };
}

/** Points that no block tells apart. */
interface Alike {
  readonly sample: Point;
  readonly points: Bits;
}

function isHost(point: Point): boolean {
  return point.kind === 'node' || point.hostNetwork;
}

/** Points of known address by family and atom, outside addresses left out: they are found by their index. */
function indexAtoms(world: World): Readonly<Record<Family, ReadonlyMap<number, readonly Alike[]>>> {
  const index: Record<Family, Map<number, Alike[]>> = { 4: new Map(), 6: new Map() };
  for (const [number, point] of world.points.entries()) {
    if (point.kind === 'external' || point.atom === undefined) continue;
    const groups = index[point.facet].get(point.atom) ?? [];
    index[point.facet].set(point.atom, groups);
    addAlike(groups, { world, number }, (sample) => isHost(sample) === isHost(point));
  }
  return index;
}

function groupUnaddressed(world: World): readonly Alike[] {
  const groups: Alike[] = [];
  for (const [number, point] of world.points.entries()) {
    if (point.kind === 'external' || point.atom !== undefined) continue;
    const alike = (sample: Point) =>
      sample.kind === point.kind && sample.facet === point.facet && isHost(sample) === isHost(point);
    addAlike(groups, { world, number }, alike);
  }
  return groups;
}

function addAlike(
  groups: Alike[],
  { world, number }: { world: World; number: number },
  alike: (sample: Point) => boolean,
): void {
  let group = groups.find(({ sample }) => alike(sample));
  if (group === undefined) {
    group = { sample: world.points[number]!, points: emptyBits(world.size) };
    groups.push(group);
  }
  addBit(group.points, number);
}
