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
 * Where the input does not say how old they are, what they share is in doubt for both.
 */
export function servedPorts(mesh: Mesh): ServedPort[] {
  const taken = new Map<string, { readonly server: LinkerdServer; readonly on: PointSpan }[]>();
  const out: ServedPort[] = [];
  for (const server of [...mesh.snapshot.linkerdServers].sort(byAge)) {
    for (const { on, traffic } of portsOf(mesh, server)) {
      const key = `${server.namespace} ${traffic.join()}`;
      const before = taken.get(key) ?? [];
      taken.set(key, [...before, { server, on }]);
      const own = before.reduce((left, each) => without(left, each.on, knowsAge(each.server, server)), on);
      if (!isEmpty(own.may)) out.push({ server, on: own, traffic });
    }
  }
  return out;
}

function without(span: PointSpan, taken: PointSpan, certain: boolean): PointSpan {
  if (!certain) return doubting(span, taken.may, 'mesh-membership');
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
