import type { AddressRange } from '#base/address.ts';
import type { PrivateDnsZone } from '#model/azure/network.ts';
import { askingNetworks } from './resolvers.ts';
import { type AzureView, isKey } from './view.ts';

/**
 * What the private zones that the cluster's network is linked to say of a name. `none`: no zone is for it; `unresolved`: one
 * is, without a record, so that the name leads nowhere there; `open`: the input does not tell.
 */
export type ZoneAnswer = 'none' | 'unresolved' | 'open' | readonly AddressRange[];

export function zonesSay(view: AzureView, domain: string): ZoneAnswer {
  const asking = askingNetworks(view);
  const zone = zoneFor(view, domain, asking ?? view.own);
  if (zone === undefined) return 'none';
  if (asking === undefined || zone.isOpen) return 'open';
  const records = view.estate.dnsRecords.filter((record) => record.zone === zone.key);
  const exact = records.filter(({ name }) => name.toLowerCase() === zone.host);
  const found = exact.length > 0 ? exact : records.filter(({ name }) => name === '*');
  if (found.length === 0) return zone.fallsBack ? 'none' : 'unresolved';
  const addresses = found.flatMap((record) => record.addresses);
  return addresses.length === 0 ? 'open' : addresses;
}

interface Zone {
  readonly key: string;
  /** The name of the record: `kv-shop`, `@`. */
  readonly host: string;
  /** Whether it is not certain that the zone is there and linked. */
  readonly isOpen: boolean;
  /** Whether a name without a record is asked for outside: each of its links says so. */
  readonly fallsBack: boolean;
}

/** The longest zone that holds the name, else one that its public name leads on to. */
function zoneFor({ estate }: AzureView, domain: string, asking: ReadonlySet<string>): Zone | undefined {
  const links = estate.dnsLinks.filter(({ network }) => !isKey(network) || asking.has(network));
  const holding = estate.dnsZones.flatMap((zone) => {
    const linked = links.filter((link) => link.zone === zone.key);
    const host = linked.length === 0 ? undefined : hostIn(zone, domain);
    if (host === undefined) return [];
    const isSure = linked.some(({ network, condition }) => isKey(network) && condition === undefined);
    const fallsBack = linked.every((link) => link.fallsBack === true);
    return [{ key: zone.key, host, isOpen: !isSure || zone.condition !== undefined, fallsBack, domain: zone.domain }];
  });
  const isFor = ({ domain: own }: { readonly domain: string }) => domain === own || domain.endsWith(`.${own}`);
  holding.sort((a, b) => Number(isFor(b)) - Number(isFor(a)) || b.domain.length - a.domain.length);
  return holding[0];
}

/** "x.vault.azure.net has the alias x.privatelink.vaultcore.azure.net", and others the like (DNS of private endpoints). */
function hostIn({ domain: zone }: PrivateDnsZone, domain: string): string | undefined {
  if (domain === zone) return '@';
  if (domain.endsWith(`.${zone}`)) return domain.slice(0, -zone.length - 1);
  if (!zone.startsWith(PREFIX)) return undefined;
  const shown = zone.slice(PREFIX.length).replace(/^vaultcore\./, 'vault.');
  return domain.endsWith(`.${shown}`) ? domain.slice(0, -shown.length - 1) : undefined;
}

const PREFIX = 'privatelink.';
