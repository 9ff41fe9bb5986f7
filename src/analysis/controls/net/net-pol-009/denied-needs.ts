import { includes } from '#base/intervals.ts';
import { trafficPoint } from '#model/traffic.ts';
import type { NeededEdge } from '../../../needs/needs.ts';
import type { ControlContext } from '../../context.ts';
import { neededOutOf } from '../context-needs.ts';
import { endsOf, isDeniedNow } from '../denied-edges.ts';
import { dnsOf } from '../dns.ts';
import { grantOf } from '../isolation.ts';
import { netWorld } from '../net-world.ts';
import type { NetWorkload } from '../places.ts';

/** A connection that the input shows to be needed and that policy denies. */
export interface DeniedNeed {
  readonly edge: NeededEdge;
  readonly from: NetWorkload;
  readonly to: NetWorkload;
  /** Whose policy denies it. */
  readonly by: readonly ('egress' | 'ingress')[];
}

/** Those of one workload to others. */
export function deniedNeeds(context: ControlContext, workload: NetWorkload): readonly DeniedNeed[] {
  return neededOutOf(context, workload.id).flatMap((edge) => {
    const ends = endsOf(context, edge);
    // That pods of a StatefulSet speak with each other is likely, and not shown.
    if (ends === undefined || edge.cause === 'peers' || !isDeniedNow(context, edge)) return [];
    return [{ edge, ...ends, by: sidesThatDeny(context, { ...ends, edge }) }];
  });
}

function sidesThatDeny(
  context: ControlContext,
  { from, to, edge }: { readonly from: NetWorkload; readonly to: NetWorkload; readonly edge: NeededEdge },
): DeniedNeed['by'] {
  const net = netWorld(context);
  const [port] = edge.ports;
  const traffic = trafficPoint(port!.protocol, port!.port);
  const [source, target] = [from.points[0]!, to.points[0]!];
  const sides = [
    { direction: 'egress', subject: source, peer: target },
    { direction: 'ingress', subject: target, peer: source },
  ] as const;
  return sides.filter((asked) => !includes(grantOf(net, asked).possible, traffic)).map(({ direction }) => direction);
}

/** Whether a workload is told names and cannot ask for their addresses. */
export function lacksDns(context: ControlContext, workload: NetWorkload): NeededEdge | undefined {
  if (workload.hostNetwork) return undefined;
  const named = neededOutOf(context, workload.id).find(
    ({ to, cause }) => cause === 'configuration' && (to.kind === 'workload' || to.kind === 'host'),
  );
  const net = netWorld(context);
  return named !== undefined && workload.points.every((point) => dnsOf(net, point) === 'lost') ? named : undefined;
}
