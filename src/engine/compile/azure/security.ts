import { bitsOf, isEmpty, union } from '#base/bits.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { IpConfiguration, SecurityGroup, SecurityRule, Subnet } from '#model/azure/network.ts';
import type { Origin } from '#model/origin.ts';
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
import {
  anyOf,
  boxesOf,
  boxesOfRule,
  doubtedBoxes,
  type Ends,
  everythingBox,
  type Place,
  platformPoints,
} from './ends.ts';
import { exactRanges, NO_RANGES } from './ranges.ts';
import { withSameNode } from './same-node.ts';
import { rangesOf } from './siting.ts';
import { levelOf, type Post } from './standing.ts';
import { tagItem } from './tag-item.ts';
import { follow, isAround, isKey } from './view.ts';

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
  const isOutward = direction === 'egress';
  const interfaces = interfaceGroups(azure);
  const made = isOutward ? [] : clusterGroups(azure);
  const hasSubnets = subnetTier(azure, direction, true) !== undefined;
  const groups = [
    interfaceTier(azure, 'security group of the interface', {
      attached: interfaces,
      direction,
      isLast: isOutward ? !hasSubnets : made.length === 0,
    }),
    subnetTier(azure, direction, isOutward || interfaces.length + made.length === 0),
  ];
  if (!isOutward) {
    groups.reverse();
    groups.push(interfaceTier(azure, 'security group that AKS made', { attached: made, direction, isLast: true }));
  }
  const stack = [adminTier(azure, direction), ...groups].filter((tier) => tier !== undefined);
  return withSameNode(azure, stack);
}

/** Whether it is asked last: what it allows is allowed. */
function subnetTier(azure: Azure, direction: Direction, isLast: boolean): Tier | undefined {
  const allow: RuleAction = isLast ? 'allow' : 'pass';
  const postAt = (subnet: Subnet): Post | undefined => {
    if (subnet.securityGroup === undefined) return undefined;
    const group = follow(subnet.securityGroup, azure.view.securityGroups);
    if (typeof group !== 'string') return postOf(azure, group, { direction, subnet, allow });
    const reason = group === 'open' ? 'cloud-expression' : 'cloud-resource-missing';
    const { origin } = subnet;
    return { ref: refOf(subnet, 'Subnet'), rules: anyOf(azure, ['deny', allow], { origin, reason }) };
  };
  const level = levelOf(azure, postAt, { free: allow, open: ['deny', allow], exempts: true });
  if (level === undefined) return undefined;
  const name = 'security group of the subnet';
  return { name, levels: [level], onEnd: 'pass', openOrder: 'node-placement' };
}

interface Asked {
  readonly attached: readonly Attached[];
  readonly direction: Direction;
  readonly isLast: boolean;
}

function interfaceTier(azure: Azure, name: string, { attached, direction, isLast }: Asked): Tier | undefined {
  const allow: RuleAction = isLast ? 'allow' : 'pass';
  const policies = attached.map(({ ref, group, subject, subnet }): Policy => {
    if (group !== undefined) return { ...postOf(azure, group, { direction, subnet, allow }), subject, isolates: false };
    const rules = anyOf(azure, ['deny', allow], { origin: ref.origin, reason: 'cloud-resource-missing' });
    return { ref, subject, isolates: false, rules };
  });
  if (policies.length === 0) return undefined;
  return { name, levels: policies.map((policy) => [policy]), onEnd: 'pass' };
}

/** The group that AKS makes for its nodes, as the fronts meet it that stand before them. */
function clusterGroups({ view, world, fronts }: Azure): Attached[] {
  return [...fronts.values()].flatMap(({ domain, cluster, subnets }): Attached[] => {
    const points = world.domains.get(domain);
    if (cluster === undefined || points === undefined) return [];
    const { group, state } = cluster;
    const [key, ...others] = subnets;
    return [
      {
        ref: refOf(group, 'NetworkSecurityGroup'),
        group: state === 'written' ? group : undefined,
        subject: exactly(bitsOf(world.size, points)),
        subnet: key === undefined || others.length > 0 ? undefined : view.subnets.get(key),
      },
    ];
  });
}

/** A security group of an interface with whom it is for. */
interface Attached {
  readonly ref: PolicyRef;
  /** Absent: it is not in the input, or its name could not be evaluated. */
  readonly group: SecurityGroup | undefined;
  readonly subject: PointSpan;
  /** What `VirtualNetwork` means there. */
  readonly subnet: Subnet | undefined;
}

function interfaceGroups(azure: Azure): Attached[] {
  const { view } = azure;
  return [...view.interfaces.values()].flatMap((nic): Attached[] => {
    if (nic.securityGroup === undefined || !isAround(view, nic)) return [];
    const found = follow(nic.securityGroup, view.securityGroups);
    return nic.configurations.flatMap((configuration) => {
      const subject = holdersOf(azure, configuration);
      if (isEmpty(subject.may)) return [];
      const subnet = isKey(configuration.subnet) ? view.subnets.get(configuration.subnet) : undefined;
      const group = typeof found === 'string' ? undefined : found;
      return [
        {
          ref: group === undefined ? refOf(nic, 'NetworkInterface') : refOf(group, 'NetworkSecurityGroup'),
          group,
          subject,
          subnet,
        },
      ];
    });
  });
}

