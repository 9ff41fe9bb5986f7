import type { Resource } from '#model/resource.ts';
import { EMPTY_SNAPSHOT, type Snapshot } from '#model/snapshot.ts';

/** The lists of a snapshot that hold policies, and what belongs to them. */
export type PolicyLists = Pick<
  Snapshot,
  'networkPolicies' | 'clusterPolicies' | 'calicoPolicies' | 'calicoTiers' | 'ciliumPolicies'
>;

/** The snapshot without some objects and with those that were made of them. */
export function replaced(snapshot: Snapshot, out: ReadonlySet<Resource>, made: PolicyLists = EMPTY_SNAPSHOT): Snapshot {
  return { ...snapshot, ...listsWhere(snapshot, (resource) => !out.has(resource), made) };
}

/** The policies that meet a condition, and others behind them. */
export function listsWhere(
  lists: PolicyLists,
  holds: (resource: Resource) => boolean,
  more: PolicyLists = EMPTY_SNAPSHOT,
): PolicyLists {
  return {
    networkPolicies: [...lists.networkPolicies.filter(holds), ...more.networkPolicies],
    clusterPolicies: [...lists.clusterPolicies.filter(holds), ...more.clusterPolicies],
    calicoPolicies: [...lists.calicoPolicies.filter(holds), ...more.calicoPolicies],
    calicoTiers: [...lists.calicoTiers.filter(holds), ...more.calicoTiers],
    ciliumPolicies: [...lists.ciliumPolicies.filter(holds), ...more.ciliumPolicies],
  };
}
