import { bitsOf, intersection, isEmpty, union } from '#base/bits.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { SecurityGroup, SecurityRule, Subnet } from '#model/azure/network.ts';
import { NO_ORIGIN, type Origin } from '#model/origin.ts';
import type { Direction } from '#model/resource.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import type { PolicyRef, RuleAction } from '#model/verdict.ts';
import {
  type Box,
  exactly,
  exactTraffic,
  type Layer,
  type PointSpan,
  type Policy,
  type Rule,
  type Stack,
  type Tier,
} from '../../form.ts';
import { within } from '../../spans.ts';
import { adminTier } from './admin.ts';
import { type Azure, peersIn } from './context.ts';
import { boxesOf, type Ends, either, isVirtualNetwork } from './ends.ts';
import { rangesOf } from './siting.ts';
import { standingIn } from './standing.ts';
import { ruleTraffic, withSourcePorts } from './traffic.ts';
import { follow, isKey } from './view.ts';

/**
 * Security groups of subnets and interfaces, with the rules of a network manager before them: each that is there must let a
 * connection through. Outward the interface is asked before the subnet, inward after it (docs: how network security
 * groups filter traffic).
 */
export function securityLayer(azure: Azure): Layer | undefined {
  const egress = stackOf(azure, 'egress');
  const ingress = stackOf(azure, 'ingress');
  return egress.length + ingress.length === 0 ? undefined : { name: 'network-security', egress, ingress };
}

function stackOf(azure: Azure, direction: Direction): Stack {
  const subnets = subnetGroups(azure);
  const interfaces = interfaceGroups(azure);
  const made = direction === 'egress' ? [] : clusterGroups(azure);
  const atSubnet = { name: 'security group of the subnet', groups: subnets };
  const atInterface = { name: 'security group of the interface', groups: interfaces };
  const atCluster = { name: 'security group that AKS made', groups: made };
  const order = direction === 'egress' ? [atInterface, atSubnet] : [atSubnet, atInterface, atCluster];
  const tiers = order.map(({ name, groups }, index): Tier => {
    const isLast = order.slice(index + 1).every((rest) => rest.groups.length === 0);
    return {
      name,
      levels: groups.length === 0 ? [] : [groups.map((group) => compileGroup(azure, group, { direction, isLast }))],
      onEnd: 'deny',
    };
  });
  return [adminTier(azure, direction), ...tiers].filter(
    (tier) => tier !== undefined && tier.levels.length > 0,
  ) as Stack;
}

/** The group that AKS makes for its nodes, as the fronts meet it that stand before them. */
function clusterGroups(azure: Azure): Attached[] {
  const { view, world, fronts } = azure;
  return [...fronts.values()].flatMap(({ domain, cluster, subnets }): Attached[] => {
    const points = world.domains.get(domain);
    if (cluster === undefined || points === undefined) return [];
    const subject = exactly(bitsOf(world.size, points));
    const { group, state } = cluster;
    const [key, ...others] = subnets;
    const subnet = key === undefined || others.length > 0 ? undefined : view.subnets.get(key);
    return [
      {
        ref: refOf(group, 'NetworkSecurityGroup'),
        subject,
        ...(subnet !== undefined && { subnet }),
        ...(state === 'written' && { group }),
      },
    ];
  });
}

/** A security group with whom it is attached to. */
interface Attached {
  /** Absent: it is named and not in the input, or its name could not be evaluated. */
  readonly group?: SecurityGroup;
  readonly ref: PolicyRef;
  readonly subject: PointSpan;
  /** What `VirtualNetwork` means there. */
  readonly subnet?: Subnet;
}

/** Points stand in the subnets that their site says; private endpoints only where the subnet asks for it. */
function subnetGroups(azure: Azure): Attached[] {
  const { view } = azure;
  const out: Attached[] = [];
  for (const subnet of view.subnets.values()) {
    if (subnet.securityGroup === undefined) continue;
    const subject = standingIn(azure, subnet);
    if (isEmpty(subject.may)) continue;
    const group = follow(subnet.securityGroup, view.securityGroups);
    if (typeof group === 'string') out.push({ ref: refOf(subnet, 'subnet'), subject, subnet });
    else out.push({ group, ref: refOf(group, 'NetworkSecurityGroup'), subject, subnet });
  }
  return out;
}

function interfaceGroups(azure: Azure): Attached[] {
  const { view, world, compiling } = azure;
  return [...view.interfaces.values()].flatMap(({ securityGroup, configurations }): Attached[] => {
    if (securityGroup === undefined) return [];
    const group = follow(securityGroup, view.securityGroups);
    const addresses = rangesOf(configurations.flatMap(({ privateAddress }) => privateAddress ?? []));
    const points = compiling.networks.coveredByAny(addresses.map((cidr) => ({ cidr, except: [] })));
    const subject = within(points, union(world.externals, world.hosts));
    const [key] = configurations.map(({ subnet }) => subnet).filter(isKey);
    const subnet = key === undefined ? undefined : view.subnets.get(key);
    if (isEmpty(subject.may) || typeof group === 'string') return [];
    return [{ group, ref: refOf(group, 'NetworkSecurityGroup'), subject, ...(subnet !== undefined && { subnet }) }];
  });
}

