import { type AddressRange, formatRange, mergeRanges } from '#base/address.ts';
import { type Bits, difference, hasBit, intersection, members, union } from '#base/bits.ts';
import { meet, subtract, unite } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import { atomRange } from '#engine/atoms.ts';
import { exactRanges, pointsIn } from '#engine/compile/azure/ranges.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import { isKey } from '#engine/compile/azure/view.ts';
import type { LayerName } from '#engine/form.ts';
import { type Grant, uniteTraffic } from '#engine/grants.ts';
import { grantBetween } from '#engine/reach.ts';
import type { Row } from '#engine/rows.ts';
import type { Disagreement } from '#model/egress.ts';
import type { ReasonCode } from '#model/reason.ts';
import { NO_TRAFFIC, portTraffic, protocolTraffic, type TrafficSet } from '#model/traffic.ts';
import { workloadEndpoints } from '../endpoints.ts';
import { internetPoints, privatePoints } from '../outside.ts';
import { trafficList } from '../traffic-list.ts';
import { ANY_NAME, isOtherName } from './asked-names.ts';
import { type Deciding, decidingOf } from './deciding.ts';
import type { EgressWorld } from './egress-world.ts';

/** What firewalls and security groups know ports of. */
export const COMPARED: TrafficSet = unite(protocolTraffic('TCP'), protocolTraffic('UDP'));
/** What everything is said in relation to: `all` is both. */
const SCOPE = COMPARED;

/** Pods on the pod network that no layer tells apart, and that stand in the same subnets. */
export interface PodClass {
  readonly point: number;
  readonly ids: readonly string[];
  /** Whether a policy limits what they send. */
  readonly isLimited: boolean;
  /** Subnets that they may send from. */
  readonly subnets: readonly string[];
}

export function podClasses({ engine, inner, outer, azure }: EgressWorld): readonly PodClass[] {
  const { world } = engine;
  const rows = new Map<Row, { readonly number: number }>();
  const numberOf = (row: Row) => remembered(rows, row, () => ({ number: rows.size })).number;
  const classes = new Map<string, { point: number; ids: string[]; isLimited: boolean; subnets: readonly string[] }>();
  for (const { entry, points } of workloadEndpoints(engine)) {
    for (const point of points) {
      if (!hasBit(world.pods, point)) continue;
      const row = inner.egress.rows[point]!;
      const subnets = azure.siting.at(point).subnets;
      const { families } = world.points[point]!;
      const key = `${numberOf(row)} ${numberOf(outer.egress.rows[point]!)} ${families} ${[...subnets].sort().join(' ')}`;
      const isLimited = !(row.length === 1 && row[0]!.isEveryone === true);
      const known = remembered(classes, key, () => ({ point, ids: [], isLimited, subnets }));
      if (!known.ids.includes(entry.id)) known.ids.push(entry.id);
    }
  }
  return [...classes.values()];
}

/** Points whose meaning differs between classes, with how they are told; compared one by one. */
export interface Compared {
  readonly classes: readonly PodClass[];
  readonly peers: readonly number[];
  /** Of private addresses in no network of the input: only what a policy allows there and not everywhere counts. */
  readonly nowhere: Bits;
  readonly other: number | undefined;
}

export function comparedOf(world: EgressWorld): Compared {
  const { engine, azure, names } = world;
  const points = engine.world;
  const outside = intersection(
    union(internetPoints(points), privatePoints(points)),
    difference(points.externals, union(azure.destinations.cluster, notOnTheWire(world))),
  );
  const domains = names.domains.flatMap((domain) => points.domains.get(domain) ?? []);
  const [other] = names.domains.filter(isOtherName).flatMap((domain) => points.domains.get(domain) ?? []);
  const peers = [...members(outside), ...domains].filter((point) => isSpoken(world, point));
  return { classes: podClasses(world), peers, nowhere: nowherePoints(world), other };
}

/** Addresses of Services, and of pods, never leave a cluster. */
function notOnTheWire({ engine, view }: EgressWorld): Bits {
  const ranges = rangesOf([...view.cluster.serviceCidrs, ...view.cluster.podCidrs]);
  return pointsIn(engine.compiling, exactRanges(ranges)).may;
}

/** IPv6 only where a network of the cluster has it. */
function isSpoken({ engine: { world }, view }: EgressWorld, point: number): boolean {
  if (world.points[point]!.facet === 4) return true;
  return [...view.own].some((key) =>
    rangesOf(view.networks.get(key)?.prefixes ?? []).some(({ family }) => family === 6),
  );
}

function nowherePoints({ engine, view }: EgressWorld): Bits {
  const { networks, estate, own, peerings } = view;
  const near = [...own, ...peerings.map(({ remote }) => remote).filter(isKey)];
  const known = [
    ...near.flatMap((key) => rangesOf(networks.get(key)?.prefixes ?? [])),
    ...peerings.flatMap(({ remotePrefixes }) => rangesOf(remotePrefixes)),
    ...estate.localNetworks.flatMap(({ prefixes }) => rangesOf(prefixes)),
  ];
  return difference(privatePoints(engine.world), pointsIn(engine.compiling, exactRanges(known)).may);
}

