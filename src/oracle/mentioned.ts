import type { AddressRange } from '#base/address.ts';
import type { LabelSelector } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { calicoRanges, namespaceLabelValues } from './calico/mentions.ts';
import { ciliumNamespaceLabelValues, ciliumRanges } from './cilium/mentions.ts';
import type { Installation } from './linkerd/settings.ts';
import { meshRanges } from './mesh-ranges.ts';
import type { Question } from './party.ts';

// What the policies of a snapshot tell apart. Read once: a connection is looked at in thousands of worlds.

const RANGES = new WeakMap<Snapshot, WeakMap<Installation, readonly AddressRange[]>>();
const VALUES = new WeakMap<Snapshot, Map<string, readonly string[]>>();

/** Every range of addresses that a rule names. */
export function mentionedRanges(question: Question): readonly AddressRange[] {
  const { snapshot, linkerd } = question;
  const known = RANGES.get(snapshot) ?? new WeakMap<Installation, readonly AddressRange[]>();
  RANGES.set(snapshot, known);
  const ranges = known.get(linkerd) ?? rangesIn(question);
  known.set(linkerd, ranges);
  return ranges;
}

/** The values of a label of namespaces that selectors name. */
export function mentionedNamespaceValues(snapshot: Snapshot, key: string): readonly string[] {
  const known = VALUES.get(snapshot) ?? new Map<string, readonly string[]>();
  VALUES.set(snapshot, known);
  const values = known.get(key) ?? [
    ...valuesOf(namespaceSelectors(snapshot), key),
    ...namespaceLabelValues(snapshot, key),
    ...ciliumNamespaceLabelValues(snapshot, key),
  ];
  known.set(key, values);
  return values;
}

function rangesIn(question: Question): AddressRange[] {
  const { snapshot } = question;
  const { networkPolicies, clusterPolicies } = snapshot;
  const out: AddressRange[] = [...calicoRanges(snapshot), ...ciliumRanges(snapshot), ...meshRanges(question)];
  for (const peer of networkPolicies
    .flatMap((policy) => [...policy.ingress, ...policy.egress])
    .flatMap((rule) => rule.peers)) {
    if (peer.kind === 'ipBlock') out.push(peer.cidr, ...peer.except);
  }
  for (const peer of clusterPolicies
    .flatMap((policy) => [...policy.ingress, ...policy.egress])
    .flatMap((rule) => rule.peers)) {
    if (peer.kind === 'networks') out.push(...peer.cidrs);
  }
  return out;
}

function namespaceSelectors({ networkPolicies, clusterPolicies }: Snapshot): LabelSelector[] {
  const out: LabelSelector[] = clusterPolicies.map((policy) => policy.subject.namespaceSelector);
  for (const policy of [...networkPolicies, ...clusterPolicies]) {
    for (const rule of [...policy.ingress, ...policy.egress]) {
      for (const peer of rule.peers) {
        if (peer.kind === 'pods' && peer.namespaceSelector !== undefined) out.push(peer.namespaceSelector);
      }
    }
  }
  return out;
}

export function valuesOf(selectors: readonly LabelSelector[], key: string): string[] {
  const requirements = selectors.flatMap((selector) => selector.requirements).filter((each) => each.key === key);
  return [...new Set(requirements.flatMap((requirement) => requirement.values))];
}
