import { formatAddress } from '#base/address.ts';
import { isPerhaps, isToPort, type Question, type Side } from '../party.ts';
import { isFor, pathsTo } from '../service-path.ts';
import { addressOf } from '../where.ts';

interface ServiceEnd {
  readonly name: string;
  readonly namespace: string;
  readonly side: Side;
}

/**
 * Whether an end is a backend of a Service, ready or not; as a destination also by the port. What backends are is said by
 * the EndpointSlices; where there is none, the pods that the Service selects will be in them.
 */
export function isBackend(question: Question, { name, namespace, side }: ServiceEnd): boolean {
  const { endpointSlices, services } = question.snapshot;
  const slices = endpointSlices.filter((slice) => slice.service === name && slice.namespace === namespace);
  if (slices.length > 0) {
    const text = formatAddress(addressOf(question, side));
    return slices.some(
      ({ endpoints, ports }) =>
        endpoints.some(({ address }) => address === text) &&
        (side === 'from' || ports.some(({ protocol, port }) => isToPort(question, protocol, [port, port]))),
    );
  }
  const service = services.find((each) => each.name === name && each.namespace === namespace);
  if (service?.selector === undefined) return isPerhaps(question, `${side} is a backend of ${namespace}/${name}`);
  const party = question.connection[side];
  if (party.kind !== 'pod') return false;
  return side === 'from' ? isFor(service, party) : pathsTo(question, party).some((path) => path.service === service);
}
