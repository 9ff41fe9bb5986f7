import { type Bits, isEmpty } from '#base/bits.ts';
import type { Firewall, FirewallPolicy, RuleCollection } from '#model/azure/firewall.ts';
import { ALL_TRAFFIC, NO_TRAFFIC } from '#model/traffic.ts';
import type { RuleAction } from '#model/verdict.ts';
import { type Box, exactly, exactTraffic, type Layer, type Policy, type Rule, type Tier } from '../../form.ts';
import type { Azure } from './context.ts';
import { firewallEndsOf, nameRuleOf } from './firewall-ends.ts';
import { type Routed, routedTo } from './firewall-routes.ts';
import { boxesOfRule, type RuleReading } from './firewall-rule.ts';
import { type PolicyChain, policyChain } from './firewall-rules.ts';
import type { SubnetWays } from './routes.ts';

/**
 * What the firewalls that the cluster's subnets send their traffic to do with it: network rules, then application rules,
 * then deny. Two tiers for each firewall, which what is routed to another one leaves.
 *
 * Not here: what comes through a firewall into the cluster, from a peered network or by DNAT (see `firewall-dnat.ts`). What
 * Azure lets its own machines ask for ("infrastructure FQDNs") is not published and is of no use to others: left out.
 */
export function firewallLayer(azure: Azure, ways: readonly SubnetWays[]): Layer | undefined {
  const firewalls = new Set(ways.flatMap((each) => each.ways.flatMap(({ way }) => way.firewall ?? [])));
  const egress = [...firewalls].flatMap((firewall) => tiersOf(azure, firewall, ways));
  return egress.length === 0 ? undefined : { name: 'firewall', egress, ingress: [] };
}

function tiersOf(azure: Azure, firewall: Firewall, ways: readonly SubnetWays[]): Tier[] {
  const routed = routedTo(azure, firewall, ways);
  if (isEmpty(routed.subjects)) return [];
  const tier = (kind: 'network' | 'application', rules: readonly Rule[]): Tier => ({
    name: `${kind} rules of ${firewall.name}`,
    levels: [[policyOf(firewall, routed, rules)]],
    onEnd: kind === 'network' ? 'pass' : 'deny',
  });
  return [
    tier('network', networkRulesOf(azure, firewall, routed.subjects)),
    tier('application', applicationRulesOf(azure, firewall, routed.subjects)),
  ];
}

/** Of the points whose connections may pass a firewall: what it asks of each, first match. */
export function networkRulesOf(azure: Azure, firewall: Firewall, subjects: Bits): Rule[] {
  const chain = policyChain(azure.view, firewall);
  const rules = (kind: 'dnat' | 'network') => rulesOf(azure, firewall, { chain, subjects, kind });
  return [
    ...notes(azure, firewall, chain),
    ...openRules(azure, firewall, chain),
    ...rules('dnat'),
    ...rules('network'),
  ];
}

/** What it asks of what no network rule decided, first match. */
export function applicationRulesOf(azure: Azure, firewall: Firewall, subjects: Bits): Rule[] {
  return rulesOf(azure, firewall, { chain: policyChain(azure.view, firewall), subjects, kind: 'application' });
}

interface Asked {
  readonly chain: PolicyChain;
  readonly subjects: Bits;
  readonly kind: RuleCollection['kind'];
}

function rulesOf(azure: Azure, firewall: Firewall, { chain, subjects, kind }: Asked): Rule[] {
  const reading: RuleReading = {
    azure,
    ends: firewallEndsOf(azure, nameRuleOf(azure, firewall, chain.policies), subjects),
    inspectsTls: chain.policies.some(({ inspectsTls }) => inspectsTls),
  };
  return chain.collections.filter((each) => each.kind === kind).flatMap((each) => collectionRules(reading, each));
}

function policyOf(firewall: Firewall, { subjects, free, others }: Routed, rules: readonly Rule[]): Policy {
  const { name, origin } = firewall;
  const byOthers: Rule = { action: 'pass', boxes: others, path: 'routed to another firewall', origin };
  return {
    ref: { kind: 'AzureFirewall', namespace: '', name, origin },
    subject: exactly(subjects),
    isolates: true,
    rules: [
      { action: 'allow', boxes: free, path: 'not routed to a firewall', origin },
      ...(others.every(({ peers }) => isEmpty(peers.may)) ? [] : [byOthers]),
      ...rules,
    ],
  };
}

/** Which addresses Microsoft holds for malicious, and what signatures find, is in no input: said, and without a say. */
function notes({ world }: Azure, firewall: Firewall, { policies }: PolicyChain): Rule[] {
  const boxes: Box[] = [{ peers: exactly(world.everything), traffic: exactTraffic(ALL_TRAFFIC) }];
  const settings: readonly Filtering[] = firewall.policy === undefined ? [firewall] : policies;
  return settings.flatMap(({ name, threatIntel, intrusionDetection, origin }): Rule[] => [
    ...(threatIntel === 'Deny'
      ? [{ action: 'log' as const, boxes, path: `${name}: threat intelligence denies what it knows`, origin }]
      : []),
    ...(intrusionDetection === 'Deny'
      ? [{ action: 'log' as const, boxes, path: `${name}: intrusion detection denies what it finds`, origin }]
      : []),
  ]);
}

/** A firewall without policy has its mode of threat intelligence of its own, and no intrusion detection. */
type Filtering = Pick<Firewall, 'name' | 'threatIntel' | 'origin'> &
  Partial<Pick<FirewallPolicy, 'intrusionDetection'>>;

/** Where collections are missing, or their order is open, anything may come of it. */
function openRules({ world }: Azure, { origin, name }: Firewall, { reasons }: PolicyChain): Rule[] {
  if (reasons.length === 0) return [];
  const peers = { must: world.nothing, may: world.everything, doubts: reasons.map((reason) => ({ reason })) };
  const boxes: Box[] = [{ peers, traffic: exactTraffic(ALL_TRAFFIC) }];
  return (['deny', 'allow'] as const).map((action) => ({ action, boxes, path: `rules of ${name}`, origin }));
}

// ---------------------------------------------------------------- collections

function collectionRules(reading: RuleReading, collection: RuleCollection): Rule[] {
  const actions = actionsOf(collection);
  return collection.rules.flatMap((rule): Rule[] => {
    const boxes = boxesOfRule(reading, rule);
    const path = `${collection.name}/${rule.name}`;
    const [action, ...others] = actions;
    if (action !== undefined && others.length === 0) return [{ action, boxes, path, origin: rule.origin }];
    const open = boxes.map((box) => doubted(box, rule.kind === 'dnat' ? 'engine-undefined' : 'cloud-expression'));
    return actions.map((each) => ({ action: each, boxes: open, path, origin: rule.origin }));
  });
}

/**
 * DNAT rules are for what comes in. What a cluster sends to the public address of its own firewall may be translated and
 * let through or not: the documentation does not say.
 */
function actionsOf({ kind, action }: RuleCollection): readonly RuleAction[] {
  if (kind === 'dnat') return ['deny', 'allow'];
  return action === 'allow' || action === 'deny' ? [action] : ['deny', 'allow'];
}

function doubted(box: Box, reason: 'cloud-expression' | 'engine-undefined'): Box {
  return { ...box, traffic: { must: NO_TRAFFIC, may: box.traffic.may }, trafficDoubt: reason };
}
