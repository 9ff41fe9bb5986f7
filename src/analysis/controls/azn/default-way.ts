import { type AddressRange, formatRange, HIGHEST, isWithin } from '#base/address.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import { type AzureView, follow, isKey } from '#engine/compile/azure/view.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { Route, Subnet } from '#model/azure/network.ts';
import type { Evidence } from '#model/control.ts';
import { readingOf } from '#parse/azure/decode/body.ts';

/** Where a subnet sends what is for the internet, by its default route. */
export interface DefaultWay {
  /**
   * - `firewall`: to a firewall or an appliance of the input; `appliance`: to an address that the input has nothing at;
   * - `dead`: to an address of the firewall's own subnet that is not the firewall's; `none`: it is dropped;
   * - `gateway`: to other networks; `internet`: straight out, and `absent`: as the cluster's outbound type says.
   */
  readonly to: 'firewall' | 'appliance' | 'dead' | 'none' | 'gateway' | 'internet' | 'absent' | 'unknown';
  readonly route?: Route;
  /** What it leads to, in words. */
  readonly what: string;
  readonly evidence: readonly Evidence[];
}

export function defaultWayOf(view: AzureView, subnet: Subnet): DefaultWay {
  if (subnet.routeTable === undefined) return hubWay(view, subnet) ?? way('absent', 'no route table');
  const table = follow(subnet.routeTable, view.routeTables);
  if (table === 'missing') return way('unknown', 'a route table that is not in the input');
  if (table === 'open') return way('unknown', 'a route table that is an expression');
  const route = table.routes.find(({ prefix }) => prefix.kind === 'range' && isWholeV4(prefix.range));
  const evidence: Evidence[] = [{ object: table.id, origin: table.origin }];
  if (route === undefined && table.routes.some(({ prefix }) => prefix.kind === 'unsettled'))
    return { ...way('unknown', `routes of ${table.name} that are expressions`), evidence };
  if (route === undefined)
    return hubWay(view, subnet) ?? { ...way('absent', `no default route in ${table.name}`), evidence };
  const seen = [{ object: route.id, field: route.path, origin: route.origin }];
  return { ...hopOf(view, route), route, evidence: [...seen, ...evidence] };
}

function way(to: DefaultWay['to'], what: string): DefaultWay {
  return { to, what, evidence: [] };
}

function isWholeV4({ family, lo, hi }: AddressRange): boolean {
  return family === 4 && lo === 0n && hi === HIGHEST[4];
}

function hopOf(view: AzureView, route: Route): DefaultWay {
  const { nextHop, address } = route;
  if (isUnsettled(nextHop)) return way('unknown', 'a next hop that is an expression');
  switch (nextHop) {
    case 'none':
      return way('none', 'nowhere');
    case 'internet':
      return way('internet', 'the internet');
    case 'gateway':
      return way('gateway', 'a gateway to other networks');
    case 'network':
      return way('unknown', 'the virtual network itself');
    case 'appliance':
      return address?.kind === 'range' ? applianceWay(view, address.range) : openAppliance(view);
  }
}

/** A template gives the address of its own firewall as an expression: with one firewall around, that is the one. */
function openAppliance({ firewalls }: AzureView): DefaultWay {
  const [only, ...others] = firewalls;
  return only !== undefined && others.length === 0
    ? way('firewall', `firewall ${only.name}, by an expression`)
    : way('unknown', 'an appliance whose address is an expression');
}

function applianceWay(view: AzureView, range: AddressRange): DefaultWay {
  const { firewalls, estate, subnets } = view;
  const is = (each: AddressRange[]) => each.some((own) => own.family === range.family && own.lo === range.lo);
  const at = formatRange(range)
    .join()
    .replace(/\/\d+$/, '');
  const firewall = firewalls.find(
    ({ privateAddress }) => privateAddress !== undefined && is(rangesOf([privateAddress])),
  );
  if (firewall !== undefined) return way('firewall', `firewall ${firewall.name} at ${at}`);
  const open = firewalls.filter(
    ({ privateAddress }) => privateAddress === undefined || privateAddress.kind === 'unsettled',
  );
  const home = [...subnets.values()].find(({ prefixes }) => rangesOf(prefixes).some((own) => isWithin(range, own)));
  if (home !== undefined && home.name.toLowerCase() === 'azurefirewallsubnet') {
    const here = open.find(({ subnet }) => subnet === home.key);
    if (here !== undefined) return way('firewall', `firewall ${here.name} in whose subnet ${at} is`);
    if (firewalls.length > 0) return way('dead', `${at}, which no firewall has`);
  }
  const nic = estate.interfaces.find(({ configurations }) =>
    configurations.some(({ privateAddress }) => privateAddress !== undefined && is(rangesOf([privateAddress]))),
  );
  if (nic !== undefined)
    return nic.ipForwarding === false
      ? way('dead', `interface ${nic.name} at ${at}, which forwards nothing`)
      : way('firewall', `the appliance with interface ${nic.name} at ${at}`);
  const balancer = estate.loadBalancers.find(({ frontends }) =>
    frontends.some(({ privateAddress }) => privateAddress !== undefined && is(rangesOf([privateAddress]))),
  );
  if (balancer !== undefined) return way('firewall', `appliances behind load balancer ${balancer.name} at ${at}`);
  return way('appliance', `an appliance at ${at} that is not in the input`);
}

/** In Virtual WAN a secured hub announces the default route to the networks that are connected to it. */
function hubWay({ estate }: AzureView, { network }: Subnet): DefaultWay | undefined {
  for (const resource of estate.resources.values()) {
    if (!/^microsoft\.network\/virtualhubs\/hubvirtualnetworkconnections$/i.test(resource.type)) continue;
    const { body, entity } = readingOf(resource);
    if (body.ref('properties.remoteVirtualNetwork') !== network) continue;
    const hub = entity.key.split('/hubvirtualnetworkconnections/')[0];
    const firewall = estate.firewalls.find((each) => isKey(each.hub) && each.hub === hub);
    const isSecured = body.flag('properties.enableInternetSecurity', false);
    const evidence = [{ object: resource.id, field: 'properties.enableInternetSecurity', origin: resource.origin }];
    if (isUnsettled(isSecured)) return { ...way('unknown', 'a hub, by an expression'), evidence };
    if (isSecured && firewall !== undefined)
      return { ...way('firewall', `firewall ${firewall.name} of the hub`), evidence };
    if (isSecured) return { ...way('unknown', 'a hub whose firewall is not in the input'), evidence };
  }
  return undefined;
}
