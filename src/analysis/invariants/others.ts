import { formatRange, mergeRanges } from '#base/address.ts';
import { atomRange } from '#engine/atoms.ts';
import type { World } from '#engine/world.ts';
import type { Analysis } from '../analysis.ts';
import { externalEndpoints, nodeEndpoints } from '../endpoints.ts';
import type { End } from '../path/names.ts';

/**
 * Everybody in the input, and outside it, but `these`. Pods are told apart one by one: of a workload of which only one
 * pod is named, the others are here. Nodes, and pods on their nodes' network, only where `nodes` asks for them.
 */
export function othersThan(analysis: Analysis, these: readonly End[], { nodes }: { readonly nodes: boolean }): End[] {
  const { engine } = analysis;
  const { world } = engine;
  const spared = sparedBy(world, these);
  const workloads = unsparedPoints(world, spared.units, nodes);
  const out: End[] = [...workloads].map(([owner, points]) => ({ id: world.owners[owner]!.id, points: [...points] }));
  if (nodes) {
    const ids = new Set(these.map(({ id }) => id));
    out.push(
      ...nodeEndpoints(world)
        .filter(({ entry }) => !ids.has(entry.id))
        .map(({ entry, points }) => ({ id: entry.id, points })),
    );
  }
  for (const { points } of externalEndpoints(engine)) {
    const rest = points.filter((point) => !spared.outside.has(point));
    if (rest.length > 0) out.push({ id: outsideText(world, rest), points: rest });
  }
  return out;
}

interface Spared {
  readonly units: ReadonlySet<number>;
  readonly outside: ReadonlySet<number>;
}

/** Several workloads may stand on one point, so whom a name spares is found by unit. */
function sparedBy(world: World, these: readonly End[]): Spared {
  const units = new Set<number>();
  const outside = new Set<number>();
  for (const { id, points } of these) {
    for (const point of points) {
      if (world.points[point]!.kind === 'external') outside.add(point);
      for (const unit of world.points[point]!.units) if (isOf(world, unit, id)) units.add(unit);
    }
  }
  return { units, outside };
}

function isOf({ units, owners }: World, unit: number, id: string): boolean {
  const { owner, namespace, pod } = units[unit]!;
  if (id.startsWith('pod:')) return id === `pod:${namespace}/${pod ?? ''}`;
  const own = owners[owner]!.id;
  return id === own || id.startsWith(`${own}#`);
}

function unsparedPoints(world: World, spared: ReadonlySet<number>, nodes: boolean): Map<number, Set<number>> {
  const out = new Map<number, Set<number>>();
  for (const [point, { units, hostNetwork }] of world.points.entries()) {
    if (hostNetwork && !nodes) continue;
    for (const unit of units) {
      if (spared.has(unit)) continue;
      const { owner } = world.units[unit]!;
      const points = out.get(owner) ?? new Set<number>();
      out.set(owner, points.add(point));
    }
  }
  return out;
}

/** For people: `outside addresses (203.0.113.0/24 and 3 more ranges)`. */
function outsideText({ atoms, points }: World, members: readonly number[]): string {
  const ranges = members.map((point) => atomRange(atoms[points[point]!.facet], points[point]!.atom!));
  const texts = mergeRanges(ranges).flatMap(formatRange);
  return texts.length < 3 ? texts.join(' and ') : `outside addresses (${texts[0]} and ${texts.length - 1} more ranges)`;
}
