import { parseAddress } from '#base/address.ts';
import type { Firewall } from '#model/azure/firewall.ts';
import { firewallAt } from './firewall-at.ts';
import { networkOf } from './peerings.ts';
import type { AzureView } from './view.ts';

const AZURE_RESOLVER = '168.63.129.16';

/**
 * Networks whose private zones answer what the cluster asks for: its own, or that of a firewall that is its DNS server and
 * passes questions on to Azure. Undefined where a resolver of one's own stands between, of which the input shows nothing.
 */
export function askingNetworks(view: AzureView): ReadonlySet<string> | undefined {
  const asking = new Set<string>();
  for (const key of view.own) {
    const servers = view.networks.get(key)?.dnsServers ?? [];
    if (servers.length === 0) asking.add(key);
    for (const server of servers) {
      const network = server === AZURE_RESOLVER ? key : networkOfProxy(view, server);
      if (network === undefined) return undefined;
      asking.add(network);
    }
  }
  return asking;
}

/** "DNS proxy: the firewall listens on port 53 and forwards to the DNS server that is configured, by default Azure DNS". */
function networkOfProxy(view: AzureView, server: string): string | undefined {
  const address = parseAddress(server);
  const firewall =
    address === undefined
      ? undefined
      : firewallAt(view, { family: address.family, lo: address.value, hi: address.value });
  if (firewall === undefined || !passesOnToAzure(view, firewall)) return undefined;
  return networkOf(view, firewall.subnet);
}

function passesOnToAzure({ estate }: AzureView, { policy, condition }: Firewall): boolean {
  const own = estate.firewallPolicies.find(({ key }) => key === policy);
  if (own === undefined || condition !== undefined) return false;
  return own.condition === undefined && own.dnsProxy === true && own.dnsServers.length === 0;
}
