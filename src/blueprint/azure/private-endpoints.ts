import type { Design } from '../plan/design.ts';
import { spokeKey, subnetReference } from './network.ts';
import { placed, reference, VERSIONS } from './resources.ts';
import { type Draft, idOf } from './value.ts';

/** A service that is reached by an address of the cluster's network and by nothing else. */
export interface PrivateService {
  /** Of the resource: its endpoint is called after it. */
  readonly key: string;
  /** What of the service: `vault`, `registry`, `blob`. */
  readonly part: string;
  /** Where its names stand: `privatelink.vaultcore.azure.net` */
  readonly zones: readonly string[];
}

/** The endpoint, and its name in the zone. */
export function privateEndpoint(design: Design, { key, part, zones }: PrivateService): readonly Draft[] {
  const endpoint = `${key}Endpoint`;
  return [
    {
      key: endpoint,
      module: 'services',
      group: 'spoke',
      type: 'Microsoft.Network/privateEndpoints',
      apiVersion: VERSIONS.network,
      name: design.names.of('pep', key.toLowerCase()),
      body: placed(design, {
        properties: {
          subnet: subnetReference(design, 'snet-endpoints'),
          privateLinkServiceConnections: [
            {
              name: part.toLowerCase(),
              properties: { privateLinkServiceId: idOf(key), groupIds: [part] },
            },
          ],
        },
      }),
    },
    {
      key: `${endpoint}Name`,
      module: 'services',
      group: 'spoke',
      type: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
      apiVersion: VERSIONS.network,
      parent: endpoint,
      name: 'default',
      body: {
        properties: {
          privateDnsZoneConfigs: zones.map((zone, index) => ({
            name: index === 0 ? part.toLowerCase() : `${part.toLowerCase()}-${index + 1}`,
            properties: { privateDnsZoneId: idOf(zoneKey(zone)) },
          })),
        },
      },
      after: zones.map((zone) => `${zoneKey(zone)}Link`),
    },
  ];
}

/** A zone of private names, and who asks it: every network of the blueprint, as the firewall answers for nodes. */
export function privateZone(design: Design, zone: string): readonly Draft[] {
  const key = zoneKey(zone);
  const networks = [...new Set(['hubNetwork', spokeKey(design)])];
  return [
    {
      key,
      module: 'private-dns',
      group: 'hub',
      type: 'Microsoft.Network/privateDnsZones',
      apiVersion: VERSIONS.privateDns,
      name: zone,
      body: { location: 'global', tags: design.tags },
    },
    ...networks.map(
      (network): Draft => ({
        key: network === spokeKey(design) ? `${key}Link` : `${key}HubLink`,
        module: 'private-dns',
        group: 'hub',
        type: 'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
        apiVersion: VERSIONS.privateDns,
        parent: key,
        name: network === 'hubNetwork' ? 'hub' : 'cluster',
        body: {
          location: 'global',
          tags: design.tags,
          properties: {
            virtualNetwork: reference(network),
            registrationEnabled: false,
            // Others have private endpoints for services of theirs too: their names have no record here, and lead outside.
            resolutionPolicy: 'NxDomainRedirect',
          },
        },
      }),
    ),
  ];
}

/** `privatelink.vaultcore.azure.net` → `zoneVaultcore` */
export function zoneKey(zone: string): string {
  const [first = zone, second = ''] = zone.split('.').filter((part) => part !== 'privatelink');
  const plain = (first === 'dp' ? second : first).replace(/[^a-z0-9]/gi, '');
  return `zone${plain.charAt(0).toUpperCase()}${plain.slice(1)}`;
}
