import { type AddressRange, parseAddress } from '#base/address.ts';
import type { CalicoEntity, CalicoRule, CalicoSelector } from '#model/calico.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { conditionsOf } from './selector.ts';

/** Every range that a rule, a set, a host endpoint, a failsafe port or a backend tells from other addresses. */
export function calicoRanges(snapshot: Snapshot): AddressRange[] {
  return [
    ...entitiesOf(snapshot).flatMap(({ nets, notNets }) => [...nets, ...notNets]),
    ...snapshot.calicoNetworkSets.flatMap(({ nets }) => nets),
    ...snapshot.calicoHostEndpoints.flatMap(({ expectedIps }) => expectedIps),
    ...snapshot.calicoSettings.flatMap(({ failsafeInbound = [], failsafeOutbound = [] }) =>
      [...failsafeInbound, ...failsafeOutbound].flatMap(({ net }) => net ?? []),
    ),
    ...backendRanges(snapshot),
  ];
}

function backendRanges({ endpointSlices }: Snapshot): AddressRange[] {
  const addresses = endpointSlices
    .flatMap(({ endpoints }) => endpoints)
    .flatMap(({ address }) => parseAddress(address) ?? []);
  return addresses.map(({ family, value }) => ({ family, lo: value, hi: value }));
}

/** The values that selectors tell apart of one label of namespaces. */
export function namespaceLabelValues(snapshot: Snapshot, key: string): string[] {
  const own = snapshot.calicoPolicies.flatMap(({ namespaceSelector }) => namespaceSelector ?? []);
  const inRules = entitiesOf(snapshot).flatMap(({ namespaceSelector }) => namespaceSelector ?? []);
  return [...valuesIn([...own, ...inRules], key), ...valuesIn(endpointSelectors(snapshot), `pcns.${key}`)];
}

/** The values that selectors tell apart of one label of service accounts. */
export function accountLabelValues(snapshot: Snapshot, key: string): string[] {
  const own = snapshot.calicoPolicies.flatMap(({ serviceAccountSelector }) => serviceAccountSelector ?? []);
  const inRules = entitiesOf(snapshot).flatMap(({ serviceAccounts }) => serviceAccounts?.selector ?? []);
  return [...valuesIn([...own, ...inRules], key), ...valuesIn(endpointSelectors(snapshot), `pcsa.${key}`)];
}

/** Bounds of source ports: where one begins, and the port after it ends. */
export function sourcePortBounds(snapshot: Snapshot): number[] {
  const ports = rulesOf(snapshot).flatMap(({ source }) => [...source.ports, ...source.notPorts]);
  return ports.flatMap((port) => ('name' in port ? [] : [port.from, port.to + 1]));
}

function endpointSelectors(snapshot: Snapshot): CalicoSelector[] {
  const inRules = entitiesOf(snapshot).flatMap(({ selector, notSelector }) =>
    [selector ?? [], notSelector ?? []].flat(),
  );
  return [...snapshot.calicoPolicies.map(({ selector }) => selector), ...inRules];
}

function valuesIn(selectors: readonly CalicoSelector[], key: string): string[] {
  const conditions = selectors.flatMap(({ node }) => [...conditionsOf(node)]);
  return conditions.filter((condition) => condition.key === key).flatMap(({ values }) => values);
}

function entitiesOf(snapshot: Snapshot): CalicoEntity[] {
  return rulesOf(snapshot).flatMap(({ source, destination }) => [source, destination]);
}

function rulesOf({ calicoPolicies }: Snapshot): CalicoRule[] {
  return calicoPolicies.flatMap(({ ingress, egress }) => [...ingress, ...egress]);
}
