import { type AddressRange, parseAddress } from '#base/address.ts';
import { members } from '#base/bits.ts';
import { atomRange } from '#engine/atoms.ts';
import { buildEngine, type Engine } from '#engine/engine.ts';
import { type Reach, reachOf } from '#engine/reach.ts';
import { externalPoint, NAMESPACE_NAME_LABEL, type PotentialPod, type World } from '#engine/world.ts';
import type { Labels } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { AZURE_LAYERS } from '../../egress/egress-world.ts';
import { INTERNET_CUTS, internetPoints, privatePoints } from '../../outside.ts';
import type { ControlContext } from '../context.ts';
import { onceKey } from '../context.ts';

/**
 * The engine that network controls ask: the same snapshot and profile with a pod in each namespace that nothing but its
 * namespace says anything of, so that what is said of it holds for every pod that somebody may make there, in whichever
 * dialect policy is written.
 */
export interface NetWorld {
  readonly engine: Engine;
  /** What the cluster itself decides: pod policy, mesh, hosts; without the network around it. */
  readonly reach: Reach;
  /** The point of a pod without known labels in a namespace of the input. */
  readonly freshIn: ReadonlyMap<string, number>;
  /** A pod without known labels in a namespace that is not in the input. */
  readonly stranger: number;
  /** An address on the internet that no rule names, and one of a private network. */
  readonly internet: number;
  readonly privateNetwork: number;
  /** A pod of cluster DNS: those of the input, else one as they commonly are. */
  readonly dns: readonly number[];
  readonly dnsKnown: boolean;
  readonly metadata: number;
  readonly wireServer: number;
}

const NET_WORLD = onceKey<NetWorld>('world of network controls');

export function netWorld(context: ControlContext): NetWorld {
  return context.once(NET_WORLD, makeWorld);
}

/** Nobody selects by it; it stands for labels that no policy mentions. */
const FRESH: readonly [string, string] = ['ringfence.dev/pod', 'any'];
const STRANGE_NAMESPACE = 'ringfence-any-namespace';
const DNS_NAMESPACE = 'kube-system';
const DNS_LABELS: readonly (readonly [string, string])[] = [['k8s-app', 'kube-dns']];

function makeWorld({ analysis }: ControlContext): NetWorld {
  const { snapshot, profile, options } = analysis;
  const fresh = new Map(namespacesIn(snapshot).map((name) => [name, podIn(name, [FRESH])]));
  const stranger = {
    ...podIn(STRANGE_NAMESPACE, [FRESH]),
    namespaceLabels: new Map([[NAMESPACE_NAME_LABEL, STRANGE_NAMESPACE]]),
  };
  const dns = podIn(DNS_NAMESPACE, DNS_LABELS);
  const engine = buildEngine(snapshot, {
    profile,
    podRanges: options.podRanges ?? [],
    cuts: [...INTERNET_CUTS, ...wholeNodeLocal()],
    potentials: [...fresh.values(), stranger, dns],
    ...(options.staged !== undefined && { staged: options.staged }),
  });
  const { world, reach } = engine;
  const ownLayers = reach.layers.filter(({ name }) => !AZURE_LAYERS.includes(name));
  const pointOf = potentialPoints(world);
  const known = dnsPoints(world);
  return {
    engine,
    reach: ownLayers.length === reach.layers.length ? reach : reachOf(world, ownLayers),
    freshIn: new Map([...fresh].map(([name, { labels }]) => [name, pointOf.get(labels)!])),
    stranger: pointOf.get(stranger.labels)!,
    internet: widestOf(world, internetPoints(world)),
    privateNetwork: widestOf(world, privatePoints(world)),
    dns: known.length > 0 ? known : [pointOf.get(dns.labels)!],
    dnsKnown: known.length > 0 || snapshot.namespaces.some(({ name }) => name === DNS_NAMESPACE),
    metadata: externalPoint(world, parseAddress('169.254.169.254')!),
    wireServer: externalPoint(world, parseAddress('168.63.129.16')!),
  };
}

function namespacesIn(snapshot: Snapshot): string[] {
  const named = [...snapshot.namespaces.map(({ name }) => name), ...snapshot.pods.map(({ namespace }) => namespace)];
  return [...new Set([...named, ...snapshot.workloads.map(({ namespace }) => namespace)])].sort();
}

/** With a map of labels of its own: by it the point is found again. */
function podIn(namespace: string, labels: Iterable<readonly [string, string]>): PotentialPod {
  return { namespace, labels: new Map(labels), namedPorts: [] };
}

function potentialPoints(world: World): ReadonlyMap<Labels, number> {
  return new Map(world.potentials.map((point) => [world.points[point]!.labels, point]));
}

/** Caches of DNS on the node: of the add-on of Kubernetes, and of AKS. */
function wholeNodeLocal(): AddressRange[] {
  return NODE_DNS.map((text) => parseAddress(text)!).map(({ family, value }) => ({ family, lo: value, hi: value }));
}

export const NODE_DNS: readonly string[] = ['169.254.20.10', '169.254.10.10', '169.254.10.11'];

function dnsPoints(world: World): number[] {
  return [...world.points.entries()].flatMap(([index, { kind, units, namespace, labels }]) => {
    const isDns =
      (namespace === DNS_NAMESPACE && labels.get('k8s-app') === 'kube-dns') ||
      (namespace === 'openshift-dns' && labels.has('dns.operator.openshift.io/daemonset-dns'));
    return kind === 'pod' && units.length > 0 && isDns ? [index] : [];
  });
}

/** The largest block that rules do not tell apart: what holds of it holds of addresses that nobody thought of. */
export function widestOf(world: World, points: Parameters<typeof members>[0]): number {
  let best = -1;
  let size = -1n;
  for (const point of members(points)) {
    const { facet, atom } = world.points[point]!;
    if (facet !== 4 || atom === undefined) continue;
    const { lo, hi } = atomRange(world.atoms[facet], atom);
    if (hi - lo > size) [best, size] = [point, hi - lo];
  }
  return best;
}
