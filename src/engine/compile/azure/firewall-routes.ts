import { addAll, addBit, type Bits, difference, emptyBits, isEmpty, keepAll, members, union } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { Firewall } from '#model/azure/firewall.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import { type Box, exactly, exactTraffic, type PointSpan } from '../../form.ts';
import type { Azure } from './context.ts';
import type { SubnetWays } from './routes.ts';

/** What is routed to one firewall. */
export interface Routed {
  /** Points of the cluster with a way to it. */
  readonly subjects: Bits;
  /** Connections of these that take another way. */
  readonly others: readonly Box[];
}

/** Points that stand in the same subnets, and what they send to the firewall. */
interface Group {
  readonly points: Bits;
  readonly sent: PointSpan;
}

/** Of points that may stand in several subnets what all of these send there is certain, and what some do is not. */
export function routedTo(azure: Azure, firewall: Firewall, all: readonly SubnetWays[]): Routed {
  const { world, siting } = azure;
  const bySubnet = new Map(all.map((each) => [each.subnet.key, peersOf(azure, firewall, each)]));
  const groups = new Map<string, Group>();
  for (const point of members(union(world.pods, world.hosts))) {
    const { subnets, isOpen } = siting.at(point);
    const group = remembered(groups, `${isOpen} ${[...subnets].sort().join(' ')}`, () => ({
      points: emptyBits(world.size),
      sent: sentFrom(
        azure,
        subnets.map((key) => bySubnet.get(key) ?? world.nothing),
        isOpen,
      ),
    }));
    addBit(group.points, point);
  }
  const routed = [...groups.values()].filter(({ sent }) => !isEmpty(sent.may));
  const subjects = emptyBits(world.size);
  for (const { points } of routed) addAll(subjects, points);
  return { subjects, others: routed.map((group) => elsewhere(azure, group, routed.length === 1)) };
}

function peersOf({ world }: Azure, { key }: Firewall, { ways }: SubnetWays): Bits {
  const peers = emptyBits(world.size);
  for (const { way, peers: own } of ways) if (way.firewall?.key === key) addAll(peers, own);
  return peers;
}

function sentFrom({ world }: Azure, ways: readonly Bits[], isOpen: boolean): PointSpan {
  const must = isOpen || ways.length === 0 ? emptyBits(world.size) : difference(world.everything, world.nothing);
  const may = emptyBits(world.size);
  for (const peers of ways) {
    keepAll(must, peers);
    addAll(may, peers);
  }
  return { must, may, doubts: [{ reason: 'node-placement' }] };
}

function elsewhere({ world }: Azure, { points, sent }: Group, isOnly: boolean): Box {
  const peers: PointSpan = {
    must: difference(world.everything, sent.may),
    may: difference(world.everything, sent.must),
    doubts: sent.doubts,
  };
  return { ...(!isOnly && { on: exactly(points) }), peers, traffic: exactTraffic(ALL_TRAFFIC) };
}
