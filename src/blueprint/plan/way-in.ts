import type { Choices } from '../choices/choices.ts';
import { subnetPrefix } from './address-plan.ts';
import type { Design } from './design.ts';

/**
 * What takes requests at the cluster. `gateway`: one inside of it, behind an internal balancer with a fixed address;
 * `containers`: Application Gateway for Containers, which sends to pods itself; `balancers`: a balancer for each
 * published namespace, where the cluster does not stand in Azure; `none`: nothing comes in.
 */
export type Door = 'gateway' | 'containers' | 'balancers' | 'none';

export function doorOf({ wayIn, waf, platform, teams }: Choices): Door {
  const isAnyPublished = teams.some(({ namespaces }) => namespaces.some(({ published }) => published));
  if (wayIn === 'none' || !isAnyPublished) return 'none';
  if (platform !== 'aks') return 'balancers';
  return waf === 'containers' ? 'containers' : 'gateway';
}

/** From where requests come to the door, as prefixes: the edge, the API gateway, or the addresses of Private Link. */
export function wayInSources({ choices, addresses: { spoke } }: Design): readonly string[] {
  const edge = choices.waf === 'front-door' ? 'snet-balancer' : 'snet-edge';
  return [edge, ...(choices.apiGateway ? ['snet-gateway'] : [])].map((name) => subnetPrefix(spoke, name));
}

/** The namespace of the gateway, and of what belongs to the way in. */
export const WAY_IN = 'way-in';
