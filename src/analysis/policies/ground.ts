import { mergeRanges, parseAddress } from '#base/address.ts';
import { addBit, type Bits, emptyBits, intersection } from '#base/bits.ts';
import { atomAt, atomRange } from '#engine/atoms.ts';
import type { Engine } from '#engine/engine.ts';
import type { Policy } from '#engine/form.ts';
import type { GrantTable } from '#engine/grants.ts';
import type { Program } from '#engine/program.ts';
import { programAt, type Side, type SidePart } from '#engine/reach.ts';
import type { Row } from '#engine/rows.ts';
import { signatureOf } from '#engine/signatures.ts';
import type { World } from '#engine/world.ts';
import type { Direction } from '#model/resource.ts';
import type { PolicyRef } from '#model/verdict.ts';
import type { Heard } from './other-side.ts';

/** Subjects that meet the same program and the same peers: everything about rules is worked out once for all of them. */
export interface Group {
  readonly points: readonly number[];
  readonly members: Bits;
  readonly program: Program;
  /** The peers that exist in the input and speak a family of the subjects. */
  readonly everyone: Bits;
  /** What the other side says to all subjects together, by its row. */
  readonly heard: Map<Row, Heard>;
}

/** One direction of one layer, its subjects grouped. */
export interface Field {
  readonly world: World;
  readonly direction: Direction;
  readonly grants: GrantTable;
  /** The layer whose policies it is about. */
  readonly side: SidePart;
  readonly other: Side;
  readonly compiled: ReadonlyMap<string, Policy>;
  readonly groups: readonly Group[];
  readonly groupsOf: ReadonlyMap<Policy, readonly Group[]>;
}

/** The fields of every layer, the pod layer first. */
export function fieldsOf(engine: Engine, direction: Direction, exists: Bits): Field[] {
  return engine.reach.layers.map((_, layer) => fieldOf(engine, { direction, layer }, exists));
}

function fieldOf(
  { world, reach }: Engine,
  { direction, layer }: { readonly direction: Direction; readonly layer: number },
  exists: Bits,
): Field {
  const side = reach[direction].parts[layer]!;
  const other = reach[direction === 'ingress' ? 'egress' : 'ingress'];
  const groups = groupSubjects(world, side, exists);
  const groupsOf = new Map<Policy, Group[]>();
  for (const group of groups) {
    for (const { policy } of group.program.tiers.flatMap((tier) => tier.levels.flat())) {
      const list = groupsOf.get(policy);
      if (list === undefined) groupsOf.set(policy, [group]);
      else list.push(group);
    }
  }
  const compiled = new Map(side.policies.places.map(({ policy }) => [keyOfPolicy(policy.ref), policy]));
  return { world, direction, grants: reach.grants, side, other, compiled, groups, groupsOf };
}

export function keyOfPolicy({ kind, namespace, name }: Pick<PolicyRef, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace}/${name}`;
}

function groupSubjects(world: World, side: SidePart, exists: Bits): Group[] {
  const heardBy = [exists, intersection(exists, world.speaks[4]), intersection(exists, world.speaks[6]), exists];
  const groups = new Map<string, Group & { readonly points: number[] }>();
  for (const [point, codes] of side.selected.entries()) {
    if (codes.length === 0 || world.points[point]!.units.length === 0) continue;
    const { families } = world.points[point]!;
    const key = `${families} ${signatureOf(side.policies, codes, point)}`;
    let group = groups.get(key);
    if (group === undefined) {
      const everyone = heardBy[families]!;
      group = {
        points: [],
        members: emptyBits(world.size),
        program: programAt(side, point),
        everyone,
        heard: new Map(),
      };
      groups.set(key, group);
    }
    group.points.push(point);
    addBit(group.members, point);
  }
  return [...groups.values()];
}

/** Pods, nodes, and outside addresses of which at least one belongs to nobody in the input. */
export function existingPoints(world: World): Bits {
  const bits = emptyBits(world.size);
  const taken = takenByAtom(world);
  for (const [index, point] of world.points.entries()) {
    if (point.kind === 'pod' && point.units.length === 0) continue;
    if (point.kind === 'external' && isTaken(world, index, taken)) continue;
    addBit(bits, index);
  }
  return bits;
}

function isTaken({ atoms, points }: World, index: number, taken: ReadonlyMap<string, number>): boolean {
  const { facet, atom } = points[index]!;
  if (atom === undefined) return false;
  const { lo, hi } = atomRange(atoms[facet], atom);
  return BigInt(taken.get(`${facet} ${atom}`) ?? 0) > hi - lo;
}

function takenByAtom({ atoms, units, nodes }: World): Map<string, number> {
  const texts = new Set([
    ...units.flatMap(({ addresses }) => addresses),
    ...nodes.flatMap(({ addresses }) => addresses),
  ]);
  const taken = new Map<string, number>();
  for (const text of texts) {
    const address = parseAddress(text);
    if (address === undefined) continue;
    const key = `${address.family} ${atomAt(atoms[address.family], address.value)}`;
    taken.set(key, (taken.get(key) ?? 0) + 1);
  }
  return taken;
}

/** The addresses of outside points, merged. */
export function outsideRanges({ atoms, points }: World, chosen: readonly number[]): ReturnType<typeof mergeRanges> {
  return mergeRanges(chosen.map((index) => atomRange(atoms[points[index]!.facet], points[index]!.atom!)));
}
