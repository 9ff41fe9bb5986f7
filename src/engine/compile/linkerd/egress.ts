import { type AddressRange, wholeFamily } from '#base/address.ts';
import { type Bits, difference, intersection, isEmpty } from '#base/bits.ts';
import type { LinkerdEgressNetwork } from '#model/linkerd.ts';
import { type Box, exactTraffic, type PointSpan, type Policy, type Stack } from '../../form.ts';
import { doubting, within } from '../../spans.ts';
import { podsOfNamespace } from '../../world.ts';
import { byAge, knowsAge } from '../age.ts';
import { outsideOf } from '../span-sets.ts';
import { clusterNetworks, type Mesh, networksOf } from './mesh.ts';
import { requestsOf, routesOf } from './routes.ts';
import { limit, perhapsBox, ruleOf } from './rules.ts';

/** The namespace whose EgressNetworks are for clients of every namespace that has none of its own. */
export const GLOBAL = 'linkerd-egress';

/** One block of an EgressNetwork, for the clients that look at it. */
interface Block {
  readonly network: LinkerdEgressNetwork;
  readonly subject: PointSpan;
  readonly peers: PointSpan;
  /** How many addresses it has. */
  readonly size: bigint;
}

/**
 * Which networks outside may be spoken to. Of the EgressNetworks that a client looks at the most specific block counts,
 * of equals the oldest (policy-controller, `resolve_egress_network`).
 */
export function egressOf(mesh: Mesh): Stack {
  const blocks = mesh.snapshot.linkerdEgressNetworks.flatMap((network) => blocksOf(mesh, network)).sort(byPrecedence);
  const levels = blocks.map((block, index) => [policyOf(mesh, inDoubt(block, blocks.slice(index + 1)))]);
  return levels.length === 0 ? [] : [{ name: 'EgressNetwork', levels, onEnd: 'pass' }];
}

function byPrecedence(a: Block, b: Block): number {
  if (a.size !== b.size) return a.size < b.size ? -1 : 1;
  return byAge(a.network, b.network);
}

/** Nobody knows which of two manifests is older: where a later one is for the same addresses this one counts perhaps. */
function inDoubt(block: Block, later: readonly Block[]): Block {
  const rivals = later.filter(
    ({ network, size }) =>
      network !== block.network &&
      network.namespace === block.network.namespace &&
      size === block.size &&
      !knowsAge(network, block.network),
  );
  const peers = rivals.reduce((left, rival) => doubting(left, rival.peers.may, 'equal-priority'), block.peers);
  return { ...block, peers };
}

function blocksOf(mesh: Mesh, network: LinkerdEgressNetwork): Block[] {
  const { world } = mesh;
  const subject = within(mesh.members.meshed, clientsOf(mesh, network));
  if (isEmpty(subject.may)) return [];
  if (network.networks === undefined) {
    // Wider than any block of either family.
    return [
      { network, subject, peers: outsideOf(world.externals, clusterNetworks(mesh)), size: sizeOf(wholeFamily(6)) },
    ];
  }
  return network.networks.map((block) => ({
    network,
    subject,
    peers: within(networksOf(mesh, [block]), world.externals),
    size: sizeOf(block.cidr),
  }));
}

function sizeOf({ lo, hi }: AddressRange): bigint {
  return hi - lo + 1n;
}

/** Clients of the own namespace; of the global one those of every namespace that has none. */
function clientsOf({ snapshot, world }: Mesh, { namespace }: LinkerdEgressNetwork): Bits {
  if (namespace !== GLOBAL) return intersection(podsOfNamespace(world, namespace), world.pods);
  let elsewhere = world.pods;
  for (const name of new Set(snapshot.linkerdEgressNetworks.map((each) => each.namespace))) {
    if (name !== GLOBAL) elsewhere = difference(elsewhere, podsOfNamespace(world, name));
  }
  return elsewhere;
}

/** Routes with it as their parent are holes in what it denies. Those of the Gateway API are not read here. */
function policyOf(mesh: Mesh, { network, subject, peers }: Block): Policy {
  const { kind, namespace, name, origin, gaps, action } = network;
  const boxes = mesh.carriers.map(({ peers: on, traffic }): Box => ({ on, peers, traffic: exactTraffic(traffic) }));
  const isOpen = mesh.snapshot.routes.some(({ parents }) =>
    parents.some((parent) => parent.kind === kind && parent.name === name),
  );
  const decided = isOpen || gaps.length > 0 ? boxes.map(perhapsBox) : boxes;
  const holes = action === 'deny' ? limit(boxes, requestsOf(routesOf(mesh, network))) : [];
  const at = { path: 'spec.trafficPolicy', origin };
  const rules = [...(holes.length === 0 ? [] : [ruleOf('allow', holes, at)]), ruleOf(action, decided, at)];
  return { ref: { kind, namespace, name, origin }, subject, isolates: false, rules };
}
