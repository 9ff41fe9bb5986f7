import { addAll, emptyBits, isEmpty } from '#base/bits.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { PolicyKindName } from '#model/profile.ts';
import type { ClusterPolicy, Direction, NetworkPolicy } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import { exactTraffic, type Layer, type Level, type Policy, type Stack, type Tier } from '../form.ts';
import { matchesLabels } from '../select.ts';
import { perhaps } from '../spans.ts';
import { podsOfNamespace } from '../world.ts';
import { compileClusterPolicy } from './cluster-policy.ts';
import type { Compiling } from './context.ts';
import { compileNetworkPolicy } from './network-policy.ts';
import { compileOwnNode } from './own-node.ts';

export const NETWORK_POLICY_TIER = 'NetworkPolicy';

/**
 * The tiers of the pod's own interface, first to last: Admin, NetworkPolicy (with its promise about the own node),
 * Baseline; what none decides is allowed. (network-policy-api, "Tiers"; policies a profile does not enforce are left out.)
 */
export function kubernetesPodLayer(compiling: Compiling, snapshot: Snapshot): Layer {
  return {
    name: 'pod',
    ingress: stackOf(compiling, snapshot, 'ingress'),
    egress: stackOf(compiling, snapshot, 'egress'),
  };
}

export function isEnforced(compiling: Compiling, kind: PolicyKindName): boolean {
  return compiling.profile.enforces.includes(kind);
}

function stackOf(compiling: Compiling, snapshot: Snapshot, direction: Direction): Stack {
  if (compiling.profile.enforces.length === 0) return [];
  const cluster = snapshot.clusterPolicies.filter((policy) => isEnforced(compiling, policy.kind));
  const tiers: Tier[] = [
    secondaryNetworks(compiling, snapshot),
    clusterTier(compiling, cluster, { tier: 'Admin', direction }),
    networkPolicyTier(compiling, snapshot.networkPolicies, direction),
    clusterTier(compiling, cluster, { tier: 'Baseline', direction }),
  ];
  return tiers.filter((tier) => tier.levels.length > 0);
}

/** All policies side by side, with the promise about the own node where the profile keeps it. */
function networkPolicyTier(compiling: Compiling, policies: readonly NetworkPolicy[], direction: Direction): Tier {
  const enforced = isEnforced(compiling, 'NetworkPolicy') ? policies : [];
  const level = enforced
    .map((policy) => compileNetworkPolicy(compiling, policy, direction))
    .filter((policy) => policy !== undefined);
  const policed = direction === 'egress' && compiling.profile.podToOwnNode === 'policed';
  const ownNode = policed ? undefined : compileOwnNode(compiling, level);
  if (ownNode !== undefined) level.unshift(ownNode);
  return { name: NETWORK_POLICY_TIER, levels: level.length === 0 ? [] : [level], onEnd: 'deny' };
}

function clusterTier(
  compiling: Compiling,
  policies: readonly ClusterPolicy[],
  where: { readonly tier: 'Admin' | 'Baseline'; readonly direction: Direction },
): Tier {
  const byPriority = new Map<number, Policy[]>();
  for (const policy of policies) {
    if (policy.tier !== where.tier) continue;
    const compiled = compileClusterPolicy(compiling, policy, where.direction);
    if (compiled === undefined) continue;
    const level = byPriority.get(policy.priority);
    if (level === undefined) byPriority.set(policy.priority, [compiled]);
    else level.push(compiled);
  }
  const levels = [...byPriority].sort(([a], [b]) => a - b).map(([, level]): Level => level);
  return { name: where.tier, levels, onEnd: 'pass' };
}

/** Pods whose namespace has a primary network of its own are not on the cluster network: nothing is known of them. */
export function secondaryNetworks({ world }: Compiling, snapshot: Snapshot): Tier {
  const away = emptyBits(world.size);
  for (const network of snapshot.secondaryNetworks) {
    if (!network.primary) continue;
    for (const [name, facts] of world.namespaces) {
      const selector = network.namespaceSelector;
      const its =
        selector === undefined ? name === network.namespace : matchesLabels(selector, facts.labels ?? new Map());
      if (its) addAll(away, podsOfNamespace(world, name));
    }
  }
  if (isEmpty(away)) return { name: 'secondary network', levels: [], onEnd: 'pass' };
  const boxes = [{ peers: perhaps(world.everything, 'secondary-network'), traffic: exactTraffic(ALL_TRAFFIC) }];
  const policy: Policy = {
    ref: { kind: 'UserDefinedNetwork', namespace: '', name: 'primary network', origin: NO_ORIGIN },
    subject: { must: away, may: away, doubts: [] },
    isolates: false,
    rules: [
      { action: 'allow', boxes, path: 'spec', origin: NO_ORIGIN },
      { action: 'deny', boxes, path: 'spec', origin: NO_ORIGIN },
    ],
  };
  return { name: 'secondary network', levels: [[policy]], onEnd: 'pass' };
}
