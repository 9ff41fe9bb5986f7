import { type AddressRange, parseAddress } from '#base/address.ts';
import { addBit, addRange, type Bits, emptyBits } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { ManagedCluster } from '#model/azure/cluster.ts';
import { atomAt, atomRange } from '../../atoms.ts';
import type { PointSpan } from '../../form.ts';
import type { Point, World } from '../../world.ts';
import { coverOf, type RangeSpan } from './ranges.ts';
import { rangesOf, type Siting } from './siting.ts';
import type { AzureView } from './view.ts';

/** Where a connection goes, as far as it matters for the address that it leaves with. */
export const DESTINATIONS = ['cluster', 'network', 'beyond'] as const;
export type Destination = (typeof DESTINATIONS)[number];

/**
 * Which address a connection of a pod carries on the wire (docs of AKS: CNI overlay, legacy CNI, pod subnet, kubenet):
 * - overlay and kubenet: its own to other pods, its node's to everything else;
 * - node subnet: its own inside the virtual network, its node's beyond;
 * - pod subnet: its own everywhere;
 * - open: the input does not say.
 */
export type NetworkMode = 'overlay' | 'kubenet' | 'node-subnet' | 'pod-subnet' | 'open';

export function networkModeOf({ networkPlugin, pluginMode, pools }: ManagedCluster): NetworkMode {
  const plugin = typeof networkPlugin === 'string' ? networkPlugin.toLowerCase() : undefined;
  if (plugin === 'kubenet') return 'kubenet';
  if (plugin !== 'azure') return 'open';
  if (pluginMode !== undefined && typeof pluginMode !== 'string') return 'open';
  if (pluginMode?.toLowerCase() === 'overlay') return 'overlay';
  const own = pools.filter(({ podSubnet }) => podSubnet !== undefined);
  if (own.length === 0) return 'node-subnet';
  return own.length === pools.length ? 'pod-subnet' : 'open';
}

/** Whether a connection to there leaves with the address of the pod's node. */
export function translation(mode: NetworkMode, to: Destination): 'node' | 'own' | 'open' {
  switch (mode) {
    case 'overlay':
    case 'kubenet':
      return to === 'cluster' ? 'own' : 'node';
    case 'node-subnet':
      return to === 'beyond' ? 'node' : 'own';
    case 'pod-subnet':
      return 'own';
    case 'open':
      return to === 'cluster' ? 'own' : 'open';
  }
}

/** The addresses that points show on the wire. */
export interface Wire {
  readonly mode: NetworkMode;
  /** Points whose connections to there come from an address of the span. */
  sendingFrom(span: RangeSpan, to: Destination): PointSpan;
}

export function wireOf(view: AzureView, world: World, siting: Siting): Wire {
  const mode = networkModeOf(view.cluster);
  const groups = new Map<Destination, readonly Shown[]>();
  const answers = new Map<string, PointSpan>();
  return { mode, sendingFrom };

  function sendingFrom(span: RangeSpan, to: Destination): PointSpan {
    const key = `${to} ${keyOf(span.must)} ${keyOf(span.may)}`;
    return remembered(answers, key, () => {
      const must = outsideIn(world, span.must, 'wholly');
      const may = outsideIn(world, span.may, 'partly');
      for (const { ranges, points } of remembered(groups, to, () => shownTo(to))) {
        const cover = coverOf(ranges, span);
        if (cover === 'no') continue;
        for (const point of points) {
          addBit(may, point);
          if (cover === 'yes') addBit(must, point);
        }
      }
      const reasons = span.reasons.length === 0 ? (['source-translation'] as const) : span.reasons;
      return { must, may, doubts: reasons.map((reason) => ({ reason })) };
    });
  }

  /** Points of the cluster that show the same addresses, together. */
  function shownTo(to: Destination): readonly Shown[] {
    const byRanges = new Map<string, { ranges: readonly AddressRange[]; points: number[] }>();
    for (const [index, point] of world.points.entries()) {
      if (point.kind === 'domain' || point.kind === 'external') continue;
      const ranges = rangesShown(index, point, to);
      remembered(byRanges, keyOf(ranges), () => ({ ranges, points: [] })).points.push(index);
    }
    return [...byRanges.values()];
  }

  function rangesShown(index: number, point: Point, to: Destination): readonly AddressRange[] {
    if (point.kind !== 'pod') return ownRanges(index, point);
    const how = point.hostNetwork ? 'node' : translation(mode, to);
    if (how === 'own') return ownRanges(index, point);
    const node = nodeRanges(index, point);
    return how === 'node' ? node : [...node, ...ownRanges(index, point)];
  }

  /** Of a pod of unknown address: anywhere in its subnet, or in the ranges of pods. */
  function ownRanges(index: number, point: Point): readonly AddressRange[] {
    if (point.atom !== undefined) return [atomRange(world.atoms[point.facet], point.atom)];
    if (point.kind === 'node' || point.hostNetwork) return nodeRanges(index, point);
    if (mode === 'overlay' || mode === 'kubenet') return rangesOf(view.cluster.podCidrs);
    return subnetRanges(siting.at(index).subnets);
  }

  function nodeRanges(index: number, point: Point): readonly AddressRange[] {
    const known = point.placed ? addressesOf(world, point) : [];
    return known.length > 0 ? known : subnetRanges(siting.ofNode(index).subnets);
  }

  function subnetRanges(keys: readonly string[]): AddressRange[] {
    return keys.flatMap((key) => rangesOf(view.subnets.get(key)?.prefixes ?? []));
  }
}

/** Outside points of which all, or some, addresses are in ranges. They stand in the order of their addresses. */
function outsideIn({ atoms, firstExternal, size }: World, ranges: readonly AddressRange[], how: 'wholly' | 'partly') {
  const bits = emptyBits(size);
  for (const { family, lo, hi } of ranges) {
    const own = atoms[family];
    const [first, last] = [atomAt(own, lo), atomAt(own, hi)];
    const skipsFirst = how === 'wholly' && own.starts[first]! < lo;
    const skipsLast = how === 'wholly' && atomRange(own, last).hi > hi;
    const base = firstExternal[family];
    addRange(bits, base + first + (skipsFirst ? 1 : 0), base + last + (skipsLast ? 0 : 1));
  }
  return bits;
}

interface Shown {
  readonly ranges: readonly AddressRange[];
  readonly points: readonly number[];
}

function addressesOf({ nodes }: World, { nodeNames }: Point): AddressRange[] {
  return nodes
    .filter(({ name }) => nodeNames.has(name))
    .flatMap(({ addresses }) => addresses)
    .flatMap((text) => {
      const address = parseAddress(text);
      return address === undefined ? [] : [{ family: address.family, lo: address.value, hi: address.value }];
    });
}

function keyOf(ranges: readonly AddressRange[]): string {
  return ranges.map(({ family, lo, hi }) => `${family} ${lo} ${hi}`).join(',');
}

/** Which points are which sort of destination for what a cluster sends. */
export function destinationsOf(view: AzureView, world: World, siting: Siting): Readonly<Record<Destination, Bits>> {
  const out = { cluster: emptyBits(world.size), network: emptyBits(world.size), beyond: emptyBits(world.size) };
  for (const [index, { kind }] of world.points.entries()) {
    const inside = siting.at(index).subnets.some((key) => view.own.has(view.subnets.get(key)?.network ?? ''));
    const sort: Destination = kind === 'pod' || kind === 'node' ? 'cluster' : inside ? 'network' : 'beyond';
    addBit(out[sort], index);
  }
  return out;
}
