import { addBit, type Bits, bitsOf, emptyBits, hasBit, members } from '#base/bits.ts';
import { meet, subtract, unite } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import type { TrafficSet } from '#model/traffic.ts';
import { exactly, type PointSpan } from '../../form.ts';
import { unionOf } from '../../spans.ts';
import type { Point, World } from '../../world.ts';
import { allInDoubt, lessSpan } from '../span-sets.ts';
import { captureOf, TCP, tcpPorts } from './capture.ts';
import type { Answer } from './dialing.ts';
import { type AppProtocol, appProtocolOf, type Binding } from './hosts.ts';
import type { Mesh } from './mesh.ts';
import { type IdentityTable, identityTable } from './shown-identity.ts';
import type { Waypoint } from './waypoints.ts';

/** Connections that reach some pods alike. */
export interface Slice {
  readonly traffic: TrafficSet;
  /** Clients whose connections carry their mesh identity, as mutual TLS or HBONE. */
  readonly identity: PointSpan;
  readonly protocol: AppProtocol | 'mixed';
  /** Set where connections come through a waypoint. */
  readonly via?: ThroughWaypoint;
  /** Equal for equal slices, traffic aside. */
  readonly key: string;
}

/** Clients whose connections come through a waypoint, in place of whose identity the pod sees that of the waypoint. */
export interface ThroughWaypoint {
  /** Several: through any of them. */
  readonly waypoints: readonly Waypoint[];
  readonly clients: PointSpan;
  readonly bindings: readonly Binding[];
  /** Whether the waypoint shows its identity. How it speaks to sidecars is not documented. */
  readonly shows: Answer;
}

export type ProxyKind = 'sidecar' | 'ambient' | 'gateway';

/** `none`: no proxy of the pod sees the connection. Told only where one of a waypoint does. */
export type ArrivalKind = ProxyKind | 'none';

/** Pods that connections reach alike. The slices are disjoint and are all TCP that the proxy sees. */
export interface ArrivalGroup {
  readonly on: Bits;
  readonly proxy: ArrivalKind;
  readonly slices: readonly Slice[];
  /** TCP that the proxy sees. */
  readonly seen: TrafficSet;
}

export interface Arrivals {
  readonly groups: readonly ArrivalGroup[];
  /** Of each point, the groups that are for it: one for each kind of proxy that it may have. */
  at(point: number): readonly ArrivalGroup[];
}

/**
 * How connections arrive at each pod of the mesh, pods that are alike together. An edge between pods is judged as
 * through a Service that leads there; where there is none, a sidecar passes on what the application sends.
 */
export function arrivalsOf(mesh: Mesh): Arrivals {
  const groups = new Map<string, ArrivalGroup>();
  const byPoint = new Map<number, ArrivalGroup[]>();
  const identities = identityTable(mesh);
  for (const proxy of ['sidecar', 'ambient', 'gateway', 'none'] as const) {
    for (const point of members(pointsOfKind(mesh, proxy).may)) {
      const { slices, seen, key } = slicesAt(mesh, identities, { point, proxy });
      if (slices.length === 0 && proxy === 'none') continue;
      const group = remembered(groups, `${proxy} ${key}`, () => ({
        on: emptyBits(mesh.world.size),
        proxy,
        slices,
        seen,
      }));
      addBit(group.on, point);
      remembered(byPoint, point, () => []).push(group);
    }
  }
  return { groups: [...groups.values()], at: (point) => byPoint.get(point) ?? [] };
}

export interface At {
  readonly point: number;
  readonly proxy: ArrivalKind;
}

function slicesAt(
  mesh: Mesh,
  identities: IdentityTable,
  at: At,
): { readonly slices: readonly Slice[]; readonly seen: TrafficSet; readonly key: string } {
  const seen = seenBy(mesh, at);
  const ports = new Map<string, { slice: Omit<Slice, 'traffic'>; numbers: number[] }>();
  const own = Map.groupBy(mesh.hosts.bindings[at.point]!, ({ target }) => target);
  for (const [port, bindings] of own) {
    const slice = sliceOf(mesh, identities, { at, bindings, port });
    remembered(ports, slice.key, () => ({ slice, numbers: [] })).numbers.push(port);
  }
  const slices: Slice[] = [...ports.values()].map(({ slice, numbers }) => ({
    ...slice,
    traffic: meet(seen, tcpPorts(numbers)),
  }));
  const rest = subtract(seen, tcpPorts([...own.keys()]));
  slices.push({ ...sliceOf(mesh, identities, { at, bindings: [], port: undefined }), traffic: rest });
  const isTold = ({ traffic, via }: Slice) => traffic.length > 0 && (at.proxy !== 'none' || via !== undefined);
  const kept = merged(slices.filter(isTold));
  return {
    slices: kept,
    seen,
    key: `${seen.join()} ${kept.map(({ key, traffic }) => `${key}@${traffic.join()}`).join(' ')}`,
  };
}

function merged(slices: readonly Slice[]): Slice[] {
  const out = new Map<string, Slice>();
  for (const slice of slices) {
    const known = out.get(slice.key);
    out.set(slice.key, known === undefined ? slice : { ...known, traffic: unite(known.traffic, slice.traffic) });
  }
  return [...out.values()].sort((a, b) => a.traffic[0]! - b.traffic[0]!);
}

