import type { CalicoHostEndpoint, CalicoNetworkSet } from '#model/calico.ts';
import type { EndpointSlice, Service } from '#model/exposure.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { PointSpan } from '../../form.ts';
import type { World } from '../../world.ts';
import type { Compiling } from '../context.ts';
import { hostEndpointsOf } from './auto-hosts.ts';
import { type LabelIndex, listIndexOf, podIndexOf, setLabels } from './labels.ts';

/** What the compilers of Calico's kinds work with. */
export interface Calico {
  readonly compiling: Compiling;
  readonly world: World;
  readonly snapshot: Snapshot;
  readonly index: LabelIndex;
  readonly sets: readonly CalicoNetworkSet[];
  readonly setIndex: LabelIndex;
  readonly hosts: readonly CalicoHostEndpoint[];
  readonly hostIndex: LabelIndex;
  /** Indexes of nodes, and of pods on the network of theirs. */
  readonly hostPoints: readonly number[];
  readonly services: ReadonlyMap<string, Service>;
  readonly slices: ReadonlyMap<string, readonly EndpointSlice[]>;
  /** Answers that several rules share. */
  readonly answers: Map<string, PointSpan>;
}

const MADE = new WeakMap<Compiling, Calico>();

/** Made once for all layers of one compilation. */
export function calicoOf(compiling: Compiling, snapshot: Snapshot): Calico {
  const made = MADE.get(compiling);
  if (made !== undefined && made.snapshot === snapshot) return made;
  const calico = make(compiling, snapshot);
  MADE.set(compiling, calico);
  return calico;
}

function make(compiling: Compiling, snapshot: Snapshot): Calico {
  const { world } = compiling;
  const sets = snapshot.calicoNetworkSets;
  const hosts = hostEndpointsOf(snapshot);
  return {
    compiling,
    world,
    snapshot,
    index: podIndexOf(world, snapshot),
    sets,
    setIndex: listIndexOf(sets.map((set) => setLabels(world, set))),
    hosts,
    hostIndex: listIndexOf(hosts),
    hostPoints: [...world.points.keys()].filter((index) => {
      const { kind, hostNetwork } = world.points[index]!;
      return kind === 'node' || hostNetwork;
    }),
    services: new Map(snapshot.services.map((service) => [`${service.namespace}/${service.name}`, service])),
    slices: Map.groupBy(snapshot.endpointSlices, (slice) => `${slice.namespace}/${slice.service}`),
    answers: new Map(),
  };
}
