import { type KindEntry, kind } from '../kubernetes/kind-entry.ts';
import { readCidrGroup, readEgressGateway, readRedirect } from './path-facts.ts';
import { policyOf } from './policy.ts';

const V2 = ['cilium.io/v2'];

export const CILIUM_KINDS: readonly KindEntry[] = [
  kind({ in: 'ciliumPolicies', kind: 'CiliumNetworkPolicy', versions: V2, read: policyOf('CiliumNetworkPolicy') }),
  kind({
    in: 'ciliumPolicies',
    kind: 'CiliumClusterwideNetworkPolicy',
    versions: V2,
    read: policyOf('CiliumClusterwideNetworkPolicy'),
    scope: 'cluster',
  }),
  kind({
    in: 'ciliumCidrGroups',
    kind: 'CiliumCIDRGroup',
    versions: ['cilium.io/v2', 'cilium.io/v2alpha1'],
    read: readCidrGroup,
    scope: 'cluster',
  }),
  kind({ in: 'ciliumRedirects', kind: 'CiliumLocalRedirectPolicy', versions: V2, read: readRedirect }),
  kind({
    in: 'ciliumEgressGateways',
    kind: 'CiliumEgressGatewayPolicy',
    versions: V2,
    read: readEgressGateway,
    scope: 'cluster',
  }),
];
