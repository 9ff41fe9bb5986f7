import { type AddressRange, wholeFamily } from '#base/address.ts';
import { addBit, type Bits, copyBits, removeBit } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { PointSpan } from '../../form.ts';
import type { World } from '../../world.ts';
import type { Compiling } from '../context.ts';
import { type AddressReader, addressReaderOf, PLATFORM, PRIVATE } from './address-items.ts';
import { type Front, frontsOf } from './fronts.ts';
import { apiServerName, endpointRanges, leadsTo } from './names.ts';
import type { Destination } from './network-mode.ts';
import { coverOf, pointsIn, type RangeSpan, withoutRanges } from './ranges.ts';
import { rangesOf, type Siting, sitingOf } from './siting.ts';
import { type AzureView, azureViewOf, isKey } from './view.ts';
import { destinationsOf, type Wire, wireOf } from './wire.ts';

/** What the compilers of Azure's layers work with. */
export interface Azure {
  readonly compiling: Compiling;
  readonly world: World;
  readonly view: AzureView;
  /** Where what comes from outside is asked for, by the name of its domain. */
  readonly fronts: ReadonlyMap<string, Front>;
  readonly siting: Siting;
  readonly wire: Wire;
  readonly reader: AddressReader;
  readonly destinations: Readonly<Record<Destination, Bits>>;
  /** Where a name may lead: the addresses of private zones that the cluster's network is linked to, else public ones. */
  namedRanges(domain: string): readonly AddressRange[];
  /** Why it is not known where a name leads. */
  namedReason(domain: string): ReasonCode;
}

/** Undefined where the input has no Azure network around this cluster. */
export function azureOf(compiling: Compiling, snapshot: Snapshot): Azure | undefined {
  const view = azureViewOf(snapshot);
  if (view === undefined) return undefined;
  const { world } = compiling;
  const fronts = new Map(frontsOf(view, snapshot).map((front) => [front.domain, front]));
  const siting = sitingOf(view, world, fronts);
  const known = new Map<string, readonly AddressRange[]>();
  const namedRanges = (domain: string) =>
    remembered(known, domain, () => fronts.get(domain)?.ranges ?? namedRangesIn(view, domain));
  return {
    compiling,
    world,
    view,
    fronts,
    siting,
    wire: wireOf(view, world, siting),
    reader: addressReaderOf(view),
    destinations: destinationsOf(view, world, namedRanges),
    namedRanges,
    namedReason: (domain) =>
      fronts.has(domain)
        ? 'frontend-address'
        : leadsTo(view, domain) === 'unresolved'
          ? 'dns-record-missing'
          : 'domain-name',
  };
}

/** No name of the internet leads to the address of the platform. */
const PUBLIC = {
  4: withoutRanges([wholeFamily(4)], [...PRIVATE, PLATFORM]),
  6: withoutRanges([wholeFamily(6)], PRIVATE),
};

/** Of the families that the cluster's networks speak: others are never asked for. */
function publicRanges({ own, networks }: AzureView): readonly AddressRange[] {
  const prefixes = [...own].flatMap((key) => rangesOf(networks.get(key)?.prefixes ?? []));
  return prefixes.some(({ family }) => family === 6) ? [...PUBLIC[4], ...PUBLIC[6]] : PUBLIC[4];
}

/** As the resolver of the cluster's network answers. */
function namedRangesIn(view: AzureView, domain: string): readonly AddressRange[] {
  if (domain === apiServerName(view.cluster) && view.cluster.api.privateCluster === true) return apiServerRanges(view);
  const way = leadsTo(view, domain);
  switch (way) {
    case 'open':
      return [wholeFamily(4)];
    case 'unresolved':
      return [];
    case 'public':
      return publicRanges(view);
    default:
      return 'endpoint' in way ? endpointRanges(view, way.endpoint) : way.addresses;
  }
}

/** The endpoint of a private cluster stands in the subnet of the nodes, or in the one that it was given. */
function apiServerRanges({ cluster, subnets }: AzureView): AddressRange[] {
  const keys = isKey(cluster.api.subnet)
    ? [cluster.api.subnet]
    : cluster.pools.map(({ subnet }) => subnet).filter(isKey);
  return keys.flatMap((key) => rangesOf(subnets.get(key)?.prefixes ?? []));
}

/** The points that have, or whose names lead to, addresses of a span. */
export function peersIn(azure: Azure, span: RangeSpan): PointSpan {
  const { world, compiling } = azure;
  const known = pointsIn(compiling, span);
  if (world.domains.size === 0) return known;
  const must = copyBits(known.must);
  const may = copyBits(known.may);
  const unsure = new Set<ReasonCode>();
  for (const [domain, points] of world.domains) {
    const ranges = azure.namedRanges(domain);
    for (const point of points) {
      const own = ranges.filter(({ family }) => family === world.points[point]!.facet);
      const cover = coverOf(own.length > 0 ? own : ranges, span);
      if (cover === 'perhaps') unsure.add(azure.namedReason(domain));
      (cover === 'yes' ? addBit : removeBit)(must, point);
      (cover === 'no' ? removeBit : addBit)(may, point);
    }
  }
  const others = known.doubts.filter(({ reason }) => reason !== 'domain-name');
  return { must, may, doubts: [...others, ...[...unsure].map((reason) => ({ reason }))] };
}
