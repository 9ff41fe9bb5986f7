import { addBit, type Bits, difference, emptyBits } from '#base/bits.ts';
import type { InjectionPolicy, MeshConfig } from '#model/istio.ts';
import type { Labels, PodShape } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { PointSpan } from '../../form.ts';
import { matchesLabels } from '../../select.ts';
import type { Unit } from '../../units.ts';
import type { Point, World } from '../../world.ts';
import { spanOf } from '../span-sets.ts';

/** Who is in the mesh, and how. What the input does not settle is `mesh-membership`. */
export interface Membership {
  /** Pods with a proxy of their own beside the application. */
  readonly sidecar: PointSpan;
  /** Pods whose traffic the node's ztunnel carries. */
  readonly ambient: PointSpan;
  /** Proxies that stand alone: gateways. */
  readonly gateway: PointSpan;
  /** Waypoints: they are among `ambient`, and no policy but those that target them is for them. */
  readonly waypoint: PointSpan;
}

/** What the injector puts on pods, and by which clients know that a pod takes mutual TLS. */
const TLS_MODE = 'security.istio.io/tlsMode';

/** Labels of pods by which membership is decided: points must not mix pods that differ in them. */
export const MEMBERSHIP_LABELS = [
  'sidecar.istio.io/inject',
  'istio.io/rev',
  'istio.io/dataplane-mode',
  'istio.io/use-waypoint',
  'istio.io/use-waypoint-namespace',
  'networking.istio.io/tunnel',
  TLS_MODE,
  'gateway.networking.k8s.io/gateway-name',
  'gateway.istio.io/managed',
];

export const PROXY = 'istio-proxy';
/** The injector leaves these namespaces alone. */
const IGNORED = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'];
const STATUS = 'sidecar.istio.io/status';
const REDIRECTION = 'ambient.istio.io/redirection';
const MODE_LABEL = 'istio.io/dataplane-mode';
const INJECT = 'sidecar.istio.io/inject';

/** Whether anything in the snapshot shows that there is an Istio. */
export function hasIstio(snapshot: Snapshot): boolean {
  const { peerAuthentications, istioAuthorizations, requestAuthentications, destinationRules } = snapshot;
  const { istioSidecars, serviceEntries, virtualServices, istioGateways } = snapshot;
  const lists = [peerAuthentications, istioAuthorizations, requestAuthentications, destinationRules];
  const others = [istioSidecars, serviceEntries, virtualServices, istioGateways];
  if ([...lists, ...others].some((list) => list.length > 0)) return true;
  if (snapshot.configMaps.some(({ name }) => name === 'istio' || name.startsWith('istio-'))) return true;
  if (snapshot.namespaces.some(({ labels }) => joinsMesh(labels))) return true;
  return (
    snapshot.pods.some(({ shape }) => showsIstio(shape)) ||
    snapshot.workloads.some(({ template }) => showsIstio(template))
  );
}

function joinsMesh(labels: Labels): boolean {
  return labels.has('istio-injection') || labels.has('istio.io/rev') || labels.has(MODE_LABEL);
}

function showsIstio({ containers, annotations, labels }: PodShape): boolean {
  return (
    containers.some(({ name }) => name === PROXY) ||
    annotations.has(STATUS) ||
    annotations.has(REDIRECTION) ||
    labels.has(INJECT) ||
    labels.has(MODE_LABEL)
  );
}

type Certainty = 'yes' | 'no' | 'perhaps';
type Way = 'sidecar' | 'ambient' | 'gateway' | 'waypoint' | 'none';

/** How one pod is in the mesh: one way for certain, or any of several. */
type Ways = readonly Way[];

export function membershipOf(world: World, config: MeshConfig): Membership {
  const [sidecar, ambient, gateway, waypoint] = [pairOf(world), pairOf(world), pairOf(world), pairOf(world)];
  const found = { sidecar: [sidecar], ambient: [ambient], gateway: [gateway], waypoint: [ambient, waypoint], none: [] };
  for (const [number, point] of world.points.entries()) {
    if (point.kind !== 'pod' || point.hostNetwork) continue;
    const ways = waysOfPoint(world, point, config);
    for (const way of ways) {
      for (const pair of found[way]) {
        addBit(pair.may, number);
        if (ways.length === 1) addBit(pair.must, number);
      }
    }
  }
  return {
    sidecar: spanIn(sidecar),
    ambient: spanIn(ambient),
    gateway: spanIn(gateway),
    waypoint: spanIn(waypoint),
  };
}

interface Pair {
  readonly must: Bits;
  readonly may: Bits;
}

function pairOf(world: World): Pair {
  return { must: emptyBits(world.size), may: emptyBits(world.size) };
}

function spanIn({ must, may }: Pair): PointSpan {
  return spanOf(must, difference(may, must), 'mesh-membership');
}

