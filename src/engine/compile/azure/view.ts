import type { ManagedCluster } from '#model/azure/cluster.ts';
import { type AzureRef, isUnsettled } from '#model/azure/entity.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { Firewall } from '#model/azure/firewall.ts';
import type {
  NetworkInterface,
  Peering,
  PublicIp,
  RouteTable,
  SecurityGroup,
  Subnet,
  VirtualNetwork,
} from '#model/azure/network.ts';
import type { Snapshot } from '#model/snapshot.ts';

/** An estate seen from one cluster, with its indexes. */
export interface AzureView {
  readonly estate: AzureEstate;
  readonly cluster: ManagedCluster;
  /** Networks that the cluster's nodes and pods are in. */
  readonly own: ReadonlySet<string>;
  /** Peerings of these that let traffic through, by the key of the own network. */
  readonly peerings: readonly Peering[];
  readonly networks: ReadonlyMap<string, VirtualNetwork>;
  readonly subnets: ReadonlyMap<string, Subnet>;
  readonly securityGroups: ReadonlyMap<string, SecurityGroup>;
  readonly routeTables: ReadonlyMap<string, RouteTable>;
  readonly publicIps: ReadonlyMap<string, PublicIp>;
  readonly interfaces: ReadonlyMap<string, NetworkInterface>;
  readonly firewalls: readonly Firewall[];
}

/** Undefined where the input has no cluster, or several and nothing says which one the manifests are of. */
export function azureViewOf({ azure: estate }: Snapshot): AzureView | undefined {
  const [cluster, ...others] = estate.clusters;
  if (cluster === undefined || others.length > 0) return undefined;
  const subnets = new Map(estate.subnets.map((subnet) => [subnet.key, subnet]));
  const used = cluster.pools.flatMap(({ subnet, podSubnet }) => [subnet, podSubnet]).filter(isKey);
  const own = new Set(used.flatMap((key) => subnets.get(key)?.network ?? networkOf(key)));
  return {
    estate,
    cluster,
    own,
    peerings: estate.peerings.filter(({ network, allowAccess }) => own.has(network) && allowAccess !== false),
    networks: byKey(estate.networks),
    subnets,
    securityGroups: byKey(estate.securityGroups),
    routeTables: byKey(estate.routeTables),
    publicIps: byKey(estate.publicIps),
    interfaces: byKey(estate.interfaces),
    firewalls: estate.firewalls,
  };
}

export function isKey(ref: AzureRef | undefined): ref is string {
  return typeof ref === 'string';
}

/** What a reference leads to; `missing` where the input does not have it, `open` where it could not be evaluated. */
export function follow<T>(ref: AzureRef, map: ReadonlyMap<string, T>): T | 'missing' | 'open' {
  if (isUnsettled(ref)) return 'open';
  return map.get(ref) ?? 'missing';
}

/** The key of the network that a subnet's key names. */
function networkOf(subnet: string): string[] {
  const at = subnet.indexOf('/subnets/');
  return at < 0 ? [] : [subnet.slice(0, at)];
}

function byKey<T extends { readonly key: string }>(entities: readonly T[]): Map<string, T> {
  return new Map(entities.map((entity) => [entity.key, entity]));
}
