import { NO_ORIGIN } from '#model/origin.ts';
import type { ClusterPolicy, Direction } from '#model/resource.ts';
import { NO_TRAFFIC } from '#model/traffic.ts';
import type { AddressBook } from '../../addresses.ts';
import type { Level, Policy, Rule, Stack, Tier } from '../../form.ts';
import type { Selection } from '../../select.ts';
import { within } from '../../spans.ts';
import { compileClusterPolicy } from '../cluster-policy.ts';
import type { Cilium } from './context.ts';
import { outside } from './entities.ts';
import { NAMESPACE_KEY, NAMESPACE_LABELS } from './identities.ts';

/**
 * The stack with ClusterNetworkPolicy around the normal rules, where the setting switches it on (1.20). Its `networks` have
 * the meaning of CIDRs: no pods. The code reads as if what Baseline accepts came in even to isolated pods, since isolation
 * is asked last of all; no test shows it, so such an accept leaves the answer open.
 */
export function clusterTiers(cilium: Cilium, normal: readonly Level[], direction: Direction): Stack {
  const { mode, snapshot } = cilium;
  const policies = mode.clusterPolicies
    ? snapshot.clusterPolicies
        .filter(({ kind }) => kind === 'ClusterNetworkPolicy')
        .map((policy) => asRead(cilium, policy))
    : [];
  const admin = tierOf(cilium, policies, { tier: 'Admin', direction });
  const baseline = tierOf(cilium, policies, { tier: 'Baseline', direction });
  const own: Tier = { name: 'Normal', levels: normal, onEnd: 'deny' };
  if (baseline.levels.length === 0) return [admin, own].filter(({ levels }) => levels.length > 0);
  const open = { ...baseline, levels: baseline.levels.map((level) => level.map(openAccept)) };
  const merged: Tier = { ...own, levels: [...normal, ...open.levels] };
  return [admin, merged, baseline].filter(({ levels }) => levels.length > 0);
}

/** Nodes are peers only where labels of nodes are part of identities. */
function asRead({ mode }: Cilium, policy: ClusterPolicy): ClusterPolicy {
  if (mode.nodeSelectors) return policy;
  const without = (rules: ClusterPolicy['ingress']) =>
    rules.map((rule) => ({ ...rule, peers: rule.peers.filter(({ kind }) => kind !== 'nodes') }));
  return { ...policy, ingress: without(policy.ingress), egress: without(policy.egress) };
}

interface Where {
  readonly tier: ClusterPolicy['tier'];
  readonly direction: Direction;
}

function tierOf(cilium: Cilium, policies: readonly ClusterPolicy[], { tier, direction }: Where): Tier {
  const { compiling } = cilium;
  const beyond = outside(cilium);
  const networks: AddressBook = {
    covered: (cidr, except) => within(compiling.networks.covered(cidr, except), beyond),
    coveredByAny: (blocks) => within(compiling.networks.coveredByAny(blocks), beyond),
  };
  const byPriority = Map.groupBy(
    policies.filter((policy) => policy.tier === tier),
    ({ priority }) => priority,
  );
  const levels = [...byPriority]
    .sort(([a], [b]) => a - b)
    .map(
      ([, level]): Level =>
        level
          .map((policy) =>
            compileClusterPolicy({ ...compiling, networks, selection: selectionOf(cilium) }, policy, direction),
          )
          .filter((policy) => policy !== undefined),
    );
  return { name: tier, levels: levels.filter((level) => level.length > 0), onEnd: 'pass' };
}

/** Pods by the labels of their identities. */
function selectionOf({ identities, compiling }: Cilium): Selection {
  return {
    nodes: (selector) => compiling.selection.nodes(selector),
    pods: ({ namespace, namespaceSelector, podSelector }) => {
      const space =
        namespaceSelector === undefined
          ? [{ key: NAMESPACE_KEY, operator: 'In' as const, values: [namespace ?? ''] }]
          : namespaceSelector.requirements.map((each) => ({ ...each, key: `${NAMESPACE_LABELS}${each.key}` }));
      return identities.pods({ requirements: [...(podSelector?.requirements ?? []), ...space], origin: NO_ORIGIN });
    },
  };
}

/** Of a policy only what it accepts, perhaps. */
function openAccept(policy: Policy): Policy {
  const rules = policy.rules
    .filter(({ action }) => action === 'allow')
    .map(
      (rule): Rule => ({
        ...rule,
        boxes: rule.boxes.map((box) => ({
          ...box,
          traffic: { must: NO_TRAFFIC, may: box.traffic.may },
          trafficDoubt: 'version-dependent',
        })),
      }),
    );
  return { ...policy, isolates: false, rules };
}
