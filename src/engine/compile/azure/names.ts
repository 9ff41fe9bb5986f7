import { type AddressRange, isWithin } from '#base/address.ts';
import type { ManagedCluster } from '#model/azure/cluster.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { PrivateDnsZone, PrivateEndpoint, Subnet } from '#model/azure/network.ts';
import type { PlatformKind, PlatformService } from '#model/azure/services.ts';
import { zonesSay } from './private-zones.ts';
import { askingNetworks } from './resolvers.ts';
import { rangesOf } from './siting.ts';
import { type AzureView, isKey } from './view.ts';

/** A service of Azure as it is asked for by one of its names. */
export interface ServiceName {
  readonly domain: string;
  readonly service: PlatformService;
  /** The group of private endpoints that this name belongs to: `vault`. */
  readonly group: string;
}

/** Every public name under which services of an estate are asked for, in lower case. */
export function serviceNamesOf({ services }: AzureEstate): readonly ServiceName[] {
  return services.flatMap((service) =>
    [...service.hosts].flatMap(([group, domains]) => domains.map((domain) => ({ domain, service, group }))),
  );
}

/**
 * The name of a cluster's API server. Azure adds a part that is known only afterwards; without it one is made that has the
 * same ending, by which rules with wildcards tell it.
 */
export function apiServerName({ name, location = 'region', api }: ManagedCluster): string {
  const known = api.privateCluster === true ? (api.privateFqdn ?? api.fqdn) : api.fqdn;
  if (typeof known === 'string') return known.toLowerCase();
  const zone = api.privateCluster === true ? `privatelink.${location}.azmk8s.io` : `hcp.${location}.azmk8s.io`;
  return `${name.toLowerCase()}.${zone}`;
}

/** A private endpoint for a service, and whether what asks from the cluster's network is led to it. */
export interface PrivateWay {
  readonly endpoint: PrivateEndpoint;
  /** `Approved` connections only carry traffic; one made by hand waits for approval. */
  readonly state: 'approved' | 'pending' | 'open';
  /** By a private zone of the endpoint that is linked to the network that asks, or by a record in a linked one. */
  readonly isNamed: 'yes' | 'no' | 'open';
}

export function privateWaysTo(view: AzureView, { service, group }: ServiceName): readonly PrivateWay[] {
  return view.estate.privateEndpoints.flatMap((endpoint): PrivateWay[] => {
    const connection = endpoint.connections.find(
      ({ target, groups }) =>
        target === service.key &&
        (groups.length === 0 || groups.some((each) => each.toLowerCase() === group.toLowerCase())),
    );
    if (connection === undefined) return [];
    return [
      {
        endpoint,
        state: endpoint.condition === undefined ? stateOf(connection.state, connection.isManual) : 'open',
        isNamed: isNamed(view, endpoint, service),
      },
    ];
  });
}

function stateOf(state: unknown, isManual: boolean): PrivateWay['state'] {
  if (state === undefined) return isManual ? 'pending' : 'approved';
  if (typeof state !== 'string') return 'open';
  return state.toLowerCase() === 'approved' ? 'approved' : 'pending';
}

function isNamed(view: AzureView, endpoint: PrivateEndpoint, { name }: PlatformService): PrivateWay['isNamed'] {
  const { estate } = view;
  const asking = askingNetworks(view);
  if (asking === undefined) return 'open';
  const links = estate.dnsLinks.filter(({ network }) => isKey(network) && asking.has(network));
  const linked = new Set(links.filter(({ condition }) => condition === undefined).map(({ zone }) => zone));
  if (endpoint.zones.some((zone) => isKey(zone) && linked.has(zone))) return 'yes';
  const zones = new Set(estate.dnsZones.filter(isPrivateLinkZone).map(({ key }) => key));
  const addresses = endpointRanges(view, endpoint);
  const byHand = estate.dnsRecords.some(
    (record) =>
      linked.has(record.zone) &&
      zones.has(record.zone) &&
      record.name.toLowerCase() === name.toLowerCase() &&
      record.addresses.some((own) => addresses.some((range) => isWithin(own, range))),
  );
  if (byHand) return 'yes';
  const perhaps = links.some(({ condition, zone }) => condition !== undefined && endpoint.zones.includes(zone));
  return perhaps || endpoint.zones.some((zone) => !isKey(zone)) ? 'open' : 'no';
}

