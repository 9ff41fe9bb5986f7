import { addBit, type Bits, emptyBits, hasBit } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { CiliumCidrGroup } from '#model/cilium.ts';
import type { EndpointSlice, Service } from '#model/exposure.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { exactly, type PointSpan } from '../../form.ts';
import { orPerhaps } from '../../spans.ts';
import type { Point, World } from '../../world.ts';
import type { Compiling } from '../context.ts';
import { standsBeside } from '../own-node.ts';
import { type Identities, identitiesOf } from './identities.ts';
import { labelFilterOf } from './label-filter.ts';
import { type CiliumMode, ciliumModeOf } from './settings.ts';

/** What the compilers of Cilium work with. */
export interface Cilium {
  readonly compiling: Compiling;
  readonly world: World;
  readonly snapshot: Snapshot;
  readonly mode: CiliumMode;
  readonly identities: Identities;
  /** Whether a label is part of an identity. */
  readonly keeps: (key: string) => boolean;
  readonly groups: ReadonlyMap<string, CiliumCidrGroup>;
  readonly services: readonly Service[];
  readonly slices: ReadonlyMap<string, readonly EndpointSlice[]>;
  /** For each group of hosts: the pods beside them, and they themselves. The groups cover all hosts. */
  readonly ownNode: readonly Beside[];
}

export interface Beside {
  readonly on: PointSpan;
  readonly hosts: PointSpan;
}

export function ciliumOf(compiling: Compiling, snapshot: Snapshot): Cilium {
  const { world } = compiling;
  const mode = ciliumModeOf(compiling.profile, snapshot);
  const keeps = labelFilterOf(mode.labels);
  return {
    compiling,
    world,
    snapshot,
    mode,
    identities: identitiesOf(world, { keeps, cluster: mode.cluster }),
    keeps,
    groups: new Map(snapshot.ciliumCidrGroups.map((group) => [group.name, group])),
    services: snapshot.services,
    slices: Map.groupBy(snapshot.endpointSlices, (slice) => `${slice.namespace}/${slice.service}`),
    ownNode: ownNodeOf(compiling),
  };
}

/** Host points that stand on the same nodes are one group; a node is beside itself. */
function ownNodeOf({ world }: Compiling): Beside[] {
  const groups = new Map<string, { readonly sample: Point; readonly hosts: Bits }>();
  for (const [index, point] of world.points.entries()) {
    if (!hasBit(world.hosts, index)) continue;
    const key = `${point.placed} ${[...point.nodeNames].sort().join(' ')}`;
    addBit(remembered(groups, key, () => ({ sample: point, hosts: emptyBits(world.size) })).hosts, index);
  }
  return [...groups.values()].map(({ sample, hosts }) => ({ on: beside(world, sample), hosts: exactly(hosts) }));
}

function beside(world: World, host: Point): PointSpan {
  const must = emptyBits(world.size);
  const unsure = emptyBits(world.size);
  for (const [index, point] of world.points.entries()) {
    if (point.kind !== 'pod' && point.kind !== 'node') continue;
    const answer = standsBeside(point, host);
    if (answer === 'yes') addBit(must, index);
    if (answer === 'perhaps') addBit(unsure, index);
  }
  return orPerhaps(exactly(must), unsure, 'own-node');
}
