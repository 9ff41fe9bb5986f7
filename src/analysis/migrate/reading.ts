import { labelFilterOf } from '#engine/compile/cilium/label-filter.ts';
import { ciliumModeOf } from '#engine/compile/cilium/settings.ts';
import type { Profile } from '#model/profile.ts';
import type { LabelRequirement, LabelSelector, NetworkPolicy, NetworkPolicyRule } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';

/** How an engine reads the text of a NetworkPolicy, where that is not as it is written. */
export interface Reading {
  /** Whether it reads `endPort` at all (Cilium from 1.17 on; pkg/k8s/network_policy.go). */
  readonly endPorts: boolean;
  /** Whether a label of a pod can be selected; undefined: all can. Cilium's identities leave some out. */
  readonly isLabelKept: ((key: string) => boolean) | undefined;
}

const FIRST_WITH_END_PORT = 17;

export function readingOf(profile: Profile, snapshot: Snapshot): Reading {
  if (profile.model !== 'cilium') return { endPorts: true, isLabelKept: undefined };
  const { minor, labels } = ciliumModeOf(profile, snapshot);
  return { endPorts: minor === undefined || minor >= FIRST_WITH_END_PORT, isLabelKept: labelFilterOf(labels) };
}

/** The snapshot with what its NetworkPolicies mean to such a reader, written so that every engine takes it; itself where nothing differs. */
export function readAs(snapshot: Snapshot, reading: Reading): Snapshot {
  const read = snapshot.networkPolicies.map((policy) => policyAs(policy, reading));
  if (read.every((policy, index) => policy === snapshot.networkPolicies[index])) return snapshot;
  return { ...snapshot, networkPolicies: read };
}

export function policyAs(policy: NetworkPolicy, reading: Reading): NetworkPolicy {
  const podSelector = selectorAs(policy.podSelector, reading);
  const ingress = policy.ingress.map((rule) => ruleAs(rule, reading));
  const egress = policy.egress.map((rule) => ruleAs(rule, reading));
  const isSame =
    podSelector === policy.podSelector &&
    ingress.every((rule, index) => rule === policy.ingress[index]) &&
    egress.every((rule, index) => rule === policy.egress[index]);
  return isSame ? policy : { ...policy, podSelector, ingress, egress };
}

function ruleAs(rule: NetworkPolicyRule, reading: Reading): NetworkPolicyRule {
  const peers = rule.peers.map((peer) => {
    if (peer.kind !== 'pods' || peer.podSelector === undefined) return peer;
    const podSelector = selectorAs(peer.podSelector, reading);
    return podSelector === peer.podSelector ? peer : { ...peer, podSelector };
  });
  const ports = reading.endPorts
    ? rule.ports
    : rule.ports.map((port) =>
        typeof port.port === 'number' && port.endPort !== undefined ? { ...port, endPort: port.port } : port,
      );
  const isSame =
    peers.every((peer, index) => peer === rule.peers[index]) &&
    ports.every((port, index) => port === rule.ports[index]);
  return isSame ? rule : { ...rule, peers, ports };
}

/** A label that is left out is absent everywhere. */
function selectorAs(selector: LabelSelector, { isLabelKept }: Reading): LabelSelector {
  if (isLabelKept === undefined || selector.requirements.every(({ key }) => isLabelKept(key))) return selector;
  return { ...selector, requirements: selector.requirements.flatMap((each) => requirementAs(each, isLabelKept)) };
}

/** What asks for an absent label holds never: the label is there and is not. What forbids it holds always. */
function requirementAs(requirement: LabelRequirement, isLabelKept: (key: string) => boolean): LabelRequirement[] {
  const { key, operator } = requirement;
  if (isLabelKept(key)) return [requirement];
  if (operator === 'NotIn' || operator === 'DoesNotExist') return [];
  return [
    { key, operator: 'Exists', values: [] },
    { key, operator: 'DoesNotExist', values: [] },
  ];
}
