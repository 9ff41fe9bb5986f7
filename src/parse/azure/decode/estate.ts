import type { NodePool } from '#model/azure/cluster.ts';
import type { AzureRef, UnsettledField } from '#model/azure/entity.ts';
import { type AzureEstate, EMPTY_ESTATE } from '#model/azure/estate.ts';
import type { Route, RouteTable, SecurityGroup, SecurityRule } from '#model/azure/network.ts';
import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import { childOf, parentKey, type Reading, readingOf } from './body.ts';
import { managedCluster, nodePool } from './cluster.ts';
import {
  apiGateway,
  applicationGateway,
  bastion,
  frontDoor,
  frontDoorEndpoint,
  frontDoorOrigin,
  scaleSet,
  trafficController,
  wafPolicy,
} from './edge.ts';
import { firewall, firewallPolicy, ipGroup, podGroup, ruleCollectionGroup } from './firewall.ts';
import {
  adminCollection,
  adminCommit,
  adminRule,
  applicationGroup,
  networkGroup,
  networkInterface,
  peering,
  securityGroup,
  securityRule,
  subnet,
  virtualNetwork,
} from './network.ts';
import {
  dnsLink,
  dnsRecord,
  dnsZone,
  linkService,
  loadBalancer,
  localNetwork,
  natGateway,
  networkGateway,
  privateEndpoint,
  publicIp,
  publicIpPrefix,
  route,
  routeTable,
  zonesOfGroup,
} from './routing.ts';
import { platformService, withChildren } from './services.ts';

/**
 * Resources in ARM's shape to the network that they make. Children count once, whether they stand inside their parent, alone,
 * or both: a resource of its own says more than a part of another one. Of resources with one id the last is kept.
 */
export function estateOf(resources: readonly AzureResource[]): AzureEstate {
  const byKey = new Map(resources.map((resource) => [azureKey(resource.id), resource]));
  const shelf = shelfOf([...byKey.values()]);
  const clusters = shelf.of('microsoft.containerservice/managedclusters');
  const pools = poolsOf(clusters, shelf.of('microsoft.containerservice/managedclusters/agentpools'));
  return {
    ...EMPTY_ESTATE,
    ...networkLists(shelf),
    ...securityLists(shelf),
    ...routingLists(shelf),
    ...privateLists(shelf),
    ...firewallLists(shelf),
    ...edgeLists(shelf),
    services: shelf.all.flatMap((each) => {
      const service = platformService(each);
      return service === undefined ? [] : [withChildren(service, databaseRules(shelf.childrenOf(each)))];
    }),
    clusters: clusters.map((each) =>
      managedCluster(
        each,
        pools.filter(({ cluster }) => cluster === each.entity.key),
      ),
    ),
    pools,
    resources: byKey,
  };
}

/** What was read, by type and by parent. */
interface Shelf {
  readonly all: readonly Reading[];
  /** Of a type, lower case. */
  of(type: string): readonly Reading[];
  /** Of a type of Microsoft.Network. */
  network(type: string): readonly Reading[];
  /** Children that stand inside their parents' `properties`, and alone: each once. */
  inside(type: string, field: string): readonly Reading[];
  /** Resources of their own below another one; of one type, or all. */
  childrenOf(parent: Reading, type?: string): readonly Reading[];
}

function shelfOf(resources: readonly AzureResource[]): Shelf {
  const all = resources.map(readingOf);
  const byType = Map.groupBy(all, ({ entity }) => entity.type.toLowerCase());
  const byParent = Map.groupBy(all, ({ entity }) => parentKey(entity));
  const of: Shelf['of'] = (type) => byType.get(type) ?? [];
  const network: Shelf['network'] = (type) => of(`microsoft.network/${type}`);
  return { all, of, network, inside, childrenOf };

  function inside(type: string, field: string): Reading[] {
    const within = network(type).flatMap((each) =>
      each.body.list(`properties.${field}`).map((child) => childOf(each, child, field)),
    );
    const alone = network(`${type}/${field.toLowerCase()}`);
    return [...new Map([...within, ...alone].map((each) => [each.entity.key, each])).values()];
  }

  function childrenOf({ entity }: Reading, type = ''): readonly Reading[] {
    return (byParent.get(entity.key) ?? []).filter(
      (each) => each.entity.type.toLowerCase().endsWith(`/${type}`) || type === '',
    );
  }
}

function networkLists({ network, inside }: Shelf) {
  return {
    networks: network('virtualnetworks').map(virtualNetwork),
    subnets: inside('virtualnetworks', 'subnets').map(subnet),
    peerings: inside('virtualnetworks', 'virtualNetworkPeerings').flatMap((each) => peering(each) ?? []),
    interfaces: network('networkinterfaces').map(networkInterface),
  };
}

function securityLists({ network, childrenOf }: Shelf) {
  const configurations = 'networkmanagers/securityadminconfigurations/rulecollections';
  const groups = network('networksecuritygroups');
  const strays = straysOf(network('networksecuritygroups/securityrules'), groups);
  return {
    securityGroups: groups.map((each) => withRules(each, childrenOf(each, 'securityrules'), strays)),
    applicationGroups: network('applicationsecuritygroups').map(applicationGroup),
    adminRules: network(`${configurations}/rules`).flatMap((each) => adminRule(each) ?? []),
    adminCollections: network(configurations).map(adminCollection),
    networkGroups: network('networkmanagers/networkgroups').map((each) =>
      networkGroup(each, membersOf(childrenOf(each, 'staticmembers'))),
    ),
    adminCommits: network('networkmanagers/commits').map(adminCommit),
  };
}

