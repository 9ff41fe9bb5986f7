import { type AddressRange, wholeFamily } from '#base/address.ts';
import type { CalicoPolicy, CalicoSelectorNode, CalicoSettings } from '#model/calico.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { ClusterPolicy, Direction } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { exactly, type Layer, type Level, type Policy, type Stack, type Tier } from '../../form.ts';
import type { Mentions } from '../../world.ts';
import { backendRanges } from '../backends.ts';
import type { Compiling } from '../context.ts';
import { compileNetworkPolicy } from '../network-policy.ts';
import { compileOwnNode } from '../own-node.ts';
import { hostEndpointsOf } from './auto-hosts.ts';
import { compileConverted } from './cluster-policies.ts';
import { type Calico, calicoOf } from './context.ts';
import { rangesOfEntity, serviceFacts } from './entity.ts';
import { hostTiers } from './host-tiers.ts';
import { ownHostTier } from './own-host.ts';
import { compilePolicy } from './policy.ts';
import {
  ADMIN_TIER,
  BASELINE_TIER,
  DEFAULT_TIER,
  enforcedPolicies,
  KUBERNETES_ORDER,
  keyOf,
  type OrderedTier,
  orderedTiers,
  orderOf,
  precedence,
  stagedKubernetes,
} from './tiers.ts';

/** Every label and address that Calico's objects name. */
export function calicoMentions(snapshot: Snapshot): Mentions {
  const labelKeys = new Set<string>();
  const ranges: AddressRange[] = [
    ...snapshot.calicoNetworkSets.flatMap(({ nets }) => nets),
    ...hostEndpointsOf(snapshot).flatMap(({ expectedIps }) => expectedIps),
    ...snapshot.calicoSettings.flatMap(failsafeRanges),
  ];
  const facts = {
    services: new Map(snapshot.services.map((service) => [`${service.namespace}/${service.name}`, service])),
    slices: Map.groupBy(snapshot.endpointSlices, (slice) => `${slice.namespace}/${slice.service}`),
  };
  for (const policy of snapshot.calicoPolicies) {
    addKeys(labelKeys, policy.selector.node);
    for (const rule of [...policy.ingress, ...policy.egress]) {
      if (rule.ipVersion !== undefined) ranges.push(wholeFamily(rule.ipVersion));
      for (const entity of [rule.source, rule.destination]) {
        ranges.push(...rangesOfEntity(entity));
        for (const selector of [entity.selector, entity.notSelector])
          if (selector !== undefined) addKeys(labelKeys, selector.node);
        if (entity.service !== undefined)
          ranges.push(...backendRanges(serviceFacts(facts, `${entity.service.namespace}/${entity.service.name}`)));
      }
    }
  }
  return { labelKeys, nodeLabelKeys: new Set(), ranges };
}

function failsafeRanges({ failsafeInbound = [], failsafeOutbound = [] }: CalicoSettings): AddressRange[] {
  return [...failsafeInbound, ...failsafeOutbound].flatMap(({ net }) => (net === undefined ? [] : [net]));
}

function addKeys(keys: Set<string>, node: CalicoSelectorNode): void {
  switch (node.kind) {
    case 'all':
    case 'global':
      return;
    case 'not':
      addKeys(keys, node.inner);
      return;
    case 'and':
    case 'or':
      for (const part of node.parts) addKeys(keys, part);
      return;
    default:
      keys.add(node.key);
  }
}

/**
 * The endpoint's own policy under Calico: tiers in order, Kubernetes policy as policies of the tiers `default`,
 * `kube-admin` and `kube-baseline`; what no tier decides the namespace's profile allows (conversion.go
 * NamespaceToProfile). A node's traffic to its own pods is never policed (docs "host to workload").
 */
export function calicoPodLayer(compiling: Compiling, snapshot: Snapshot): Layer {
  const calico = calicoOf(compiling, snapshot);
  const policies = enforcedPolicies(snapshot, compiling.staged);
  return {
    name: 'pod',
    ingress: stackOf(calico, policies, 'ingress'),
    egress: stackOf(calico, policies, 'egress'),
  };
}

