import { addAll, type Bits, emptyBits, hasBit, isEmpty, isSubset, members } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { IstioGateway, IstioSidecar, MeshConfig } from '#model/istio.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { meshConfigOf } from '#parse/istio/mesh-config.ts';
import type { PointSpan } from '../../form.ts';
import { unionOf } from '../../spans.ts';
import type { World } from '../../world.ts';
import type { Compiling } from '../context.ts';
import { type Arrivals, arrivalsOf } from './arrivals.ts';
import { type ClientScope, clientScopesOf, sidecarsByPoint } from './client-scopes.ts';
import { type DestinationRules, destinationRulesOf } from './destination-rules.ts';
import { type AppProtocol, type Host, type Hosts, hostsOf } from './hosts.ts';
import { type Identities, identitiesOf } from './identities.ts';
import { announcesTls, hasIstio, type Membership, membershipOf } from './membership.ts';
import { type Servers, serversOf } from './server-modes.ts';
import { type Waypoints, waypointsOf } from './waypoints.ts';

/** The mesh of one snapshot: who is in it, how they speak, and what each proxy takes. */
export interface Mesh {
  readonly compiling: Compiling;
  readonly world: World;
  readonly snapshot: Snapshot;
  readonly config: MeshConfig;
  readonly membership: Membership;
  /** Sidecars and gateways. */
  readonly proxies: PointSpan;
  readonly hosts: Hosts;
  readonly scopes: readonly ClientScope[];
  readonly rules: DestinationRules;
  readonly servers: Servers;
  readonly waypoints: Waypoints;
  readonly identities: Identities;
  /** Pods that a ServiceEntry selects: connections reach them by its name too. */
  readonly entryPods: Bits;
  /** What a Sidecar lists as listeners of a pod; undefined where none does. */
  listeners(point: number): ReadonlyMap<number, AppProtocol> | undefined;
  gatewayPorts(point: number, port: number): AppProtocol | undefined;
  /** Whether some server of a gateway wants the identity of the mesh. */
  gatewayIsMutual(point: number): boolean;
  /** Equal for hosts that the same rules are for. */
  ruleKey(host: Host): string;
  /** Subsets that routes lead to; undefined among them: the host itself. */
  subsetsOf(host: Host): ReadonlySet<string | undefined>;
  /** Whether every pod of a Service has a proxy. */
  allInMesh(host: Host): 'yes' | 'no' | 'perhaps';
  arrivals(): Arrivals;
}

const MESHES = new WeakMap<Compiling, { readonly snapshot: Snapshot; readonly mesh: Mesh | undefined }>();

/** Undefined where nothing in the snapshot shows an Istio. */
export function meshOf(compiling: Compiling, snapshot: Snapshot): Mesh | undefined {
  const known = MESHES.get(compiling);
  if (known?.snapshot === snapshot) return known.mesh;
  const mesh = hasIstio(snapshot) ? buildMesh(compiling, snapshot) : undefined;
  MESHES.set(compiling, { snapshot, mesh });
  return mesh;
}

function buildMesh(compiling: Compiling, snapshot: Snapshot): Mesh {
  const { world } = compiling;
  const config = meshConfigOf(snapshot);
  const membership = membershipOf(world, config);
  const gateways = gatewaysByPods(compiling, snapshot.istioGateways);
  const sidecars = sidecarsByPoint(compiling, snapshot, config);
  const subsets = subsetIndex(snapshot);
  const rules = destinationRulesOf(compiling, snapshot, config);
  const ruleKeys = new Map<object, string>();
  const inMesh = new Map<Host, { readonly answer: 'yes' | 'no' | 'perhaps' }>();
  let arrivals: Arrivals | undefined;
  const mesh: Mesh = {
    compiling,
    world,
    snapshot,
    config,
    membership,
    proxies: unionOf([membership.sidecar, membership.gateway]),
    hosts: hostsOf(compiling, snapshot),
    scopes: clientScopesOf(compiling, { membership, config, sidecars }),
    rules,
    servers: serversOf(compiling, snapshot, config),
    waypoints: waypointsOf(snapshot, world),
    identities: identitiesOf(world, config),
    entryPods: podsOfEntries(compiling, snapshot),
    listeners: (point) => listenersOf(sidecars.get(point)?.[0]),
    gatewayPorts: (point, port) => gatewayProtocol(gateways, point, port),
    gatewayIsMutual: (point) => gateways.some(({ pods, gateway }) => hasBit(pods, point) && wantsIdentity(gateway)),
    ruleKey: (host) => {
      const groups = rules.groupsFor(host);
      if (groups === undefined) return '';
      const key = ruleKeys.get(groups) ?? `r${ruleKeys.size}`;
      ruleKeys.set(groups, key);
      return key;
    },
    subsetsOf: ({ name }) => subsets.get(name) ?? HOST_ITSELF,
    allInMesh: (host) =>
      remembered(inMesh, host, () => ({ answer: coveredBy(world, host.backends, membership) })).answer,
    arrivals: () => {
      arrivals ??= arrivalsOf(mesh);
      return arrivals;
    },
  };
  return mesh;
}

