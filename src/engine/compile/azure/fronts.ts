import { type AddressRange, wholeFamily } from '#base/address.ts';
import type { ApplicationGateway } from '#model/azure/edge.ts';
import type { AddressItem, AzureRef } from '#model/azure/entity.ts';
import type { SecurityGroup, SecurityRule } from '#model/azure/network.ts';
import type { Service } from '#model/exposure.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { PRIVATE, virtualNetworkRanges } from './address-items.ts';
import { accessOf, type ControllerRule, controllerRules, familiesOf, frontendAddresses } from './load-balancers.ts';
import { withoutRanges } from './ranges.ts';
import { rangesOf } from './siting.ts';
import { type AzureView, isKey } from './view.ts';

/**
 * A place where what comes from outside is asked for, and where security groups look at it before it is passed on into the
 * cluster: the frontend of a load balancer, a gateway, the nodes themselves. In a World it is a domain of this name.
 */
export interface Front {
  /** `svc:shop/web`, `azure:agw-shop`, `nodes:POOL`: names that no domain of the internet has. */
  readonly domain: string;
  /** The destination that security groups see; every address that it could be, where it is not known. */
  readonly ranges: readonly AddressRange[];
  /** Keys of subnets whose groups are asked: of several, one of them. */
  readonly subnets: readonly string[];
  /** Whether it may stand in a subnet that the input does not have. */
  readonly isOpen: boolean;
  /** What the group that AKS makes for its nodes holds for it; absent where that group has no say. */
  readonly cluster?: ClusterGroup;
}

export interface ClusterGroup {
  /** `open`: the controller stopped with an error, and what the group holds is what it held before. */
  readonly state: 'written' | 'open';
  readonly group: SecurityGroup;
  /** Whether the group is one of the input, and not what the controller would write. */
  readonly isGiven: boolean;
}

/** Every front of the estate around one cluster. */
export function frontsOf(view: AzureView, { services }: Snapshot): readonly Front[] {
  const rules = controllerRules(services);
  return [
    ...services.flatMap((service) => serviceFront(view, service, rules) ?? []),
    ...view.estate.applicationGateways.map((gateway) => gatewayFront(view, gateway)),
    ...view.cluster.pools
      .filter(({ nodePublicIps }) => nodePublicIps !== false)
      .map(({ name, subnet, hostPorts }) => ({
        domain: nodesDomain(name),
        ...placeOf(view, [subnet]),
        ranges: prefixesOf(view, [subnet]),
        cluster: clusterGroup(view, [
          ...rules.filter(isAtNodes).map(({ rule }) => toAnywhere(view, rule)),
          ...(hostPorts ?? []).map((each, index) => hostPortRule(view, each, index)),
        ]),
      })),
  ];
}

export function serviceDomain({ namespace, name }: Service): string {
  return `svc:${namespace}/${name}`;
}

export function gatewayDomain({ name }: ApplicationGateway): string {
  return `azure:${name}`;
}

export function nodesDomain(pool: string): string {
  return `nodes:${pool}`;
}

// ---------------------------------------------------------------- Services

const INTERNAL_SUBNET = 'service.beta.kubernetes.io/azure-load-balancer-internal-subnet';
const PUBLIC = { 4: withoutRanges([wholeFamily(4)], PRIVATE), 6: withoutRanges([wholeFamily(6)], PRIVATE) } as const;

function serviceFront(view: AzureView, service: Service, rules: readonly ControllerRule[]): Front | undefined {
  const access = accessOf(service);
  if (access === undefined) return undefined;
  const nodes = view.cluster.pools.map(({ subnet }) => subnet);
  const known = frontendAddresses(service);
  const families = familiesOf(service);
  const anywhere = access.isInternal ? internalRanges(view, service) : families.flatMap((family) => PUBLIC[family]);
  const ranges = access.floatingIp ? (known.length > 0 ? known : anywhere) : prefixesOf(view, nodes);
  const given = known.length > 0 || !access.floatingIp ? givenGroup(view) : undefined;
  const own = rules.filter((each) => concerns(each, service, known));
  const written = clusterGroup(
    view,
    own.map(({ rule }) => toAnywhere(view, rule)),
  );
  const isAsked =
    given !== undefined && nodes.some((ref) => isKey(ref) && view.subnets.get(ref)?.securityGroup === given.key);
  const state = access.kind === 'refused' ? 'open' : 'written';
  return {
    domain: serviceDomain(service),
    ranges,
    ...placeOf(view, nodes),
    // Where AKS made the network its group stands at the subnet, and is asked there.
    ...(!isAsked && {
      cluster: given === undefined ? { ...written, state } : { state: 'written', group: given, isGiven: true },
    }),
  };
}

/** Rules for the Service itself, and denies for others that have its address too. */
function concerns({ rule, services }: ControllerRule, service: Service, known: readonly AddressRange[]): boolean {
  if (services.includes(service)) return true;
  if (rule.access !== 'deny') return false;
  const theirs = services.flatMap(frontendAddresses);
  return theirs.some((one) => known.some((other) => one.family === other.family && one.lo === other.lo));
}

