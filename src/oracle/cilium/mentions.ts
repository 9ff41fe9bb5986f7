import { type AddressRange, parseAddress } from '#base/address.ts';
import type { CiliumPolicy, CiliumRule, CiliumSelector, CiliumSpec } from '#model/cilium.ts';
import type { Snapshot } from '#model/snapshot.ts';

const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';

/** Every range that a rule, a group or a backend tells from other addresses. */
export function ciliumRanges(snapshot: Snapshot): AddressRange[] {
  const blocks = rulesOf(snapshot).flatMap(({ peers }) => (peers?.kind === 'cidrs' ? peers.blocks : []));
  const addresses = snapshot.endpointSlices
    .flatMap(({ endpoints }) => endpoints)
    .flatMap(({ address }) => parseAddress(address) ?? []);
  return [
    ...blocks.flatMap(({ cidr, except }) => [...(cidr === undefined ? [] : [cidr]), ...except]),
    ...snapshot.ciliumCidrGroups.flatMap(({ cidrs }) => cidrs),
    ...addresses.map(({ family, value }) => ({ family, lo: value, hi: value })),
  ];
}

/** The values that selectors tell apart of one label of namespaces. */
export function ciliumNamespaceLabelValues(snapshot: Snapshot, key: string): string[] {
  return valuesOf(snapshot, NAMESPACE_LABELS + key);
}

/** The values that selectors tell apart of one label of nodes. */
export function ciliumNodeLabelValues(snapshot: Snapshot, key: string): string[] {
  return valuesOf(snapshot, key);
}

function valuesOf(snapshot: Snapshot, key: string): string[] {
  const requirements = selectorsOf(snapshot).flatMap((selector) => selector.requirements);
  return requirements.filter((each) => withoutSource(each.key) === key).flatMap(({ values }) => values);
}

/** `k8s:app` is the label `app`. */
function withoutSource(key: string): string {
  return key.slice(key.indexOf(':') + 1);
}

function selectorsOf(snapshot: Snapshot): CiliumSelector[] {
  const subjects = specsOf(snapshot).flatMap(({ endpointSelector, nodeSelector }) =>
    [endpointSelector ?? [], nodeSelector ?? []].flat(),
  );
  const peers = rulesOf(snapshot).flatMap(({ peers }) =>
    peers?.kind === 'endpoints' || peers?.kind === 'nodes' ? peers.selectors : [],
  );
  return [...subjects, ...peers];
}

function rulesOf(snapshot: Snapshot): CiliumRule[] {
  return specsOf(snapshot).flatMap(({ ingress, ingressDeny, egress, egressDeny }) => [
    ...ingress,
    ...ingressDeny,
    ...egress,
    ...egressDeny,
  ]);
}

function specsOf({ ciliumPolicies }: Snapshot): CiliumSpec[] {
  return ciliumPolicies.flatMap((policy: CiliumPolicy) => [...policy.specs]);
}
