import { isInRange } from '#base/address.ts';
import type { AddressItem, AzureRef } from '#model/azure/entity.ts';
import type {
  AdminCollection,
  AdminRule,
  NetworkInterface,
  SecurityGroup,
  SecurityRule,
  Subnet,
} from '#model/azure/network.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { type Applied, isPlatform, ruleMatches } from './flow-rules.ts';
import { type AzureQuestion, type End, isInAny, isPerhaps, rangesIn } from './question.ts';
import { isOfCluster, ownAddress, subnetOf } from './where.ts';

/** Outward: admin rules, the interface, the subnet. Inward: admin rules, the subnet, the interface. All must let it. */
export function securityLets(question: AzureQuestion): boolean {
  return letsAt(question, 'from') && letsAt(question, 'to');
}

function letsAt(question: AzureQuestion, end: End): boolean {
  const subnet = subnetOf(question, end);
  if (subnet === 'unknown') return isPerhaps(question, `the subnet of ${end} lets it`);
  const admin = subnet === undefined ? 'continue' : adminSays(question, end, subnet);
  if (admin !== 'continue') return admin === 'deliver';
  const groups = [
    ...interfaceGroups(question, end),
    ...(subnet === undefined ? [] : subnetGroups(question, end, subnet)),
  ];
  return groups.every((attached) => groupLets(question, end, attached));
}

// ---------------------------------------------------------------- which groups

interface Attached {
  readonly group: AzureRef;
  readonly subnet: Subnet | undefined;
}

function subnetGroups(question: AzureQuestion, end: End, subnet: Subnet): Attached[] {
  if (subnet.securityGroup === undefined || isExempt(question, end, subnet)) return [];
  return [{ group: subnet.securityGroup, subnet }];
}

/** Security groups leave private endpoints alone unless the subnet has network policies for them. */
function isExempt(question: AzureQuestion, end: End, subnet: Subnet): boolean {
  const { estate } = question;
  if (question[end].kind !== 'address') return false;
  const endpoints = estate.privateEndpoints.filter((each) => each.subnet === subnet.key);
  const nics = estate.interfaces.filter(({ key }) => endpoints.some(({ interfaces }) => interfaces.includes(key)));
  const addresses = [...endpoints.flatMap((each) => each.addresses), ...nics.flatMap(privateAddresses)];
  if (!isInAny(ownAddress(question, end), rangesIn(addresses))) return false;
  const policies = subnet.privateEndpointPolicies;
  if (policies !== undefined && typeof policies !== 'string') return isPerhaps(question, `policies of ${subnet.key}`);
  return !['enabled', 'networksecuritygroupenabled'].includes((policies ?? 'disabled').toLowerCase());
}

function privateAddresses({ configurations }: NetworkInterface): AddressItem[] {
  return configurations.flatMap(({ privateAddress }) => privateAddress ?? []);
}

/** An interface without a known address may have any of its subnet. Interfaces of nodes are not modelled: AKS makes them. */
function interfaceGroups(question: AzureQuestion, end: End): Attached[] {
  const { estate } = question;
  const party = question[end];
  if (party.kind === 'domain' || (party.kind === 'pod' && !party.shape.hostNetwork)) return [];
  return estate.interfaces.flatMap(({ key, securityGroup, configurations }): Attached[] => {
    if (securityGroup === undefined || !canMeet(question, configurations)) return [];
    const own = configurations.find((each) => hasAddress(question, end, { key, ...each }));
    const subnet = estate.subnets.find((each) => each.key === own?.subnet);
    return own === undefined ? [] : [{ group: securityGroup, subnet }];
  });
}

/** Over any number of peerings, up or not: what nothing leads to is never met, whatever its address. */
function canMeet({ estate, cluster }: AzureQuestion, configurations: NetworkInterface['configurations']): boolean {
  const networkAt = (key: unknown) => estate.subnets.find((each) => each.key === key)?.network;
  const near = new Set<unknown>(
    cluster.pools.flatMap(({ subnet, podSubnet }) => [networkAt(subnet), networkAt(podSubnet)]),
  );
  for (let size = 0; size < near.size; ) {
    size = near.size;
    for (const { network, remote } of estate.peerings) {
      if (near.has(network)) near.add(remote);
      if (near.has(remote)) near.add(network);
    }
  }
  return configurations.some(({ subnet }) => near.has(networkAt(subnet)));
}

