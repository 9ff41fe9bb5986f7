import { addBit, type Bits, emptyBits, isEmpty, members } from '#base/bits.ts';
import { meet, subtract, unite } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import type { TrafficSet } from '#model/traffic.ts';
import { exactly, type PointSpan } from '../../form.ts';
import { unionOf } from '../../spans.ts';
import { allInDoubt, lessSpan } from '../span-sets.ts';
import { captureOf, TCP, tcpPorts } from './capture.ts';
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
  /** Clients whose connections come through a waypoint, which shows its own identity. */
  readonly via?: { readonly waypoint: Waypoint; readonly clients: PointSpan; readonly bindings: readonly Binding[] };
  /** Equal for equal slices, traffic aside. */
  readonly key: string;
}

export type ProxyKind = 'sidecar' | 'ambient' | 'gateway';

/** Pods that connections reach alike. The slices are disjoint and are all TCP that the proxy sees. */
export interface ArrivalGroup {
  readonly on: Bits;
  readonly proxy: ProxyKind;
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
  for (const proxy of ['sidecar', 'ambient', 'gateway'] as const) {
    for (const point of members(mesh.membership[proxy].may)) {
      const { slices, seen, key } = slicesAt(mesh, identities, { point, proxy });
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
  readonly proxy: ProxyKind;
}

function slicesAt(
  mesh: Mesh,
  identities: IdentityTable,
  at: At,
): { readonly slices: readonly Slice[]; readonly seen: TrafficSet; readonly key: string } {
  const seen = at.proxy === 'sidecar' ? seenBySidecar(mesh, at.point) : TCP;
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
  const kept = merged(slices.filter(({ traffic }) => traffic.length > 0));
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
      : `${via.waypoint.namespace}/${via.waypoint.gateway.name} ${via.bindings.map(({ host, port: own }) => `${host.name}:${own.port}`).join()}`;
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

function viaOf(mesh: Mesh, { at, bindings }: PortAt): Slice['via'] {
  if (at.proxy !== 'ambient' || mesh.waypoints.all.length === 0) return undefined;
  const { world, membership } = mesh;
  const through = bindings.map((binding) => mesh.waypoints.ofService(binding));
  const waypoint = bindings.length === 0 ? mesh.waypoints.ofPod(world.points[at.point]!) : through[0];
  if (waypoint === undefined) return undefined;
  // Another Service leads to the port without a waypoint: which way a connection takes is its sender's choice.
  const always = through.every((other) => other === waypoint);
  const ambient = always ? membership.ambient : allInDoubt(membership.ambient, 'mesh-transport');
  const sidecars = allInDoubt(mesh.proxies, 'mesh-transport');
  // The waypoint itself does not go through itself.
  const own = exactly(mesh.identities.pointsOf(waypoint.namespace, waypoint.serviceAccount));
  const clients = lessSpan(isEmpty(sidecars.may) ? ambient : unionOf([ambient, sidecars]), own);
  return { waypoint, clients, bindings };
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
  return slice.via === undefined ? slice.identity : unionOf([slice.identity, slice.via.clients]);
}
