import { type Cidr, parseCidr } from '#base/address.ts';

/** The installation's own values, which nothing in the input overrules here. */
export const DEFAULT_POLICY = 'all-unauthenticated';
export const SKIPPED_PORTS = '4567,4568';
/** Where a client of the cluster may be: `clusterNetworks` of the installation. */
export const CLUSTER_NETWORKS: readonly Cidr[] = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fd00::/8',
].map((text) => parseCidr(text)!.cidr);
/** Whose EgressNetworks are for every namespace. */
export const EGRESS_NAMESPACE = 'linkerd-egress';
/** What ends the name of every identity, after the account and its namespace. */
export const IDENTITY_SUFFIX = 'serviceaccount.identity.linkerd.cluster.local';