function stackOf(calico: Calico, policies: readonly CalicoPolicy[], direction: Direction): Stack {
  const normal = policies.filter(({ preDnat, doNotTrack }) => !preDnat && !doNotTrack);
  const host = hostTiers(calico, policies, direction);
  const tiers = [
    direction === 'ingress' ? fromOwnNode(calico) : ownHostTier(calico),
    ...host.before,
    ...orderedTiers(calico.snapshot, normal).map((tier) => tierOf(calico, tier, direction)),
    host.profile,
  ];
  return tiers.filter((tier): tier is Tier => tier !== undefined && tier.levels.length > 0);
}

function fromOwnNode({ compiling, world }: Calico): Tier | undefined {
  const pods: Policy = {
    ref: { kind: '', namespace: '', name: '', origin: NO_ORIGIN },
    subject: exactly(world.pods),
    isolates: false,
    rules: [],
  };
  const allow = compileOwnNode(compiling, [pods]);
  return allow && { name: 'own node', levels: [[allow]], onEnd: 'pass' };
}

function tierOf(calico: Calico, { name, onEnd, policies }: OrderedTier, direction: Direction): Tier {
  switch (name) {
    case DEFAULT_TIER:
      return { name, onEnd, levels: defaultLevels(calico, policies, direction) };
    case ADMIN_TIER:
      return { name, onEnd, levels: clusterLevels(calico, policies, { tier: 'Admin', direction }) };
    case BASELINE_TIER:
      return { name, onEnd, levels: clusterLevels(calico, policies, { tier: 'Baseline', direction }) };
    default:
      return { name, onEnd, levels: levelsOf(calico, policies, direction) };
  }
}

function levelsOf(calico: Calico, policies: readonly CalicoPolicy[], direction: Direction): Level[] {
  return precedence(policies)
    .map((level) =>
      level.map((policy) => compilePolicy(calico, policy, direction)).filter((each) => each !== undefined),
    )
    .filter((level) => level.length > 0);
}

/**
 * NetworkPolicy objects are asked at their order, as one level: they only allow. Policies of that very order stand beside
 * them: equals are settled by name, and versions differ in the name that a NetworkPolicy has there.
 */
function defaultLevels(calico: Calico, policies: readonly CalicoPolicy[], direction: Direction): Level[] {
  const levelsWhere = (holds: (order: number) => boolean) =>
    levelsOf(
      calico,
      policies.filter((policy) => holds(orderOf(policy))),
      direction,
    );
  const kubernetes = kubernetesLevel(calico, direction);
  const beside = levelsWhere((order) => order === KUBERNETES_ORDER);
  return [
    ...levelsWhere((order) => order < KUBERNETES_ORDER),
    ...(kubernetes.length > 0 ? [[...beside.flat(), ...kubernetes]] : beside),
    ...levelsWhere((order) => order > KUBERNETES_ORDER),
  ];
}

function kubernetesLevel({ compiling, snapshot }: Calico, direction: Direction): Level {
  const { replaced, set } = stagedKubernetes(snapshot, compiling.staged);
  const kept = snapshot.networkPolicies.filter(({ namespace, name }) => !replaced.has(`${namespace}/${name}`));
  return [...kept, ...set]
    .map((policy) => compileNetworkPolicy(compiling, policy, direction))
    .filter((policy) => policy !== undefined);
}

interface ClusterTier {
  readonly tier: ClusterPolicy['tier'];
  readonly direction: Direction;
}

/** Their priority is their order among Calico's own policies of the tier; equals are settled by name. */
function clusterLevels(calico: Calico, policies: readonly CalicoPolicy[], { tier, direction }: ClusterTier): Level[] {
  const cluster = calico.snapshot.clusterPolicies
    .filter((policy) => policy.tier === tier)
    .map((policy) => ({
      order: policy.priority,
      key: `${policy.name}//${policy.kind}`,
      compiled: compileConverted(calico, policy, direction),
    }));
  const own = policies.map((policy) => ({
    order: orderOf(policy),
    key: keyOf(policy),
    compiled: compilePolicy(calico, policy, direction),
  }));
  return [...cluster, ...own]
    .sort((a, b) => (a.order === b.order ? (a.key < b.key ? -1 : 1) : a.order - b.order))
    .flatMap(({ compiled }): Level[] => (compiled === undefined ? [] : [[compiled]]));
}
