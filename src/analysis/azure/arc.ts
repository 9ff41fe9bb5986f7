import { type AzureEntity, isUnsettled, type Settled } from '#model/azure/entity.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { AzureFact } from '#model/azure/fact.ts';
import type { RequiredEndpoint } from '#model/egress.ts';
import { type Body, readingOf } from '#parse/azure/decode/body.ts';
import { ENDPOINT_ROWS } from '../../data/azure/endpoints.ts';
import { cloudOf } from './cloud.ts';
import { evidenceOf, factsOf, shown } from './evidence.ts';

/** A Kubernetes cluster anywhere that Azure Arc connects. */
export interface ConnectedCluster {
  readonly entity: AzureEntity;
  readonly body: Body;
  /** Whether its agents go through an Arc gateway. */
  readonly gateway: Settled<boolean>;
  /** Whether they go through private endpoints: `Enabled`. */
  readonly privateLink: Settled<boolean>;
}

export function connectedClusters(estate: AzureEstate): readonly ConnectedCluster[] {
  return resourcesOf(estate, 'microsoft.kubernetes/connectedclusters').map(({ entity, body }) => {
    const link = body.text('properties.privateLinkState') ?? 'Disabled';
    return {
      entity,
      body,
      gateway: body.flag('properties.gateway.enabled', false),
      privateLink: isUnsettled(link) ? link : link.toLowerCase() === 'enabled',
    };
  });
}

type Need = RequiredEndpoint['need'] | 'no';

/** What the agents of a connected cluster need, by the names of features in the data of endpoints. */
export function arcFeatures({ body, gateway }: ConnectedCluster): readonly (readonly [string, Need])[] {
  const rbac = body.flag('properties.aadProfile.enableAzureRBAC', false);
  return [
    ['arc', needIf(gateway, false)],
    ['arcGateway', needIf(gateway, true)],
    ['arcClusterConnect', 'optional'],
    ['arcAzureRbac', needIf(rbac, true)],
  ];
}

function needIf(value: Settled<boolean>, wanted: boolean): Need {
  if (isUnsettled(value)) return 'perhaps';
  return value === wanted ? 'required' : 'no';
}

/**
 * The endpoints of a cluster that is in no network of Azure. What stands between is not in the input, so whether they are
 * reachable is not known.
 */
export function arcEndpoints(estate: AzureEstate): readonly RequiredEndpoint[] {
  const all = connectedClusters(estate).flatMap((cluster) =>
    arcFeatures(cluster).flatMap(([feature, need]) => (need === 'no' ? [] : endpointsOf(cluster, feature, need))),
  );
  return [...new Map(all.map((each) => [`${each.destination} ${each.port}`, each])).values()];
}

function endpointsOf(
  { entity: { location } }: ConnectedCluster,
  wanted: string,
  base: RequiredEndpoint['need'],
): RequiredEndpoint[] {
  const rows = ENDPOINT_ROWS.filter((row) => row.feature === wanted && row.cloud === cloudOf(location));
  return rows.flatMap(({ to, name, protocol, port, feature, use, optional, source }) => {
    if (to !== 'name' || name === undefined) return [];
    const destination = name.replace(/<(?:location|region)>/, location ?? '<region>');
    const need = optional ? 'optional' : base;
    const unknown = { verdict: 'unknown', reasons: ['cloud-resource-missing'], from: [], by: [], ways: [] } as const;
    return [{ destination, protocol, port, feature, use, need, ...unknown, source }];
  });
}

// ---------------------------------------------------------------- facts

const gatewayFact = factsOf('arc-gateway', 'medium', 'Azure Arc docs: simplify network configuration with Arc gateway');
const linkFact = factsOf('arc-private-link', 'medium', 'Azure Arc docs: private link for Arc-enabled Kubernetes');

/** How agents of connected clusters get to Azure: an Arc gateway, private endpoints. */
export function arcFacts(estate: AzureEstate): readonly AzureFact[] {
  return connectedClusters(estate).flatMap((cluster) => [
    ...(cluster.gateway === false ? [] : gatewayFacts(estate, cluster)),
    ...(cluster.privateLink === false ? [] : linkFacts(estate, cluster)),
  ]);
}

