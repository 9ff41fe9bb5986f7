import { type AddressRange, formatRange, isWithin, parseCidr } from '#base/address.ts';
import { type Bits, equalBits, intersection, isEmpty } from '#base/bits.ts';
import { NAMESPACE_NAME_LABEL, podsOfNamespace } from '#engine/world.ts';
import type { NotKept, Rewrite } from '#model/migration.ts';
import type { Direction, IpBlockPeer, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyRule } from '#model/resource.ts';
import { ciliumBeside, type EntityRules, type Keeper, type Keeping, type Kept, notKept, unchanged } from './keep.ts';

/**
 * What blocks say of the cluster's own addresses. For an engine that takes no block for a pod or a node: the same pods by
 * selector, nodes by entity. For one that does: the addresses of pods left out of the block.
 */
export const keepIpBlocks: Keeper = (keeping, policy) => {
  const { from, to } = keeping;
  const { ipBlockCoversPods: pods, ipBlockCoversNodes: nodes } = from.options.profile;
  let kept = unchanged(policy);
  if (pods === 'yes' && to.ipBlockCoversPods === 'no') kept = then(kept, (each) => addPods(keeping, each));
  if (pods === 'no' && to.ipBlockCoversPods === 'yes') kept = then(kept, (each) => leaveOutPods(keeping, each));
  if (nodes === 'yes' && to.ipBlockCoversNodes === 'no') kept = then(kept, (each) => addNodes(keeping, each));
  return kept;
};

function then({ policy, beside, not }: Kept, next: (policy: NetworkPolicy) => Kept): Kept {
  const kept = next(policy);
  return { policy: kept.policy, beside: [...beside, ...kept.beside], not: [...not, ...kept.not] };
}

/** Maps the rules that have blocks; a rule that is told apart by nothing else keeps its order. */
function eachRule(policy: NetworkPolicy, map: (rule: NetworkPolicyRule) => NetworkPolicyRule[]): NetworkPolicy {
  const mapped = (rules: readonly NetworkPolicyRule[]) =>
    rules.flatMap((rule) => (blocksOf(rule).length === 0 ? [rule] : map(rule)));
  return { ...policy, ingress: mapped(policy.ingress), egress: mapped(policy.egress) };
}

function blocksOf({ peers }: NetworkPolicyRule): IpBlockPeer[] {
  return peers.filter((peer) => peer.kind === 'ipBlock');
}

// ---------------------------------------------------------------- blocks that meant pods too

function addPods(keeping: Keeping, policy: NetworkPolicy): Kept {
  const not: NotKept[] = [];
  const next = eachRule(policy, (rule) => {
    const peers = podPeers(keeping, rule);
    if (Array.isArray(peers)) return [{ ...rule, peers: [...rule.peers, ...peers] }];
    not.push(notKept('ip-block-and-pods', policy, { ...peers, rule }));
    return [rule];
  });
  return { policy: next, beside: [], not };
}

/** Peers that select the pods which the blocks of a rule cover now, or why none do. */
function podPeers({ from, to }: Keeping, rule: NetworkPolicyRule): NetworkPolicyPeer[] | Pick<NotKept, 'why' | 'help'> {
  const { world, compiling } = from;
  const { must, may } = compiling.ipBlocks.coveredByAny(blocksOf(rule));
  const pods = intersection(must, world.pods);
  if (!equalBits(pods, intersection(may, world.pods))) {
    const help = 'say with --pod-cidr where pods are, or read the running cluster';
    return { why: 'whether its blocks cover the pods is not known', help };
  }
  if (isEmpty(pods)) return [];
  const { path, origin } = rule;
  if (equalBits(pods, world.pods))
    return [{ kind: 'pods', namespaceSelector: { requirements: [], origin }, path, origin }];
  const whole = [...world.namespaces.keys()].filter((name) => isWhole(podsOfNamespace(world, name), world.pods, pods));
  const covered = whole.some((name) => !isEmpty(intersection(podsOfNamespace(world, name), pods)));
  const partly = [...world.namespaces.keys()].find(
    (name) => !whole.includes(name) && !isEmpty(intersection(podsOfNamespace(world, name), pods)),
  );
  if (partly !== undefined || !covered) {
    const why = `its blocks cover pods by their addresses, which ${to.title} does not look at, and no selector says which of namespace ${partly ?? ''}`;
    return { why, help: 'select these pods by their labels' };
  }
  const values = whole.filter((name) => !isEmpty(intersection(podsOfNamespace(world, name), world.pods))).sort();
  const requirements = [{ key: NAMESPACE_NAME_LABEL, operator: 'In' as const, values }];
  return [{ kind: 'pods', namespaceSelector: { requirements, origin }, path, origin }];
}

