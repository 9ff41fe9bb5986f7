import { type AddressRange, type Cidr, type Family, HIGHEST, mergeRanges, subtractRanges } from '#base/address.ts';
import { addAll, addRange, type Bits, emptyBits, isEmpty } from '#base/bits.ts';
import type { ReasonCode } from '#model/reason.ts';
import { atomsWithin } from './atoms.ts';
import type { Doubt, PointSpan } from './form.ts';
import type { Point, World } from './world.ts';

/** Answers which points a block of addresses covers. Equal blocks are answered once. */
export interface AddressBook {
  covered(cidr: Cidr, except: readonly Cidr[]): PointSpan;
}

/** Whether a block covers the addresses of nodes and host-network pods: by address, or left open by the API. */
export type HostCover = 'yes' | 'undefined-by-api';

type Cover = 'all' | 'some' | 'none';

export function addressBookOf(world: World, coversHosts: HostCover): AddressBook {
  const pointsOfAtom = indexAtoms(world);
  const unaddressed = world.points.flatMap((point, index) => (point.kind !== 'external' && point.atom === undefined ? [index] : []));
  const answered = new Map<string, PointSpan>();
  return { covered };

  function covered(cidr: Cidr, except: readonly Cidr[]): PointSpan {
    const region = subtractRanges(cidr, mergeRanges(except));
    const key = region.map((range) => `${range.family} ${range.lo} ${range.hi}`).join(',');
    let span = answered.get(key);
    if (span === undefined) answered.set(key, (span = cover(region)));
    return span;
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
        for (const index of pointsOfAtom[range.family].get(atom) ?? []) admit(index, 'all');
      }
    }
    for (const index of unaddressed) admit(index, coverOf(world.points[index]!, region));
    return spanOf(must, doubtful);

    function admit(index: number, cover: Cover): void {
      if (cover === 'none') return;
      const reason = doubtOf(world.points[index]!, cover, coversHosts);
      let bits = must;
      if (reason !== undefined) {
        bits = doubtful.get(reason) ?? emptyBits(world.size);
        doubtful.set(reason, bits);
      }
      addRange(bits, index, index + 1);
    }
  }

  function coverOf(point: Point, region: readonly AddressRange[]): Cover {
    const own = region.filter((range) => range.family === point.facet);
    if (own.length === 0) return 'none';
    return coverOfRanges(possibleRanges(world, point), own);
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
  return left.length === possible.length && left.every((range, index) => range.lo === possible[index]!.lo && range.hi === possible[index]!.hi)
    ? 'none'
    : 'some';
}

function doubtOf(point: Point, cover: Cover, coversHosts: HostCover): ReasonCode | undefined {
  const host = point.kind === 'node' || point.hostNetwork;
  // "The plugin cannot properly distinguish hostNetwork pod traffic": whether their node's address is matched is open.
  if (host && coversHosts === 'undefined-by-api') return 'node-address-undefined';
  if (cover === 'all') return undefined;
  return point.kind === 'domain' ? 'domain-name' : 'pod-address-unknown';
}

function spanOf(must: Bits, doubtful: ReadonlyMap<ReasonCode, Bits>): PointSpan {
  if (doubtful.size === 0) return { must, may: must, doubts: [] };
  const may = must.slice();
  const doubts: Doubt[] = [];
  for (const [reason, points] of doubtful) {
    if (isEmpty(points)) continue;
    addAll(may, points);
    doubts.push({ reason, points });
  }
  return { must, may, doubts };
}

function whole(family: Family): AddressRange {
  return { family, lo: 0n, hi: HIGHEST[family] };
}

/** Points of known address by family and atom, outside addresses left out: they are found by their index. */
function indexAtoms(world: World): Readonly<Record<Family, ReadonlyMap<number, readonly number[]>>> {
  const index: Record<Family, Map<number, number[]>> = { 4: new Map(), 6: new Map() };
  for (const [number, point] of world.points.entries()) {
    if (point.kind === 'external' || point.atom === undefined) continue;
    const list = index[point.facet].get(point.atom);
    if (list === undefined) index[point.facet].set(point.atom, [number]);
    else list.push(number);
  }
  return index;
}
