import { asSpec } from '#engine/compile/cilium/network-policy.ts';
import type { CalicoEntity, CalicoPolicy, CalicoRule, CalicoSelector, CalicoSelectorNode } from '#model/calico.ts';
import type { CiliumPolicy } from '#model/cilium.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { ProfileId } from '#model/profile.ts';
import type { Direction, LabelRequirement, LabelSelector, NetworkPolicy, NetworkPolicyPeer } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { describeCluster } from './cluster.ts';
import { clusterSnapshot } from './cluster-snapshot.ts';
import { allPairs, compile } from './engine-adapter.ts';

/** The same policies, every other one written in an engine's own kind: what several languages in one cluster cost. */
export const mixtureBenchmark: Benchmark = {
  name: 'mixture',
  title: "all pairs with half of the policies in an engine's own kinds, against Kubernetes policy alone",
  cases: casesOf,
};

function casesOf(scale: Scale): Case[] {
  const sizes = scale === 'smoke' ? [40] : [1000, 10_000];
  return sizes.flatMap((workloads) => {
    const alone = `Kubernetes alone ${workloads}`;
    const one = (name: string, profile: ProfileId, mix: Mix) => ({
      name,
      rounds: 3,
      repeats: 2,
      prepare: () => mixtureRun(workloads, profile, mix),
    });
    return [
      one(alone, 'kube-network-policies', (snapshot) => snapshot),
      { ...one(`with Calico ${workloads}`, 'calico', halfCalico), against: alone },
      { ...one(`with Cilium ${workloads}`, 'cilium-1.18', halfCilium), against: alone },
    ];
  });
}

type Mix = (snapshot: Snapshot) => Snapshot;

function mixtureRun(workloads: number, profile: ProfileId, mix: Mix): () => Outcome {
  const cluster = describeCluster({ workloads, policies: workloads, plain: true });
  const snapshot = mix(clusterSnapshot(cluster, 'templates'));
  return () => ({ facts: { pairs: allPairs(compile(snapshot, profile)).pairs } });
}

function halves({ networkPolicies }: Snapshot): { readonly kept: NetworkPolicy[]; readonly moved: NetworkPolicy[] } {
  return {
    kept: networkPolicies.filter((_, index) => index % 2 === 0),
    moved: networkPolicies.filter((_, index) => index % 2 === 1),
  };
}

function halfCilium(snapshot: Snapshot): Snapshot {
  const { kept, moved } = halves(snapshot);
  const ciliumPolicies = moved.map(
    (policy): CiliumPolicy => ({ ...policy, kind: 'CiliumNetworkPolicy', specs: [asSpec(policy)] }),
  );
  return { ...snapshot, networkPolicies: kept, ciliumPolicies };
}

function halfCalico(snapshot: Snapshot): Snapshot {
  const { kept, moved } = halves(snapshot);
  return { ...snapshot, networkPolicies: kept, calicoPolicies: moved.map(calicoOf) };
}

function calicoOf(policy: NetworkPolicy): CalicoPolicy {
  return {
    ...policy,
    kind: 'NetworkPolicy',
    tier: 'default',
    order: 1500,
    selector: selectorOf(policy.podSelector),
    types: policy.policyTypes,
    ingress: rulesOf(policy, 'ingress'),
    egress: rulesOf(policy, 'egress'),
    preDnat: false,
    doNotTrack: false,
    applyOnForward: false,
  };
}

const NOBODY: CalicoEntity = { nets: [], notNets: [], ports: [], notPorts: [] };

/** One rule for each peer and protocol: a rule of Calico has one of each. */
function rulesOf(policy: NetworkPolicy, direction: Direction): CalicoRule[] {
  return policy[direction].flatMap(({ peers, ports, path }) => {
    const ends = peers.length === 0 ? [NOBODY] : peers.map(entityOf);
    const traffic = ports.length === 0 ? [undefined] : ports;
    return ends.flatMap((end) =>
      traffic.map((port): CalicoRule => {
        const number = typeof port?.port === 'number' ? [{ from: port.port, to: port.endPort ?? port.port }] : [];
        const named = typeof port?.port === 'string' ? [{ name: port.port }] : [];
        const target = direction === 'egress' ? end : NOBODY;
        return {
          action: 'allow',
          ...(port !== undefined && { protocol: port.protocol }),
          source: direction === 'ingress' ? end : NOBODY,
          destination: { ...target, ports: [...number, ...named] },
          http: false,
          path,
          origin: NO_ORIGIN,
          gaps: [],
        };
      }),
    );
  });
}

function entityOf(peer: NetworkPolicyPeer): CalicoEntity {
  if (peer.kind === 'ipBlock') return { ...NOBODY, nets: [peer.cidr], notNets: peer.except };
  if (peer.kind === 'unread') return NOBODY;
  const { podSelector, namespaceSelector } = peer;
  return {
    ...NOBODY,
    selector: podSelector === undefined ? ALL : selectorOf(podSelector),
    ...(namespaceSelector !== undefined && { namespaceSelector: selectorOf(namespaceSelector) }),
  };
}

const ALL: CalicoSelector = { text: 'all()', node: { kind: 'all' }, origin: NO_ORIGIN };

function selectorOf({ requirements }: LabelSelector): CalicoSelector {
  if (requirements.length === 0) return ALL;
  return { text: '', node: { kind: 'and', parts: requirements.map(nodeOf) }, origin: NO_ORIGIN };
}

function nodeOf({ key, operator, values }: LabelRequirement): CalicoSelectorNode {
  switch (operator) {
    case 'In':
      return { kind: 'in', key, values };
    case 'NotIn':
      return { kind: 'not in', key, values };
    case 'Exists':
      return { kind: 'has', key };
    case 'DoesNotExist':
      return { kind: 'not', inner: { kind: 'has', key } };
  }
}
