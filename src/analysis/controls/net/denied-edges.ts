import { includes } from '#base/intervals.ts';
import { grantBetween } from '#engine/reach.ts';
import { trafficPoint } from '#model/traffic.ts';
import type { NeededEdge } from '../../needs/needs.ts';
import type { ControlContext } from '../context.ts';
import { netWorld } from './net-world.ts';
import { type NetWorkload, workloadNamed } from './places.ts';

/** The two ends of a need between workloads on the pod network. */
export interface NeedEnds {
  readonly from: NetWorkload;
  readonly to: NetWorkload;
}

export function endsOf(context: ControlContext, { from, to }: NeededEdge): NeedEnds | undefined {
  const source = from.kind === 'workload' ? workloadNamed(context, from.id) : undefined;
  const target = to.kind === 'workload' ? workloadNamed(context, to.id) : undefined;
  if (source === undefined || target === undefined || source.hostNetwork || target.hostNetwork) return undefined;
  return { from: source, to: target };
}

/** Whether policy denies a need for certain, on every port that it may be about. */
export function isDeniedNow(context: ControlContext, edge: NeededEdge): boolean {
  const ends = endsOf(context, edge);
  if (ends === undefined || edge.ports.length === 0) return false;
  const { reach } = netWorld(context);
  const points = edge.ports.map(({ protocol, port }) => trafficPoint(protocol, port));
  return ends.from.points.every((source) =>
    ends.to.points.every((target) => {
      const { possible } = grantBetween(reach, source, target);
      return points.every((traffic) => !includes(possible, traffic));
    }),
  );
}
