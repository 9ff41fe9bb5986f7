import { addBit, type Bits, emptyBits, hasBit, nextBit } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { EndpointSlice, Service, ServicePort } from '#model/exposure.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { PointSpan } from '../../form.ts';
import { perhaps } from '../../spans.ts';
import type { World } from '../../world.ts';
import type { Compiling } from '../context.ts';

/** A Service as proxies know it. */
export interface Host {
  /** `web.shop.svc.cluster.local` */
  readonly name: string;
  readonly service: Service;
  readonly backends: PointSpan;
}

/** One port of a pod as a port of a Service leads to it. */
export interface Binding {
  readonly host: Host;
  readonly port: ServicePort;
  /** The pod's own port. */
  readonly target: number;
  /** Whether the Service selects the pod for certain. */
  readonly certain: boolean;
}

export interface Hosts {
  readonly all: readonly Host[];
  /** By point: every TCP port of a Service that leads there. */
  readonly bindings: readonly (readonly Binding[])[];
}

/** Where a cluster keeps its names, unless it was built otherwise. */
const DOMAIN = 'svc.cluster.local';

export function hostsOf(
  { world, selection }: Compiling,
  snapshot: Pick<Snapshot, 'services' | 'endpointSlices'>,
): Hosts {
  const all: Host[] = [];
  const bindings: Binding[][] = Array.from({ length: world.size }, () => []);
  const listed = listedPods(world, snapshot.endpointSlices);
  for (const service of snapshot.services) {
    if (service.type === 'ExternalName') continue;
    const { namespace, selector: podSelector } = service;
    // Endpoints that are kept by hand may be changed by hand: what they lead to is not certain.
    const byHand = perhaps(listed.get(`${namespace}/${service.name}`) ?? world.nothing, 'backends-unknown');
    const backends = podSelector === undefined ? byHand : selection.pods({ namespace, podSelector });
    const host: Host = { name: hostName(service), service, backends };
    all.push(host);
    bind(world, host, bindings);
  }
  return { all, bindings };
}

/** Pods whose addresses stand in the slices of a Service, by `namespace/name`. */
function listedPods(world: World, slices: readonly EndpointSlice[]): ReadonlyMap<string, Bits> {
  const out = new Map<string, Bits>();
  if (slices.length === 0) return out;
  const owners = new Map<string, number[]>();
  for (const [point, { units, hostNetwork }] of world.points.entries()) {
    if (hostNetwork) continue;
    for (const address of units.flatMap((unit) => world.units[unit]!.addresses)) {
      remembered(owners, address, () => []).push(point);
    }
  }
  for (const { namespace, service, endpoints } of slices) {
    const bits = remembered(out, `${namespace}/${service}`, () => emptyBits(world.size));
    for (const { address } of endpoints) for (const point of owners.get(address) ?? []) addBit(bits, point);
  }
  return out;
}

export function hostName({ name, namespace }: { readonly name: string; readonly namespace: string }): string {
  return `${name}.${namespace}.${DOMAIN}`;
}

function bind(world: World, host: Host, bindings: Binding[][]): void {
  const { may, must } = host.backends;
  const ports = host.service.ports.filter(({ protocol }) => protocol === 'TCP');
  for (let point = nextBit(may, 0); point >= 0; point = nextBit(may, point + 1)) {
    const certain = hasBit(must, point);
    for (const port of ports) {
      for (const target of targetsOf(world, point, port)) bindings[point]!.push({ host, port, target, certain });
    }
  }
}

function targetsOf(world: World, point: number, { targetPort }: ServicePort): readonly number[] {
  if (typeof targetPort === 'number') return [targetPort];
  const named = world.points[point]!.namedPorts.filter((own) => own.name === targetPort && own.protocol === 'TCP');
  return [...new Set(named.map(({ port }) => port))];
}

/** What a sidecar takes the traffic of a port for. `sniff`: it looks at the first bytes. */
export type AppProtocol = 'http' | 'tcp' | 'sniff';

const HTTP = ['http', 'http2', 'grpc', 'grpc-web'];
const RAW = ['tcp', 'tls', 'https', 'mongo', 'mysql', 'redis', 'udp', 'tcp-tls'];
/** Server-first protocols, which cannot be sniffed (pilot/pkg/serviceregistry/kube: SMTP, DNS, MySQL, MongoDB). */
const SERVER_FIRST = [25, 53, 3306, 27017];

/** `appProtocol`, else the first word of the port's name, else the well-known ports. */
export function appProtocolOf({ appProtocol, name, port }: ServicePort): AppProtocol {
  if (appProtocol !== undefined) return named(appProtocolName(appProtocol)) ?? (port === 53 ? 'tcp' : 'sniff');
  const byName = named((name ?? '').toLowerCase()) ?? named((name ?? '').toLowerCase().split('-')[0] ?? '');
  return byName ?? (SERVER_FIRST.includes(port) ? 'tcp' : 'sniff');
}

/** `kubernetes.io/h2c`, `kubernetes.io/ws`, `istio.io/…` and plain names. */
function appProtocolName(text: string): string {
  const lower = text.toLowerCase();
  if (lower === 'kubernetes.io/h2c' || lower === 'kubernetes.io/ws') return 'http';
  return lower === 'kubernetes.io/wss' ? 'https' : lower;
}

function named(name: string): AppProtocol | undefined {
  if (HTTP.includes(name)) return 'http';
  return RAW.includes(name) ? 'tcp' : undefined;
}