// ---------------------------------------------------------------- what policy allows

/** What policy allows and the network does not, for one class and one peer. */
export interface Gap {
  readonly podClass: PodClass;
  readonly peer: number;
  readonly denied: TrafficSet;
  readonly open: TrafficSet;
}

/** Of a name only what is not said of any name already. */
export function gapsOf(world: EgressWorld, { classes, peers, nowhere, other }: Compared): Gap[] {
  const limited = classes.filter(({ isLimited }) => isLimited);
  return limited.flatMap((podClass) => {
    const baseline = other === undefined ? NO_TRAFFIC : grantBetween(world.inner, podClass.point, other).allowed;
    const any = other === undefined ? undefined : gapAt(world, { podClass, peer: other, leave: NO_TRAFFIC });
    return peers.flatMap((peer): Gap[] => {
      const gap = gapAt(world, { podClass, peer, leave: hasBit(nowhere, peer) ? baseline : NO_TRAFFIC });
      const isName = world.engine.world.points[peer]!.kind === 'domain' && peer !== other;
      const own =
        isName && any !== undefined
          ? { ...gap, denied: subtract(gap.denied, any.denied), open: subtract(gap.open, any.open) }
          : gap;
      return own.denied.length + own.open.length === 0 ? [] : [own];
    });
  });
}

interface AskedGap {
  readonly podClass: PodClass;
  readonly peer: number;
  /** What is not asked about. */
  readonly leave: TrafficSet;
}

function gapAt({ inner, outer }: EgressWorld, { podClass, peer, leave }: AskedGap): Gap {
  const asked = meet(subtract(grantBetween(inner, podClass.point, peer).allowed, leave), COMPARED);
  const there = grantBetween(outer, podClass.point, peer);
  return {
    podClass,
    peer,
    denied: subtract(asked, there.possible),
    open: subtract(meet(asked, there.possible), there.allowed),
  };
}

/** One disagreement with the points that it is made of, for those who write rules from it. */
export interface FoundDisagreement {
  readonly entry: Disagreement;
  readonly classes: readonly PodClass[];
  readonly peers: readonly number[];
  readonly traffic: TrafficSet;
  readonly deciding: Deciding;
}

/** Gaps that say the same, told once, with the rules that decide the first of them. */
export function policyDisagreements(world: EgressWorld, gaps: readonly Gap[]): FoundDisagreement[] {
  const groups = new Map<
    string,
    { kind: 'policy-allows' | 'unknown'; podClass: PodClass; peers: number[]; traffic: TrafficSet; layers: LayerName[] }
  >();
  const put = (kind: 'policy-allows' | 'unknown', { podClass, peer }: Gap, traffic: TrafficSet): void => {
    if (traffic.length === 0) return;
    const layers = layersAgainst(world, { podClass, peer, traffic, kind });
    const key = `${kind} ${podClass.point} ${traffic.join()} ${layers.join()}`;
    remembered(groups, key, () => ({ kind, podClass, peers: [], traffic, layers })).peers.push(peer);
  };
  for (const gap of gaps) {
    put('policy-allows', gap, gap.denied);
    put('unknown', gap, gap.open);
  }
  const found = [...groups.values()].map((group) => {
    const [peer] = group.peers;
    const deciding = decidingOf(world.engine, { from: group.podClass.point, to: peer!, traffic: group.traffic[0]! });
    return { ...group, deciding, classes: [group.podClass] };
  });
  return mergeClasses(
    world,
    found.filter(({ kind, deciding }) => kind !== 'unknown' || !isOnlyByName(deciding.reasons)),
  );
}

/** What a firewall lets to an address where it compares names is told by the names themselves. */
function isOnlyByName(reasons: readonly ReasonCode[]): boolean {
  return reasons.every((reason) => reason === 'domain-name');
}

function layersAgainst(
  { single }: EgressWorld,
  {
    podClass,
    peer,
    traffic,
    kind,
  }: { readonly podClass: PodClass; readonly peer: number; readonly traffic: TrafficSet; readonly kind: string },
): LayerName[] {
  return [...single].flatMap(([name, reach]) => {
    const grant: Grant = grantBetween(reach, podClass.point, peer);
    const against = subtract(traffic, kind === 'unknown' ? grant.allowed : grant.possible);
    return against.length > 0 ? [name] : [];
  });
}

interface Group {
  readonly kind: 'policy-allows' | 'unknown';
  readonly classes: readonly PodClass[];
  readonly peers: readonly number[];
  readonly traffic: TrafficSet;
  readonly layers: readonly LayerName[];
  readonly deciding: Deciding;
}

