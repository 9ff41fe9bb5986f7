import { addBit, type Bits, emptyBits, intersects, union } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import { type Box, exactly, exactTraffic, type Stack, type Tier } from '../../form.ts';
import type { Point } from '../../world.ts';
import { standsBeside } from '../own-node.ts';
import type { Azure } from './context.ts';

/**
 * What goes from one end of the cluster to another on the same node never leaves the node, so nothing in the network stops
 * it. Only where something else would: elsewhere it makes no difference.
 */
export function withSameNode(azure: Azure, stack: Stack): Stack {
  return stopsWithin(azure, stack) ? [sameNodeTier(azure), ...stack] : stack;
}

function stopsWithin({ world }: Azure, stack: Stack): boolean {
  const cluster = union(world.pods, world.hosts);
  return stack.some(({ levels }) =>
    levels.flat().some(({ subject, rules }) => {
      if (!intersects(subject.may, cluster)) return false;
      for (const { action, boxes } of rules) {
        if (action === 'deny' && boxes.some((box) => touches(box, cluster))) return true;
        if (action !== 'deny' && boxes.some((box) => settles(box, cluster))) return false;
      }
      return false;
    }),
  );
}

function touches({ on, peers }: Box, cluster: Bits): boolean {
  return intersects(peers.may, cluster) && (on === undefined || intersects(on.may, cluster));
}

/** Whether a rule lets everything through between ends of the cluster, so that later rules do not matter. */
function settles({ on, peers, traffic }: Box, cluster: Bits): boolean {
  const holds = (bits: Bits) => cluster.every((word, index) => (word & ~bits[index]!) === 0);
  return traffic.must === ALL_TRAFFIC && holds(peers.must) && (on === undefined || holds(on.must));
}

/** More sorts of places than this are not told apart: then any two ends may share a node. */
const MOST_PLACES = 256;

function sameNodeTier(azure: Azure): Tier {
  const { world } = azure;
  const cluster = union(world.pods, world.hosts);
  const places = placesOf(azure);
  const boxes =
    places.length > MOST_PLACES
      ? [perhapsBox(cluster, { must: world.nothing, may: cluster })]
      : places.map(({ sample, points }) => perhapsBox(points, besideOf(azure, sample, places)));
  const ref = { kind: 'Node', namespace: '', name: 'same node', origin: NO_ORIGIN };
  const rule = { action: 'allow', boxes, path: 'on one node', origin: NO_ORIGIN } as const;
  return {
    name: 'same node',
    levels: [[{ ref, subject: exactly(cluster), isolates: false, rules: [rule] }]],
    onEnd: 'pass',
  };
}

interface Place {
  readonly sample: Point;
  readonly points: Bits;
}

function placesOf({ world }: Azure): Place[] {
  const places = new Map<string, Place>();
  for (const [index, point] of world.points.entries()) {
    if (point.kind !== 'pod' && point.kind !== 'node') continue;
    const key = point.placed ? [...point.nodeNames].sort().join(' ') : '';
    addBit(remembered(places, key, () => ({ sample: point, points: emptyBits(world.size) })).points, index);
  }
  return [...places.values()];
}

function besideOf({ world }: Azure, sample: Point, places: readonly Place[]): { must: Bits; may: Bits } {
  let must = world.nothing;
  let may = world.nothing;
  for (const other of places) {
    const beside = standsBeside(other.sample, sample);
    if (beside === 'no') continue;
    may = union(may, other.points);
    if (beside === 'yes') must = union(must, other.points);
  }
  return { must, may };
}

function perhapsBox(on: Bits, peers: { readonly must: Bits; readonly may: Bits }): Box {
  return {
    on: exactly(on),
    peers: { ...peers, doubts: [{ reason: 'same-node' }] },
    traffic: exactTraffic(ALL_TRAFFIC),
  };
}
