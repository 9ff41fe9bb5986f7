import type { CalicoPolicy } from '#model/calico.ts';
import type { PlainObject } from '#model/plain.ts';
import type { ClusterPolicy, NetworkPolicy, Resource } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { TranslationTarget } from '#model/translation.ts';
import { adminToCluster } from './admin-to-cluster.ts';
import type { Dialect } from './dialects.ts';
import type { Objecting, PlainPolicy, Reading } from './plain.ts';
import { readCalico } from './read-calico.ts';
import { readCilium } from './read-cilium.ts';
import { readClusterPolicy } from './read-cluster-policy.ts';
import { readNetworkPolicy } from './read-network-policy.ts';
import type { Said } from './said.ts';
import { writeCalico } from './write-calico.ts';
import { writeCilium } from './write-cilium.ts';
import { writeNetworkPolicy } from './write-network-policy.ts';

/** Every policy of one API of the snapshot that is among those to move, in the other form. */
export function sayAll(snapshot: Snapshot, moving: ReadonlySet<Resource>, way: Way): Said[] {
  const among = <P extends Resource>(list: readonly P[]) => list.filter((policy) => moving.has(policy));
  switch (way.dialect) {
    case 'kubernetes':
      return among(snapshot.networkPolicies).map((policy) => said(policy, readKubernetes(policy, way), way));
    case 'cluster':
      return among(snapshot.clusterPolicies).map((policy) => sayCluster(policy, way));
    case 'calico':
      return among(snapshot.calicoPolicies).map((policy) => ({
        ...said(policy, readCalico(policy), way),
        hangsOnOrder: hangsOnOrder(policy),
      }));
    case 'cilium':
      return among(snapshot.ciliumPolicies).map((policy) => said(policy, readCilium(policy), way));
  }
}

export interface Way {
  readonly dialect: Dialect;
  readonly to: TranslationTarget;
  /** Whether the source is read as Cilium reads it. */
  readonly asCilium: boolean;
}

function readKubernetes(policy: NetworkPolicy, { asCilium }: Way): Reading {
  return readNetworkPolicy(policy, { asCilium });
}

function sayCluster(policy: ClusterPolicy, way: Way): Said {
  const one = way.to === 'clusternetworkpolicy' ? adminToCluster(policy) : said(policy, readClusterPolicy(policy), way);
  return { ...one, tier: policy.tier };
}

/** Only allows of one tier may be asked in any order. */
function hangsOnOrder({ tier, ingress, egress }: CalicoPolicy): boolean {
  return tier !== 'default' || [...ingress, ...egress].some(({ action }) => action === 'deny' || action === 'pass');
}

function said(source: Resource, { policies, objections }: Reading, { to }: Way): Said {
  const objecting: Objecting = { objections: [...objections], origin: source.origin };
  const documents = policies.flatMap((policy) => write(policy, to, objecting));
  return { source, documents, notes: policies.flatMap(({ notes }) => notes), objections: objecting.objections };
}

/** Nothing but AdminNetworkPolicy and its baseline becomes ClusterNetworkPolicy, and those have a way of their own. */
function write(policy: PlainPolicy, to: TranslationTarget, objecting: Objecting): PlainObject[] {
  switch (to) {
    case 'calico':
      return writeCalico(policy, objecting);
    case 'cilium':
      return writeCilium(policy, objecting);
    case 'kubernetes':
    case 'clusternetworkpolicy':
      return writeNetworkPolicy(policy, objecting);
  }
}
