import { isUnsettled } from '#model/azure/entity.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { Peering, Subnet } from '#model/azure/network.ts';
import type { ReasonCode } from '#model/reason.ts';

/** Whether a peering carries traffic, or why that is not known. */
export type PeeringState = 'up' | 'down' | ReasonCode;

/**
 * "Two halves are needed", and a half is `Connected` once the other is there (docs: virtual network peering). Templates do
 * not say the state: then the other half must be in the input, as the other network is.
 */
export function stateOf(
  { networks, peerings }: Pick<AzureEstate, 'networks' | 'peerings'>,
  own: Peering,
): PeeringState {
  const { state, remote, network, condition } = own;
  if (typeof state === 'string') return state.toLowerCase() === 'connected' ? 'up' : 'down';
  if (state !== undefined || condition !== undefined || isUnsettled(remote)) return 'cloud-expression';
  if (!networks.some(({ key }) => key === remote)) return 'cloud-resource-missing';
  const back = peerings.filter((each) => each.network === remote);
  const half = back.find((each) => each.remote === network);
  if (half === undefined) return back.some((each) => isUnsettled(each.remote)) ? 'cloud-expression' : 'down';
  if (typeof half.state === 'string') return half.state.toLowerCase() === 'connected' ? 'up' : 'down';
  return half.state === undefined && half.condition === undefined ? 'up' : 'cloud-expression';
}

/** A key, or undefined where it could not be evaluated or names nothing of that form. */
export function networkOf(
  { subnets }: { readonly subnets: ReadonlyMap<string, Subnet> },
  subnet: Subnet['routeTable'],
): string | undefined {
  if (typeof subnet !== 'string') return undefined;
  const known = subnets.get(subnet)?.network;
  const at = subnet.indexOf('/subnets/');
  return known ?? (at < 0 ? undefined : subnet.slice(0, at));
}

const HUBS = /^microsoft\.network\/(?:virtualhubs|virtualwans)(?:\/|$)/i;

/**
 * The networks that the cluster's traffic can get to and come from, over peerings, hubs and gateways; undefined where that
 * cannot be told. What stands in others has no say, even where its addresses are the same.
 */
export function networksAround(
  estate: AzureEstate,
  own: ReadonlySet<string>,
  subnets: ReadonlyMap<string, Subnet>,
): ReadonlySet<string> | undefined {
  const isOpen =
    own.size === 0 ||
    estate.peerings.some(({ remote }) => isUnsettled(remote)) ||
    estate.gateways.some(({ subnet }) => networkOf({ subnets }, subnet) === undefined) ||
    [...estate.resources.values()].some(({ type }) => HUBS.test(type));
  if (isOpen) return undefined;
  const gated = estate.gateways.flatMap(({ subnet }) => networkOf({ subnets }, subnet) ?? []);
  const beside = new Map<string, Set<string>>();
  const join = (a: string, b: string): void => {
    beside.set(a, (beside.get(a) ?? new Set()).add(b));
    beside.set(b, (beside.get(b) ?? new Set()).add(a));
  };
  for (const { network, remote } of estate.peerings) if (typeof remote === 'string') join(network, remote);
  for (const each of gated) join(gated[0]!, each);
  const around = new Set(own);
  for (const key of around) for (const other of beside.get(key) ?? []) around.add(other);
  return around;
}
