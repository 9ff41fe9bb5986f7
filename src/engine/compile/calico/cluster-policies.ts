import { type Cidr, HIGHEST } from '#base/address.ts';
import type { ClusterPeer, ClusterPolicy, ClusterPolicyRule, NetworksPeer } from '#model/resource.ts';
import { matchesLabels } from '../../select.ts';
import type { Calico } from './context.ts';

const EVERY_ADDRESS: readonly Cidr[] = ([4, 6] as const).map((family) => ({
  family,
  length: 0,
  lo: 0n,
  hi: HIGHEST[family],
}));

/**
 * A cluster-wide policy as Calico converts it: an Accept that names domains or nodes is dropped, a Deny or Pass that does
 * becomes a denial of everything (conversion of unsupported peers fails closed); a namespaces peer also means the
 * network sets of those namespaces.
 */
export function asCalicoTakesIt(calico: Calico, policy: ClusterPolicy): ClusterPolicy {
  const convert = (rules: readonly ClusterPolicyRule[]) => rules.flatMap((rule) => converted(calico, rule));
  return { ...policy, ingress: convert(policy.ingress), egress: convert(policy.egress) };
}

function converted(calico: Calico, rule: ClusterPolicyRule): ClusterPolicyRule[] {
  if (!rule.peers.some(({ kind }) => kind === 'domains' || kind === 'nodes')) {
    return [{ ...rule, peers: rule.peers.flatMap((peer) => [peer, ...setsOf(calico, peer)]) }];
  }
  if (rule.action === 'allow') return [];
  const { path, origin } = rule;
  const everybody: NetworksPeer = { kind: 'networks', cidrs: EVERY_ADDRESS, path, origin };
  return [{ ...rule, action: 'deny', peers: [everybody], protocols: [] }];
}

function setsOf({ world, snapshot }: Calico, peer: ClusterPeer): NetworksPeer[] {
  if (peer.kind !== 'pods' || peer.podSelector !== undefined) return [];
  const cidrs = snapshot.calicoNetworkSets
    .filter(({ namespace }) => {
      const labels = world.namespaces.get(namespace)?.labels;
      return namespace !== '' && labels !== undefined && matchesLabels(peer.namespaceSelector, labels);
    })
    .flatMap(({ nets }) => nets);
  return cidrs.length === 0 ? [] : [{ kind: 'networks', cidrs, path: peer.path, origin: peer.origin }];
}
