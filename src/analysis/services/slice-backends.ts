import { type Family, isInRange, parseAddress } from '#base/address.ts';
import { externalPoint, type World } from '#engine/world.ts';
import type { EndpointAddress, EndpointSlice, Service, ServicePort } from '#model/exposure.ts';
import type { Backend, PortBackends } from './backends.ts';
import { inFamily, type UnitIndex } from './unit-index.ts';

/** What slices are read against. */
export interface Cluster {
  readonly world: World;
  readonly units: UnitIndex;
}

/** The backends of each port as the slices of a Service list them. */
export function portsOfSlices(cluster: Cluster, service: Service, slices: readonly EndpointSlice[]): PortBackends[] {
  return service.ports.map((port) => {
    const listed = slices.flatMap((slice) => listedIn(slice, port));
    const { now, later } = byReadiness(service, listed);
    const backends = (some: readonly Listed[]) => once(some.flatMap((entry) => backendsAt(cluster, service, entry)));
    return { port, backends: backends(now), waiting: backends(later) };
  });
}

/** What the name of a headless Service resolves to. */
export function addressesOfSlices(cluster: Cluster, service: Service, slices: readonly EndpointSlice[]): Backend[] {
  const listed = slices.filter(isUsable).flatMap((slice) => slice.endpoints.map((endpoint) => ({ endpoint, slice })));
  return once(byReadiness(service, listed).now.flatMap((entry) => backendsAt(cluster, service, entry)));
}

interface Listed {
  readonly endpoint: EndpointAddress;
  readonly slice: EndpointSlice;
  readonly port?: number;
}

/** kube-proxy passes over FQDN slices: nothing translates to a name. */
function isUsable(slice: EndpointSlice): boolean {
  return slice.addressType !== 'FQDN';
}

/** Ports of slice and Service belong together by name; a slice without that port offers nothing (discovery/v1). */
function listedIn(slice: EndpointSlice, port: ServicePort): Listed[] {
  if (!isUsable(slice)) return [];
  const numbers = slice.ports.filter((own) => (own.name ?? '') === (port.name ?? '') && own.protocol === port.protocol);
  return numbers.flatMap((own) => slice.endpoints.map((endpoint) => ({ endpoint, slice, port: own.port })));
}

/** KEP-1669: ready ones; where there are none, those that still serve while they terminate. */
function byReadiness(
  service: Service,
  listed: readonly Listed[],
): { now: readonly Listed[]; later: readonly Listed[] } {
  const ready = listed.filter(({ endpoint }) => endpoint.ready || service.publishNotReadyAddresses);
  const draining = listed.filter(({ endpoint }) => endpoint.serving && endpoint.terminating);
  const now = ready.length > 0 ? ready : draining;
  return { now, later: listed.filter((entry) => !now.includes(entry) && !entry.endpoint.terminating) };
}

function backendsAt(cluster: Cluster, service: Service, { endpoint, slice, port }: Listed): Backend[] {
  const address = parseAddress(endpoint.address);
  if (address === undefined) return [];
  const rest = {
    ...(port !== undefined && { port }),
    ...(endpoint.nodeName !== undefined && { nodeName: endpoint.nodeName }),
  };
  const unit = unitAt(cluster, endpoint, { namespace: slice.namespace, port });
  if (unit !== undefined) return [podBackend(cluster, unit, { family: address.family, ...rest })];
  const namedPod =
    endpoint.pod === undefined ? undefined : `${endpoint.pod.namespace || slice.namespace}/${endpoint.pod.name}`;
  if (namedPod !== undefined) {
    const templates = templatesOf(cluster, service);
    if (templates.length > 0)
      return templates.map((template) => podBackend(cluster, template, { family: address.family, ...rest }));
    return [{ kind: 'unseen', pod: namedPod, address, ...rest }];
  }
  const node = cluster.units.nodeAt(address);
  if (node.length > 0) return [{ kind: 'node', points: node, address, ...rest }];
  if (isPodAddress(cluster.world, endpoint)) return [{ kind: 'unseen', pod: endpoint.address, address, ...rest }];
  return [{ kind: 'outside', point: externalPoint(cluster.world, address), address, ...rest }];
}

/** A pod by its name where the slice gives one, else by its address; host-network pods share one, so the port tells them apart. */
function unitAt(
  { world, units }: Cluster,
  endpoint: EndpointAddress,
  at: { namespace: string; port: number | undefined },
): number | undefined {
  if (endpoint.pod !== undefined) return units.podNamed(endpoint.pod.namespace || at.namespace, endpoint.pod.name);
  const here = units.unitsAt(endpoint.address);
  const onPodNetwork = here.find((unit) => !world.units[unit]!.shape.hostNetwork);
  return onPodNetwork ?? here.find((unit) => world.units[unit]!.shape.ports.some((port) => port.port === at.port));
}

/** The pod is not in the input, but the workload that makes such pods is. */
function templatesOf({ world, units }: Cluster, service: Service): readonly number[] {
  if (service.selector === undefined) return [];
  const selected = units.selectedBy(service.namespace, service.selector);
  return selected.filter((unit) => world.units[unit]!.pod === undefined);
}

/** Whether an address that no pod of the input has is a pod's all the same. An assumed pod range proves nothing. */
function isPodAddress(world: World, endpoint: EndpointAddress): boolean {
  const address = parseAddress(endpoint.address);
  return address !== undefined && !world.podRangesAssumed && world.podRanges.some((range) => isInRange(address, range));
}

interface At {
  readonly family: Family;
  readonly port?: number;
  readonly nodeName?: string;
}

function podBackend({ world, units }: Cluster, unit: number, { family, ...rest }: At): Backend {
  const { owner, shape } = world.units[unit]!;
  const points = units.pointsOf(unit);
  const own = inFamily(world, points, family);
  return { kind: 'pod', unit, owner, points: own.length > 0 ? own : points, hostNetwork: shape.hostNetwork, ...rest };
}

function once(backends: readonly Backend[]): Backend[] {
  const seen = new Map<string, Backend>();
  for (const backend of backends) seen.set(identityOf(backend), backend);
  return [...seen.values()];
}

function identityOf(backend: Backend): string {
  switch (backend.kind) {
    case 'pod':
      return `pod ${backend.unit} ${backend.points.join()} ${backend.port}`;
    case 'node':
    case 'outside':
    case 'unseen':
      return `${backend.kind} ${backend.address.family} ${backend.address.value} ${backend.port}`;
  }
}
