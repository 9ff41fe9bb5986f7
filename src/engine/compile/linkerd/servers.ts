import { difference, intersection, isEmpty } from '#base/bits.ts';
import type { LinkerdServer } from '#model/linkerd.ts';
import { portTraffic, type TrafficSet } from '#model/traffic.ts';
import { exactly, type PointSpan } from '../../form.ts';
import { doubting } from '../../spans.ts';
import { byAge, knowsAge } from '../age.ts';
import { meetSpans } from '../span-sets.ts';
import type { Mesh } from './mesh.ts';

/** One port of the pods that a Server is for. */
export interface ServedPort {
  readonly server: LinkerdServer;
  readonly on: PointSpan;
  readonly traffic: TrafficSet;
}

/**
 * Which Server is for which port of which pods: of several the oldest, then by name (policy-controller inbound index).
 * Where the input does not say which of two is older, the first of them counts only perhaps, and the other where it
 * does not.
 */
export function servedPorts(mesh: Mesh): ServedPort[] {
  const all = [...mesh.snapshot.linkerdServers]
    .sort(byAge)
    .flatMap((server) => portsOf(mesh, server).map((port): ServedPort => ({ server, ...port })));
  const out = all.map((port, index) => {
    const rivals = all.map((other, at) => ({ other, at })).filter(({ other }) => isRival(other, port));
    const on = rivals.reduce((left, { other, at }) => {
      if (at < index) return knowsAge(other.server, port.server) ? without(left, other.on) : left;
      return at === index || knowsAge(other.server, port.server)
        ? left
        : doubting(left, other.on.may, 'equal-priority');
    }, port.on);
    return { ...port, on };
  });
  return out.filter(({ on }) => !isEmpty(on.may));
}

function isRival(a: ServedPort, b: ServedPort): boolean {
  return a.server.namespace === b.server.namespace && a.traffic.join() === b.traffic.join();
}

function without(span: PointSpan, taken: PointSpan): PointSpan {
  return {
    must: difference(span.must, taken.may),
    may: difference(span.may, taken.must),
    doubts: [...span.doubts, ...taken.doubts],
  };
}

function portsOf(mesh: Mesh, server: LinkerdServer): Omit<ServedPort, 'server'>[] {
  if (server.podSelector === undefined) return [];
  const { compiling, world, members } = mesh;
  const selected = compiling.selection.pods({ namespace: server.namespace, podSelector: server.podSelector });
  const pods = meetSpans(selected, members.meshed);
  if (isEmpty(pods.may)) return [];
  if (typeof server.port === 'number') return [{ on: pods, traffic: portTraffic('TCP', server.port) }];
  return (compiling.namedPorts.get(server.port) ?? []).flatMap(({ protocol, port, points }) => {
    const on = meetSpans(pods, exactly(intersection(points, world.pods)));
    return protocol !== 'TCP' || isEmpty(on.may) ? [] : [{ on, traffic: portTraffic('TCP', port) }];
  });
}
