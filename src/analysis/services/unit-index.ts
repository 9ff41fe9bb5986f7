import { type Address, type Family, parseAddress } from '#base/address.ts';
import { matchesLabels } from '#engine/select.ts';
import type { World } from '#engine/world.ts';
import type { LabelSelector } from '#model/resource.ts';

/** Finds the pods of a World by what Services know of them: labels, names, addresses. Units are indexes of `World.units`. */
export interface UnitIndex {
  pointsOf(unit: number): readonly number[];
  selectedBy(namespace: string, selector: LabelSelector): readonly number[];
  podNamed(namespace: string, name: string): number | undefined;
  /** Pods of the input that have an address, in canonical text. Host-network pods share their node's. */
  unitsAt(address: string): readonly number[];
  /** Points of the node that has an address. */
  nodeAt(address: Address): readonly number[];
}

export function unitIndexOf(world: World): UnitIndex {
  const points = pointsByUnit(world);
  const byNamespace = groupBy(world, (unit) => [world.units[unit]!.namespace]);
  const byLabel = groupBy(world, (unit) => {
    const { namespace, labels } = world.units[unit]!;
    return [...labels].map(([key, value]) => labelKey(namespace, key, value));
  });
  const byName = groupBy(world, (unit) => {
    const { namespace, pod } = world.units[unit]!;
    return pod === undefined ? [] : [`${namespace}/${pod}`];
  });
  const byAddress = groupBy(world, (unit) => world.units[unit]!.addresses);
  const nodes = nodesByAddress(world);
  return {
    pointsOf: (unit) => points[unit]!,
    podNamed: (namespace, name) => byName.get(`${namespace}/${name}`)?.[0],
    unitsAt: (address) => byAddress.get(address) ?? [],
    nodeAt: ({ family, value }) => nodes.get(`${family} ${value}`) ?? [],
    selectedBy,
  };

  function selectedBy(namespace: string, selector: LabelSelector): readonly number[] {
    let candidates = byNamespace.get(namespace) ?? [];
    for (const { key, operator, values } of selector.requirements) {
      if (operator !== 'In' || values.length !== 1) continue;
      const listed = byLabel.get(labelKey(namespace, key, values[0]!)) ?? [];
      if (listed.length < candidates.length) candidates = listed;
    }
    return candidates.filter((unit) => matchesLabels(selector, world.units[unit]!.labels));
  }
}

/** Points of one family; a point that stands for both counts. */
export function inFamily(world: World, points: readonly number[], family: Family): number[] {
  const mask = family === 4 ? 1 : 2;
  return points.filter((point) => (world.points[point]!.families & mask) !== 0);
}

function labelKey(namespace: string, key: string, value: string): string {
  return `${namespace}\n${key}\n${value}`;
}

function pointsByUnit(world: World): number[][] {
  const out: number[][] = world.units.map(() => []);
  for (const [index, point] of world.points.entries()) for (const unit of point.units) out[unit]!.push(index);
  return out;
}

function groupBy(world: World, keysOf: (unit: number) => readonly string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const unit of world.units.keys()) {
    for (const key of keysOf(unit)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [unit]);
      else group.push(unit);
    }
  }
  return groups;
}

function nodesByAddress(world: World): Map<string, readonly number[]> {
  const out = new Map<string, readonly number[]>();
  for (const [index, node] of world.nodes.entries()) {
    for (const address of node.addresses.map(parseAddress)) {
      if (address !== undefined) out.set(`${address.family} ${address.value}`, world.pointsOfNode[index]!);
    }
  }
  return out;
}
