import { includes } from '#base/intervals.ts';
import { grantBetween } from '#engine/reach.ts';
import { trafficPoint } from '#model/traffic.ts';
import type { NeededEdge, NeededPort } from '../../../needs/needs.ts';
import type { ControlContext } from '../../context.ts';
import { neededOutOf } from '../context-needs.ts';
import { dnsOf } from '../dns.ts';
import { grantOf } from '../isolation.ts';
import { netWorld } from '../net-world.ts';
import { type NetWorkload, workloadsIn } from '../places.ts';

/** A connection that the input shows to be needed and that policy denies. */
export interface DeniedNeed {
  readonly edge: NeededEdge;
  readonly from: NetWorkload;
  readonly to: NetWorkload;
  /** Whose policy denies it. */
  readonly by: readonly ('egress' | 'ingress')[];
}

/** Those of one workload to others; a need is denied where policy denies it on every port that it may be about. */
export function deniedNeeds(context: ControlContext, from: NetWorkload): readonly DeniedNeed[] {
  return neededOutOf(context, from.id).flatMap((edge) => {
    const { to } = edge;
    const target = to.kind === 'workload' ? workloadsIn(context).find(({ id }) => id === to.id) : undefined;
    if (target === undefined || edge.ports.length === 0 || from.hostNetwork || target.hostNetwork) return [];
    const isDenied = edge.ports.every((port) => isDeniedOn(context, { from, to: target, port }));
    return isDenied ? [{ edge, from, to: target, by: sidesThatDeny(context, { from, to: target, edge }) }] : [];
  });
}

interface Asked {
  readonly from: NetWorkload;
  readonly to: NetWorkload;
  readonly port: NeededPort;
}

function isDeniedOn(context: ControlContext, { from, to, port }: Asked): boolean {
  const { reach } = netWorld(context);
  const traffic = trafficPoint(port.protocol, port.port);
  return from.points.every((source) =>
    to.points.every((target) => !includes(grantBetween(reach, source, target).possible, traffic)),
  );
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
