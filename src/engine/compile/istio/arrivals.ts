import { addBit, type Bits, emptyBits, hasBit, isEmpty, members } from '#base/bits.ts';
import { meet, subtract, unite } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import type { TrafficSet } from '#model/traffic.ts';
import { exactly, type PointSpan } from '../../form.ts';
import { unionOf } from '../../spans.ts';
import { captureOf, TCP, tcpPorts } from './capture.ts';
import { clientModeOf, isPassthrough } from './destination-rules.ts';
import { type AppProtocol, appProtocolOf, type Binding } from './hosts.ts';
import type { Mesh } from './mesh.ts';
import { allInDoubt, lessSpan, spanOf } from './spans.ts';
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

interface At {
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

interface PortAt {
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

// ---------------------------------------------------------------- identity

interface Identity {
  readonly span: PointSpan;
  readonly key: string;
}

interface IdentityTable {
  of(port: PortAt): Identity;
}

function identityTable(mesh: Mesh): IdentityTable {
  const known = new Map<string, Identity>();
  return {
    of: (port) => {
      const parts = partsOf(mesh, port);
      const key = parts.map((part) => part.key).join(';');
      return remembered(known, key, () => ({ key: `i${known.size}`, span: identityOf(mesh, parts) }));
    },
  };
}

/** One reason for which clients have an identity at a port. */
interface Part {
  readonly key: string;
  span(): PointSpan;
}

function partsOf(mesh: Mesh, port: PortAt): readonly Part[] {
  const { at } = port;
  const { membership, world } = mesh;
  if (at.proxy === 'gateway') return [gatewayPart(mesh, port)];
  if (at.proxy === 'ambient') {
    const speak = mesh.config.sidecarsSpeakHbone;
    // A sidecar that speaks HBONE does so to the hosts that it knows; an address by itself is passed on.
    const sidecars = port.bindings.length > 0 && speak !== false;
    const known = { key: 'ambient', span: () => membership.ambient };
    if (!sidecars || isEmpty(mesh.proxies.may)) return [known];
    const span = () => (speak === true ? mesh.proxies : allInDoubt(mesh.proxies, 'mesh-transport'));
    return [known, { key: 'hbone', span }];
  }
  const labels = world.points[at.point]!.labels;
  const speaks = labels.get('networking.istio.io/tunnel') === 'http' ? true : mesh.config.sidecarsSpeakHbone;
  const ambient: Part[] =
    speaks === false || isEmpty(membership.ambient.may)
      ? []
      : [
          {
            key: `ambient ${speaks}`,
            span: () => (speaks ? membership.ambient : allInDoubt(membership.ambient, 'mesh-transport')),
          },
        ];
  return [...ambient, ...entryPart(mesh, at.point), sidecarPart(mesh, port)];
}

/** How clients speak to the host of a ServiceEntry that selects the pod is not worked out. */
function entryPart({ entryPods, proxies }: Mesh, point: number): readonly Part[] {
  return hasBit(entryPods, point) ? [{ key: 'entry', span: () => allInDoubt(proxies, 'mesh-transport') }] : [];
}

function identityOf({ world }: Mesh, parts: readonly Part[]): PointSpan {
  return parts.length === 0 ? exactly(world.nothing) : unionOf(parts.map((part) => part.span()));
}

function gatewayPart({ proxies, gatewayIsMutual, world }: Mesh, { at }: PortAt): Part {
  const mutual = gatewayIsMutual(at.point);
  return {
    key: `gateway ${mutual}`,
    span: () => (mutual ? allInDoubt(proxies, 'mesh-transport') : exactly(world.nothing)),
  };
}

/** Sidecars that know a Service of the port and speak mutual TLS to it. */
function sidecarPart(mesh: Mesh, { at, bindings, port }: PortAt): Part {
  if (port === undefined || bindings.length === 0) return { key: '', span: () => exactly(mesh.world.nothing) };
  const ways = bindings.map((binding) => wayOf(mesh, at.point, binding));
  const captured = mesh.scopes.map((scope) => isCaptured(scope, at.point, port)).join('');
  return {
    key: `${ways.map(({ key }) => key).join('+')} ${captured}`,
    span: () => spanOfWays(mesh, ways, { at, port }),
  };
}

type Scope = Mesh['scopes'][number];

function isCaptured({ capture, captured }: Scope, point: number, port: number): string {
  if (!contains(capture.outbound, port)) return '.';
  if (captured === undefined || hasBit(captured.must, point)) return '!';
  return hasBit(captured.may, point) ? '?' : '.';
}

function contains(set: TrafficSet, value: number): boolean {
  for (let i = 0; i < set.length; i += 2) if (value >= set[i]! && value <= set[i + 1]!) return true;
  return false;
}

/** One Service that leads to a port, as its clients speak to it. */
interface Way {
  readonly key: string;
  /** Scopes that know the Service, by number. */
  readonly seenBy: readonly boolean[];
  readonly groups: readonly { readonly clients: Bits | undefined; readonly mutual: 'yes' | 'no' | 'perhaps' }[];
}

function wayOf(mesh: Mesh, point: number, binding: Binding): Way {
  const seenBy = mesh.scopes.map((scope) => scope.sees(binding.host));
  const rules = mesh.rules.groupsFor(binding.host);
  const groups = (rules ?? [{ clients: undefined, rules: [] }]).map((group) => ({
    clients: group.clients,
    mutual: binding.certain ? isMutual(mesh, point, { binding, rules: group.rules }) : ('perhaps' as const),
  }));
  const all = groups.every(({ mutual }) => mutual === groups[0]?.mutual);
  const ruled = all
    ? (groups[0]?.mutual ?? 'no')
    : `${mesh.ruleKey(binding.host)}${groups.map(({ mutual }) => mutual.charAt(0)).join('')}`;
  const key = `${ruled}${seenBy.every(Boolean) ? '' : seenBy.map(Number).join('')}`;
  return { key, seenBy, groups: all ? [{ clients: undefined, mutual: groups[0]?.mutual ?? 'no' }] : groups };
}

interface Spoken {
  readonly binding: Binding;
  readonly rules: Parameters<typeof clientModeOf>[0];
}

/** Whether a sidecar shows its identity to a port of a Service (the table of modes: see docs/apis/istio.md). */
function isMutual(mesh: Mesh, point: number, { binding, rules }: Spoken): 'yes' | 'no' | 'perhaps' {
  const { labels } = mesh.world.points[point]!;
  const subsets = mesh.subsetsOf(binding.host);
  const mode = clientModeOf(rules, { port: binding.port.port, labels, subsets });
  switch (mode) {
    case 'ISTIO_MUTUAL':
      return 'yes';
    case 'DISABLE':
    case 'SIMPLE':
    case 'MUTUAL':
      return 'no';
    case 'perhaps':
      return 'perhaps';
    case 'auto':
      return autoMutual(mesh, point, { binding, rules });
  }
}

/** What Istio decides where no rule says: by the mode of the whole namespace, then by the endpoint. */
function autoMutual(mesh: Mesh, point: number, { binding, rules }: Spoken): 'yes' | 'no' | 'perhaps' {
  const { host, target } = binding;
  const { config, servers } = mesh;
  if (!config.autoMtls || servers.ofNamespace(host.service.namespace) === 'DISABLE') return 'no';
  const modes = servers.modesAt(point);
  if (modes.doubt !== undefined) return 'perhaps';
  if ((modes.ports.get(target) ?? modes.base).mode === 'DISABLE') return 'no';
  return host.service.headless || isPassthrough(rules) ? mesh.allInMesh(host) : 'yes';
}

function spanOfWays(
  mesh: Mesh,
  ways: readonly Way[],
  { at, port }: { readonly at: At; readonly port: number },
): PointSpan {
  const { size } = mesh.world;
  const sure = emptyBits(size);
  const maybe = emptyBits(size);
  for (const scope of mesh.scopes) {
    const captured = isCaptured(scope, at.point, port);
    const known = ways.filter(({ seenBy }) => seenBy[scope.number]);
    if (captured === '.' || known.length === 0) continue;
    for (const point of members(scope.clients.may)) {
      const found = known.map((way) => mutualFor(way, point));
      if (found.every((mutual) => mutual === 'no')) continue;
      const certain =
        captured === '!' && found.every((mutual) => mutual === 'yes') && hasBit(scope.clients.must, point);
      addBit(certain ? sure : maybe, point);
    }
  }
  return spanOf(sure, maybe, 'mesh-transport');
}

function mutualFor({ groups }: Way, point: number): 'yes' | 'no' | 'perhaps' {
  return groups.find(({ clients }) => clients === undefined || hasBit(clients, point))?.mutual ?? 'no';
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