function hasAddress(
  question: AzureQuestion,
  end: End,
  {
    key,
    subnet,
    privateAddress,
  }: { readonly key: string; readonly subnet?: AzureRef; readonly privateAddress?: AddressItem },
): boolean {
  const address = ownAddress(question, end);
  if (privateAddress?.kind === 'range') return isInRange(address, privateAddress.range);
  const found = question.estate.subnets.find((each) => each.key === subnet);
  return isInAny(address, rangesIn(found?.prefixes ?? [])) && isPerhaps(question, `${key} has ${address.value}`);
}

// ---------------------------------------------------------------- one group

function groupLets(question: AzureQuestion, end: End, { group: ref, subnet }: Attached): boolean {
  const group = question.estate.securityGroups.find(({ key }) => key === ref);
  if (group === undefined) return isPerhaps(question, `the group of ${end} that is not known lets it`);
  return oneGroupLets(question, group, { subnet, outward: end === 'from' });
}

/** What one security group says, wherever it is attached. */
export function oneGroupLets(question: AzureQuestion, group: SecurityGroup, at: Applied): boolean {
  if (group.unsettled.length > 0 && isPerhaps(question, `rules of ${group.key} that are not known decide`))
    return isPerhaps(question, `rules of ${group.key} that are not known let it, ${at.outward ? 'outward' : 'inward'}`);
  for (const rule of rulesOf(question, group, at.outward)) {
    if (ruleMatches(question, rule, at)) return isAllowing(question, rule);
  }
  return defaultLets(question, at);
}

function rulesOf(question: AzureQuestion, { rules }: SecurityGroup, outward: boolean): SecurityRule[] {
  const direction = outward ? 'egress' : 'ingress';
  const known = rules.flatMap(({ priority }) => (typeof priority === 'number' ? [priority] : []));
  const places = [0, ...known.map((priority) => priority + 0.5)];
  const placeOf = ({ id, priority }: SecurityRule) =>
    typeof priority === 'number' ? priority : question.world.choose(`place of ${id}`, places);
  return rules
    .filter((rule) => {
      if (typeof rule.direction === 'string') return rule.direction === direction;
      return isPerhaps(question, `${rule.id} is inbound`) !== outward;
    })
    .map((rule) => ({ rule, place: placeOf(rule) }))
    .sort((a, b) => a.place - b.place)
    .map(({ rule }) => rule);
}

function isAllowing(question: AzureQuestion, { id, access }: SecurityRule): boolean {
  return typeof access === 'string' ? access === 'allow' : isPerhaps(question, `${id} allows`);
}

/** 65000, 65001, 65500. Ends of the cluster get through by the first: clusters work with no rules of their own. */
function defaultLets(question: AzureQuestion, at: Applied): boolean {
  const tag = (name: string): AddressItem => ({ kind: 'tag', tag: name, origin: NO_ORIGIN });
  const any: AddressItem = { kind: 'any', origin: NO_ORIGIN };
  const rule = (source: AddressItem, destination: AddressItem) => ({
    name: 'default',
    protocol: 'any' as const,
    sources: [source],
    sourcePorts: [],
    destinations: [destination],
    destinationPorts: [],
  });
  if (isOfCluster(question.from) && isOfCluster(question.to)) return true;
  if (at.outward && isPlatform(ownAddress(question, 'to'))) return true;
  if (ruleMatches(question, rule(tag('VirtualNetwork'), tag('VirtualNetwork')), at)) return true;
  return ruleMatches(question, at.outward ? rule(any, tag('Internet')) : rule(tag('AzureLoadBalancer'), any), at);
}

// ---------------------------------------------------------------- network manager

