import { type AddressRange, parseAddress } from '#base/address.ts';
import { type Azure, azureOf } from '#engine/compile/azure/context.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import { type AzureView, azureViewOf } from '#engine/compile/azure/view.ts';
import { buildEngine, type Engine } from '#engine/engine.ts';
import type { LayerName } from '#engine/form.ts';
import { type Reach, reachOf } from '#engine/reach.ts';
import type { NodePool } from '#model/azure/cluster.ts';
import type { Node } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Analysis } from '../analysis.ts';
import { type NeededEndpoint, neededEndpoints } from '../azure/endpoints.ts';
import { INTERNET_CUTS } from '../outside.ts';
import { type AskedNames, askedNames } from './asked-names.ts';

/** Layers of the network around the cluster; the others are the cluster's own. */
export const AZURE_LAYERS: readonly LayerName[] = ['network-security', 'route', 'firewall', 'service'];

/** One engine for all questions of this folder, with what each part of the layers says by itself. */
export interface EgressWorld {
  readonly view: AzureView;
  readonly azure: Azure;
  readonly engine: Engine;
  readonly names: AskedNames;
  readonly needed: readonly NeededEndpoint[];
  /** What policies of the cluster say. */
  readonly inner: Reach;
  /** What the network around it says. */
  readonly outer: Reach;
  /** What each layer of the network says. */
  readonly single: ReadonlyMap<LayerName, Reach>;
}

/**
 * Undefined where the input has no cluster in Azure, or several. Pools without a node in the input get one each. `cuts` are
 * ranges to tell apart besides those that rules name: two worlds with the same ones have the same points.
 */
export function egressWorld(
  { snapshot, profile, options }: Analysis,
  cuts: readonly AddressRange[] = [],
): EgressWorld | undefined {
  const view = azureViewOf(snapshot);
  if (view === undefined) return undefined;
  const needed = neededEndpoints(view);
  const names = askedNames(
    view,
    snapshot,
    needed.filter(({ kind }) => kind === 'name').map(({ destination }) => destination),
  );
  const engine = buildEngine(withNodes(snapshot, view), {
    profile,
    podRanges: options.podRanges ?? [],
    domains: names.domains,
    cuts: [...INTERNET_CUTS, ...needed.flatMap(cutOf), ...knownRanges(view), ...cuts],
    ...(options.staged !== undefined && { staged: options.staged }),
  });
  const azure = azureOf(engine.compiling, engine.snapshot);
  if (azure === undefined) return undefined;
  const { world } = engine;
  const { layers } = engine.reach;
  const isOuter = (name: LayerName) => AZURE_LAYERS.includes(name);
  return {
    view,
    azure,
    engine,
    names,
    needed,
    inner: reachOf(
      world,
      layers.filter(({ name }) => !isOuter(name)),
    ),
    outer: reachOf(world, outerOf(layers)),
    single: new Map(layers.filter(({ name }) => isOuter(name)).map((layer) => [layer.name, reachOf(world, [layer])])),
  };

  function outerOf(all: Reach['layers']): Reach['layers'] {
    const own = all.filter(({ name }) => isOuter(name));
    return own.length > 0 ? own : [{ name: 'route', egress: [], ingress: [] }];
  }
}

/** Whether an address is of a Service or of a network that the cluster is connected to. */
function knownRanges({ cluster, estate, networks, peerings }: AzureView): AddressRange[] {
  return rangesOf([
    ...cluster.serviceCidrs,
    ...cluster.podCidrs,
    ...[...networks.values()].flatMap(({ prefixes }) => prefixes),
    ...peerings.flatMap(({ remotePrefixes }) => remotePrefixes),
    ...estate.localNetworks.flatMap(({ prefixes }) => prefixes),
  ]);
}

function cutOf({ kind, destination }: NeededEndpoint) {
  const address = kind === 'address' ? parseAddress(destination) : undefined;
  return address === undefined ? [] : [{ family: address.family, lo: address.value, hi: address.value }];
}

// ---------------------------------------------------------------- nodes

/** The name of the node that stands for a pool of which the input has none. */
export function madeUpNode(pool: string): string {
  return `any node of pool ${pool}`;
}

function withNodes(snapshot: Snapshot, { cluster }: AzureView): Snapshot {
  const missing = cluster.pools.filter((pool) => !snapshot.nodes.some((node) => isOf(node, pool)));
  return { ...snapshot, nodes: [...snapshot.nodes, ...missing.map(nodeOf)] };
}

const LABELS = ['kubernetes.azure.com/agentpool', 'agentpool'] as const;

function isOf({ name, labels }: Node, pool: NodePool): boolean {
  return LABELS.some((key) => labels.get(key) === pool.name) || name.startsWith(`aks-${pool.name}-`);
}

function nodeOf({ name, origin }: NodePool): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    namespace: '',
    name: madeUpNode(name),
    labels: new Map([[LABELS[0], name]]),
    annotations: new Map(),
    origin,
    addresses: [],
    podCidrs: [],
  };
}