function routingLists({ network, childrenOf }: Shelf) {
  const tables = network('routetables');
  const strays = straysOf(network('routetables/routes'), tables);
  return {
    routeTables: tables.map((each) => withRoutes(each, childrenOf(each, 'routes'), strays)),
    publicIps: network('publicipaddresses').map(publicIp),
    publicIpPrefixes: network('publicipprefixes').map(publicIpPrefix),
    natGateways: network('natgateways').map(natGateway),
    gateways: network('virtualnetworkgateways').map(networkGateway),
    localNetworks: network('localnetworkgateways').map(localNetwork),
    loadBalancers: network('loadbalancers').map(loadBalancer),
  };
}

function privateLists({ network, childrenOf }: Shelf) {
  return {
    privateEndpoints: network('privateendpoints').map((each) =>
      privateEndpoint(each, childrenOf(each, 'privatednszonegroups').flatMap(zonesOfGroup)),
    ),
    dnsZones: network('privatednszones').map(dnsZone),
    dnsLinks: network('privatednszones/virtualnetworklinks').map(dnsLink),
    dnsRecords: [...network('privatednszones/a'), ...network('privatednszones/aaaa')].map(dnsRecord),
    linkServices: network('privatelinkservices').map(linkService),
  };
}

function firewallLists({ network }: Shelf) {
  return {
    firewalls: network('azurefirewalls').map(firewall),
    firewallPolicies: network('firewallpolicies').map(firewallPolicy),
    ruleCollectionGroups: network('firewallpolicies/rulecollectiongroups').map(ruleCollectionGroup),
    ipGroups: network('ipgroups').map(ipGroup),
    podGroups: network('firewallpolicies/kubeselectorgroups').map(podGroup),
  };
}

function edgeLists({ of, network, childrenOf }: Shelf) {
  const controllers = of('microsoft.servicenetworking/trafficcontrollers');
  return {
    applicationGateways: network('applicationgateways').map(applicationGateway),
    wafPolicies: [
      ...network('applicationgatewaywebapplicationfirewallpolicies'),
      ...network('frontdoorwebapplicationfirewallpolicies'),
    ].map(wafPolicy),
    trafficControllers: controllers.map((each) =>
      trafficController(each, {
        frontends: childrenOf(each, 'frontends'),
        associations: childrenOf(each, 'associations'),
        policies: childrenOf(each, 'securitypolicies'),
      }),
    ),
    frontDoors: of('microsoft.cdn/profiles').flatMap((each) => {
      const door = frontDoor(each, {
        endpoints: childrenOf(each, 'afdendpoints').map((one) => frontDoorEndpoint(one, childrenOf(one, 'routes'))),
        origins: childrenOf(each, 'origingroups').flatMap((one) => childrenOf(one, 'origins').map(frontDoorOrigin)),
        securityPolicies: childrenOf(each, 'securitypolicies'),
      });
      return door === undefined ? [] : [door];
    }),
    apiGateways: of('microsoft.apimanagement/service').map(apiGateway),
    bastions: network('bastionhosts').map(bastion),
    scaleSets: of('microsoft.compute/virtualmachinescalesets').map(scaleSet),
  };
}

function withRules(reading: Reading, children: readonly Reading[], strays: readonly Reading[]): SecurityGroup {
  const group = securityGroup(reading);
  const alone = children.flatMap(
    ({ body, entity }) => securityRule(body, entity.id.split('/').slice(0, -2).join('/'), entity.name) ?? [],
  );
  return {
    ...group,
    rules: byName<SecurityRule>([...group.rules, ...alone]),
    unsettled: doubts(reading, children, strays),
  };
}

/** What is not known of a list: its own parts, those that stand alone, and entries that may be of any list. */
function doubts({ entity }: Reading, children: readonly Reading[], strays: readonly Reading[]): UnsettledField[] {
  const open = strays.map(
    ({ entity: stray }): UnsettledField => ({
      path: stray.name,
      value: { kind: 'unsettled', expression: stray.id, why: 'made-by-azure', origin: stray.origin },
    }),
  );
  return [...entity.unsettled, ...children.flatMap((child) => child.entity.unsettled), ...open];
}

/** Children whose parent's name is not known: they have a hole in their id and may be of any parent. */
function straysOf(children: readonly Reading[], parents: readonly Reading[]): readonly Reading[] {
  const known = new Set(parents.map(({ entity }) => entity.key));
  return children.filter(({ entity }) => entity.key.includes('{') && !known.has(parentKey(entity)));
}

function withRoutes(reading: Reading, children: readonly Reading[], strays: readonly Reading[]): RouteTable {
  const table = routeTable(reading);
  const alone = children.flatMap(
    ({ body, entity }) => route(body, entity.id.split('/').slice(0, -2).join('/'), entity.name) ?? [],
  );
  return { ...table, routes: byName<Route>([...table.routes, ...alone]), unsettled: doubts(reading, children, strays) };
}

function byName<T extends { readonly name: string }>(rules: readonly T[]): T[] {
  return [...new Map(rules.map((rule) => [rule.name.toLowerCase(), rule])).values()];
}

function membersOf(children: readonly Reading[]): AzureRef[] {
  return children.flatMap(({ body }) => body.ref('properties.resourceId') ?? []);
}

function databaseRules(children: readonly Reading[]): readonly Reading[] {
  return children.filter(({ entity }) => /\/(?:firewallrules|virtualnetworkrules)$/i.test(entity.type));
}

function poolsOf(clusters: readonly Reading[], alone: readonly Reading[]): NodePool[] {
  const inside = clusters.flatMap((each) =>
    each.body
      .list('properties.agentPoolProfiles')
      .map((child) => nodePool(childOf(each, child, 'agentPools'), each.entity.id)),
  );
  const own = alone.map((each) => nodePool(each, undefined));
  return [...new Map([...inside, ...own].map((pool) => [pool.key, pool])).values()];
}
