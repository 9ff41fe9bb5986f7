import { type Cidr, cidrOf, parseAddress } from '#base/address.ts';
import { isEmpty } from '#base/bits.ts';
import type { EndpointSlice, Service, ServicePort } from '#model/exposure.ts';
import { portTraffic, type TrafficSet } from '#model/traffic.ts';
import type { PointSpan } from '../form.ts';
import { within } from '../spans.ts';
import type { Compiling } from './context.ts';

/** Where a Service leads: these points, on this traffic. */
export interface Backend {
  readonly points: PointSpan;
  readonly traffic: TrafficSet;
}

/** A Service with its slices; without slices in the input they are what its selector would give. */
export interface ServiceFacts {
  readonly service: Service | undefined;
  readonly slices: readonly EndpointSlice[];
}

/** Addresses behind a Service, ready or not, that the world must tell apart. */
export function backendRanges({ slices }: ServiceFacts): Cidr[] {
  return slices.flatMap(({ endpoints }) => endpoints.flatMap(({ address }) => rangeOf(address)));
}

/** Every backend, ready or not. The world must be cut by `backendRanges`. */
export function backendsOf(compiling: Compiling, facts: ServiceFacts): Backend[] {
  if (facts.slices.length > 0) return facts.slices.flatMap((slice) => fromSlice(compiling, slice));
  const { service } = facts;
  if (service?.selector === undefined) return [];
  const pods = compiling.selection.pods({ namespace: service.namespace, podSelector: service.selector });
  return service.ports.flatMap((port) => fromSelector(compiling, pods, port));
}

function fromSlice(compiling: Compiling, { endpoints, ports }: EndpointSlice): Backend[] {
  const blocks = endpoints.flatMap(({ address }) => rangeOf(address)).map((cidr) => ({ cidr, except: [] }));
  if (blocks.length === 0) return [];
  const points = compiling.networks.coveredByAny(blocks);
  return ports.map(({ protocol, port }) => ({ points, traffic: portTraffic(protocol, port) }));
}

function fromSelector(compiling: Compiling, pods: PointSpan, { protocol, targetPort }: ServicePort): Backend[] {
  if (typeof targetPort === 'number') return [{ points: pods, traffic: portTraffic(protocol, targetPort) }];
  return (compiling.namedPorts.get(targetPort) ?? []).flatMap((named): Backend[] => {
    if (named.protocol !== protocol) return [];
    const points = within(pods, named.points);
    return isEmpty(points.may) ? [] : [{ points, traffic: portTraffic(protocol, named.port) }];
  });
}

function rangeOf(text: string): Cidr[] {
  const address = parseAddress(text);
  return address === undefined ? [] : [cidrOf(address, address.family === 4 ? 32 : 128)];
}
