import { type AddressRange, type Family, isWithin, mergeRanges, parseAddress, wholeFamily } from '#base/address.ts';
import { addBit, addRange, type Bits, emptyBits } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { ReasonCode } from '#model/reason.ts';
import { atomAt, atomRange } from '../../atoms.ts';
import type { PointSpan } from '../../form.ts';
import type { Point, World } from '../../world.ts';
import { type Destination, type NetworkMode, networkModeOf, translation } from './network-mode.ts';
import { coverOf, exactRanges, type RangeSpan } from './ranges.ts';
import { rangesOf, type Site, type Siting } from './siting.ts';
import type { AzureView } from './view.ts';

/** The addresses that points have and show on the wire. */
export interface Wire {
  readonly mode: NetworkMode;
  /** Points whose connections to there come from an address of the span. */
  sendingFrom(span: RangeSpan, to: Destination): PointSpan;
  /** Pods and nodes whose own address is in the span. */
  ownedIn(span: RangeSpan): PointSpan;
  /** Where the own address of a pod or node is, in the family by which it is seen. */
  ownRanges(point: number): readonly AddressRange[];
}

/** `own`: what a point has; the others: what it shows where it sends to. */
type Role = Destination | 'own';

export function wireOf(view: AzureView, world: World, siting: Siting): Wire {
  const mode = networkModeOf(view.cluster);
  const groups = new Map<Role, readonly Shown[]>();
  const answers = new Map<string, PointSpan>();
  /** What may be on any node may be on a listed one, wherever that stands. */
  const listed = mergeRanges(
    world.nodes.flatMap(({ addresses }) => rangesOfTexts(addresses, 4).concat(rangesOfTexts(addresses, 6))),
  );
  return {
    mode,
    sendingFrom: (span, to) => showing(span, to, 'source-translation'),
    ownedIn: (span) => showing(span, 'own', 'pod-address-unknown'),
    ownRanges: (point) => ownRanges(point, world.points[point]!),
  };

  function showing(span: RangeSpan, role: Role, unsure: ReasonCode): PointSpan {
    const key = `${role} ${keyOf(span.must)} ${keyOf(span.may)}`;
    return remembered(answers, key, () => {
      const must = role === 'own' ? emptyBits(world.size) : outsideIn(world, span.must, 'wholly');
      const may = role === 'own' ? emptyBits(world.size) : outsideIn(world, span.may, 'partly');
      for (const { ranges, points } of remembered(groups, role, () => shownIn(role))) {
        const cover = coverOf(ranges, span);
        if (cover === 'no') continue;
        for (const point of points) {
          addBit(may, point);
          if (cover === 'yes') addBit(must, point);
        }
      }
      const reasons = span.reasons.length === 0 ? [unsure] : span.reasons;
      return { must, may, doubts: reasons.map((reason) => ({ reason })) };
    });
  }

  /** Points of the cluster that show the same addresses, together. */
  function shownIn(role: Role): readonly Shown[] {
    const byRanges = new Map<string, { ranges: readonly AddressRange[]; points: number[] }>();
    for (const [index, point] of world.points.entries()) {
      if (point.kind === 'domain' || point.kind === 'external') continue;
      const ranges = role === 'own' ? ownRanges(index, point) : rangesShown(index, point, role);
      remembered(byRanges, keyOf(ranges), () => ({ ranges, points: [] })).points.push(index);
    }
    return [...byRanges.values()];
  }

  function rangesShown(index: number, point: Point, to: Destination): readonly AddressRange[] {
    if (point.kind !== 'pod') return ownRanges(index, point);
    const how = point.hostNetwork ? 'own' : translation(mode, to);
    if (how === 'own') return ownRanges(index, point);
    const node = nodeRanges(index, point);
    return how === 'node' ? node : [...node, ...ownRanges(index, point)];
  }

  /** Of a pod of unknown address: anywhere in its subnet, or in the ranges of pods. */
  function ownRanges(index: number, point: Point): readonly AddressRange[] {
    if (point.atom !== undefined) return [atomRange(world.atoms[point.facet], point.atom)];
    if (point.kind === 'node' || point.hostNetwork) return nodeRanges(index, point);
    const overlaid = mode === 'node-subnet' || mode === 'pod-subnet' ? [] : rangesOf(view.cluster.podCidrs);
    const inSubnet = mode === 'overlay' || mode === 'kubenet' ? [] : subnetRanges(siting.at(index), point.facet);
    return orAnywhere([...overlaid, ...inSubnet], point.facet);
  }

  function nodeRanges(index: number, point: Point): readonly AddressRange[] {
    const site = siting.ofNode(index);
    const anywhere = subnetRanges(site, point.facet);
    if (!point.placed || point.nodeNames.size === 0)
      return mergeRanges(orAnywhere([...anywhere, ...listed], point.facet));
    const ranges = world.nodes
      .filter(({ name }) => point.nodeNames.has(name))
      .map(({ addresses }) => withinIfAny(rangesOfTexts(addresses, point.facet), anywhere));
    const all = ranges.length === point.nodeNames.size && ranges.every((each) => each.length > 0);
    return all ? ranges.flat() : orAnywhere([...ranges.flat(), ...anywhere], point.facet);
  }

  function subnetRanges({ subnets, isOpen }: Site, family: Family): AddressRange[] {
    if (isOpen) return [wholeFamily(family)];
    return subnets.flatMap((key) => rangesOf(view.subnets.get(key)?.prefixes ?? []));
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

/** Those of one family; where none is known, all of it. */
function orAnywhere(ranges: readonly AddressRange[], family: Family): readonly AddressRange[] {
  const own = ranges.filter((range) => range.family === family);
  return own.length > 0 ? own : [wholeFamily(family)];
}

function rangesOfTexts(texts: readonly string[], family: Family): AddressRange[] {
  return texts.flatMap((text) => {
    const address = parseAddress(text);
    return address?.family === family ? [{ family, lo: address.value, hi: address.value }] : [];
  });
}

/** A node that also has a public address shows the one of its subnet there. */
function withinIfAny(addresses: readonly AddressRange[], ranges: readonly AddressRange[]): readonly AddressRange[] {
  const inside = addresses.filter((address) => ranges.some((range) => isWithin(address, range)));
  return inside.length > 0 ? inside : addresses;
}

function keyOf(ranges: readonly AddressRange[]): string {
  return ranges.map(({ family, lo, hi }) => `${family} ${lo} ${hi}`).join(',');
}

/** Which points are which sort of destination for what a cluster sends. Nodes are machines of the network like others. */
export function destinationsOf(
  view: AzureView,
  world: World,
  namedRanges: (domain: string) => readonly AddressRange[],
): Readonly<Record<Destination, Bits>> {
  const empty = () => emptyBits(world.size);
  const out = { cluster: empty(), network: empty(), beyond: empty(), either: empty() };
  const prefixes = [...view.own].flatMap((key) => rangesOf(view.networks.get(key)?.prefixes ?? []));
  const inside = exactRanges(prefixes);
  for (const [index, point] of world.points.entries()) if (point.kind !== 'domain') addBit(out[sortOf(point)], index);
  for (const [domain, points] of world.domains) {
    const cover = coverOf(namedRanges(domain), inside);
    for (const point of points) addBit(cover === 'yes' ? out.network : cover === 'no' ? out.beyond : out.either, point);
  }
  return out;

  function sortOf({ kind, hostNetwork, facet, atom }: Point): Destination {
    if (kind === 'pod' && !hostNetwork) return 'cluster';
    if (kind === 'pod' || kind === 'node') return 'network';
    if (atom === undefined) return 'beyond';
    const range = atomRange(world.atoms[facet], atom);
    return prefixes.some((prefix) => isWithin(range, prefix)) ? 'network' : 'beyond';
  }
}
