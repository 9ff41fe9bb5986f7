import type { ManagedCluster, NodePool } from '#model/azure/cluster.ts';
import type { AzureEntity, Settled } from '#model/azure/entity.ts';
import type { AzureEvidence } from '#model/azure/fact.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { type Body, readingOf } from '#parse/azure/decode/body.ts';
import { evidenceOf } from './evidence.ts';

/** Where a snapshot uses a thing of the table of retirements, by its id. */
export function placesOf(id: string, snapshot: Snapshot): readonly AzureEvidence[] {
  return FINDERS.get(id)?.(snapshot) ?? [];
}

/** The ids that are looked for: a test holds them against the table. */
export function knownRetirements(): readonly string[] {
  return [...FINDERS.keys()];
}

type Finder = (snapshot: Snapshot) => AzureEvidence[];

const POLICY_FIELD = 'properties.networkProfile.networkPolicy';

const FINDERS: ReadonlyMap<string, Finder> = new Map<string, Finder>([
  ['kubenet', clusters('properties.networkProfile.networkPlugin', ({ networkPlugin }) => is(networkPlugin, 'kubenet'))],
  ['npm-windows', clusters(POLICY_FIELD, (cluster) => usesNpm(cluster) && hasWindows(cluster))],
  ['npm-linux', clusters(POLICY_FIELD, usesNpm)],
  ['http-application-routing', clusterFlag('properties.addonProfiles.httpApplicationRouting.enabled')],
  ['open-service-mesh', clusterFlag('properties.addonProfiles.openServiceMesh.enabled')],
  ['pod-identity', podIdentity],
  ['app-routing-nginx', appRoutingNginx],
  ['pod-security-policy', kinds(/^policy\/\S+\/PodSecurityPolicy$/)],
  ['ingress-nginx', ingressNginx],
  ['service-external-ips', externalIps],
  [
    'application-gateway-v1',
    resources('microsoft.network/applicationgateways', 'properties.sku.tier', (tier) =>
      /^(?:standard|waf)$/i.test(tier),
    ),
  ],
  ['inline-waf', resources('microsoft.network/applicationgateways', 'properties.webApplicationFirewallConfiguration')],
  ['front-door-classic', resources('microsoft.network/frontdoors', '')],
  [
    'nsg-flow-logs',
    resources('microsoft.network/networkwatchers/flowlogs', 'properties.targetResourceId', (target) =>
      /networksecuritygroups/i.test(target),
    ),
  ],
  ['log-profiles', resources('microsoft.insights/logprofiles', '')],
  ['basic-load-balancer', basicLoadBalancers],
  ['basic-public-ip', (snapshot) => withSku(snapshot.azure.publicIps)],
  ['availability-set-pools', pools('type', (type) => /^availabilityset$/i.test(type))],
  ['default-outbound-access', defaultOutbound],
  [
    'azure-linux-2',
    either(
      pools('osSKU', (sku) => /^(?:cbl)?mariner$/i.test(sku)),
      image(/azurelinux-?v2/i),
    ),
  ],
  [
    'ubuntu-2004',
    either(
      pools('osSKU', (sku) => /^ubuntu2004$/i.test(sku)),
      image(/ubuntu-?2004/i),
    ),
  ],
  [
    'ubuntu-2204',
    either(
      pools('osSKU', (sku) => /^ubuntu2204$/i.test(sku)),
      image(/ubuntu-?2204/i),
    ),
  ],
  ['windows-2019', pools('osSKU', (sku) => /^windows2019$/i.test(sku))],
  ['windows-2022', pools('osSKU', (sku) => /^windows2022$/i.test(sku))],
  ['flatcar', pools('osSKU', (sku) => /^flatcar$/i.test(sku))],
  ['custom-ca-trust', pools('enableCustomCATrust', (value) => /^true$/i.test(value))],
  [
    'defender-in-china',
    clusters(
      'properties.securityProfile.defender',
      ({ location, features }) => /^china/.test(location ?? '') && features.includes('defenderForContainers'),
    ),
  ],
]);

// ---------------------------------------------------------------- clusters and pools

function usesNpm({ networkPolicy }: ManagedCluster): boolean {
  return is(networkPolicy, 'azure');
}

function hasWindows({ pools: own }: ManagedCluster): boolean {
  return own.some(({ os }: NodePool) => is(os, 'windows'));
}

function is(value: Settled<string> | undefined, word: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === word;
}

function clusters(field: string, test: (cluster: ManagedCluster) => boolean): Finder {
  return ({ azure }) =>
    azure.clusters.filter(test).map((cluster) => {
      const resource = azure.resources.get(cluster.key);
      return fieldEvidence(cluster, resource === undefined ? undefined : readingOf(resource).body, field);
    });
}

function clusterFlag(field: string): Finder {
  return resources('microsoft.containerservice/managedclusters', field, (value) => /^true$/i.test(value));
}

/** Pools stand inside of their cluster, or alone. */
function pools(field: string, test: (value: string) => boolean): Finder {
  return ({ azure }) => [...azure.resources.values()].flatMap((resource) => poolBodies(resource).flatMap(placeOf));

  function placeOf({ entity, body, prefix }: PoolBody): AzureEvidence[] {
    const value = body.knownText(field);
    return value !== undefined && test(value) ? [fieldEvidence(entity, body, field, prefix)] : [];
  }
}

