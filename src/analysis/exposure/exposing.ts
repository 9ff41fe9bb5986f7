import { type AddressRange, formatAddress, parseAddress } from '#base/address.ts';
import { type Bits, emptyBits } from '#base/bits.ts';
import type { Engine } from '#engine/engine.ts';
import type { Layer, LayerName, Policy } from '#engine/form.ts';
import { type Reach, reachOf } from '#engine/reach.ts';
import type { Exposure } from '#model/answers.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { INTERNET_CUTS, internetPoints, isInternetAddress, privatePoints } from '../outside.ts';
import { type ServiceBook, serviceBookOf } from '../services/service-book.ts';
import { annotatedRanges } from './source-ranges.ts';

export type Scope = Exposure['scope'];

/** What every kind of exposure is worked out from. */
export interface Exposing {
  /** With the layers of the cluster: what stands in the network around it is asked where a connection meets it. */
  readonly engine: Engine;
  /** With every layer. */
  readonly whole: Reach;
  readonly services: ServiceBook;
  /** Outside points on the internet, and in networks that are connected to the cluster's. */
  readonly internet: Bits;
  readonly network: Bits;
  /** How far the addresses of nodes are reachable, by what the input says of them. */
  readonly nodeScope: 'internet' | 'network';
  /** Text about `nodeScope`, for notes. */
  readonly nodeNotes: readonly string[];
  /** What policy says of traffic that carries a node's address and is not the node's own. */
  forwarded(): Reach;
}

/** What a World must be cut by so that the exposure of its snapshot can be told exactly. */
export function exposureCuts(snapshot: Snapshot): readonly AddressRange[] {
  return [
    ...INTERNET_CUTS,
    ...snapshot.services.flatMap((service) => [...service.sourceRanges, ...annotatedRanges(service).ranges]),
  ];
}

export function exposingOf(whole: Engine): Exposing {
  let forwarded: Reach | undefined;
  const engine = withinCluster(whole);
  const publicNode = firstPublicNode(engine.snapshot);
  return {
    engine,
    whole: whole.reach,
    services: serviceBookOf(engine),
    internet: internetPoints(engine.world),
    network: privatePoints(engine.world),
    nodeScope: publicNode === undefined ? 'network' : 'internet',
    nodeNotes: publicNode === undefined ? [] : [`${publicNode}; a cloud firewall may stand before it`],
    forwarded: () => (forwarded ??= reachOf(engine.world, engine.reach.layers.map(withoutOwnNode))),
  };
}

const AROUND: ReadonlySet<LayerName> = new Set(['network-security', 'route', 'firewall', 'service']);

function withinCluster(engine: Engine): Engine {
  const layers = engine.reach.layers.filter(({ name }) => !AROUND.has(name));
  return layers.length === engine.reach.layers.length ? engine : { ...engine, reach: reachOf(engine.world, layers) };
}

/** The points from which something of a scope is reached. */
export function clientsOf(exposing: Exposing, scope: Scope): Bits {
  if (scope === 'internet') return exposing.internet;
  return scope === 'network' ? exposing.network : emptyBits(exposing.engine.world.size);
}

const WIDTH: Readonly<Record<Scope, number>> = { internet: 4, network: 3, cluster: 2, node: 1, none: 0 };

/** Widest first. */
export function compareScopes(a: Scope, b: Scope): number {
  return WIDTH[b] - WIDTH[a];
}

/**
 * The promise that a pod's own node always reaches it is about the node's own traffic (probes). What a node forwards
 * for a client and puts its address on is judged by the rules alone.
 */
function withoutOwnNode(layer: Layer): Layer {
  const others = (policy: Policy): boolean => policy.ref.kind !== OWN_NODE_KIND;
  const ingress = layer.ingress.map((tier) => ({ ...tier, levels: tier.levels.map((level) => level.filter(others)) }));
  return { ...layer, ingress, egress: [] };
}

/** The kind by which the engine refers to its promise about the own node: no object of the input has it. */
const OWN_NODE_KIND = 'Node';

function firstPublicNode(snapshot: Snapshot): string | undefined {
  for (const node of snapshot.nodes) {
    const address = node.addresses.map(parseAddress).find((own) => own !== undefined && isInternetAddress(own));
    if (address !== undefined) return `node ${node.name} has the public address ${formatAddress(address)}`;
  }
  return undefined;
}
