import type { AddressRange } from '#base/address.ts';
import { addBit, bitsOf, emptyBits, hasBit, isEmpty, union } from '#base/bits.ts';
import type { CiliumBlock, CiliumName, CiliumPeers, CiliumSelector, CiliumService } from '#model/cilium.ts';
import type { Service } from '#model/exposure.ts';
import type { LabelSelector } from '#model/resource.ts';
import type { Block } from '../../addresses.ts';
import { exactly, type PointSpan } from '../../form.ts';
import { matchesLabels } from '../../select.ts';
import { orPerhaps, perhaps, unionOf, within } from '../../spans.ts';
import { backendRanges } from '../backends.ts';
import type { Cilium } from './context.ts';
import { beyondOwnNode, entities, outside, type Region, reservedRegions } from './entities.ts';
import { bareKey, keysOf, NAMESPACE_KEY, NAMESPACE_LABELS, sourceOf } from './identities.ts';
import { matchesName } from './requests.ts';

export interface PeerPlace {
  /** Empty for policies of the whole cluster. */
  readonly namespace: string;
  readonly learners: Learners;
  /** Whether the entry denies. */
  readonly deny: boolean;
}

/** Endpoints whose questions to DNS the proxy sees: what they learn of names counts for all pods of their node. */
export interface Learners {
  /** Who may have learnt of a name: nobody where nobody's questions are seen. */
  readonly any: PointSpan;
  /** Those that may ask for this name. */
  asking(name: string): PointSpan;
}

export function regionsOf(cilium: Cilium, peers: CiliumPeers, place: PeerPlace): Region[] {
  switch (peers.kind) {
    case 'endpoints':
      return peers.selectors.flatMap((selector) => endpoints(cilium, selector, place.namespace));
    case 'cidrs':
      return blocks(cilium, peers.blocks, place.deny);
    case 'entities':
      return entities(cilium, peers.names);
    case 'nodes':
      return peers.selectors.flatMap((selector) => nodes(cilium, selector));
    case 'services':
      return peers.services.flatMap((service) => behind(cilium, service));
    case 'names':
      return named(cilium, peers.names, place.learners);
    case 'groups':
      return [{ peers: perhaps(outside(cilium), 'cloud-group') }];
  }
}

/** Whom a selector is for: pods of the own namespace whatever it says, or in the whole cluster those that it says. */
export function subjectOf({ identities }: Cilium, selector: CiliumSelector, namespace: string): PointSpan {
  return identities.pods(namespace === '' ? selector : inNamespace(selector, namespace));
}

/**
 * A peer selector means the policy's own namespace unless it mentions a namespace or a reserved identity; in a policy of
 * the whole cluster, pods of any namespace (pkg/k8s/apis/cilium.io/utils getEndpointSelector).
 */
function endpoints(cilium: Cilium, selector: CiliumSelector, namespace: string): Region[] {
  const { identities } = cilium;
  const mentionsReserved = selector.requirements.some(({ key }) => sourceOf(key) === 'reserved');
  if (mentionsReserved) return [{ peers: identities.pods(selector) }, ...reservedRegions(cilium, selector)];
  const keys = selector.requirements.map(({ key }) => bareKey(key));
  const namesNamespace = keys.includes(NAMESPACE_KEY);
  const mentionsNamespace = namesNamespace || keys.some((key) => key.startsWith(NAMESPACE_LABELS));
  const scoped = mentionsNamespace || namespace === '' ? selector : inNamespace(selector, namespace);
  const pods = { peers: identities.pods(scoped) };
  const isOpen = namespace === '' ? namesNamespace : mentionsNamespace;
  return isOpen ? [pods, ...reservedRegions(cilium, selector).map(inDoubt)] : [pods];
}

/**
 * Nodes and outside addresses have none of the labels that a selector only forbids; whether it means them is not the same
 * in all versions and settings (cilium/cilium#46949).
 */