function image(pattern: RegExp): Finder {
  return pools('nodeImageVersion', (version) => pattern.test(version));
}

interface PoolBody {
  readonly entity: AzureEntity;
  readonly body: Body;
  readonly prefix: string;
}

function poolBodies(resource: AzureResource): PoolBody[] {
  const type = resource.type.toLowerCase();
  if (type === 'microsoft.containerservice/managedclusters') {
    const { entity, body } = readingOf(resource);
    return body.list('properties.agentPoolProfiles').map((pool) => ({ entity, body: pool, prefix: `${pool.path}.` }));
  }
  if (type !== 'microsoft.containerservice/managedclusters/agentpools') return [];
  const { entity, body } = readingOf(resource);
  return [{ entity, body: body.at('properties'), prefix: 'properties.' }];
}

function either(...finders: readonly Finder[]): Finder {
  return (snapshot) => finders.flatMap((find) => find(snapshot));
}

/** By the setting of the cluster, and by the objects that were its form before. */
function podIdentity(snapshot: Snapshot): AzureEvidence[] {
  return [
    ...clusterFlag('properties.podIdentityProfile.enabled')(snapshot),
    ...kinds(/^aadpodidentity\.k8s\.io\//)(snapshot),
  ];
}

/** The add-on makes an NGINX unless it is told not to. */
function appRoutingNginx({ azure }: Snapshot): AzureEvidence[] {
  return azure.clusters.flatMap((cluster): AzureEvidence[] => {
    const resource = azure.resources.get(cluster.key);
    if (resource === undefined) return [];
    const { body } = readingOf(resource);
    const field = 'properties.ingressProfile.webAppRouting';
    if (body.flag(`${field}.enabled`, false) !== true) return [];
    const mode = body.knownText(`${field}.nginx.defaultIngressControllerType`);
    return /^none$/i.test(mode ?? '') ? [] : [fieldEvidence(cluster, body, `${field}.enabled`)];
  });
}

// ---------------------------------------------------------------- resources

/** Resources of a type, where a field of them is there and, if asked, says so. */
function resources(type: string, field: string, test: (value: string) => boolean = () => true): Finder {
  return ({ azure }) =>
    [...azure.resources.values()].flatMap((resource): AzureEvidence[] => {
      if (resource.type.toLowerCase() !== type) return [];
      const { entity, body } = readingOf(resource);
      if (field === '') return [evidenceOf(entity)];
      const value = body.value(field);
      if (value === undefined || value.kind === 'unsettled') return [];
      return test(body.knownText(field) ?? '') ? [fieldEvidence(entity, body, field)] : [];
    });
}

// biome-ignore lint/complexity/useMaxParams: a field of one body, and where that stands
function fieldEvidence(entity: AzureEntity, body: Body | undefined, field: string, prefix = ''): AzureEvidence {
  const value = body?.value(field);
  const text = body?.knownText(field);
  return evidenceOf(entity, {
    field: `${prefix}${field}`,
    ...(text !== undefined && { value: text }),
    ...(value !== undefined && { origin: value.origin }),
  });
}

function basicLoadBalancers(snapshot: Snapshot): AzureEvidence[] {
  const field = 'properties.networkProfile.loadBalancerSku';
  const type = 'microsoft.containerservice/managedclusters';
  return [...resources(type, field, (sku) => /^basic$/i.test(sku))(snapshot), ...withSku(snapshot.azure.loadBalancers)];
}

function withSku(list: readonly (AzureEntity & { readonly sku: Settled<string> })[]): AzureEvidence[] {
  return list
    .filter(({ sku }) => is(sku, 'basic'))
    .map((each) => evidenceOf(each, { field: 'sku.name', value: 'Basic' }));
}

function defaultOutbound({ azure }: Snapshot): AzureEvidence[] {
  return azure.subnets
    .filter(({ defaultOutboundAccess, natGateway }) => defaultOutboundAccess === true && natGateway === undefined)
    .map((subnet) => evidenceOf(subnet, { field: 'properties.defaultOutboundAccess', value: 'true' }));
}

// ---------------------------------------------------------------- manifests

/** Kinds that have no say about traffic are only counted, so that no line is known. */
function kinds(pattern: RegExp): Finder {
  return ({ others }) =>
    [...others.keys()]
      .filter((kind) => pattern.test(kind))
      .map((kind) => ({ resource: kind, value: `${others.get(kind)}`, origin: { file: '', line: 0, column: 0 } }));
}

function ingressNginx({ ingressClasses }: Snapshot): AzureEvidence[] {
  return ingressClasses
    .filter(({ controller }) => controller === 'k8s.io/ingress-nginx')
    .map(({ name, origin }) => ({
      resource: `IngressClass ${name}`,
      field: 'spec.controller',
      value: 'k8s.io/ingress-nginx',
      origin,
    }));
}

function externalIps({ services }: Snapshot): AzureEvidence[] {
  return services
    .filter(({ externalIPs }) => externalIPs.length > 0)
    .map(({ namespace, name, origin, externalIPs }) => ({
      resource: `Service ${namespace}/${name}`,
      field: 'spec.externalIPs',
      value: externalIPs.join(', '),
      origin,
    }));
}
