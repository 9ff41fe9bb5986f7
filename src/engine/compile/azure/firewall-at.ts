import { type AddressRange, isWithin } from '#base/address.ts';
import type { Firewall } from '#model/azure/firewall.ts';
import { rangesOf } from './siting.ts';
import { type AzureView, isKey } from './view.ts';

/** By its address; in templates, where that is not known, by being in the subnet that holds it. */
export function firewallAt({ firewalls, subnets }: AzureView, range: AddressRange): Firewall | undefined {
  const exact = firewalls.find(
    ({ privateAddress }) => privateAddress?.kind === 'range' && isWithin(range, privateAddress.range),
  );
  if (exact !== undefined) return exact;
  return firewalls.find(({ privateAddress, subnet }) => {
    if (privateAddress !== undefined && privateAddress.kind !== 'unsettled') return false;
    const prefixes = isKey(subnet) ? rangesOf(subnets.get(subnet)?.prefixes ?? []) : [];
    return prefixes.some((prefix) => isWithin(range, prefix));
  });
}
