import { apiServerName } from '#engine/compile/azure/names.ts';
import type { AzureView } from '#engine/compile/azure/view.ts';
import { isUnsettled, type Settled } from '#model/azure/entity.ts';
import type { RequiredEndpoint } from '#model/egress.ts';
import { readingOf } from '#parse/azure/decode/body.ts';
import { ENDPOINT_ROWS, type EndpointRow } from '../../data/azure/endpoints.ts';
import { arcFeatures, connectedClusters } from './arc.ts';
import { cloudOf } from './cloud.ts';

/** Something that the nodes of a cluster must reach, before it is evaluated. */
export interface NeededEndpoint
  extends Pick<RequiredEndpoint, 'destination' | 'port' | 'feature' | 'use' | 'need' | 'source'> {
  readonly protocol: 'TCP' | 'UDP';
  /** A name, perhaps with a wildcard; or an address. */
  readonly kind: 'name' | 'address';
  /** Whether a part of the name is not known, so that a rule may mean it and not this one. */
  readonly isOpen: boolean;
}

/** The endpoints of this cluster: by its cloud, region, kind of API server, features, Arc and artifact source. */
export function neededEndpoints(view: AzureView): readonly NeededEndpoint[] {
  const cloud = cloudOf(view.cluster.location);
  const features = new Map([['cluster', baseNeed(view)], ...featuresOf(view)]);
  const needed = ENDPOINT_ROWS.filter((row) => row.cloud === cloud).flatMap((row) => {
    const need = features.get(row.feature);
    return need === undefined || need === 'no' ? [] : endpointsOfRow(view, row, need);
  });
  const all = [...needed, ...privateApiServer(view), ...bootstrapRegistry(view)];
  const byDestination = new Map<string, NeededEndpoint>();
  for (const each of all) {
    const key = `${each.destination} ${each.protocol} ${each.port}`;
    const known = byDestination.get(key);
    if (known === undefined || rankOf(each) < rankOf(known)) byDestination.set(key, each);
  }
  return [...byDestination.values()];
}

type Need = RequiredEndpoint['need'] | 'no';

const RANKS = { required: 0, perhaps: 1, optional: 2 } as const;

function rankOf({ need }: NeededEndpoint): number {
  return RANKS[need];
}

/** "A network isolated cluster needs no outbound endpoint": what it is made of comes from a registry of its own. */
function baseNeed({ cluster: { artifactSource } }: AzureView): Need {
  return needIf(artifactSource, (source) => source.toLowerCase() !== 'cache');
}

function needIf<T extends string | boolean>(value: Settled<T>, test: (value: T) => boolean): Need {
  if (isUnsettled(value)) return 'perhaps';
  return test(value) ? 'required' : 'no';
}

/** What the cluster turns on, extensions and Arc too. */
function featuresOf({ cluster, estate }: AzureView): [string, Need][] {
  const all = [...estate.resources.values()].map(({ type, id }) => ({
    type: type.toLowerCase(),
    id: id.toLowerCase(),
  }));
  const extensions = all.some(
    ({ type, id }) => type === 'microsoft.kubernetesconfiguration/extensions' && id.startsWith(cluster.key),
  );
  return [
    ...cluster.features.map((feature): [string, Need] => [feature, 'required']),
    ...(extensions ? ([['clusterExtensions', 'required']] as const) : []).map(([name, need]): [string, Need] => [
      name,
      need,
    ]),
    ...connectedClusters(estate).flatMap((each) =>
      arcFeatures(each).map(([name, need]): [string, Need] => [name, need]),
    ),
  ];
}

function endpointsOfRow(view: AzureView, row: EndpointRow, base: Exclude<Need, 'no'>): NeededEndpoint[] {
  const condition = conditionOf(view, row);
  if (condition === 'no') return [];
  const need = row.optional || condition === 'optional' ? 'optional' : condition === 'perhaps' ? 'perhaps' : base;
  const { protocol, port, feature, use, source } = row;
  const rest = { protocol, port, feature, use, need, source } as const;
  switch (row.to) {
    case 'tag':
      // A way to write a rule by address for the names that the same feature lists.
      return [];
    case 'dns-servers':
      return dnsServers(view).map((destination) => ({ ...rest, kind: 'address', destination, isOpen: false }));
    case 'api-server':
      return [{ ...rest, kind: 'name', destination: apiServerName(view.cluster), isOpen: false }];
    case 'name':
      return [{ ...rest, kind: 'name', ...named(view, row.name ?? '') }];
  }
}

function conditionOf({ cluster: { api } }: AzureView, { when }: EndpointRow): Need {
  if (when === 'old-tunnel') return 'no';
  if (when === 'old-nodes') return 'optional';
  return when === 'public-api-server' ? needIf(api.privateCluster, (isPrivate) => !isPrivate) : 'required';
}

const AZURE_DNS = '168.63.129.16';

function dnsServers({ own, networks }: AzureView): string[] {
  return [...own].flatMap((key) => networks.get(key)?.dnsServers ?? []).filter((server) => server !== AZURE_DNS);
}

/** The name of the API server is known better than by its wildcard. */
function named({ cluster }: AzureView, name: string): Pick<NeededEndpoint, 'destination' | 'isOpen'> {
  const { location } = cluster;
  if (/^\*\.hcp\.<location>/.test(name)) return { destination: apiServerName(cluster), isOpen: location === undefined };
  const destination = name.replace(/<(?:location|region)>/, location ?? '<region>');
  return { destination, isOpen: destination.includes('<') };
}

/** The names of a private API server are those of its endpoint in the network. */
function privateApiServer({ cluster }: AzureView): NeededEndpoint[] {
  const need = needIf(cluster.api.privateCluster, (isPrivate) => isPrivate);
  if (need === 'no') return [];
  return [
    {
      kind: 'name',
      destination: apiServerName(cluster),
      isOpen: false,
      protocol: 'TCP',
      port: 443,
      feature: 'cluster',
      use: 'API server',
      need,
      source: 'AKS docs: private clusters',
    },
  ];
}

/** A registry of one's own that nodes take their software from. */
function bootstrapRegistry({ cluster, estate }: AzureView): NeededEndpoint[] {
  const need = needIf(cluster.artifactSource, (source) => source.toLowerCase() === 'cache');
  const resource = estate.resources.get(cluster.key);
  if (need === 'no' || resource === undefined) return [];
  const ref = readingOf(resource).body.ref('properties.bootstrapProfile.containerRegistryId');
  const registry = estate.services.find(({ key }) => key === ref);
  return [...(registry?.hosts.values() ?? [])].flat().map(
    (destination): NeededEndpoint => ({
      kind: 'name',
      destination,
      isOpen: false,
      protocol: 'TCP',
      port: 443,
      feature: 'cluster',
      use: 'the registry with the software of nodes',
      need,
      source: 'AKS docs: network isolated clusters',
    }),
  );
}
