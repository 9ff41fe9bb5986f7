import { type Cidr, parseCidr } from '#base/address.ts';

/** How Linkerd is installed: what the chart was told. Lists of ports and addresses are text, as in annotations. */
export interface Installation {
  /** Of the control plane. */
  readonly namespace: string;
  readonly trustDomain: string;
  readonly defaultPolicy: string;
  /** Where a client of the cluster may be. */
  readonly clusterNetworks: readonly Cidr[];
  /** From where probes come; absent: from anywhere. */
  readonly probeNetworks?: readonly Cidr[];
  readonly opaquePorts: string;
  readonly skippedInbound: string;
  readonly skippedOutbound: string;
  readonly skippedSubnets: string;
}

const CLUSTER_NETWORKS: readonly Cidr[] = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fd00::/8',
].map((text) => parseCidr(text)!.cidr);
/** Whose EgressNetworks are for every namespace. */
export const EGRESS_NAMESPACE = 'linkerd-egress';
/** Ports of the proxy itself, which it does not take for the application's. */
export const OWN_PORTS = '4190,4191';

/** Linkerd without a word about it. */
export const DEFAULT_INSTALLATION: Installation = {
  namespace: 'linkerd',
  trustDomain: 'cluster.local',
  defaultPolicy: 'all-unauthenticated',
  clusterNetworks: CLUSTER_NETWORKS,
  opaquePorts: '25,587,3306,4444,5432,6379,9300,11211',
  skippedInbound: '4567,4568',
  skippedOutbound: '4567,4568',
  skippedSubnets: '',
};
