import { NAMESPACE_NAME_LABEL } from '#engine/world.ts';
import type { PlainObject } from '#model/plain.ts';
import type { Analysis } from '../analysis.ts';
import type { Cut } from './isolation.ts';

export interface AdminDenial {
  readonly object: PlainObject;
  readonly kind: 'ClusterNetworkPolicy' | 'AdminNetworkPolicy';
  /** Whether the input shows that the cluster has the kind. */
  readonly isSeen: boolean;
}

const EVERY_ADDRESS = ['0.0.0.0/0', '::/0'];

/**
 * A denial in the Admin tier, before all others of it; undefined where the engine has no such tier. Peers of ingress are
 * pods: the API has no others there, and what comes from outside is stopped by isolation alone.
 */
export function adminDenial(
  { profile, snapshot }: Analysis,
  cut: Cut,
  podSelector: PlainObject,
): AdminDenial | undefined {
  const seen = new Set(snapshot.clusterPolicies.map(({ kind }) => kind));
  const known = (['ClusterNetworkPolicy', 'AdminNetworkPolicy'] as const).filter((kind) =>
    profile.enforces.includes(kind),
  );
  const kind = known.find((each) => seen.has(each)) ?? known[0];
  if (kind === undefined) return undefined;
  const isNew = kind === 'ClusterNetworkPolicy';
  const deny = (side: 'from' | 'to', peers: readonly PlainObject[]) => ({
    name: `nothing-${side === 'from' ? 'in' : 'out'}`,
    action: 'Deny',
    [side]: peers,
  });
  return {
    kind,
    isSeen: seen.has(kind),
    object: {
      apiVersion: `policy.networking.k8s.io/${isNew ? 'v1alpha2' : 'v1alpha1'}`,
      kind,
      metadata: { name: `${cut.name}-in-${cut.namespace}`.slice(0, 253) },
      spec: {
        ...(isNew && { tier: 'Admin' }),
        priority: 0,
        subject: {
          pods: { namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: cut.namespace } }, podSelector },
        },
        ingress: [deny('from', [{ namespaces: {} }])],
        egress: [deny('to', [{ namespaces: {} }, { nodes: {} }, { networks: EVERY_ADDRESS }])],
      },
    },
  };
}
