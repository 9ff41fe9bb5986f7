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
import { networkOf, networksAround, type PeeringState, stateOf } from './peerings.ts';

/** An estate seen from one cluster, with its indexes. */
export interface AzureView {
  readonly estate: AzureEstate;
  readonly cluster: ManagedCluster;
  /** Networks that the cluster's nodes and pods are in. */
  readonly own: ReadonlySet<string>;
  /** Peerings of these that let traffic through where they are up, by the key of the own network. */
  readonly peerings: readonly Peering[];
  /** Whether each peering of the estate carries traffic. */
  readonly peeringStates: ReadonlyMap<Peering, PeeringState>;
  /** Networks that traffic of the cluster may get to; undefined where that cannot be told. */
  readonly around: ReadonlySet<string> | undefined;
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
  const own = new Set(used.flatMap((key) => networkOf({ subnets }, key) ?? []));
  const peeringStates = new Map(estate.peerings.map((peering) => [peering, stateOf(estate, peering)]));
  return {
    estate,
    cluster,
    own,
    peerings: estate.peerings.filter(({ network, allowAccess }) => own.has(network) && allowAccess !== false),
    peeringStates,
    around: networksAround(estate, own, subnets),
    networks: byKey(estate.networks),
    subnets,
    securityGroups: byKey(estate.securityGroups),
    routeTables: byKey(estate.routeTables),
    publicIps: byKey(estate.publicIps),
    interfaces: byKey(estate.interfaces),
    firewalls: estate.firewalls,
  };
}

/** Whether an interface may have a say about traffic of the cluster: one in a network of which none gets there has not. */
export function isAround({ around, subnets }: AzureView, { configurations }: NetworkInterface): boolean {
  if (around === undefined) return true;
  return configurations.some(({ subnet }) => {
    const network = networkOf({ subnets }, subnet);
    return network === undefined || around.has(network);
  });
}

export function isKey(ref: AzureRef | undefined): ref is string {
  return typeof ref === 'string';
}

/** What a reference leads to; `missing` where the input does not have it, `open` where it could not be evaluated. */
export function follow<T>(ref: AzureRef, map: ReadonlyMap<string, T>): T | 'missing' | 'open' {
  if (isUnsettled(ref)) return 'open';
  return map.get(ref) ?? 'missing';
}

function byKey<T extends { readonly key: string }>(entities: readonly T[]): Map<string, T> {
  return new Map(entities.map((entity) => [entity.key, entity]));
}