function inDoubt({ on, peers }: Region): Region {
  return { ...(on !== undefined && { on }), peers: perhaps(peers.may, 'version-dependent') };
}

function inNamespace({ requirements, origin }: LabelSelector, namespace: string): CiliumSelector {
  const own = { key: `k8s:${NAMESPACE_KEY}`, operator: 'In' as const, values: [namespace] };
  return { requirements: [...requirements, own], origin };
}

/** CIDRs match what has no other identity: addresses outside, and nodes or pods where the setting says so. */
function byAddress(cilium: Cilium, covered: PointSpan): Region[] {
  const { mode, world } = cilium;
  const regions: Region[] = [{ peers: within(covered, outside(cilium)) }];
  if (mode.cidrsMatchPods !== 'no') {
    const pods = within(covered, world.pods);
    regions.push({ peers: mode.cidrsMatchPods === 'yes' ? pods : perhaps(pods.may, 'version-dependent') });
  }
  if (mode.cidrsMatchNodes) {
    const hosts = within(covered, world.hosts);
    // The setting is about other nodes; whether the own one is known by its address too, nothing says.
    regions.push(...beyondOwnNode(cilium, hosts), { peers: perhaps(hosts.may, 'engine-undefined') });
  }
  return regions;
}

/** Before 1.17 groups of denials were not looked up; what is taken out of a group counts in newer versions only. */
function blocks(cilium: Cilium, entries: readonly CiliumBlock[], deny: boolean): Region[] {
  const { minor } = cilium.mode;
  const groupsCount = !deny || (minor !== undefined && minor >= 17);
  const isOpen = ({ cidr, except }: CiliumBlock) => cidr === undefined && (!groupsCount || except.length > 0);
  const certain = entries.filter(({ cidr }) => cidr !== undefined || groupsCount);
  const whole = entries.filter(isOpen).map((entry) => ({ ...entry, except: [] }));
  const open = perhaps(covered(cilium, whole).may, 'version-dependent');
  return byAddress(cilium, isEmpty(open.may) ? covered(cilium, certain) : unionOf([covered(cilium, certain), open]));
}

function covered(cilium: Cilium, entries: readonly CiliumBlock[]): PointSpan {
  const all = entries.flatMap((entry) => blocksOf(cilium, entry));
  return all.length === 0 ? exactly(cilium.world.nothing) : cilium.compiling.networks.coveredByAny(all);
}

function blocksOf({ groups }: Pick<Cilium, 'groups'>, { cidr, group, groupSelector, except }: CiliumBlock): Block[] {
  if (cidr !== undefined) return [{ cidr, except }];
  const meant = [...groups.values()].filter(
    ({ name, labels }) => name === group || (groupSelector !== undefined && matchesLabels(bare(groupSelector), labels)),
  );
  return meant.flatMap(({ cidrs }) => cidrs.map((each) => ({ cidr: each, except })));
}

/** Selectors of groups name their labels with the source `cidrgroup:` or none. */
function bare({ requirements, origin }: CiliumSelector): CiliumSelector {
  return { origin, requirements: requirements.map((each) => ({ ...each, key: each.key.replace(/^[a-z0-9]+:/, '') })) };
}

export function rangesOfPeers(
  peers: CiliumPeers | undefined,
  groups: ReadonlyMap<string, { readonly cidrs: readonly AddressRange[] }>,
): AddressRange[] {
  if (peers?.kind !== 'cidrs') return [];
  return peers.blocks.flatMap(({ cidr, group, except }) => [
    ...(cidr === undefined ? [] : [cidr]),
    ...(group === undefined ? [] : (groups.get(group)?.cidrs ?? [])),
    ...except,
  ]);
}

/** Other nodes by their labels, with pods on their network: only where labels of nodes are part of their identity. */
function nodes(cilium: Cilium, selector: CiliumSelector): Region[] {
  return cilium.mode.nodeSelectors ? beyondOwnNode(cilium, nodesWhere(cilium, bare(selector))) : [];
}

