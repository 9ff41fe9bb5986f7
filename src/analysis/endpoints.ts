import { type AddressRange, formatRange, mergeRanges, parseAddress, subtractRanges } from '#base/address.ts';
import { atomRange } from '#engine/atoms.ts';
import type { Engine } from '#engine/engine.ts';
import type { World } from '#engine/world.ts';
import type { EndpointEntry } from '#model/answers.ts';
import { groupAlike } from './alike.ts';

/** One endpoint with the points of the world that it stands on. */
export interface Placed {
  readonly entry: EndpointEntry;
  /** Facets of one part of a workload, or the merged atoms of an outside range. */
  readonly points: readonly number[];
}

/**
 * The endpoints of an answer: each workload once, or once for each part whose verdicts differ; each node; and outside
 * ranges, disjoint, merged where no verdict tells them apart.
 */
export function endpointsOf(engine: Engine): Placed[] {
  return [...externalEndpoints(engine), ...nodeEndpoints(engine.world), ...workloadEndpoints(engine)];
}

export function workloadEndpoints(engine: Engine): Placed[] {
  const { world } = engine;
  return world.owners.flatMap((_, owner) => partsOf(engine, owner));
}

/** A workload's parts: units that stand on the same points, merged while no verdict tells them apart. */
export function partsOf({ world, reach }: Engine, owner: number): Placed[] {
  const points = world.pointsOfOwner[owner]!;
  const parts = partsByUnits(world, owner, points);
  if (parts.length < 2) return parts.map((part) => placeWorkload(world, owner, { ...part, suffix: '' }));
  const groupOfPoint = new Map<number, number>();
  for (const [group, members] of groupAlike(reach, points).entries())
    for (const point of members) groupOfPoint.set(point, group);
  const merged = new Map<string, Part>();
  for (const part of parts) {
    const key = part.points
      .map((point) => groupOfPoint.get(point))
      .sort()
      .join();
    const before = merged.get(key);
    merged.set(
      key,
      before === undefined
        ? part
        : { points: [...before.points, ...part.points], units: [...before.units, ...part.units] },
    );
  }
  const many = merged.size > 1;
  return [...merged.values()].map((part, index) =>
    placeWorkload(world, owner, { ...part, suffix: many ? `#${index + 1}` : '' }),
  );
}

interface Part {
  readonly points: readonly number[];
  readonly units: readonly number[];
}

function partsByUnits(world: World, owner: number, points: readonly number[]): Part[] {
  const pointsOfUnit = new Map<number, number[]>();
  for (const unit of world.unitsOfOwner[owner]!) pointsOfUnit.set(unit, []);
  for (const point of points) {
    for (const unit of world.points[point]!.units) pointsOfUnit.get(unit)?.push(point);
  }
  const parts = new Map<string, { points: number[]; units: number[] }>();
  for (const [unit, own] of pointsOfUnit) {
    const key = own.join();
    const part = parts.get(key);
    if (part === undefined) parts.set(key, { points: own, units: [unit] });
    else part.units.push(unit);
  }
  return [...parts.values()];
}

function placeWorkload(world: World, owner: number, part: Part & { readonly suffix: string }): Placed {
  const { id, namespace, kind, name, origin } = world.owners[owner]!;
  const pods = part.units.flatMap((unit) => world.units[unit]!.pod ?? []);
  const { hostNetwork } = world.points[part.points[0]!]!;
  const entry: EndpointEntry = {
    id: `${id}${part.suffix}`,
    kind: 'workload',
    namespace,
    name,
    workload: kind,
    pods,
    hostNetwork,
    origin,
  };
  return { entry, points: [...part.points].sort((a, b) => a - b) };
}

export function nodeEndpoints(world: World): Placed[] {
  return world.nodes.map(({ name, origin }, index) => ({
    entry: { id: `node:${name}`, kind: 'node', name, origin },
    points: world.pointsOfNode[index]!,
  }));
}

/** Disjoint, covering every address that no pod and no node of the snapshot owns. */
export function externalEndpoints(engine: Engine): Placed[] {
  const { world, reach } = engine;
  const owned = ownedAddresses(world);
  const rangesOf = new Map<number, readonly AddressRange[]>();
  for (const family of [4, 6] as const) {
    const holes = owned.filter((range) => range.family === family);
    let next = 0;
    for (const atom of world.atoms[family].starts.keys()) {
      const range = atomRange(world.atoms[family], atom);
      // Atoms and holes both rise: each hole is looked at by the few atoms that it touches.
      while (next < holes.length && holes[next]!.hi < range.lo) next++;
      let end = next;
      while (end < holes.length && holes[end]!.lo <= range.hi) end++;
      const left = subtractRanges(range, holes.slice(next, end));
      if (left.length > 0) rangesOf.set(world.firstExternal[family] + atom, left);
    }
  }
  return groupAlike(reach, [...rangesOf.keys()])
    .map((points) => ({ points, ranges: mergeRanges(points.flatMap((point) => rangesOf.get(point)!)) }))
    .map(({ points, ranges }, index) => ({
      entry: { id: `external:${index + 1}`, kind: 'external', ranges: ranges.flatMap(formatRange) },
      points,
    }));
}

function ownedAddresses(world: World): AddressRange[] {
  const texts = [...world.units.flatMap((unit) => unit.addresses), ...world.nodes.flatMap((node) => node.addresses)];
  const addresses = texts.map(parseAddress).filter((address) => address !== undefined);
  return mergeRanges(addresses.map(({ family, value }) => ({ family, lo: value, hi: value })));
}