function isWhole(namespace: Bits, all: Bits, covered: Bits): boolean {
  const own = intersection(namespace, all);
  return equalBits(intersection(own, covered), own);
}

// ---------------------------------------------------------------- blocks that will mean pods too

function leaveOutPods({ from, to }: Keeping, policy: NetworkPolicy): Kept {
  const { podRanges, podRangesAssumed } = from.world;
  const not: NotKept[] = [];
  const next = eachRule(policy, (rule) => {
    const touched = blocksOf(rule).some(({ cidr }) => podRanges.some((range) => overlap(cidr, range)));
    if (!touched) return [rule];
    if (podRangesAssumed) {
      const why = `its blocks may cover pods, whose addresses ${to.title} looks at`;
      not.push(notKept('ip-block-and-pods', policy, { why, help: 'say with --pod-cidr where pods are', rule }));
      return [rule];
    }
    const peers = rule.peers.flatMap((peer): readonly NetworkPolicyPeer[] =>
      peer.kind === 'ipBlock' ? withoutPods(peer, podRanges) : [peer],
    );
    return peers.length === 0 ? [] : [{ ...rule, peers }];
  });
  return { policy: next, beside: [], not };
}

/** Nothing is left of a block inside the ranges of pods. `except` must be inside its block (API validation). */
function withoutPods(peer: IpBlockPeer, podRanges: readonly AddressRange[]): IpBlockPeer[] {
  const within = podRanges.filter((range) => overlap(peer.cidr, range));
  if (within.some((range) => isWithin(peer.cidr, range))) return [];
  const except = within.flatMap(formatRange).flatMap((text) => parseCidr(text)?.cidr ?? []);
  return [{ ...peer, except: [...peer.except, ...except] }];
}

function overlap(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.lo <= b.hi && b.lo <= a.hi;
}

// ---------------------------------------------------------------- blocks that meant nodes too

function addNodes({ from, to }: Keeping, policy: NetworkPolicy): Kept {
  const { world, compiling } = from;
  const not: NotKept[] = [];
  const rules: Record<Direction, EntityRules['rules'][number][]> = { ingress: [], egress: [] };
  for (const direction of ['ingress', 'egress'] as const) {
    for (const rule of policy[direction]) {
      if (blocksOf(rule).length === 0) continue;
      const hosts = intersection(compiling.ipBlocks.coveredByAny(blocksOf(rule)).may, world.hosts);
      if (isEmpty(hosts)) continue;
      if (to.model === 'cilium' && equalBits(hosts, world.hosts)) rules[direction].push({ entities: NODES, rule });
      else not.push(notKept('ip-block-and-nodes', policy, { ...SOME_NODES, rule }));
    }
  }
  const beside = (['ingress', 'egress'] as const).flatMap((direction): Rewrite[] =>
    rules[direction].length === 0
      ? []
      : [
          ciliumBeside(policy, {
            direction,
            suffix: direction === 'ingress' ? 'from-nodes' : 'to-nodes',
            cause: 'ip-block-and-nodes',
            rules: rules[direction],
          }),
        ],
  );
  return { policy, beside, not };
}

const NODES = ['host', 'remote-node'];
const SOME_NODES = {
  why: 'its blocks cover some nodes and not others, by their addresses',
  help: 'name the nodes with toNodes or fromNodes of a CiliumNetworkPolicy, where the setting enable-node-selector-labels is on',
};
