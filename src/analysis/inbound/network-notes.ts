import { networkOf } from '#engine/compile/azure/peerings.ts';
import type { AzureView } from '#engine/compile/azure/view.ts';
import type { WayIn } from './way-in.ts';

/** What of the network matters to whoever looks at a way in, and decides nothing about it. */
export function networkNotes(view: AzureView, { scope, through }: Pick<WayIn, 'scope' | 'through'>): readonly string[] {
  if (scope === 'network') return entrantsOf(view);
  return through.startsWith('Service ') ? floodNotes(view) : [];
}

/** "Public addresses of Services inherit the protection of the network that the nodes are in" (DDoS protection). */
function floodNotes({ own, networks }: AzureView): string[] {
  const known = [...own].flatMap((key) => networks.get(key) ?? []);
  return known
    .filter(({ ddosProtection }) => ddosProtection === false)
    .map(({ name }) => `no DDoS plan covers ${name}`);
}

/** Who else comes from the networks around: networks behind gateways, people by Bastion. */
function entrantsOf({ estate, around, subnets }: AzureView): string[] {
  const isAround = (subnet: Parameters<typeof networkOf>[1]): boolean => {
    const network = networkOf({ subnets }, subnet);
    return around === undefined || network === undefined || around.has(network);
  };
  const kinds = { vpn: 'VPN', expressroute: 'ExpressRoute', other: 'a' } as const;
  return [
    ...estate.gateways
      .filter(({ subnet }) => isAround(subnet))
      .map(({ name, kind }) => `${kinds[kind]} gateway ${name} brings in what is connected to it`),
    ...estate.bastions
      .filter(({ subnet }) => isAround(subnet))
      .map(({ name }) => `Bastion ${name} brings people into the networks around`),
  ];
}