/** An interface of unknown address has any of its subnet. */
function holdersOf({ view, world, compiling }: Azure, { privateAddress, subnet }: IpConfiguration): PointSpan {
  const isKnown = privateAddress?.kind === 'range';
  const prefixes = isKey(subnet) ? (view.subnets.get(subnet)?.prefixes ?? []) : [];
  const ranges = rangesOf(isKnown ? [privateAddress] : prefixes);
  const points = compiling.networks.coveredByAny(ranges.map((cidr) => ({ cidr, except: [] })));
  const own = within(points, union(world.externals, world.hosts));
  return isKnown ? own : { must: world.nothing, may: own.may, doubts: [{ reason: 'security-group-members' }] };
}

function refOf({ name, origin }: { readonly name: string; readonly origin: Origin }, kind: string): PolicyRef {
  return { kind, namespace: '', name, origin };
}

// ---------------------------------------------------------------- one group

interface GroupPlace extends Place {
  /** What an allow does: it decides, or passes on to the next group. */
  readonly allow: RuleAction;
}

function postOf(azure: Azure, group: SecurityGroup, place: GroupPlace): Post {
  const { origin } = group;
  const unread = group.unsettled.length > 0;
  const ordered = [...group.rules].sort((a, b) => placeOf(a) - placeOf(b));
  return {
    ref: refOf(group, 'NetworkSecurityGroup'),
    rules: [
      ...(unread ? anyOf(azure, ['deny', place.allow], { origin, reason: 'cloud-expression' }) : []),
      ...ordered.flatMap((rule) => compileRule(azure, rule, place)),
      ...defaultRules(azure, origin, place),
    ],
  };
}

/** A rule of unknown priority may come before every other one. */
function placeOf({ priority }: SecurityRule): number {
  return isUnsettled(priority) ? 0 : priority;
}

function compileRule(azure: Azure, rule: SecurityRule, { allow, ...place }: GroupPlace): Rule[] {
  const { name, direction, access, priority, origin } = rule;
  const isOpen = isUnsettled(direction) || isUnsettled(priority) || isUnsettled(access);
  if (!isUnsettled(direction) && direction !== place.direction) return [];
  const boxes = boxesOfRule(azure, rule, place);
  const shown = isOpen ? doubtedBoxes(azure, boxes, 'cloud-expression') : boxes;
  const path = isUnsettled(priority) ? name : `${name} (${priority})`;
  const actions: RuleAction[] = isUnsettled(access) ? ['deny', allow] : [access === 'allow' ? allow : 'deny'];
  return actions.map((action) => ({ action, boxes: shown, path, origin }));
}

// ---------------------------------------------------------------- what every group ends with

/** 65000 and what follows (docs: default security rules). Ends of the cluster always get through: clusters work. */
function defaultRules(azure: Azure, origin: Origin, { direction, subnet, allow }: GroupPlace): Rule[] {
  const { world, reader } = azure;
  const inside = reader.ranges([tagItem('VirtualNetwork')], subnet);
  const toInside = boxesOf(azure, { sources: inside, destinations: inside, platform: NO_RANGES }, direction);
  const own = exactly(union(world.pods, world.hosts));
  const rule = (path: string, action: RuleAction, boxes: readonly Pick<Box, 'on' | 'peers'>[]): Rule => ({
    action,
    boxes: boxes.map((box): Box => ({ ...box, traffic: exactTraffic(ALL_TRAFFIC) })),
    path,
    origin,
  });
  const within: Pick<Box, 'on' | 'peers'>[] = [{ on: own, peers: own }, ...toInside];
  if (direction === 'ingress')
    return [
      rule('AllowVnetInBound (65000)', allow, within),
      rule('AllowAzureLoadBalancerInBound (65001)', allow, [
        { peers: peersIn(azure, reader.ranges([tagItem('AzureLoadBalancer')])) },
      ]),
      { action: 'deny', boxes: [everythingBox(azure)], path: 'DenyAllInBound (65500)', origin },
    ];
  // What is perhaps not of the internet is then of the virtual network, so that from inside the rule before lets it through.
  const internet = reader.ranges([tagItem('Internet')], subnet);
  const either: Ends = { sources: inside, destinations: exactRanges(internet.may), platform: NO_RANGES };
  return [
    rule('platform addresses, which are not filtered', allow, [{ peers: exactly(platformPoints(azure)) }]),
    rule('AllowVnetOutBound (65000)', allow, within),
    rule('AllowInternetOutBound (65001)', allow, [
      { peers: peersIn(azure, internet) },
      ...(internet.must === internet.may ? [] : boxesOf(azure, either, direction)),
    ]),
    { action: 'deny', boxes: [everythingBox(azure)], path: 'DenyAllOutBound (65500)', origin },
  ];
}
