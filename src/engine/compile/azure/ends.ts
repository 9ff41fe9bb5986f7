import { difference, isEmpty, union } from '#base/bits.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { Origin } from '#model/origin.ts';
import type { Direction } from '#model/resource.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import { type Box, exactly, exactTraffic, type PointSpan, type Rule } from '../../form.ts';
import { perhaps, within } from '../../spans.ts';
import { type Azure, peersIn } from './context.ts';
import { EVERYWHERE, type RangeSpan } from './ranges.ts';
import { DESTINATIONS } from './wire.ts';

/** Whom a rule is about. `isTagged`: by `VirtualNetwork`, of which it is not documented whether it holds overlay pods. */
export interface Ends {
  readonly sources: RangeSpan;
  readonly destinations: RangeSpan;
  readonly isTagged: boolean;
}

export function isVirtualNetwork(item: AddressItem): boolean {
  return item.kind === 'tag' && item.tag.toLowerCase() === 'virtualnetwork';
}

/** For each sort of destination, because the address that a connection leaves with depends on it. */
export function boxesOf(azure: Azure, ends: Ends, direction: Direction): Pick<Box, 'on' | 'peers'>[] {
  const { world, wire, destinations } = azure;
  const to = overlayPods(azure, peersIn(azure, ends.destinations), ends);
  if (ends.sources === EVERYWHERE)
    return direction === 'egress' ? [{ peers: to }] : [{ on: to, peers: exactly(world.everything) }];
  return DESTINATIONS.flatMap((sort) => {
    const targets = within(to, destinations[sort]);
    if (isEmpty(targets.may)) return [];
    const from = overlayPods(azure, wire.sendingFrom(ends.sources, sort), ends);
    if (isEmpty(from.may)) return [];
    return [direction === 'egress' ? { on: from, peers: targets } : { on: targets, peers: from }];
  });
}

function overlayPods({ wire, world }: Azure, span: PointSpan, { isTagged }: Ends): PointSpan {
  if (!isTagged || (wire.mode !== 'overlay' && wire.mode !== 'kubenet')) return span;
  const may = union(span.may, world.pods);
  const must = difference(span.must, world.pods);
  return { must, may, doubts: [...span.doubts, { reason: 'cloud-group', points: world.pods }] };
}

/** Perhaps allowed and perhaps denied, whatever it is. */
export function either(
  { world }: Azure,
  origin: Origin,
  reason: 'cloud-expression' | 'cloud-resource-missing',
): Rule[] {
  const boxes: Box[] = [{ peers: perhaps(world.everything, reason), traffic: exactTraffic(ALL_TRAFFIC) }];
  return (['deny', 'allow'] as const).map((action) => ({ action, boxes, path: '', origin }));
}