function isPrivateLinkZone({ domain }: PrivateDnsZone): boolean {
  return domain.startsWith('privatelink.');
}

/** The addresses of an endpoint; where they are not known yet, those of its subnet. */
export function endpointRanges({ interfaces, subnets }: AzureView, endpoint: PrivateEndpoint): AddressRange[] {
  const nics = endpoint.interfaces.filter(isKey).flatMap((key) => interfaces.get(key)?.configurations ?? []);
  const known = rangesOf([...endpoint.addresses, ...nics.flatMap(({ privateAddress }) => privateAddress ?? [])]);
  if (known.length > 0 || !isKey(endpoint.subnet)) return known;
  return rangesOf(subnets.get(endpoint.subnet)?.prefixes ?? []);
}

/** Where a name leads: `unresolved` where a private zone is for it and has no record of it. */
export type Lead = 'public' | 'open' | 'unresolved' | PrivateWay | { readonly addresses: readonly AddressRange[] };

/**
 * Where a name leads that what is in the cluster's network asks for: private ways first, as its resolver does. The public
 * name of a service leads on to a private zone only once the service has a private endpoint somewhere; of services that are
 * not in the input nobody knows.
 */
export function leadsTo(view: AzureView, domain: string): Lead {
  const asked = serviceNamesOf(view.estate).find((each) => each.domain === domain);
  const ways = asked === undefined ? [] : privateWaysTo(view, asked);
  const sure = ways.find((way) => way.isNamed === 'yes');
  if (sure !== undefined) return sure;
  if (ways.some((way) => way.isNamed === 'open')) return 'open';
  const said = zonesSay(view, domain);
  if (said === 'none') return 'public';
  if (asked === undefined) return typeof said === 'string' ? said : { addresses: said };
  // An address in the zone that is of no endpoint in the input may be that of one that the input lacks.
  if (said !== 'unresolved') return 'open';
  return ways.length === 0 ? 'public' : 'unresolved';
}

/** The service endpoint of a subnet that is for a service, as it is written there. */
export function serviceEndpointOf({ serviceEndpoints }: Subnet, kind: PlatformKind): string | undefined {
  const name = SERVICE_ENDPOINTS[kind];
  return name === undefined ? undefined : serviceEndpoints.find((each) => each.toLowerCase().startsWith(name));
}

/** The kind of service of which a name is by its ending, whether or not the input has it. */
export function kindOfName(domain: string): PlatformKind | undefined {
  return ENDINGS.find(([ending]) => ending.test(domain))?.[1];
}

/** In the public cloud, in that of China and in that of the US government. */
const ENDINGS: readonly (readonly [RegExp, PlatformKind])[] = [
  [/\.vault\.(?:azure\.net|azure\.cn|usgovcloudapi\.net)$/, 'key-vault'],
  [/\.azurecr\.(?:io|cn|us)$/, 'container-registry'],
  [/\.core\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)$/, 'storage'],
  [/\.database\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)$/, 'sql-server'],
  [/\.documents\.azure\.(?:com|cn|us)$/, 'cosmos-db'],
  [/\.servicebus\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)$/, 'service-bus'],
];

/** Lower case; `Microsoft.Storage.Global` is for the same accounts. */
const SERVICE_ENDPOINTS: Readonly<Partial<Record<PlatformKind, string>>> = {
  'key-vault': 'microsoft.keyvault',
  'container-registry': 'microsoft.containerregistry',
  storage: 'microsoft.storage',
  'sql-server': 'microsoft.sql',
  postgresql: 'microsoft.sql',
  mysql: 'microsoft.sql',
  'cosmos-db': 'microsoft.azurecosmosdb',
  'service-bus': 'microsoft.servicebus',
  'event-hub': 'microsoft.eventhub',
};