/** Pods of one kind; what is sent to a waypoint itself nobody captures. Of `none` those with ports that no proxy of theirs sees, where there are waypoints. */
export function pointsOfKind({ membership, waypoints, world }: Mesh, kind: ArrivalKind): PointSpan {
  if (kind === 'ambient') return lessSpan(membership.ambient, membership.waypoint);
  if (kind !== 'none') return membership[kind];
  if (waypoints.all.length === 0) return exactly(world.nothing);
  const pods = exactly(bitsWhere(world, ({ kind: of }) => of === 'pod'));
  const seen = unionOf([membership.ambient, membership.gateway]);
  // A sidecar leaves some ports alone for certain; where it is not certain that there is one, so are all its ports.
  const maybe = lessSpan(membership.sidecar, exactly(membership.sidecar.must));
  return lessSpan(pods, unionOf([seen, maybe]));
}

function bitsWhere(world: World, holds: (point: Point) => boolean): Bits {
  return bitsOf(
    world.size,
    [...world.points.keys()].filter((point) => holds(world.points[point]!)),
  );
}

function seenBy(mesh: Mesh, { point, proxy }: At): TrafficSet {
  const { sidecar } = mesh.membership;
  if (proxy === 'sidecar') return seenBySidecar(mesh, point);
  return proxy === 'none' && hasBit(sidecar.must, point) ? subtract(TCP, seenBySidecar(mesh, point)) : TCP;
}

function seenBySidecar({ world }: Mesh, point: number): TrafficSet {
  const unit = world.points[point]!.units[0];
  return unit === undefined ? TCP : captureOf(world.units[unit]!.shape).inbound;
}

export interface PortAt {
  readonly at: At;
  readonly bindings: readonly Binding[];
  /** Absent for every port that no Service leads to. */
  readonly port: number | undefined;
}

function sliceOf(mesh: Mesh, identities: IdentityTable, port: PortAt): Omit<Slice, 'traffic'> {
  const protocol = protocolOf(mesh, port);
  const identity = identities.of(port);
  const via = viaOf(mesh, port);
  const viaKey =
    via === undefined
      ? ''
      : `${via.waypoints.map(({ namespace, gateway }) => `${namespace}/${gateway.name}`).join()} ${via.bindings.map(({ host, port: own }) => `${host.name}:${own.port}`).join()}`;
  return {
    identity: identity.span,
    protocol,
    ...(via !== undefined && { via }),
    key: `${identity.key}|${protocol}|${viaKey}`,
  };
}

/** A Sidecar that lists the listeners of its pods says for what; else Services do; a port of none is sniffed. */
function protocolOf({ listeners, gatewayPorts }: Mesh, { at, bindings, port }: PortAt): Slice['protocol'] {
  if (at.proxy === 'gateway') return port === undefined ? 'http' : (gatewayPorts(at.point, port) ?? 'http');
  const own = listeners(at.point);
  if (own !== undefined) return (port === undefined ? undefined : own.get(port)) ?? 'sniff';
  const protocols = new Set(bindings.map((binding) => appProtocolOf(binding.port)));
  if (protocols.size > 1) return 'mixed';
  return [...protocols][0] ?? 'sniff';
}

function viaOf(mesh: Mesh, { at, bindings }: PortAt): ThroughWaypoint | undefined {
  const { world, membership, waypoints } = mesh;
  if (waypoints.all.length === 0 || hasBit(membership.waypoint.may, at.point)) return undefined;
  const found =
    bindings.length === 0
      ? [waypoints.ofPod(world.points[at.point]!)]
      : bindings.map((binding) => (binding.certain ? waypoints.ofService(binding) : undefined));
  const own = [...new Set(found)].filter((waypoint) => waypoint !== undefined);
  if (own.length === 0) return undefined;
  // Another Service leads to the port without a waypoint: which way a connection takes is its sender's choice.
  const ambient = found.every((other) => other === own[0])
    ? membership.ambient
    : allInDoubt(membership.ambient, 'mesh-transport');
  const sidecars =
    mesh.config.sidecarsSpeakHbone === false ? exactly(world.nothing) : allInDoubt(mesh.proxies, 'mesh-transport');
  // What a waypoint sends goes through no other.
  const clients = lessSpan(unionOf([ambient, sidecars]), unionOf([membership.waypoint, podsOfAll(mesh)]));
  const shows = at.proxy === 'ambient' ? 'yes' : 'perhaps';
  return { waypoints: own, clients, bindings, shows };
}

function podsOfAll({ waypoints, world }: Mesh): PointSpan {
  const pods = waypoints.all.flatMap((waypoint) => waypoint.pods);
  return exactly(bitsOf(world.size, pods));
}

/** Clients of a slice that show no identity: must where none is possible. */
export function withoutIdentity(mesh: Mesh, { identity }: Pick<Slice, 'identity'>): PointSpan {
  return lessSpan(exactly(mesh.world.everything), identity);
}

/** Clients that are in the mesh as themselves, waypoints aside. */
export function directIdentity({ identity, via }: Slice): PointSpan {
  return via === undefined ? identity : lessSpan(identity, via.clients);
}

/** Every client whose connection carries some identity, its own or that of a waypoint. */
export function anyIdentity(slice: Slice): PointSpan {
  const { via, identity } = slice;
  if (via === undefined) return identity;
  if (via.shows === 'yes') return unionOf([identity, via.clients]);
  return unionOf([lessSpan(identity, via.clients), allInDoubt(via.clients, 'mesh-transport')]);
}