/** Nodes that a policy is for: only labels that are part of identities tell them apart. */
export function hostSubjectOf(cilium: Cilium, selector: CiliumSelector): PointSpan {
  const { requirements, origin } = bare(selector);
  const dropped = requirements.filter(({ key }) => !cilium.keeps(key));
  if (dropped.some(({ operator }) => operator === 'In' || operator === 'Exists')) return exactly(cilium.world.nothing);
  return nodesWhere(cilium, { requirements: requirements.filter((each) => !dropped.includes(each)), origin });
}

function nodesWhere({ world, compiling }: Cilium, selector: LabelSelector): PointSpan {
  const chosen = compiling.selection.nodes(selector);
  const isChosen = new Map(
    world.nodes.map(({ name }, index) => [name, world.pointsOfNode[index]!.some((point) => hasBit(chosen, point))]),
  );
  const must = union(chosen, world.nothing);
  const unsure = emptyBits(world.size);
  for (const [index, point] of world.points.entries()) {
    if (!point.hostNetwork) continue;
    const answers = [...point.nodeNames].map((name) => isChosen.get(name));
    if (point.placed && answers.every((answer) => answer === true)) addBit(must, index);
    else if (!point.placed || answers.some((answer) => answer !== false)) addBit(unsure, index);
  }
  return orPerhaps(exactly(must), unsure, 'own-node');
}

/** With a selector, the pods that the Service selects; without, its addresses as CIDRs. */
function behind(cilium: Cilium, wanted: CiliumService): Region[] {
  return cilium.services
    .filter((service) => isMeant(service, wanted))
    .flatMap((service): Region[] =>
      service.selector === undefined
        ? byAddress(cilium, addressesOf(cilium, service))
        : [{ peers: podsBehind(cilium, service, service.selector) }],
    );
}

/** Whether `toServices` names this Service. */
export function isMeant(service: Service, { namespace, name, selector }: CiliumService): boolean {
  if (service.namespace !== namespace) return false;
  return name === undefined
    ? selector !== undefined && matchesLabels(bare(selector), service.labels)
    : service.name === name;
}

/** Services with a selector count from 1.17 on. */
function podsBehind({ identities, mode, world }: Cilium, { namespace }: Service, selector: LabelSelector): PointSpan {
  const pods = identities.pods(inNamespace(selector, namespace));
  if (mode.minor === undefined) return perhaps(pods.may, 'version-dependent');
  return mode.minor >= 17 ? pods : exactly(world.nothing);
}

function addressesOf({ compiling, world, slices }: Cilium, service: Service): PointSpan {
  const ranges = backendRanges({ service, slices: slices.get(`${service.namespace}/${service.name}`) ?? [] });
  if (ranges.length === 0) return perhaps(world.everything, 'backends-unknown');
  return compiling.networks.coveredByAny(ranges.map((cidr) => ({ cidr, except: [] })));
}

/**
 * The name itself for whom the proxy lets ask for it, any address outside perhaps: what one pod has learnt its node knows
 * for all of its pods (pkg/fqdn NameManager). Pods and nodes have identities of their own and never match.
 */
function named({ world }: Cilium, names: readonly CiliumName[], learners: Learners): Region[] {
  const meant = [...world.domains].filter(([domain]) => names.some((name) => matchesName(name, domain)));
  const regions = meant.map(([domain, points]) => ({
    on: learners.asking(domain),
    peers: exactly(bitsOf(world.size, points)),
  }));
  const open = [world.externals, ...meant.map(([, points]) => bitsOf(world.size, points))].reduce(union);
  return isEmpty(learners.any.may) ? [] : [...regions, { peers: perhaps(open, 'domain-name') }];
}

/** Label keys that peers name. */
export function keysOfPeers(peers: CiliumPeers | undefined): string[] {
  return peers?.kind === 'endpoints' ? peers.selectors.flatMap(keysOf) : [];
}
