import {
  addAll,
  addBit,
  type Bits,
  copyBits,
  difference,
  emptyBits,
  equalBits,
  isEmpty,
  keepAll,
  members,
  union,
} from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { Firewall } from '#model/azure/firewall.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import { type Box, exactly, exactTraffic, type PointSpan } from '../../form.ts';
import { within } from '../../spans.ts';
import type { Azure } from './context.ts';
import type { SubnetWays } from './routes.ts';

/** What is routed to one firewall. */
export interface Routed {
  /** Points of the cluster with a way to it. */
  readonly subjects: Bits;
  /** Connections of these that take a way without firewall. */
  readonly free: readonly Box[];
  /** Connections of these that take the way of another firewall. */
  readonly others: readonly Box[];
}

/** Points that stand in the same subnets. */
interface Group {
  readonly points: Bits;
  /** What they send to the firewall. */
  readonly sent: PointSpan;
  /** What they perhaps send to other ones. */
  readonly others: Bits;
}

/** Of points that may stand in several subnets what all of these send there is certain, and what some do is not. */
export function routedTo(azure: Azure, firewall: Firewall, all: readonly SubnetWays[]): Routed {
  const { world, siting } = azure;
  const bySubnet = new Map(all.map((each) => [each.subnet.key, each]));
  const groups = new Map<string, Group>();
  for (const point of members(union(world.pods, world.hosts))) {
    const { subnets, isOpen } = siting.at(point);
    const key = `${isOpen} ${[...subnets].sort().join(' ')}`;
    const group = remembered(groups, key, () => {
      const ways = subnets.map((each) => bySubnet.get(each)?.ways ?? []);
      return groupOf(azure, firewall, { ways, isOpen });
    });
    addBit(group.points, point);
  }
  const routed = [...groups.values()].filter(({ sent }) => !isEmpty(sent.may));
  const subjects = emptyBits(world.size);
  for (const { points } of routed) addAll(subjects, points);
  const isOnly = routed.length === 1;
  return {
    subjects,
    free: routed.map((group) => elsewhere(azure, group, { to: difference(world.everything, group.others), isOnly })),
    others: routed.map((group) => elsewhere(azure, group, { to: group.others, isOnly })),
  };
}

interface Stand {
  /** Of each subnet that a point may stand in. */
  readonly ways: readonly SubnetWays['ways'][];
  readonly isOpen: boolean;
}

function groupOf({ world }: Azure, { key }: Firewall, { ways, isOpen }: Stand): Group {
  const must = isOpen || ways.length === 0 ? emptyBits(world.size) : copyBits(world.everything);
  const may = emptyBits(world.size);
  const others = emptyBits(world.size);
  for (const own of ways) {
    const sent = emptyBits(world.size);
    for (const { way, peers } of own) {
      if (way.firewall !== undefined) addAll(way.firewall.key === key ? sent : others, peers);
    }
    keepAll(must, sent);
    addAll(may, sent);
  }
  const sent = equalBits(must, may) ? exactly(must) : { must, may, doubts: [{ reason: 'node-placement' } as const] };
  return { points: emptyBits(world.size), sent, others };
}

interface Elsewhere {
  readonly to: Bits;
  readonly isOnly: boolean;
}

function elsewhere({ world }: Azure, { points, sent }: Group, { to, isOnly }: Elsewhere): Box {
  const must = difference(world.everything, sent.may);
  const may = sent.must === sent.may ? must : difference(world.everything, sent.must);
  const span: PointSpan = { must, may, doubts: sent.doubts };
  return { ...(!isOnly && { on: exactly(points) }), peers: within(span, to), traffic: exactTraffic(ALL_TRAFFIC) };
}