function waysOfPoint(world: World, point: Point, config: MeshConfig): Ways {
  const namespace = world.namespaces.get(point.namespace)?.labels;
  // A pod that is not in the input could have any label, and so any way into the mesh.
  if (point.units.length === 0) return IGNORED.includes(point.namespace) ? ['none'] : ALL_WAYS;
  const ways = new Set<Way>();
  for (const index of point.units) {
    for (const way of waysOfUnit(world.units[index]!, namespace, config)) ways.add(way);
  }
  return [...ways];
}

const ALL_WAYS: Ways = ['sidecar', 'ambient', 'none'];

function waysOfUnit(unit: Unit, namespace: Labels | undefined, config: MeshConfig): Ways {
  const { shape } = unit;
  if (shape.annotations.get('sidecar.istio.io/interceptionMode') === 'NONE') return ['sidecar', 'none'];
  const hasProxy = shape.containers.some(({ name }) => name === PROXY);
  if (hasProxy || shape.annotations.has(STATUS)) return [proxyOf(shape)];
  if (isLive(unit)) return liveWays(shape);
  return predicted(unit, namespace, config);
}

/** A pod of a cluster has what its containers and annotations show, whatever labels promise. */
function isLive(unit: Unit): boolean {
  return unit.pod !== undefined && (unit.addresses.length > 0 || unit.nodeName !== undefined);
}

function liveWays({ annotations }: PodShape): Ways {
  const redirection = annotations.get(REDIRECTION);
  if (redirection === 'enabled') return ['ambient'];
  return redirection === 'pending' ? ['ambient', 'none'] : ['none'];
}

/** What Istio's own controller puts on the waypoints that it makes. */
const WAYPOINT_MANAGER = 'istio.io-mesh-controller';

function proxyOf(shape: PodShape): Way {
  if (shape.labels.get('gateway.istio.io/managed') === WAYPOINT_MANAGER) return 'waypoint';
  return standsAlone(shape) ? 'gateway' : 'sidecar';
}

/** Gateways and waypoints are pods of nothing but the proxy. */
function standsAlone({ containers, annotations, labels }: PodShape): boolean {
  if (labels.has('gateway.networking.k8s.io/gateway-name') || labels.has('gateway.istio.io/managed')) return true;
  if ((annotations.get('inject.istio.io/templates') ?? '').split(',').includes('gateway')) return true;
  const staying = containers.filter(({ role }) => role !== 'init');
  return staying.length > 0 && staying.every(({ name }) => name === PROXY);
}

function predicted(unit: Unit, namespace: Labels | undefined, config: MeshConfig): Ways {
  if (IGNORED.includes(unit.namespace)) return ['none'];
  const injected = injection(unit, namespace, config);
  const proxy = proxyOf(unit.shape);
  if (injected === 'yes') return [proxy];
  const captured = ambientMode(unit.labels, namespace);
  const others: Ways = captured === 'yes' ? ['ambient'] : captured === 'no' ? ['none'] : ['ambient', 'none'];
  return injected === 'no' ? others : [proxy, ...others];
}

/**
 * What the injector's webhooks and its own check would do: a namespace or a pod that says no is left out, one that says
 * yes is taken in (istio.io, "Automatic sidecar injection"). The annotation of the same name can only say no.
 */
function injection({ labels, shape }: Unit, namespace: Labels | undefined, config: MeshConfig): Certainty {
  const own = labels.get(INJECT);
  if (own === 'false') return 'no';
  const note = shape.annotations.get(INJECT);
  if (own !== 'true' && note === 'false') return 'no';
  const asked = own === 'true' || note === 'true' ? undefined : config.injection;
  if (asked !== undefined && !takes(asked, labels)) return 'no';
  if (namespace === undefined) return 'perhaps';
  const switched = namespace.get('istio-injection');
  if (switched !== undefined) return switched === 'enabled' ? 'yes' : 'no';
  if (namespace.has('istio.io/rev')) return 'yes';
  if (own === 'true' || labels.has('istio.io/rev')) return 'yes';
  return config.injectsByDefault ? 'yes' : 'no';
}

/** What the injector's own configuration says of a pod that says nothing itself (pkg/kube/inject, `injectRequired`). */
function takes({ isEnabled, always, never }: InjectionPolicy, labels: Labels): boolean {
  if (never.some((selector) => matchesLabels(selector, labels))) return false;
  return isEnabled || always.some((selector) => matchesLabels(selector, labels));
}

function ambientMode(labels: Labels, namespace: Labels | undefined): Certainty {
  const own = labels.get(MODE_LABEL);
  if (own !== undefined) return own === 'ambient' ? 'yes' : 'no';
  if (namespace === undefined) return 'perhaps';
  return namespace.get(MODE_LABEL) === 'ambient' ? 'yes' : 'no';
}

/** Whether clients know that a pod takes mutual TLS: by its label, which a pod that is still to be injected gets. */
export function announcesTls(world: World, { labels, units }: Point): boolean {
  const label = labels.get(TLS_MODE);
  if (label !== undefined) return label === 'istio';
  return units.every((index) => {
    const { shape } = world.units[index]!;
    return !shape.annotations.has(STATUS) && shape.containers.every(({ name }) => name !== PROXY);
  });
}