/** Of all collections in force for the subnet the first rule that matches: Deny drops, AlwaysAllow delivers, Allow goes on. */
function adminSays(question: AzureQuestion, end: End, subnet: Subnet): 'deliver' | 'drop' | 'continue' {
  const { estate, world } = question;
  if (isExempt(question, end, subnet)) return 'continue';
  const outward = end === 'from';
  const inForce = estate.adminCollections.filter(
    (collection) => isFor(question, collection, subnet) && isInForce(question, collection, subnet),
  );
  if (inForce.some(({ key, unsettled }) => unsettled.length > 0 && isPerhaps(question, `${key} has more rules`)))
    return world.choose(`rules of a network manager at ${end}`, ['deliver', 'drop', 'continue'] as const);
  const rules = estate.adminRules
    .filter(({ collection }) => inForce.some(({ key }) => key === collection))
    .filter((rule) => isAdminDirection(question, rule, outward))
    .map((rule) => ({ rule, place: adminPlace(question, rule) }))
    .sort((a, b) => a.place - b.place);
  const matching = rules.filter(({ rule }) => ruleMatches(question, rule, { subnet: undefined, outward }));
  const first = matching.filter(({ place }) => place === matching[0]!.place);
  if (first.length === 0) return 'continue';
  const { rule } = world.choose(`of equal priority at ${end}`, first);
  const access = typeof rule.access === 'string' ? rule.access : world.choose(`access of ${rule.key}`, ADMIN_ACCESS);
  return access === 'deny' ? 'drop' : access === 'allow' ? 'continue' : 'deliver';
}

const ADMIN_ACCESS = ['deny', 'allow', 'always-allow'] as const;

function isAdminDirection(question: AzureQuestion, { key, direction }: AdminRule, outward: boolean): boolean {
  if (typeof direction === 'string') return direction === (outward ? 'egress' : 'ingress');
  return isPerhaps(question, `${key} is inbound`) !== outward;
}

function adminPlace({ estate, world }: AzureQuestion, { key, priority }: AdminRule): number {
  if (typeof priority === 'number') return priority;
  const known = estate.adminRules.flatMap((rule) => (typeof rule.priority === 'number' ? [rule.priority] : []));
  return world.choose(`place of ${key}`, [0, ...known.map((each) => each + 0.5)]);
}

function isFor(question: AzureQuestion, { groups }: AdminCollection, subnet: Subnet): boolean {
  return groups.some((ref) => {
    const group = question.estate.networkGroups.find(({ key }) => key === ref);
    if (group === undefined) return isPerhaps(question, `group ${refText(ref)} has ${subnet.key}`);
    if (group.members.some((member) => member === subnet.key || member === subnet.network)) return true;
    const isOpen = group.isOpen || group.members.some((member) => typeof member !== 'string');
    return isOpen && isPerhaps(question, `group ${group.key} has ${subnet.key}`);
  });
}

function refText(ref: AzureRef): string {
  return typeof ref === 'string' ? ref : ref.expression;
}

/** A configuration does something where its manager committed it to the region of the network. */
function isInForce(question: AzureQuestion, { key }: AdminCollection, subnet: Subnet): boolean {
  const { estate } = question;
  const configuration = key.split('/rulecollections/')[0]!;
  const manager = key.split('/securityadminconfigurations/')[0]!;
  const commits = estate.adminCommits.filter(
    (commit) => commit.kind.toLowerCase() === 'securityadmin' && commit.key.startsWith(`${manager}/`),
  );
  const perhaps = () => isPerhaps(question, `${configuration} is in force for ${subnet.network}`);
  const region = estate.networks.find((each) => each.key === subnet.network)?.location;
  if (commits.length === 0 || region === undefined) return perhaps();
  const there = commits.filter(({ regions }) => regions.includes(region));
  const including = there.filter(({ configurations }) => configurations.includes(configuration));
  const isOpen = there.some(({ configurations }) => configurations.some((each) => typeof each !== 'string'));
  if (including.length > 0 && including.length === there.length) return true;
  return including.length + Number(isOpen) > 0 && perhaps();
}
