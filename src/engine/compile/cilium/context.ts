import type { CiliumCidrGroup } from '#model/cilium.ts';
import type { EndpointSlice, Service } from '#model/exposure.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Box, PointSpan } from '../../form.ts';
import { exactly } from '../../form.ts';
import type { World } from '../../world.ts';
import type { Compiling } from '../context.ts';
import { compileOwnNode } from '../own-node.ts';
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
  /** For each group of hosts: the pods beside them. The groups cover all hosts. */
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

function ownNodeOf(compiling: Compiling): Beside[] {
  const ref = { kind: '', namespace: '', name: '', origin: NO_ORIGIN };
  const everyone = { ref, subject: exactly(compiling.world.everything), isolates: false, rules: [] };
  const boxes: readonly Box[] = compileOwnNode(compiling, [everyone])?.rules[0]?.boxes ?? [];
  return boxes.flatMap(({ on, peers }) => (on === undefined ? [] : [{ on, hosts: peers }]));
}
