import { type KindEntry, kind } from '../kubernetes/kind-entry.ts';
import { policyOf, readStagedKubernetesPolicy, withoutTier } from './policy.ts';
import {
  networkSetOf,
  readControllers,
  readFelixConfiguration,
  readHostEndpoint,
  readInstallation,
  readTier,
} from './sets.ts';

/** Both API forms of an object are one object. */
const VERSIONS = ['projectcalico.org/v3', 'crd.projectcalico.org/v1'];

export const CALICO_KINDS: readonly KindEntry[] = [
  kind({
    in: 'calicoPolicies',
    kind: 'NetworkPolicy',
    versions: VERSIONS,
    read: policyOf('NetworkPolicy'),
    named: withoutTier,
  }),
  kind({
    in: 'calicoPolicies',
    kind: 'GlobalNetworkPolicy',
    versions: VERSIONS,
    read: policyOf('GlobalNetworkPolicy'),
    named: withoutTier,
    scope: 'cluster',
  }),
  kind({
    in: 'calicoPolicies',
    kind: 'StagedNetworkPolicy',
    versions: VERSIONS,
    read: policyOf('StagedNetworkPolicy'),
    named: withoutTier,
  }),
  kind({
    in: 'calicoPolicies',
    kind: 'StagedGlobalNetworkPolicy',
    versions: VERSIONS,
    read: policyOf('StagedGlobalNetworkPolicy'),
    named: withoutTier,
    scope: 'cluster',
  }),
  kind({
    in: 'calicoPolicies',
    kind: 'StagedKubernetesNetworkPolicy',
    versions: VERSIONS,
    read: readStagedKubernetesPolicy,
  }),
  kind({ in: 'calicoTiers', kind: 'Tier', versions: VERSIONS, read: readTier, scope: 'cluster' }),
  kind({ in: 'calicoNetworkSets', kind: 'NetworkSet', versions: VERSIONS, read: networkSetOf('NetworkSet') }),
  kind({
    in: 'calicoNetworkSets',
    kind: 'GlobalNetworkSet',
    versions: VERSIONS,
    read: networkSetOf('GlobalNetworkSet'),
    scope: 'cluster',
  }),
  kind({
    in: 'calicoHostEndpoints',
    kind: 'HostEndpoint',
    versions: VERSIONS,
    read: readHostEndpoint,
    scope: 'cluster',
  }),
  kind({
    in: 'calicoSettings',
    kind: 'FelixConfiguration',
    versions: VERSIONS,
    read: readFelixConfiguration,
    scope: 'cluster',
  }),
  kind({
    in: 'calicoControllers',
    kind: 'KubeControllersConfiguration',
    versions: VERSIONS,
    read: readControllers,
    scope: 'cluster',
  }),
  kind({
    in: 'calicoControllers',
    kind: 'Installation',
    versions: ['operator.tigera.io/v1'],
    read: readInstallation,
    scope: 'cluster',
  }),
];
