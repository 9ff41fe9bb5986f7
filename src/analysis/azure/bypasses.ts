import { formatRange } from '#base/address.ts';
import { endpointRanges } from '#engine/compile/azure/names.ts';
import { type AzureView, isKey } from '#engine/compile/azure/view.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { AzureFact } from '#model/azure/fact.ts';
import type { PrivateEndpoint, Route, Subnet } from '#model/azure/network.ts';
import { evidenceOf, factsOf, shown } from './evidence.ts';

/**
 * Rules that seem to have a say and do not: private endpoints that security groups let alone, and what leaves a subnet
 * past the firewall that its default route leads to.
 */
export function bypassFacts(view: AzureView): readonly AzureFact[] {
  return [...securityBypasses(view), ...firewallBypasses(view)];
}

// ---------------------------------------------------------------- security groups

const security = factsOf(
  'private-endpoint-passes-security-group',
  'medium',
  'Azure docs: network policies for private endpoints are disabled by default',
);
const SECURITY_ON = /^(?:enabled|networksecuritygroupenabled)$/i;

function securityBypasses(view: AzureView): AzureFact[] {
  return view.estate.privateEndpoints.flatMap((endpoint): AzureFact[] => {
    const subnet = isKey(endpoint.subnet) ? view.subnets.get(endpoint.subnet) : undefined;
    const group = isKey(subnet?.securityGroup) ? view.securityGroups.get(subnet.securityGroup) : undefined;
    const rules = (group?.rules ?? []).filter(({ direction }) => direction === 'ingress');
    if (subnet === undefined || group === undefined || rules.length === 0) return [];
    const policies = subnet.privateEndpointPolicies ?? 'Disabled';
    if (typeof policies === 'string' && SECURITY_ON.test(policies)) return [];
    const evidence = [
      evidenceOf(subnet, { field: 'properties.privateEndpointNetworkPolicies', value: shown(policies) }),
      evidenceOf(endpoint),
      ...rules.map((rule) => ({ resource: rule.id, field: rule.path, origin: rule.origin })),
    ];
    const at = addressText(view, endpoint);
    if (isUnsettled(policies))
      return [
        security(
          'UNKNOWN',
          `whether rules of ${group.name} count for private endpoint ${endpoint.name}${at} is not known`,
          evidence,
        ),
      ];
    const count = rules.length === 1 ? 'an inbound rule' : `${rules.length} inbound rules`;
    return [
      security('FAIL', `${count} of ${group.name} have no say about private endpoint ${endpoint.name}${at}`, evidence),
    ];
  });
}

function addressText(view: AzureView, endpoint: PrivateEndpoint): string {
  const [range] = endpointRanges(view, endpoint);
  return range !== undefined && range.lo === range.hi
    ? ` (${formatRange(range)
        .join()
        .replace(/\/\d+$/, '')})`
    : '';
}

// ---------------------------------------------------------------- firewalls

const serviceEndpoint = factsOf(
  'service-endpoint-passes-firewall',
  'high',
  'Azure docs: virtual network service endpoints take precedence over a default route to an appliance',
);
const privateEndpoint = factsOf(
  'private-endpoint-passes-firewall',
  'info',
  'Azure docs: the route of a private endpoint is a /32, which a default route does not override',
);
const ROUTES_ON = /^(?:enabled|routetableenabled)$/i;

function firewallBypasses(view: AzureView): AzureFact[] {
  return clusterSubnets(view).flatMap((subnet) => {
    const route = applianceRoute(view, subnet);
    return route === undefined
      ? []
      : [...serviceEndpointFacts(subnet, route), ...privateEndpointFacts(view, subnet, route)];
  });
}

export function clusterSubnets({ cluster, subnets }: AzureView): Subnet[] {
  const keys = new Set(cluster.pools.flatMap(({ subnet, podSubnet }) => [subnet, podSubnet]).filter(isKey));
  return [...keys].flatMap((key) => subnets.get(key) ?? []);
}

/** The route that sends everything to an appliance. */
export function applianceRoute({ routeTables }: AzureView, { routeTable }: Subnet): Route | undefined {
  const table = isKey(routeTable) ? routeTables.get(routeTable) : undefined;
  return table?.routes.find(
    ({ prefix, nextHop }) =>
      nextHop === 'appliance' && prefix.kind === 'range' && prefix.range.lo === 0n && prefix.range.hi >= 0xffff_ffffn,
  );
}

function serviceEndpointFacts(subnet: Subnet, route: Route): AzureFact[] {
  const routeEvidence = { resource: route.id, field: route.path, origin: route.origin };
  return subnet.serviceEndpoints.map((service) =>
    serviceEndpoint('FAIL', `what ${subnet.name} sends to ${service} goes past the firewall of route ${route.name}`, [
      evidenceOf(subnet, { field: 'properties.serviceEndpoints', value: service }),
      routeEvidence,
    ]),
  );
}

function privateEndpointFacts(view: AzureView, subnet: Subnet, route: Route): AzureFact[] {
  const { estate, own, peerings, subnets } = view;
  const near = new Set([...own, ...peerings.map(({ remote }) => remote).filter(isKey)]);
  return estate.privateEndpoints.flatMap((endpoint): AzureFact[] => {
    const home = isKey(endpoint.subnet) ? subnets.get(endpoint.subnet) : undefined;
    if (home === undefined || !near.has(home.network)) return [];
    const policies = home.privateEndpointPolicies ?? 'Disabled';
    // With them a route must still be as specific as the network itself; the default route never is.
    const field = ROUTES_ON.test(shown(policies)) ? 'and its default route is too wide' : '';
    const message = `what ${subnet.name} sends to private endpoint ${endpoint.name} goes past the firewall of route ${route.name}`;
    return [
      privateEndpoint('FAIL', field === '' ? message : `${message}, ${field}`, [
        evidenceOf(endpoint),
        { resource: route.id, field: route.path, origin: route.origin },
      ]),
    ];
  });
}