/** Classes with the same gap to the same peers are one line. */
function mergeClasses(world: EgressWorld, groups: readonly Group[]): FoundDisagreement[] {
  const merged = new Map<string, Group[]>();
  for (const group of groups) {
    const key = `${group.kind} ${group.peers.join()} ${group.traffic.join()} ${group.layers.join()}`;
    remembered(merged, key, (): Group[] => []).push(group);
  }
  return [...merged.values()].map((same) => {
    const [{ kind, peers, traffic, layers, deciding }] = same as [Group, ...Group[]];
    const classes = same.flatMap((group) => group.classes);
    const entry: Disagreement = {
      state: kind,
      from: [...new Set(classes.flatMap(({ ids }) => ids))],
      to: peersText(world, peers),
      traffic: trafficList(traffic, SCOPE),
      layers,
      reasons: kind === 'unknown' ? deciding.reasons : [],
      by: deciding.by,
    };
    return { entry, classes, peers, traffic, deciding };
  });
}

/** `internet` where all of it is meant, merged CIDRs, then names; those that differ from any name have lines of their own. */
export function peersText({ engine: { world }, names }: EgressWorld, peers: readonly number[]): string[] {
  const wanted = new Set(peers);
  const internet = [...members(internetPoints(world))].filter((point) => world.points[point]!.facet === 4);
  const isAll = internet.every((point) => wanted.has(point));
  const told = isAll ? new Set(internet) : new Set<number>();
  const ranges: AddressRange[] = [];
  for (const peer of peers) {
    const { kind, facet, atom } = world.points[peer]!;
    if (kind === 'external' && atom !== undefined && !told.has(peer)) ranges.push(atomRange(world.atoms[facet], atom));
  }
  const domains = [...world.domains].filter(([, points]) => points.some((point) => wanted.has(point)));
  const isAny = domains.some(([domain]) => isOtherName(domain));
  return [
    ...(isAll ? ['internet'] : []),
    ...mergeRanges(ranges).flatMap(formatRange),
    ...new Set(domains.map(([domain]) => names.shown(domain)).filter((text) => !isAny || text === ANY_NAME)),
  ];
}

// ---------------------------------------------------------------- what the network allows

/** From each subnet: what the network lets through and policy allows nobody there, and no node must reach. */
export function azureDisagreements(world: EgressWorld, { classes, peers, nowhere }: Compared): Disagreement[] {
  const bySubnet = Map.groupBy(
    classes.filter(({ subnets }) => subnets.length === 1),
    ({ subnets }) => subnets[0]!,
  );
  return [...bySubnet].flatMap(([key, own]) => {
    const subnet = world.view.subnets.get(key);
    const first = own[0];
    if (subnet === undefined || first === undefined) return [];
    if (own.some(({ isLimited }) => !isLimited)) return [];
    const groups = new Map<string, { traffic: TrafficSet; peers: number[] }>();
    for (const peer of peers) {
      if (hasBit(nowhere, peer)) continue;
      const policy = uniteTraffic(own.map(({ point }) => grantBetween(world.inner, point, peer).possible));
      const network = own.map(({ point }) => grantBetween(world.outer, point, peer).allowed).reduce(unite, NO_TRAFFIC);
      const excess = subtract(subtract(meet(network, COMPARED), policy), neededAt(world, peer));
      if (excess.length > 0) remembered(groups, excess.join(), () => ({ traffic: excess, peers: [] })).peers.push(peer);
    }
    return [...groups.values()].map((group): Disagreement => {
      const asked = { from: first.point, to: group.peers[0]!, traffic: group.traffic[0]! };
      return {
        state: 'azure-allows',
        from: [`subnet ${subnet.name}`],
        to: peersText(world, group.peers),
        traffic: trafficList(group.traffic, SCOPE),
        layers: [],
        reasons: [],
        by: decidingOf({ ...world.engine, reach: world.outer }, asked).by,
      };
    });
  });
}

const KNOWN = new WeakMap<EgressWorld, ReadonlyMap<number, TrafficSet>>();

/** What nodes must reach there. */
function neededAt(world: EgressWorld, peer: number): TrafficSet {
  const known = KNOWN.get(world) ?? neededTraffic(world);
  KNOWN.set(world, known);
  return known.get(peer) ?? NO_TRAFFIC;
}

export function neededTraffic({ engine, names, needed }: EgressWorld): ReadonlyMap<number, TrafficSet> {
  const out = new Map<number, TrafficSet>();
  for (const { kind, destination, protocol, port } of needed) {
    if (kind !== 'name') continue;
    const points = names.meaning(destination).flatMap((domain) => engine.world.domains.get(domain) ?? []);
    for (const point of points) out.set(point, unite(out.get(point) ?? NO_TRAFFIC, portTraffic(protocol, port)));
  }
  return out;
}
