import { type Bits, intersection, isEmpty } from '#base/bits.ts';
import { isNothing, unite } from '#base/intervals.ts';
import type { Direction } from '#model/resource.ts';
import {
  ALL_TRAFFIC,
  NO_TRAFFIC,
  type PortProtocol,
  portTraffic,
  protocolTraffic,
  type TrafficSet,
} from '#model/traffic.ts';
import { type Box, exactly, exactTraffic, type PointSpan } from '../form.ts';
import { perhaps, within } from '../spans.ts';
import type { Compiling } from './context.ts';

/** A named container port as a policy writes it; without a protocol it takes the container port's. */
export interface PortName {
  readonly name: string;
  readonly protocol?: PortProtocol;
}

/** The direction of a rule, and whom it names. */
export interface Side {
  readonly direction: Direction;
  readonly peers: PointSpan;
}

/**
 * A name is a number of the destination: of the peer for egress, of the subject for ingress. A destination that has no
 * such port is not matched; a pod that is not in the input could have any number.
 */
export function boxesOfPortName(compiling: Compiling, port: PortName, { direction, peers }: Side): Box[] {
  const boxes: Box[] = [];
  for (const entry of compiling.namedPorts.get(port.name) ?? []) {
    if (port.protocol !== undefined && port.protocol !== entry.protocol) continue;
    const traffic = exactTraffic(portTraffic(entry.protocol, entry.port));
    const destination = destinationsOf(compiling, entry.points);
    if (direction === 'ingress') boxes.push({ on: destination, peers, traffic });
    else boxes.push({ peers: meetSpans(peers, destination), traffic });
  }
  const unseen = intersection(peers.may, compiling.potentials);
  if (direction === 'egress' && !isEmpty(unseen)) {
    const may = port.protocol === undefined ? ALL_TRAFFIC : protocolTraffic(port.protocol);
    boxes.push({
      peers: perhaps(unseen, 'named-port-unknown'),
      traffic: { must: NO_TRAFFIC, may },
      trafficDoubt: 'named-port-unknown',
    });
  }
  return boxes;
}

/** Host-network pods have container ports too; whether a policy sees them as pods is the profile's to say. */
function destinationsOf({ world, profile }: Compiling, points: Bits): PointSpan {
  const onPodNetwork = intersection(points, world.pods);
  if (profile.hostNetworkPods === 'never') return exactly(onPodNetwork);
  const hosts = intersection(points, world.hosts);
  if (isEmpty(hosts)) return exactly(onPodNetwork);
  return { must: onPodNetwork, may: points, doubts: [{ reason: 'host-network-undefined', points: hosts }] };
}

function meetSpans(a: PointSpan, b: PointSpan): PointSpan {
  if (b.must === b.may) return within(a, b.must);
  const must = intersection(a.must, b.must);
  return { must, may: intersection(a.may, b.may), doubts: [...a.doubts, ...b.doubts] };
}

/** One box for all numbered ports together, none where there are none. */
export function boxesOfTraffic(traffic: TrafficSet, peers: PointSpan): Box[] {
  return isNothing(traffic) ? [] : [{ peers, traffic: exactTraffic(traffic) }];
}

export function uniteAll(sets: Iterable<TrafficSet>): TrafficSet {
  let all = NO_TRAFFIC;
  for (const set of sets) all = unite(all, set);
  return all;
}
