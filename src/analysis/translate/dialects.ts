import type { PolicyKindName } from '#model/profile.ts';
import type { Resource } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { TranslationTarget } from '#model/translation.ts';

/** An API of policies. */
export type Dialect = 'kubernetes' | 'cluster' | 'calico' | 'cilium';

export const DIALECTS: readonly Dialect[] = ['kubernetes', 'cluster', 'calico', 'cilium'];

export const DIALECT_TITLES: Readonly<Record<Dialect, string>> = {
  kubernetes: 'NetworkPolicy',
  cluster: 'cluster-wide policies of Kubernetes',
  calico: 'policies of Calico',
  cilium: 'policies of Cilium',
};

/** A kind by which one sees whether a profile enforces an API. */
export const DIALECT_KINDS: Readonly<Record<Dialect, PolicyKindName>> = {
  kubernetes: 'NetworkPolicy',
  cluster: 'AdminNetworkPolicy',
  calico: 'NetworkPolicy.projectcalico.org',
  cilium: 'CiliumNetworkPolicy',
};

export const TARGET_KINDS: Readonly<Record<TranslationTarget, PolicyKindName>> = {
  kubernetes: 'NetworkPolicy',
  clusternetworkpolicy: 'ClusterNetworkPolicy',
  calico: 'NetworkPolicy.projectcalico.org',
  cilium: 'CiliumNetworkPolicy',
};

/** What moves, and what stays as it is and why. */
export interface Moving {
  readonly movable: Readonly<Record<Dialect, readonly Resource[]>>;
  readonly kept: readonly { readonly policy: Resource; readonly why: string }[];
}

/** Which policies of a snapshot `--to` is about. */
export function movingTo(to: TranslationTarget, snapshot: Snapshot): Moving {
  const kept: { readonly policy: Resource; readonly why: string }[] = [];
  const movable = {
    kubernetes: parted(snapshot.networkPolicies, () => stayOf(to, 'kubernetes', 'kubernetes')),
    cluster: parted(snapshot.clusterPolicies, ({ kind }) => {
      if (to !== 'clusternetworkpolicy') return undefined;
      return kind === 'ClusterNetworkPolicy' ? ALREADY : undefined;
    }),
    calico: parted(snapshot.calicoPolicies, ({ kind }) => {
      return (
        stayOf(to, 'calico', 'calico') ?? (kind.startsWith('Staged') ? 'only staged: it decides nothing' : undefined)
      );
    }),
    cilium: parted(snapshot.ciliumPolicies, () => stayOf(to, 'cilium', 'cilium')),
  };
  return { movable, kept };

  function parted<P extends Resource>(list: readonly P[], stays: (policy: P) => string | undefined): P[] {
    return list.filter((policy) => {
      const why = stays(policy);
      if (why !== undefined) kept.push({ policy, why });
      return why === undefined;
    });
  }
}

const ALREADY = 'of that form already';

/** ClusterNetworkPolicy is what its older forms become; nobody asks it to replace the policies of namespaces. */
function stayOf(to: TranslationTarget, own: TranslationTarget, dialect: Dialect): string | undefined {
  if (to === own) return ALREADY;
  return to === 'clusternetworkpolicy' && dialect !== 'cluster'
    ? 'only AdminNetworkPolicy and BaselineAdminNetworkPolicy become ClusterNetworkPolicy'
    : undefined;
}
