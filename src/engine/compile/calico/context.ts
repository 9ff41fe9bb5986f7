import type { CalicoHostEndpoint, CalicoNetworkSet } from '#model/calico.ts';
import type { EndpointSlice, Service } from '#model/exposure.ts';
import type { Labels } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { PointSpan } from '../../form.ts';
import type { World } from '../../world.ts';
import type { Compiling } from '../context.ts';
import { type LabelIndex, labelIndexOf, setLabels } from './labels.ts';

/** What the compilers of Calico's kinds work with. */
export interface Calico {
  readonly compiling: Compiling;
  readonly world: World;
  readonly snapshot: Snapshot;
  readonly index: LabelIndex;
  readonly sets: readonly LabelledSet[];
  readonly hosts: readonly CalicoHostEndpoint[];
  readonly services: ReadonlyMap<string, Service>;
  readonly slices: ReadonlyMap<string, readonly EndpointSlice[]>;
  /** Answers that several rules share. */
  readonly answers: Map<string, PointSpan>;
}

export interface LabelledSet {
  readonly set: CalicoNetworkSet;
  readonly labels: Labels;
}

export function calicoOf(compiling: Compiling, snapshot: Snapshot): Calico {
  const { world } = compiling;
  return {
    compiling,
    world,
    snapshot,
    index: labelIndexOf(world, snapshot),
    sets: snapshot.calicoNetworkSets.map((set) => ({ set, labels: setLabels(world, set) })),
    hosts: snapshot.calicoHostEndpoints,
    services: new Map(snapshot.services.map((service) => [`${service.namespace}/${service.name}`, service])),
    slices: Map.groupBy(snapshot.endpointSlices, (slice) => `${slice.namespace}/${slice.service}`),
    answers: new Map(),
  };
}
