import { addBit, difference, emptyBits, intersection, isEmpty, union } from '#base/bits.ts';
import type { CiliumEntity, CiliumSelector } from '#model/cilium.ts';
import { exactly, type PointSpan } from '../../form.ts';
import { perhaps, within } from '../../spans.ts';
import { backendRanges } from '../backends.ts';
import { lessSpan, meetSpans, outsideOf } from '../span-sets.ts';
import type { Cilium } from './context.ts';

/** Peers, and for whom: who is the own host differs from pod to pod. */
export interface Region {
  readonly on?: PointSpan;
  readonly peers: PointSpan;
}

/** What an address outside or a node is; each may be the API server too. */
const PLACES: readonly CiliumEntity[] = ['host', 'remote-node', 'world'];

/** Identities without labels of pods, as far as points of the world have them. */
export function reservedRegions(cilium: Cilium, selector: CiliumSelector): Region[] {
  const { identities } = cilium;
  const whole: CiliumEntity[] = [];
  const parts: Region[] = [];
  for (const place of PLACES) {
    const own = `reserved:${place}`;
    const plain = identities.reserved(selector, new Set([own]));
    const serving = identities.reserved(selector, new Set([own, 'reserved:kube-apiserver']));
    if (plain && serving) whole.push(place);
    if (plain === serving) continue;
    const cut = serving ? meetSpans : lessSpan;
    parts.push(...entity(cilium, place).map(({ on, peers }) => region(on, cut(peers, apiServer(cilium)))));
  }
  return [...entities(cilium, whole), ...parts];
}

function region(on: PointSpan | undefined, peers: PointSpan): Region {
  return on === undefined ? { peers } : { on, peers };
}

/** The own host and all others are all hosts, whatever node a pod is on. */
export function entities(cilium: Cilium, names: readonly CiliumEntity[]): Region[] {
  if (!names.includes('host') || !names.includes('remote-node')) return names.flatMap((name) => entity(cilium, name));
  const others = names.filter((name) => name !== 'host' && name !== 'remote-node');
  return [{ peers: exactly(cilium.world.hosts) }, ...others.flatMap((name) => entity(cilium, name))];
}

function entity(cilium: Cilium, name: CiliumEntity): Region[] {
  const { world } = cilium;
  switch (name) {
    case 'all':
      return [{ peers: exactly(world.everything) }];
    case 'world':
      return [{ peers: exactly(outside(cilium)) }];
    case 'world-ipv4':
      return [{ peers: exactly(intersection(outside(cilium), world.speaks[4])) }];
    case 'world-ipv6':
      return [{ peers: exactly(intersection(outside(cilium), world.speaks[6])) }];
    case 'cluster':
      return [{ peers: exactly(difference(world.everything, outside(cilium))) }, { peers: apiServer(cilium) }];
    case 'host':
      return cilium.ownNode.map(({ on, hosts }) => ({ on, peers: hosts }));
    case 'remote-node':
      return beyondOwnNode(cilium, exactly(world.hosts));
    case 'kube-apiserver':
      return [{ peers: apiServer(cilium) }];
    // Identities that no endpoint of an input has: proxies and health checks of Cilium, pods it does not know yet.
    case 'ingress':
    case 'init':
    case 'health':
    case 'unmanaged':
    case 'none':
      return [];
  }
}

/** Of these hosts those that a pod is not on. */
export function beyondOwnNode({ world, ownNode }: Cilium, hosts: PointSpan): Region[] {
  return ownNode.flatMap(({ on, hosts: group }) => {
    const peers = within(hosts, group.may);
    return isEmpty(peers.may) ? [] : [{ on: outsideOf(world.everything, on), peers }];
  });
}

/** Addresses outside, known by number or by name. */
export function outside({ world }: Pick<Cilium, 'world'>): PointSpan['must'] {
  const domains = emptyBits(world.size);
  for (const points of world.domains.values()) for (const point of points) addBit(domains, point);
  return isEmpty(domains) ? world.externals : union(world.externals, domains);
}

/** The endpoints of `default/kubernetes`; where the input lacks them, any node or address outside may be one. */
function apiServer(cilium: Cilium): PointSpan {
  const { compiling, world, slices } = cilium;
  const found = backendRanges({ service: undefined, slices: slices.get('default/kubernetes') ?? [] });
  if (found.length === 0) return perhaps(union(world.externals, world.hosts), 'entity-unknown');
  const covered = compiling.networks.coveredByAny(found.map((cidr) => ({ cidr, except: [] })));
  return within(covered, union(world.externals, world.hosts));
}
