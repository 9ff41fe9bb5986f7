import { type AddressRange, formatRange, mergeRanges, parseAddress } from '#base/address.ts';
import {
  addAll,
  addBit,
  type Bits,
  countBits,
  difference,
  emptyBits,
  intersection,
  isEmpty,
  isSubset,
  members,
  union,
} from '#base/bits.ts';
import { isNothing, meet, subtract } from '#base/intervals.ts';
import { atomRange } from '#engine/atoms.ts';
import type { Engine } from '#engine/engine.ts';
import type { Grant } from '#engine/grants.ts';
import { grantBetween } from '#engine/reach.ts';
import { externalPoint, type World } from '#engine/world.ts';
import type { ExposeAnswer } from '#model/answers.ts';
import type { Direction } from '#model/resource.ts';
import { ALL_PORTS } from '#model/traffic.ts';
import { internetPoints, METADATA_ADDRESSES, privatePoints } from '../outside.ts';
import { trafficList } from '../traffic-list.ts';

type ReachEntry = ExposeAnswer['reach'][number];

/**
 * What pod policy alone lets pass between workloads and what is not a workload: the internet, private networks, nodes
 * and (outbound) the metadata endpoints. Nothing here says that a way exists; `exposures` do.
 */
export function outsideReach(engine: Engine): ReachEntry[] {
  const sides = sidesOf(engine.world);
  return engine.world.owners.flatMap(({ id }, owner) => {
    const points = engine.world.pointsOfOwner[owner]!;
    return [
      ...sides.flatMap((side) => entriesOf(engine, { id, points, side, direction: 'ingress' })),
      ...sides.flatMap((side) => entriesOf(engine, { id, points, side, direction: 'egress' })),
      ...metadataEntries(engine, id, points),
    ];
  });
}

/** A group of points that is told of by one name where all of it gets the same. */
interface OutsideGroup {
  readonly points: Bits;
  /** By the points that a workload could speak with at all. */
  nameOf(part: Bits, speakable: Bits): string;
}

function sidesOf(world: World): OutsideGroup[] {
  const internet = internetPoints(world);
  const nodes = emptyBits(world.size);
  for (const point of world.pointsOfNode.flat()) addBit(nodes, point);
  return [
    {
      points: internet,
      nameOf: (part, speakable) => nameOfRanges(world, 'internet', { part, whole: intersection(internet, speakable) }),
    },
    // An address that is partly on the internet is told of there.
    privateGroup(world, difference(privatePoints(world), internet)),
    { points: nodes, nameOf: (part) => nameOfNodes(world, part, nodes) },
  ];
}

function privateGroup(world: World, points: Bits): OutsideGroup {
  return {
    points,
    nameOf: (part, speakable) =>
      nameOfRanges(world, 'private networks', { part, whole: intersection(points, speakable) }),
  };
}

interface Asked {
  readonly id: string;
  readonly points: readonly number[];
  readonly side: OutsideGroup;
  readonly direction: Direction;
}

function entriesOf(engine: Engine, { id, points, side, direction }: Asked): ReachEntry[] {
  const { world, reach } = engine;
  const byGrant = new Map<Grant, Bits>();
  let speakable = emptyBits(world.size);
  for (const point of points) {
    const others = intersection(side.points, world.speaks[world.points[point]!.facet]);
    speakable = union(speakable, others);
    const rest = others.slice();
    for (const { grant, peers } of reach[direction].rows[point]!) {
      const hit = intersection(rest, peers);
      if (isEmpty(hit)) continue;
      const known = byGrant.get(grant);
      if (known === undefined) byGrant.set(grant, hit);
      else addAll(known, hit);
    }
  }
  return [...byGrant].flatMap(([grant, part]) => {
    const other = side.nameOf(part, speakable);
    return entryOf(direction === 'ingress' ? { from: other, to: id } : { from: id, to: other }, grant);
  });
}

function entryOf(ends: { readonly from: string; readonly to: string }, { allowed, possible }: Grant): ReachEntry[] {
  const certain = meet(allowed, ALL_PORTS);
  const open = subtract(meet(possible, ALL_PORTS), certain);
  if (isNothing(certain) && isNothing(open)) return [];
  return [{ ...ends, allowed: trafficList(certain, ALL_PORTS), unknown: trafficList(open, ALL_PORTS) }];
}

function metadataEntries({ world, reach }: Engine, id: string, points: readonly number[]): ReachEntry[] {
  return METADATA_ADDRESSES.flatMap((text) => {
    const address = parseAddress(text);
    if (address === undefined) return [];
    const to = externalPoint(world, address);
    const grants = new Set(
      points
        .filter((point) => world.points[point]!.facet === address.family)
        .map((point) => grantBetween(reach, point, to)),
    );
    return [...grants].flatMap((grant) => entryOf({ from: id, to: text }, grant));
  });
}

// ---------------------------------------------------------------- names

const MOST = 6;

/** The whole by its name, a larger part by what is missing from it, a smaller one by its own blocks. */
function nameOfRanges(world: World, name: string, { part, whole }: { part: Bits; whole: Bits }): string {
  if (isSubset(whole, part)) return name;
  const inside = blocksOf(world, part);
  const missing = blocksOf(world, difference(whole, part));
  return missing.length < inside.length ? `${name} except ${listed(missing)}` : listed(inside);
}

function blocksOf(world: World, points: Bits): string[] {
  const ranges: AddressRange[] = [];
  for (const point of members(points)) {
    const { facet, atom } = world.points[point]!;
    if (atom !== undefined) ranges.push(atomRange(world.atoms[facet], atom));
  }
  return mergeRanges(ranges).flatMap(formatRange);
}

function nameOfNodes(world: World, part: Bits, all: Bits): string {
  if (countBits(all) > 1 && isSubset(all, part)) return 'all nodes';
  return listed(
    [...new Set([...members(part)].flatMap((point) => [...world.points[point]!.nodeNames]))].map(
      (name) => `node:${name}`,
    ),
  );
}

function listed(texts: readonly string[]): string {
  const more = texts.length > MOST ? ` and ${texts.length - MOST} more` : '';
  return texts.slice(0, MOST).join(', ') + more;
}