function podsOfEntries({ selection, world }: Compiling, { serviceEntries }: Snapshot): Bits {
  const out = emptyBits(world.size);
  for (const { namespace, workloadSelector } of serviceEntries) {
    if (workloadSelector !== undefined) addAll(out, selection.pods({ namespace, podSelector: workloadSelector }).may);
  }
  return out;
}

const HOST_ITSELF: ReadonlySet<undefined> = new Set([undefined]);

function coveredBy(world: World, { may }: PointSpan, { sidecar }: Membership): 'yes' | 'no' | 'perhaps' {
  for (const point of members(may)) if (!announcesTls(world, world.points[point]!)) return 'no';
  if (isSubset(may, sidecar.must)) return 'yes';
  return isSubset(may, sidecar.may) ? 'perhaps' : 'no';
}

const PROTOCOLS: Readonly<Record<string, AppProtocol>> = {
  HTTP: 'http',
  HTTP2: 'http',
  GRPC: 'http',
  'GRPC-WEB': 'http',
  HTTPS: 'tcp',
  TLS: 'tcp',
  TCP: 'tcp',
  MONGO: 'tcp',
  MYSQL: 'tcp',
  REDIS: 'tcp',
};

const LISTENERS = new WeakMap<IstioSidecar, ReadonlyMap<number, AppProtocol>>();

function listenersOf(sidecar: IstioSidecar | undefined): ReadonlyMap<number, AppProtocol> | undefined {
  if (sidecar === undefined || sidecar.ingress.length === 0) return undefined;
  const known = LISTENERS.get(sidecar);
  if (known !== undefined) return known;
  const read = new Map(sidecar.ingress.map(({ port, protocol }) => [port, PROTOCOLS[protocol] ?? ('sniff' as const)]));
  LISTENERS.set(sidecar, read);
  return read;
}

interface GatewayPods {
  readonly gateway: IstioGateway;
  readonly pods: Bits;
}

/** Which pods a Gateway is for. Without a selector it is for every gateway. */
function gatewaysByPods({ selection }: Compiling, gateways: readonly IstioGateway[]): readonly GatewayPods[] {
  return gateways.map((gateway) => {
    const { origin } = gateway;
    const requirements = [...gateway.selector].map(([key, value]) => ({
      key,
      operator: 'In' as const,
      values: [value],
    }));
    const podSelector = { requirements, origin };
    const pods = selection.pods({ namespaceSelector: { requirements: [], origin }, podSelector }).may;
    return { gateway, pods };
  });
}

/** What a gateway terminates it reads; what it passes through it does not. */
function gatewayProtocol(gateways: readonly GatewayPods[], point: number, port: number): AppProtocol | undefined {
  if (gateways.every(({ pods }) => isEmpty(pods))) return undefined;
  for (const { gateway, pods } of gateways) {
    const server = hasBit(pods, point) ? gateway.servers.find((own) => own.port === port) : undefined;
    if (server === undefined) continue;
    if (server.tls === 'PASSTHROUGH' || server.tls === 'AUTO_PASSTHROUGH') return 'tcp';
    return server.protocol === 'HTTPS' ? 'http' : (PROTOCOLS[server.protocol] ?? 'sniff');
  }
  return undefined;
}

function wantsIdentity({ servers }: IstioGateway): boolean {
  return servers.some(({ tls }) => tls === 'ISTIO_MUTUAL' || tls === 'AUTO_PASSTHROUGH');
}

/** For each host the subsets that VirtualServices lead to. A host that has routes of its own is led to by them only. */
function subsetIndex({ virtualServices }: Snapshot): ReadonlyMap<string, ReadonlySet<string | undefined>> {
  const index = new Map<string, Set<string | undefined>>();
  const routed = new Set<string>();
  for (const service of virtualServices) {
    const full = (host: string) => (host.includes('.') ? host : `${host}.${service.namespace}.svc.cluster.local`);
    const isMesh = service.gateways.length === 0 || service.gateways.includes('mesh');
    if (isMesh && service.routes.length > 0) for (const host of service.hosts) routed.add(full(host));
    for (const { host, subset, mirror } of service.routes.flatMap(({ destinations }) => destinations)) {
      if (!mirror || subset !== undefined) remembered(index, full(host), () => new Set()).add(subset);
    }
  }
  for (const [host, subsets] of index) if (!routed.has(host)) subsets.add(undefined);
  return index;
}