function internalRanges(view: AzureView, { annotations }: Service): AddressRange[] {
  const name = annotations.get(INTERNAL_SUBNET);
  const nodes = view.cluster.pools.map(({ subnet }) => subnet);
  if (name === undefined) return prefixesOf(view, nodes);
  const named = [...view.subnets.values()].filter(
    (each) => view.own.has(each.network) && each.name.toLowerCase() === name.toLowerCase(),
  );
  return named.flatMap(({ prefixes }) => rangesOf(prefixes));
}

// ---------------------------------------------------------------- places

function placeOf({ subnets }: AzureView, refs: readonly (AzureRef | undefined)[]) {
  const keys = [...new Set(refs.filter(isKey))];
  return {
    subnets: keys.filter((key) => subnets.has(key)),
    isOpen: refs.some((ref) => ref !== undefined && !isKey(ref)) || keys.some((key) => !subnets.has(key)),
  };
}

function prefixesOf({ subnets }: AzureView, refs: readonly (AzureRef | undefined)[]): AddressRange[] {
  const keys = [...new Set(refs.filter(isKey))];
  return keys.flatMap((key) => rangesOf(subnets.get(key)?.prefixes ?? []));
}

/** Gateways have addresses of their subnet; rules may name their public address too. */
function gatewayFront(view: AzureView, gateway: ApplicationGateway): Front {
  const addresses = gateway.frontends.flatMap(({ publicIp, privateAddress }): AddressItem[] => {
    const address = isKey(publicIp) ? view.publicIps.get(publicIp)?.address : undefined;
    return [address, privateAddress].filter((item) => item !== undefined);
  });
  return {
    domain: gatewayDomain(gateway),
    ranges: [...prefixesOf(view, gateway.subnets), ...rangesOf(addresses)],
    ...placeOf(view, gateway.subnets),
  };
}

// ---------------------------------------------------------------- the group that AKS makes

const MADE_BY_AKS = /^aks-agentpool-\d+-nsg$/i;

/** The group of the cluster's own resource group, where the input has it. */
export function givenGroup({ estate, cluster }: AzureView): SecurityGroup | undefined {
  const { nodeResourceGroup } = cluster;
  const there = typeof nodeResourceGroup === 'string' ? nodeResourceGroup.toLowerCase() : undefined;
  return estate.securityGroups.find(
    ({ name, resourceGroup }) => MADE_BY_AKS.test(name) && (there === undefined || resourceGroup === there),
  );
}

function clusterGroup({ cluster }: AzureView, rules: readonly SecurityRule[]): ClusterGroup {
  const group: SecurityGroup = {
    ...cluster,
    id: `${cluster.id}/aks-agentpool-nsg`,
    key: `${cluster.key}/aks-agentpool-nsg`,
    type: 'Microsoft.Network/networkSecurityGroups',
    name: 'aks-agentpool-nsg (as AKS writes it)',
    unsettled: [],
    rules,
  };
  return { state: 'written', group, isGiven: false };
}

function isAtNodes({ services }: ControllerRule): boolean {
  return services.some((service) => accessOf(service)?.floatingIp === false);
}

/** The rule as the front meets it that it was written for. */
function toAnywhere(view: AzureView, rule: SecurityRule): SecurityRule {
  const sources = rule.sources.flatMap((item) => (isInternet(item) ? [item, ...publicItems(view, rule)] : [item]));
  return { ...rule, sources, destinations: [{ kind: 'any', origin: rule.origin }] };
}

function isInternet(item: AddressItem): boolean {
  return item.kind === 'tag' && item.tag === 'Internet';
}

/**
 * Where `VirtualNetwork` holds the default route of the subnet, `Internet` holds nothing; then the frontend is in
 * `VirtualNetwork` too, and rule 65000 lets the internet in. Either way what is public and has no route of its own gets in.
 */
function publicItems(view: AzureView, { origin }: SecurityRule): AddressItem[] {
  const inside = virtualNetworkRanges(view, undefined).must;
  const routed = [...view.routeTables.values()].flatMap(({ routes }) => rangesOf(routes.map(({ prefix }) => prefix)));
  const holes = [...inside, ...routed.filter(({ lo, hi, family }) => hi - lo < wholeFamily(family).hi), ...PRIVATE];
  return withoutRanges([wholeFamily(4), wholeFamily(6)], holes).map((range) => ({
    kind: 'range',
    range,
    text: 'Internet',
    origin,
  }));
}

function hostPortRule(
  { cluster }: AzureView,
  { protocol, from, to }: { readonly protocol: 'tcp' | 'udp'; readonly from: number; readonly to: number },
  index: number,
): SecurityRule {
  const { origin } = cluster;
  const name = `allowedHostPorts ${protocol} ${from}-${to}`;
  return {
    name,
    id: name,
    direction: 'ingress',
    access: 'allow',
    priority: 400 + index,
    protocol,
    sources: [{ kind: 'tag', tag: 'Internet', origin }],
    sourcePorts: [],
    destinations: [{ kind: 'any', origin }],
    destinationPorts: [{ kind: 'range', from, to }],
    path: name,
    origin,
  };
}