function gatewayFacts(estate: AzureEstate, { entity, gateway }: ConnectedCluster): AzureFact[] {
  const own = evidenceOf(entity, { field: 'properties.gateway.enabled', value: shown(gateway) });
  if (isUnsettled(gateway))
    return [gatewayFact('UNKNOWN', `whether ${entity.name} goes through an Arc gateway is not known`, [own])];
  if (cloudOf(entity.location) !== 'AzureCloud')
    return [
      gatewayFact('FAIL', `${entity.name} is to go through an Arc gateway, which this cloud does not have`, [own]),
    ];
  const gateways = resourcesOf(estate, 'microsoft.hybridcompute/gateways');
  if (gateways.length === 0)
    return [gatewayFact('UNKNOWN', `${entity.name} goes through an Arc gateway that is not in the input`, [own])];
  const names = gateways.map((each) => each.entity.name).join(', ');
  const message = `${entity.name} goes through an Arc gateway (${names}); extensions still need endpoints of their own`;
  return [gatewayFact('PASS', message, [own, ...gateways.map((each) => evidenceOf(each.entity))])];
}

/** Zones without which the names of Arc lead to public addresses. */
const ZONES = [
  'privatelink.his.arc.azure.com',
  'privatelink.guestconfiguration.azure.com',
  'privatelink.dp.kubernetesconfiguration.azure.com',
];

function linkFacts(estate: AzureEstate, { entity, body, privateLink }: ConnectedCluster): AzureFact[] {
  const own = evidenceOf(entity, { field: 'properties.privateLinkState', value: shown(privateLink) });
  const ref = body.ref('properties.privateLinkScopeResourceId');
  const scope = resourcesOf(estate, 'microsoft.hybridcompute/privatelinkscopes').find(
    (each) => each.entity.key === ref,
  );
  if (isUnsettled(privateLink) || scope === undefined)
    return [linkFact('UNKNOWN', `the private link scope of ${entity.name} is not in the input`, [own])];
  const access = scope.body.text('properties.publicNetworkAccess') ?? 'Enabled';
  const at = evidenceOf(scope.entity, { field: 'properties.publicNetworkAccess', value: shown(access) });
  const isClosed = isUnsettled(access) ? undefined : access.toLowerCase() === 'disabled';
  const state = isClosed === undefined ? 'UNKNOWN' : isClosed ? 'PASS' : 'FAIL';
  const said = isClosed === true ? 'only by private endpoint' : 'from the internet too';
  return [
    linkFact(state, `Arc takes ${entity.name} ${isClosed === undefined ? 'perhaps ' : ''}${said}`, [own, at]),
    ...endpointFacts(estate, scope.entity, entity),
  ];
}

function endpointFacts(estate: AzureEstate, scope: AzureEntity, { name }: AzureEntity): AzureFact[] {
  const endpoints = estate.privateEndpoints.filter(({ connections }) =>
    connections.some(({ target }) => target === scope.key),
  );
  if (endpoints.length === 0)
    return [linkFact('UNKNOWN', `no private endpoint for the scope of ${name} is in the input`, [evidenceOf(scope)])];
  const zones = new Set(endpoints.flatMap((each) => each.zones));
  if ([...zones].some(isUnsettled)) return [];
  const named = new Set(estate.dnsZones.filter(({ key }) => zones.has(key)).map(({ domain }) => domain));
  const missing = ZONES.filter((zone) => !named.has(zone));
  const evidence = endpoints.map((each) => evidenceOf(each, { field: 'privateDnsZoneGroups' }));
  return missing.length === 0
    ? [linkFact('PASS', `the names of Arc lead to the private endpoint of ${name}`, evidence)]
    : [linkFact('FAIL', `names of Arc lead past the private endpoint of ${name}: no ${missing.join(', ')}`, evidence)];
}

function resourcesOf({ resources }: AzureEstate, type: string) {
  return [...resources.values()].filter((each) => each.type.toLowerCase() === type).map(readingOf);
}