function refOf({ name, origin }: { readonly name: string; readonly origin: Origin }, kind: string): PolicyRef {
  return { kind, namespace: '', name, origin };
}

// ---------------------------------------------------------------- one group

interface Asked {
  readonly direction: Direction;
  /** Whether no group is asked after this one: what it allows is allowed. */
  readonly isLast: boolean;
}

function compileGroup(azure: Azure, attached: Attached, { direction, isLast }: Asked): Policy {
  const { group, ref, subject } = attached;
  const allow: RuleAction = isLast ? 'allow' : 'pass';
  if (group === undefined)
    return { ref, subject, isolates: false, rules: either(azure, ref.origin, 'cloud-resource-missing') };
  const unread = group.unsettled.length > 0 || group.rules.some(isUnread);
  const rules = group.rules
    .filter((rule) => !isUnread(rule) && rule.direction === direction)
    .sort((a, b) => Number(a.priority) - Number(b.priority))
    .map((rule) => compileRule(azure, rule, { attached, direction, allow }));
  return {
    ref,
    subject,
    isolates: true,
    rules: [
      ...(unread ? either(azure, group.origin, 'cloud-expression') : []),
      ...rules,
      ...defaultRules(azure, { attached, direction, allow }),
    ],
  };
}

/** Without its place, direction or action a rule may do anything. */
function isUnread({ direction, access, priority }: SecurityRule): boolean {
  return isUnsettled(direction) || isUnsettled(access) || isUnsettled(priority);
}

interface Place {
  readonly attached: Attached;
  readonly direction: Direction;
  readonly allow: RuleAction;
}

function compileRule(azure: Azure, rule: SecurityRule, { attached, direction, allow }: Place): Rule {
  const { reader } = azure;
  const traffic = withSourcePorts(ruleTraffic(rule.protocol, rule.destinationPorts), rule.sourcePorts);
  const ends: Ends = {
    sources: reader.ranges(rule.sources, attached.subnet),
    destinations: reader.ranges(rule.destinations, attached.subnet),
    isTagged: [...rule.sources, ...rule.destinations].some(isVirtualNetwork),
  };
  const { doubt, ...span } = traffic;
  const action = rule.access === 'allow' ? allow : 'deny';
  const boxes = boxesOf(azure, ends, direction).map(
    (box): Box => ({ ...box, traffic: span, ...(doubt !== undefined && { trafficDoubt: doubt }) }),
  );
  return {
    action,
    boxes: action === 'deny' ? boxes.map((box) => doubtingSameNode(azure, box)) : boxes,
    path: `${rule.name} (${rule.priority})`,
    origin: rule.origin,
  };
}

/** What stops the network does not stop pods on one node; where they run is rarely known, and AKS supports no such rule. */
function doubtingSameNode({ world }: Azure, box: Box): Box {
  const pods = world.pods;
  const on = box.on ?? exactly(world.everything);
  if (isEmpty(intersection(box.peers.must, pods)) || isEmpty(intersection(on.must, pods))) return box;
  return {
    ...box,
    traffic: box.traffic,
    peers: {
      must: intersection(box.peers.must, union(world.externals, world.hosts)),
      may: box.peers.may,
      doubts: [...box.peers.doubts, { reason: 'same-node', points: pods }],
    },
  };
}

// ---------------------------------------------------------------- what every group ends with

/** 65000 and what follows (docs: default security rules). Pods of the cluster's own network always get through: clusters work. */
function defaultRules(azure: Azure, { attached, direction, allow }: Place): Rule[] {
  const { world, reader } = azure;
  const tag = (name: string): AddressItem => ({ kind: 'tag', tag: name, origin: NO_ORIGIN });
  const inside = reader.ranges([tag('VirtualNetwork')], attached.subnet);
  const toInside = boxesOf(azure, { sources: inside, destinations: inside, isTagged: false }, direction);
  const own = exactly(union(world.pods, world.hosts));
  const origin = attached.ref.origin;
  const rule = (name: string, action: RuleAction, boxes: readonly Pick<Box, 'on' | 'peers'>[]): Rule => ({
    action,
    boxes: boxes.map((box): Box => ({ ...box, traffic: exactTraffic(ALL_TRAFFIC) })),
    path: name,
    origin,
  });
  const everyone = exactly(world.everything);
  if (direction === 'egress') {
    // What is not of the internet because it is of the virtual network was allowed by the rule before.
    const { may } = reader.ranges([tag('Internet')], attached.subnet);
    const internet = peersIn(azure, { must: may, may, reasons: [] });
    return [
      rule('AllowVnetOutBound (65000)', allow, [...toInside, { on: own, peers: own }]),
      rule('AllowInternetOutBound (65001)', allow, [{ peers: internet }]),
      rule('DenyAllOutBound (65500)', 'deny', [{ peers: everyone }]),
    ];
  }
  return [
    rule('AllowVnetInBound (65000)', allow, [...toInside, { on: own, peers: own }]),
    rule('AllowAzureLoadBalancerInBound (65001)', allow, [
      { peers: peersIn(azure, reader.ranges([tag('AzureLoadBalancer')])) },
    ]),
    rule('DenyAllInBound (65500)', 'deny', [{ peers: everyone }]),
  ];
}
