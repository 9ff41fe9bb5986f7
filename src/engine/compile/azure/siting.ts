import { type AddressRange, isWithin, parseAddress } from '#base/address.ts';
import { remembered } from '#base/remembered.ts';
import type { NodePool } from '#model/azure/cluster.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { Subnet } from '#model/azure/network.ts';
import type { Node } from '#model/resource.ts';
import { atomRange } from '../../atoms.ts';
import type { Point, World } from '../../world.ts';
import { type AzureView, isKey } from './view.ts';

/** Where a point stands in the network: one of these subnets. */
export interface Site {
  /** Keys; empty where it stands in no subnet of the input. */
  readonly subnets: readonly string[];
  /** Whether it may also stand somewhere that the input does not have. */
  readonly isOpen: boolean;
}

/** Where the points of a world stand. */
export interface Siting {
  /** The subnet whose rules govern what the point sends and gets: a pod's own one, or that of its node. */
  at(point: number): Site;
  /** Of the node that a pod runs on; of a node, its own. */
  ofNode(point: number): Site;
}

const NOWHERE: Site = { subnets: [], isOpen: false };

/** `fronts`: where what is asked for under the name of a domain stands. */
export function sitingOf(view: AzureView, world: World, fronts: ReadonlyMap<string, Site> = new Map()): Siting {
  const pools = poolsByNode(view, world.nodes);
  const every = view.cluster.pools;
  const sites = new Map<string, Site>();
  const outside = new Map<number, Site>();
  const named = new Map(
    [...fronts].flatMap(([domain, site]) =>
      (world.domains.get(domain) ?? []).map((point): [number, Site] => [point, site]),
    ),
  );
  return { at: (point) => siteOf(point, 'own'), ofNode: (point) => siteOf(point, 'node') };

  function siteOf(index: number, of: 'own' | 'node'): Site {
    const point = world.points[index]!;
    if (point.kind === 'domain') return named.get(index) ?? NOWHERE;
    if (point.kind === 'external') return remembered(outside, index, () => siteOfAddresses(point));
    const isHost = point.kind === 'node' || point.hostNetwork;
    const key = `${of} ${isHost} ${point.placed} ${[...point.nodeNames].sort().join(' ')}`;
    return remembered(sites, key, () => siteInPools(view, poolsOf(point), isHost || of === 'node'));
  }

  function poolsOf(point: Point): readonly NodePool[] {
    const known = [...point.nodeNames].map((name) => pools.get(name) ?? poolNamed(every, poolInName(name)));
    const all = point.placed && known.length > 0 && known.every((pool) => pool !== undefined);
    return all ? known.filter((pool) => pool !== undefined) : every;
  }

  function siteOfAddresses(point: Point): Site {
    if (point.atom === undefined) return NOWHERE;
    const range = atomRange(world.atoms[point.facet], point.atom);
    const holding = subnetsNear(view).filter((subnet) =>
      rangesOf(subnet.prefixes).some((each) => isWithin(range, each)),
    );
    return { subnets: holding.map(({ key }) => key), isOpen: false };
  }
}

/** Pods stand in the subnet for pods where their pool has one, else in that of the nodes. */
function siteInPools({ subnets }: AzureView, pools: readonly NodePool[], isHost: boolean): Site {
  const refs = pools.map(({ subnet, podSubnet }) => (isHost ? subnet : (podSubnet ?? subnet)));
  const known = refs.filter((ref) => isKey(ref) && subnets.has(ref)).filter(isKey);
  return { subnets: [...new Set(known)], isOpen: known.length < refs.length };
}

/** Subnets of the cluster's networks and of those that are peered with them. */
export function subnetsNear({ own, peerings, subnets }: AzureView): readonly Subnet[] {
  const near = new Set([...own, ...peerings.map(({ remote }) => remote).filter(isKey)]);
  return [...subnets.values()].filter(({ network }) => near.has(network));
}

export function rangesOf(items: readonly AddressItem[]): AddressRange[] {
  return items.flatMap((item) => (item.kind === 'range' ? [item.range] : []));
}

// ---------------------------------------------------------------- nodes and their pools

const POOL_LABELS = ['kubernetes.azure.com/agentpool', 'agentpool'];

/** By the label that AKS gives nodes, by the name that it gives them, or by the subnet that holds their address. */
function poolsByNode(view: AzureView, nodes: readonly Node[]): Map<string, NodePool> {
  const { pools } = view.cluster;
  const out = new Map<string, NodePool>();
  for (const node of nodes) {
    const named = POOL_LABELS.map((key) => node.labels.get(key)).find((name) => name !== undefined);
    const pool =
      poolNamed(pools, named ?? poolInName(node.name)) ?? onlyOne(pools.filter((each) => holds(view, each, node)));
    if (pool !== undefined) out.set(node.name, pool);
  }
  return out;
}

/** AKS names nodes after their pool: `aks-POOL-12345678-vmss000000`. */
function poolInName(node: string): string | undefined {
  return /^aks-([a-z0-9]+)-\d+-vmss/.exec(node)?.[1];
}

function poolNamed(pools: readonly NodePool[], wanted: string | undefined): NodePool | undefined {
  return pools.find(({ name }) => name === wanted);
}

function holds({ subnets }: AzureView, { subnet }: NodePool, node: Node): boolean {
  const ranges = isKey(subnet) ? rangesOf(subnets.get(subnet)?.prefixes ?? []) : [];
  return node.addresses.some((text) => {
    const address = parseAddress(text);
    if (address === undefined) return false;
    const { family, value } = address;
    return ranges.some((range) => isWithin({ family, lo: value, hi: value }, range));
  });
}

function onlyOne<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}
