import { azureViewOf, isKey } from '#engine/compile/azure/view.ts';
import type { AzureRef } from '#model/azure/entity.ts';
import type { PublicIp, VirtualNetwork } from '#model/azure/network.ts';
import type { ControlContext } from '../../context.ts';
import { writtenServices } from '../services.ts';
import { reachedBy, waysThrough } from '../ways.ts';

/** A public address in use, or (where the input has none of it) the network of the cluster that has one. */
export interface UsedAddress {
  readonly address?: PublicIp;
  /** The networks of what it is attached to: `missing` where they are not in the input. */
  readonly networks: readonly (VirtualNetwork | 'missing')[];
  /** `Application Gateway agw` */
  readonly by: string;
}

/** Addresses of gateways and firewalls, of load balancers of the cluster, and of the cluster's Services. NAT gateways cannot be protected. */
export function usedAddresses(context: ControlContext): UsedAddress[] {
  const found = new Map<string, UsedAddress>();
  for (const used of [...ofGateways(context), ...ofNodes(context)]) {
    const key = used.address?.key ?? '';
    if (!found.has(key)) found.set(key, used);
  }
  return [...found.values(), ...ofServices(context, found)];
}

function ofGateways({ snapshot: { azure } }: ControlContext): UsedAddress[] {
  const addresses = new Map(azure.publicIps.map((each) => [each.key, each]));
  const of = (refs: readonly (AzureRef | undefined)[], subnets: readonly (AzureRef | undefined)[], by: string) =>
    refs.flatMap((ref): UsedAddress[] => {
      const address = isKey(ref) ? addresses.get(ref) : undefined;
      return address === undefined ? [] : [{ address, networks: networksOf(azure.networks, subnets), by }];
    });
  return [
    ...azure.applicationGateways.flatMap(({ frontends, subnets, name }) =>
      of(
        frontends.map(({ publicIp }) => publicIp),
        subnets,
        `Application Gateway ${name}`,
      ),
    ),
    ...azure.firewalls.flatMap(({ publicIps, subnet, name }) => of(publicIps, [subnet], `Azure Firewall ${name}`)),
  ];
}

/** What the cluster itself has made, or was told to use. */
function ofNodes(context: ControlContext): UsedAddress[] {
  const { azure } = context.snapshot;
  const networks = ownNetworks(context);
  return azure.clusters.flatMap((cluster) => {
    const group = typeof cluster.nodeResourceGroup === 'string' ? cluster.nodeResourceGroup.toLowerCase() : undefined;
    const balancers = azure.loadBalancers.filter(({ resourceGroup }) => resourceGroup === group);
    const attached = new Set([
      ...cluster.outboundIps,
      ...balancers.flatMap(({ frontends }) => frontends.map(({ publicIp }) => publicIp)),
    ]);
    return azure.publicIps
      .filter(
        ({ key, resourceGroup, attachedTo }) =>
          attached.has(key) || (resourceGroup === group && isKey(attachedTo) && attachedTo.includes('/loadbalancers/')),
      )
      .map((address) => ({ address, networks, by: `load balancer of cluster ${cluster.name}` }));
  });
}

/** A public Service gets an address that is not in the input before it is deployed: what its network has covers it. */
function ofServices(context: ControlContext, found: ReadonlyMap<string, UsedAddress>): UsedAddress[] {
  const isKnown = [...found.values()].some(({ by }) => by.startsWith('load balancer of cluster'));
  const networks = ownNetworks(context).filter((network) => network !== 'missing');
  if (isKnown || networks.length === 0) return [];
  const open = writtenServices(context).find(
    ({ service, object }) => service.type === 'LoadBalancer' && reachedBy(waysThrough(context, object)) === 'internet',
  );
  return open === undefined
    ? []
    : networks.map((network) => ({
        networks: [network],
        by: `Service ${open.service.namespace}/${open.service.name}`,
      }));
}

function ownNetworks({ snapshot }: ControlContext): (VirtualNetwork | 'missing')[] {
  const view = azureViewOf(snapshot);
  return view === undefined ? [] : [...view.own].map((key) => view.networks.get(key) ?? 'missing');
}

function networksOf(
  networks: readonly VirtualNetwork[],
  subnets: readonly (AzureRef | undefined)[],
): (VirtualNetwork | 'missing')[] {
  const keys = new Set(subnets.flatMap((subnet) => (isKey(subnet) ? [subnet.split('/subnets/')[0]!] : [])));
  return keys.size === 0
    ? ['missing']
    : [...keys].map((key) => networks.find((network) => network.key === key) ?? 'missing');
}
