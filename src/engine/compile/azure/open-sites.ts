import { addBit, type Bits, emptyBits, isEmpty, union } from '#base/bits.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { Direction } from '#model/resource.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import type { PolicyRef, RuleAction } from '#model/verdict.ts';
import { exactly, exactTraffic, type Layer, type PointSpan, type Policy, type Rule } from '../../form.ts';
import { perhaps } from '../../spans.ts';
import type { Azure } from './context.ts';
import { isKey } from './view.ts';

/**
 * What the network says of pods and nodes whose subnet is not in the input: its security group and its routes could forbid
 * anything, so nothing is known of what goes to, or comes from, outside of the cluster. A cluster whose pools name no subnet
 * has a network of AKS's own, whose rules are known: what `outboundType` says.
 */
export function openSitesLayer(azure: Azure): Layer | undefined {
  const open = pointsOf(azure);
  const policies = (direction: Direction): Policy[] => {
    const out: Policy[] = [];
    if (open.reason !== undefined && !isEmpty(open.unknown))
      out.push(policyOf(azure, open.unknown, eitherWay(azure, open.reason)));
    if (direction === 'egress' && !isEmpty(open.managed)) out.push(policyOf(azure, open.managed, managedRules(azure)));
    return out;
  };
  const egress = policies('egress');
  const ingress = policies('ingress');
  if (egress.length + ingress.length === 0) return undefined;
  const tier = (list: readonly Policy[]) =>
    list.length === 0 ? [] : [{ name: 'subnet', levels: [list], onEnd: 'pass' as const }];
  return { name: 'route', egress: tier(egress), ingress: tier(ingress) };
}

interface OpenPoints {
  readonly unknown: Bits;
  readonly reason?: ReasonCode;
  readonly managed: Bits;
}

function pointsOf({ view, world, siting }: Azure): OpenPoints {
  const { pools, unsettled } = view.cluster;
  const refs = pools.flatMap(({ subnet, podSubnet }) => (podSubnet === undefined ? [subnet] : [subnet, podSubnet]));
  const isOpen =
    refs.some((ref) => ref !== undefined && isUnsettled(ref)) || (pools.length === 0 && unsettled.length > 0);
  const isMissing = pools.length === 0 || refs.some((ref) => isKey(ref) && !view.subnets.has(ref));
  const reason: ReasonCode | undefined = isOpen ? 'cloud-expression' : isMissing ? 'cloud-resource-missing' : undefined;
  const points = emptyBits(world.size);
  for (const [index, { kind }] of world.points.entries()) {
    if (kind !== 'pod' && kind !== 'node') continue;
    const site = siting.at(index);
    const isKnown = site.subnets.length > 0 && site.subnets.every((key) => view.subnets.has(key)) && !site.isOpen;
    if (!isKnown) addBit(points, index);
  }
  const nobody = emptyBits(world.size);
  return reason === undefined ? { unknown: nobody, managed: points } : { unknown: points, reason, managed: nobody };
}

function policyOf({ view }: Azure, points: Bits, rules: readonly Rule[]): Policy {
  const { name, origin } = view.cluster;
  const ref: PolicyRef = { kind: 'ManagedCluster', namespace: '', name, origin };
  return { ref, subject: exactly(points), isolates: false, rules };
}

function eitherWay(azure: Azure, reason: ReasonCode): Rule[] {
  const peers = perhaps(outsideOf(azure), reason);
  return [
    rule(azure, 'deny', peers, 'the subnet of the nodes'),
    rule(azure, 'allow', peers, 'the subnet of the nodes'),
  ];
}

/** Everything but the cluster itself. */
function outsideOf({ world }: Azure): Bits {
  const domains = emptyBits(world.size);
  for (const points of world.domains.values()) for (const point of points) addBit(domains, point);
  return union(world.externals, domains);
}

// biome-ignore lint/complexity/useMaxParams: one rule in one line
function rule({ view }: Azure, action: RuleAction, peers: PointSpan, path: string): Rule {
  return { action, boxes: [{ peers, traffic: exactTraffic(ALL_TRAFFIC) }], path, origin: view.cluster.origin };
}

/** "block: AKS adds a security rule that denies the internet; none: AKS configures no egress and blocks none" (egress docs). */
function managedRules(azure: Azure): Rule[] {
  const { outboundType } = azure.view.cluster;
  const outside = outsideOf(azure);
  if (isUnsettled(outboundType)) return eitherWay(azure, 'cloud-expression');
  switch (outboundType.toLowerCase()) {
    case 'block':
      return [rule(azure, 'deny', exactly(outside), 'outboundType: block')];
    case 'none':
      return eitherWay(azure, 'source-translation');
    default:
      return [rule(azure, 'allow', exactly(outside), `outboundType: ${outboundType}`)];
  }
}
