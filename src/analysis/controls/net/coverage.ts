import type { Direction } from '#model/resource.ts';
import { coverOf } from './isolation.ts';
import type { NetWorld } from './net-world.ts';
import type { NetWorkload } from './places.ts';

export type Cover = 'covered' | 'open' | 'unknown';

/** Whether policy has a word on what every pod of a workload exchanges with somebody whom no rule names. */
export function coverOfWorkload(net: NetWorld, { points }: Pick<NetWorkload, 'points'>, direction: Direction): Cover {
  const peer = direction === 'ingress' ? net.stranger : net.internet;
  const covers = new Set(points.map((subject) => coverOf(net, { direction, subject, peer })));
  if (covers.has('open')) return 'open';
  return covers.has('unknown') ? 'unknown' : 'covered';
}

/** The directions in which nothing has a word on a workload. */
export function openDirections(net: NetWorld, workload: Pick<NetWorkload, 'points'>): readonly Direction[] {
  return (['ingress', 'egress'] as const).filter((direction) => coverOfWorkload(net, workload, direction) === 'open');
}
