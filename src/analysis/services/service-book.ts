import type { Engine } from '#engine/engine.ts';
import type { EndpointSlice, Service } from '#model/exposure.ts';
import type { PortProtocol } from '#model/traffic.ts';
import { type AddressedPort, addressIndexOf, type ServiceAddress } from './address-index.ts';
import type { Backend, ServiceBackends } from './backends.ts';
import { predictedPods, predictedPorts } from './predicted-backends.ts';
import { addressesOfSlices, type Cluster, portsOfSlices } from './slice-backends.ts';
import { type UnitIndex, unitIndexOf } from './unit-index.ts';

/** Service translation of one engine's snapshot. Indexes are built once; a Service is worked out when it is asked for. */
export interface ServiceBook {
  readonly units: UnitIndex;
  serviceNamed(namespace: string, name: string): Service | undefined;
  backendsOf(service: Service): ServiceBackends;
  /** Where a connection to a port of a Service ends. */
  translate(service: Service, port: number, protocol: PortProtocol): Translation;
  /** Which Service a ClusterIP, an external IP, a load balancer's address or a node's address and node port mean. */
  resolveServiceAddress(asked: AddressedPort): readonly ServiceAddress[];
}

/** What becomes of a connection to a Service. */
export type Translation =
  | { readonly kind: 'backends'; readonly backends: readonly Backend[]; readonly predicted: boolean }
  /** DNS alias: ask again with the name. */
  | { readonly kind: 'domain'; readonly domain: string }
  /** The Service has no such port. */
  | { readonly kind: 'no-port' }
  /** Nothing is behind the port now. */
  | { readonly kind: 'latent'; readonly waiting: readonly Backend[] }
  /** No selector and no EndpointSlice in the input: reason `backends-unknown`. */
  | { readonly kind: 'unknown' };

/**
 * @example
 * const book = serviceBookOf(engine);
 * book.translate(book.serviceNamed('shop', 'web')!, 80, 'TCP'); // { kind: 'backends', backends: [{ port: 8080, … }] }
 */
export function serviceBookOf({ snapshot, world }: Engine): ServiceBook {
  const cluster: Cluster = { world, units: unitIndexOf(world) };
  const named = new Map(snapshot.services.map((service) => [`${service.namespace}/${service.name}`, service]));
  const slices = slicesByService(snapshot.endpointSlices);
  const known = new Map<Service, ServiceBackends>();
  const resolve = addressIndexOf(snapshot.services, new Set(snapshot.nodes.flatMap((node) => node.addresses)));
  return {
    units: cluster.units,
    serviceNamed: (namespace, name) => named.get(`${namespace}/${name}`),
    translate: (service, port, protocol) => translationOf(backendsOf(service), port, protocol),
    resolveServiceAddress: resolve,
    backendsOf,
  };

  function backendsOf(service: Service): ServiceBackends {
    let backends = known.get(service);
    if (backends === undefined) {
      const own = slices.get(`${service.namespace}/${service.name}`) ?? [];
      // A cluster that shows its slices shows all of them: a Service without one has no backend.
      backends = workOut(cluster, service, { slices: own, complete: snapshot.endpointSlices.length > 0 });
      known.set(service, backends);
    }
    return backends;
  }
}

interface Listing {
  readonly slices: readonly EndpointSlice[];
  /** Whether the input lists slices at all. */
  readonly complete: boolean;
}

function workOut(cluster: Cluster, service: Service, { slices, complete }: Listing): ServiceBackends {
  const base = { service, kind: 'translated', predicted: false, known: true, ports: [], addresses: [] } as const;
  if (service.type === 'ExternalName') return { ...base, kind: 'domain', domain: service.externalName ?? '' };
  const kind = service.headless ? 'headless' : 'translated';
  if (slices.length > 0) {
    if (service.headless) return { ...base, kind, addresses: addressesOfSlices(cluster, service, slices) };
    return { ...base, kind, ports: portsOfSlices(cluster, service, slices) };
  }
  const { selector } = service;
  if (selector === undefined) {
    return {
      ...base,
      kind,
      known: complete,
      ports: service.ports.map((port) => ({ port, backends: [], waiting: [] })),
    };
  }
  if (service.headless) return { ...base, kind, predicted: true, addresses: predictedPods(cluster, service, selector) };
  return { ...base, kind, predicted: true, ports: predictedPorts(cluster, service, selector) };
}

function translationOf(of: ServiceBackends, port: number, protocol: PortProtocol): Translation {
  if (of.kind === 'domain') return { kind: 'domain', domain: of.domain ?? '' };
  if (of.kind === 'headless') {
    if (!of.known) return { kind: 'unknown' };
    const backends = of.addresses.map((backend) => ({ ...backend, port }));
    return backends.length === 0
      ? { kind: 'latent', waiting: [] }
      : { kind: 'backends', backends, predicted: of.predicted };
  }
  const entry = of.ports.find((own) => own.port.port === port && own.port.protocol === protocol);
  if (entry === undefined) return { kind: 'no-port' };
  if (!of.known) return { kind: 'unknown' };
  if (entry.backends.length === 0) return { kind: 'latent', waiting: entry.waiting };
  return { kind: 'backends', backends: entry.backends, predicted: of.predicted };
}

/** Endpoints count only for Services without a slice: the control plane mirrors one into the other (discovery/v1). */
function slicesByService(slices: readonly EndpointSlice[]): Map<string, EndpointSlice[]> {
  const out = new Map<string, EndpointSlice[]>();
  for (const kind of ['EndpointSlice', 'Endpoints'] as const) {
    const found = new Map<string, EndpointSlice[]>();
    for (const slice of slices) {
      if (slice.kind !== kind || slice.service === '') continue;
      const key = `${slice.namespace}/${slice.service}`;
      found.set(key, [...(found.get(key) ?? []), slice]);
    }
    for (const [key, own] of found) if (!out.has(key)) out.set(key, own);
  }
  return out;
}
